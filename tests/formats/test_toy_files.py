"""Files of the toy Earth, read by outside libraries as their formats say, and by the archive's own readers."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import h5py
import netCDF4
import numpy as np
import pytest
import rasterio
from numpy.testing import assert_allclose, assert_array_equal
from pyhdf.SD import SD

from rssm.archive.files import list_files
from rssm.archive.grids import NATIVE_GRIDS, box_of, projection
from rssm.archive.readers import read
from rssm.calendar import DEKADS
from rssm.config.catalogue import Catalogue, load_catalogue
from rssm.config.toy import Toy
from rssm.errors import InputError
from rssm.grid import GRID
from rssm.toy.archive import WRITERS, file_days, names_only, write_year
from rssm.toy.composites import composite
from rssm.toy.footprint import Footprint, cells
from rssm.toy.names import file_names
from rssm.toy.observe import Overpasses, observe
from rssm.toy.sensors import SENSORS
from rssm.toy.truth import Earth
from rssm.toy.truth_file import write_truth
from tests.conftest import ROOT

DEMO = GRID.region(39, 42, -2, 1)
ALL_LAND = np.ones((GRID.rows, GRID.columns), bool)
YEARS = {"SMAP_E": 2016, "AMSR2-JAXA": 2014, "AMSR2-LPRM-X": 2014, "FY-3B-NSMC": 2012, "LAI-PROBAV": 2016}


@dataclass
class Written:
    """An archive that is written as tests ask for it."""

    root: Path
    earth: Earth
    catalogue: Catalogue
    manifests: dict[str, dict[str, Any]] = field(default_factory=dict)

    def year(self, product: str) -> int | None:
        return None if self.catalogue[product].step == "static" else YEARS.get(product, 2011)

    def manifest(self, product: str) -> dict[str, Any]:
        if product not in self.manifests:
            made = write_year(self.earth, product, self.catalogue[product], self.year(product), self.root)
            self.manifests[product] = made
        return self.manifests[product]

    def file(self, product: str, part: str = "") -> Path:
        """The first file whose name holds `part`."""
        return self.root / next(f["name"] for f in self.manifest(product)["files"] if part in f["name"])

    def seen(self, product: str) -> Overpasses:
        return observe(self.earth, product, file_days(self.catalogue[product], self.year(product), 1))


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Written:
    catalogue = load_catalogue(ROOT / "config" / "products.yaml")
    return Written(tmp_path_factory.mktemp("toy"), Earth(Toy(), DEMO), catalogue)


def ease(grid_id: str, seen: Overpasses) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of cells on an EASE grid, from latitude and longitude through the projection alone."""
    grid = NATIVE_GRIDS[grid_id]
    longitude, latitude = np.meshgrid(seen.cells.longitude[0], seen.cells.latitude[:, 0])
    x, y = projection(grid.crs).transform(longitude, latitude)
    row = (y - grid.transform[5]) / grid.transform[4]
    return np.floor(row).astype(int), np.floor((x - grid.transform[2]) / grid.transform[0]).astype(int)


def compare(stored: np.ndarray, expected: np.ndarray, step: float) -> None:
    """Equal gaps, and values equal to within half a step of packing."""
    assert (~np.isnan(expected)).any()
    assert_array_equal(np.isnan(stored), np.isnan(expected))
    assert_allclose(stored, expected, atol=step / 2 + 1e-6)


def day_with_values(seen: Overpasses) -> int:
    """Index of the day with most retrievals in both passes, by the rarer pass."""
    return int((~np.isnan(seen.screened)).sum(axis=(2, 3)).min(axis=1).argmax())


def test_smap_granule(toy: Written) -> None:
    seen = toy.seen("SMAP_E")
    index = day_with_values(seen)
    day = date.fromordinal(int(seen.days[index]))
    rows, columns = ease("ease2_m09", seen)
    with h5py.File(toy.file("SMAP_E", f"{day:%Y%m%d}")) as file:
        for number, (half, tail) in enumerate((("PM", "_pm"), ("AM", ""))):
            group = file[f"Soil_Moisture_Retrieval_Data_{half}"]
            value = group[f"soil_moisture_scav{tail}"]
            assert value.shape == (1624, 3856) and value.dtype == np.float32
            assert value.attrs["_FillValue"] == -9999 and value.attrs["units"] == "cm**3/cm**3"
            quality = group[f"retrieval_qual_flag_scav{tail}"]
            assert quality.dtype == np.uint16 and quality.fillvalue == 65534 == quality.attrs["_FillValue"]
            assert quality[0, 0] == 65534 and quality.attrs["flag_masks"] == "1s, 2s, 4s, 8s"
            surface = group[f"surface_flag{tail}"][:][rows, columns]
            good = (quality[:][rows, columns] & 4 == 0) & (surface & (32 | 64 | 128 | 256) == 0)
            shown = np.where(good, value[:][rows, columns], np.nan)
            compare(shown, seen.screened[index, number], 0)
            assert ("_FillValue" in group[f"latitude{tail}"].attrs) == (half == "PM")
            assert group[f"latitude{tail}"][0, 0] == -9999
            seconds = group[f"tb_time_seconds{tail}"][:]
            assert (date(2000, 1, 1).toordinal() * 86400 + 43200 + seconds.max()) // 86400 == day.toordinal()


def test_swi10_dekad(toy: Written) -> None:
    path = toy.file("ASCAT-SWI", "20110711")
    with netCDF4.Dataset(path) as file:
        assert file["SWI_001"].dimensions == ("time", "lat", "lon") and file.dimensions["time"].isunlimited()
        assert netCDF4.num2date(file["time"][0], file["time"].units).strftime("%Y%m%d %H") == "20110711 12"
        assert file["lat"][0] > file["lat"][-1]
        file.set_auto_maskandscale(False)
        raw, state = file["SWI_001"][0], file["SSF"][0]
        assert raw.dtype == np.uint8 and file["SWI_001"].scale_factor == 0.5 and file["SWI_001"]._FillValue == 255
        assert file["SWI_001"]._Unsigned == "true"
        latitude, longitude = file["lat"][:], file["lon"][:]
    first = toy.earth.year(2011).first
    seen = observe(toy.earth, "ASCAT-SWI", np.arange(first + 191, first + 201))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        share = np.nanmean(np.clip(seen.value[:, 0] / seen.porosity, 0, 1), axis=0)
    row = abs(latitude[:, None] - seen.cells.latitude[:, 0]).argmin(axis=0)
    column = abs(longitude[:, None] - seen.cells.longitude[0]).argmin(axis=0)
    block = raw[row[:, None], column]
    land = block <= 200
    assert land.sum() > 500 and set(np.unique(block[~land])) <= {251, 252, 255}
    assert_allclose(block[land] * 0.005, share[land], atol=0.0026)
    assert set(np.unique(state[row[:, None], column])) <= {0, 1, 255} and raw[0, 0] == 255


def test_smos_runs_south_to_north(toy: Written) -> None:
    seen = toy.seen("SMOS-IC")
    index = day_with_values(seen)
    day = date.fromordinal(int(seen.days[index]))
    with netCDF4.Dataset(toy.file("SMOS-IC", f"CDF3SD_{day:%Y%m%d}")) as file:
        assert file["Soil_Moisture"].shape == (584, 1388) and file["Soil_Moisture"].dimensions == ("lat", "lon")
        latitude, longitude = file["lat"][:], file["lon"][:]
        assert_allclose([latitude[0], latitude[-1]], [-83.5171, 83.5171], atol=1e-3)
        assert_allclose([longitude[0], longitude[-1]], [-179.8703, 179.8703], atol=1e-3)
        row = abs(latitude[:, None] - seen.cells.latitude[:, 0]).argmin(axis=0)
        column = abs(longitude[:, None] - seen.cells.longitude[0]).argmin(axis=0)
        good = file["Quality_Flag"][:].filled(2)[row[:, None], column] == 0
        value = np.where(good, file["Soil_Moisture"][:].filled(np.nan)[row[:, None], column], np.nan)
    compare(value, seen.screened[index, 1], 0)


@pytest.mark.parametrize("product", ["AMSR2-JAXA", "AMSR-E-JAXA"])
def test_jaxa_counts_from_the_prime_meridian(toy: Written, product: str) -> None:
    seen = toy.seen(product)
    index = day_with_values(seen)
    day = date.fromordinal(int(seen.days[index]))
    with h5py.File(toy.file(product, f"{day:%Y%m%d}_01D_EQMA")) as file:
        data = file["Geophysical Data"]
        assert data.shape == (1800, 3600, 1) and data.dtype == np.int16 and data.attrs["UNIT"] == "%"
        row = np.floor((90 - seen.cells.latitude[:, 0]) * 10).astype(int)
        column = np.floor((seen.cells.longitude[0] % 360) * 10).astype(int)
        count = data[:][row[:, None], column, 0].astype(float)
        assert file["Time Information"].shape == (1800, 3600)
        assert data[0, 0, 0] == -32767  # nobody looked there
    compare(np.where(count < 0, np.nan, count * 0.1 / 100), seen.screened[index, 0], 0.001)
    assert_array_equal(count == -32767, ~seen.seen[index, 0])


@pytest.mark.parametrize(
    ("product", "part", "number", "error"),
    [
        ("AMSR2-LPRM-X", "_A_SOILM3_V001_{}013000.nc4", 0, "soil_moisture_x_error"),
        ("AMSR-E-LPRM-X", "_D_SOILM3_V002_{}.nc", 1, "sm_x_error"),
        ("TMI-LPRM-X", "_NT_SOILM3_V001-20120407T210538Z_{}.nc", 1, "sm_x_error"),
        ("WindSat-LPRM-X", "_DY_SOILM3_V001-20130227T181254Z_{}.nc", 0, "sm_x_error"),
    ],
)
def test_lprm_is_longitude_first(toy: Written, product: str, part: str, number: int, error: str) -> None:
    seen = toy.seen(product)
    index = day_with_values(seen)
    day = date.fromordinal(int(seen.days[index]))
    with netCDF4.Dataset(toy.file(product, part.format(f"{day:%Y%m%d}"))) as file:
        value = file["soil_moisture_x"]
        assert value.dimensions == ("Longitude", "Latitude") and value.shape == (1440, 720)
        assert value.dtype == np.int16 and value._FillValue == -32767 and value.units == "percent"
        latitude, longitude = file["Latitude"][:], file["Longitude"][:]
        assert_allclose([latitude[0], latitude[-1], longitude[0]], [89.875, -89.875, -179.875])
        row = abs(latitude[:, None] - seen.cells.latitude[:, 0]).argmin(axis=0)
        column = abs(longitude[:, None] - seen.cells.longitude[0]).argmin(axis=0)
        compare(value[:].filled(np.nan).astype(float).T[row[:, None], column] / 100, seen.screened[index, number], 0.01)
        assert file[error].scale_factor == np.float32(0.01)
        if product == "AMSR2-LPRM-X":
            assert "_FillValue" not in file["mask"].ncattrs() and file["mask"].dtype == np.int16


def test_fengyun_holds_both_directions(toy: Written) -> None:
    seen = toy.seen("FY-3B-NSMC")
    index = day_with_values(seen)
    rows, columns = ease("ease1_25km", seen)
    with h5py.File(toy.file("FY-3B-NSMC", f"{date.fromordinal(int(seen.days[index])):%Y%m%d}")) as file:
        for number, half in enumerate(("Ascending", "Descending")):
            data = file[f"{half} Soil Moisture"]
            assert data.shape == (586, 1383)
            count = data[:][rows, columns]
            shown = np.where(count == data.attrs["FillValue"], np.nan, count * data.attrs["Slope"])
            compare(shown, seen.screened[index, number], 0.001)


def test_land3_is_hdf_eos2(toy: Written) -> None:
    seen = toy.seen("AMSR-E-NSIDC")
    index = day_with_values(seen)
    rows, columns = ease("ease1_25km", seen)
    file = SD(str(toy.file("AMSR-E-NSIDC", f"{date.fromordinal(int(seen.days[index])):%Y%m%d}")))
    text = file.attributes()["StructMetadata.0"]
    assert text.count("GROUP=GRID_") == 4 and 'GridName="Descending_Land_Grid"' in text and "XDim=1383" in text
    for number, orbit in enumerate("AD"):
        data = file.select(f"{orbit}_Soil_Moisture")
        assert tuple(data.info()[2]) == (586, 1383)
        count = data[:][rows, columns].astype(float)
        flag = file.select(f"{orbit}_Inversion_QC_Flag")[:][rows, columns]
        assert_array_equal(count == 9999, ~seen.seen[index, number])
        shown = np.where((abs(count) == 9999) | ((flag & 127) > 0), np.nan, count * 0.001)
        compare(shown, seen.screened[index, number], 0.001)
    file.end()


def test_modis_temperature(toy: Written) -> None:
    assert len(toy.manifest("LST")["files"]) == 24
    file = SD(str(toy.file("LST", "MYD11C3.A2011182")))
    day, night = file.select("LST_Day_CMG"), file.select("LST_Night_CMG")
    assert tuple(day.info()[2]) == (3600, 7200) and day.attributes()["_FillValue"] == 0
    assert day.attributes()["valid_range"] == [7500, 65535] and day.attributes()["scale_factor"] == 0.02
    assert isinstance(file.select("QC_Day").attributes()["_FillValue"], str)
    inner = slice(960, 1020), slice(3560, 3620)  # 42…39° N, 2° W…1° E
    pair = np.stack([day[inner], night[inner]]) * 0.02
    land = toy.earth.geography.land[toy.earth.inner].repeat(2, axis=0).repeat(2, axis=1)
    assert_array_equal(pair[0] == 0, ~land)
    heat, swing = (
        part[6][toy.earth.inner].repeat(2, axis=0).repeat(2, axis=1) for part in toy.earth.surface_heat(2011)
    )
    assert_allclose(pair.mean(axis=0)[land], heat[land], atol=1.5)  # four standard deviations of the noise of a mean
    assert_allclose(np.diff(pair, axis=0)[0][land], -2 * swing[land], atol=3)
    file.end()


def test_land_cover_and_leaves_on_climate_modelling_grids(toy: Written) -> None:
    file = SD(str(toy.file("LANDCOVER")))
    cover = file.select("Majority_Land_Cover_Type_1")
    assert tuple(cover.info()[2]) == (3600, 7200) and cover[970:1000, 3570:3590].max() <= 16
    file.end()
    assert len(toy.manifest("LAI-GLASS")["files"]) == 46
    file = SD(str(toy.file("LAI-GLASS", "A2011185")))
    leaves = file.select("LAI")[960:1020, 3560:3620]
    truth = toy.earth.leaf_area(2011)[6][toy.earth.inner]
    land = toy.earth.geography.land[toy.earth.inner].repeat(2, axis=0).repeat(2, axis=1)
    assert_array_equal(leaves == 255, ~land)
    apart = (leaves * 0.1 / 1.08)[land] - truth.repeat(2, axis=0).repeat(2, axis=1)[land]
    assert abs(apart.mean()) < 0.1 and abs(apart).max() < 2
    file.end()


def test_geov2_leaves(toy: Written) -> None:
    with netCDF4.Dataset(toy.file("LAI-PROBAV", "20160711")) as file:
        assert file["LAI"].shape == (1, 15680, 40320)
        assert_allclose([file["lat"][0], file["lon"][0]], [80, -180], atol=1e-5)  # pixel centres
        row = np.flatnonzero(abs(file["lat"][:] - 40.05) < 0.05)
        column = np.flatnonzero(abs(file["lon"][:] + 1.05) < 0.05)
        leaves = file["LAI"][0, row[0] : row[-1], column[0] : column[-1]]
    expected = 1.03 * toy.earth.leaf_area(2016)[6][toy.earth.inner][19, 9]
    assert abs(leaves.mean() - expected) < 0.15 * expected + 0.05


def test_vegetation_fractions_tif(toy: Written) -> None:
    with rasterio.open(toy.file("TREE")) as file:
        assert (file.count, file.height, file.width, file.nodata) == (3, 3600, 7200, 255)
        assert file.transform.c == -180 and file.transform.f == 90
        parts = file.read(window=rasterio.windows.from_bounds(-2, 39, 1, 42, file.transform)).astype(int)
    land = parts[0] < 255
    assert land.any() and abs(parts.sum(axis=0)[land] - 100).max() <= 1
    tree = toy.earth.geography.tree[toy.earth.inner].repeat(2, axis=0).repeat(2, axis=1)
    assert np.corrcoef(parts[0][land], tree[land])[0, 1] > 0.9


def test_constants(toy: Written) -> None:
    with h5py.File(toy.file("SAND")) as file:
        sand = file["Land-Model-Constants_Data/mwrtm_sand"]
        assert sand.shape == (1624, 3856) and sand.attrs["_FillValue"] == -9999
        where = np.argwhere(sand[:] >= 0)
        latitude = file["cell_lat"][:][tuple(where[0])]
        assert 41.9 < latitude < 42.4
    with netCDF4.Dataset(toy.file("TOPOGRAPHY")) as file:
        file.set_auto_mask(False)
        assert file["topo"].missing_value == 127 and file["topo"].dtype == np.int8
        assert_array_equal(file["lat"][:2], 0)
        apart = np.hypot(*(np.diff(file[name][2:4])[0] for name in ("lat", "lon")))
        assert 0.1 < apart < 0.2
        land = file["topo"][:] < 127
        assert 0.5 < land.mean() < 1 and set(np.unique(file["rainforest"][:])) <= {0, 1, 127}


def test_water_and_frost(toy: Written) -> None:
    with netCDF4.Dataset(toy.file("WATER", "20110101")) as file:
        assert file["fw"].shape == (1, 586, 1383)
        fraction = file["fw"][0].compressed()
        assert fraction.size > 50 and fraction.min() >= 0 and fraction.max() <= 1
    with h5py.File(toy.file("FREEZE-THAW", "2011_day001")) as file:
        assert file["TFT"].shape == (586, 1383) and file["TFT"].dtype == np.uint8 and file["TFT"][0, 0] == 255
        assert set(np.unique(file["TFT"][:])) <= {0, 1, 2, 254, 255}


Check = Callable[[netCDF4.Dataset], None]


def _gldas(file: netCDF4.Dataset) -> None:
    assert file["SoilMoi0_10cm_inst"].shape == (1, 600, 1440) and file["lat"][0] == -59.875
    assert file["time"].units.startswith(" minutes since") and file["SoilMoi0_10cm_inst"].units == "kg m-2"
    block = file["SoilMoi0_10cm_inst"][0, 396:408, 712:724]  # 39…42° N, 2° W…1° E
    assert block.count() > 80 and block.min() > 1 and block.max() < 60
    assert file["SoilMoi0_10cm_inst"][0].count() < 300


def _cci(file: netCDF4.Dataset) -> None:
    assert file.data_model == "NETCDF4_CLASSIC" and file["sm"].shape == (1, 720, 1440) and file["lat"][0] == 89.875
    good = file["flag"][0].filled(127) == 0
    assert_array_equal(good, ~np.ma.getmaskarray(file["sm"][0]))


def _era5(file: netCDF4.Dataset) -> None:
    assert file["swvl1"].shape == (3, 1801, 3600) and file["longitude"][0] == 0 and file["latitude"][0] == 90
    days = netCDF4.num2date(file["valid_time"][:], file["valid_time"].units)
    assert [(d.month, d.day, d.hour) for d in days] == [(7, 1, 12), (7, 11, 12), (7, 21, 12)]
    assert np.isfinite(file["swvl1"][0, 490:500, 3585]).any()  # 41…40° N, 1.5° W


def _gleam(file: netCDF4.Dataset) -> None:
    assert file["SMsurf"].dimensions == ("time", "lon", "lat") and file["SMsurf"].shape == (36, 1440, 720)
    assert file["lat"][0] == 89.875 and file["SMsurf"]._FillValue == -999
    assert file["SMsurf"][20, 712:724, 192:204].count() > 80


def _imerg(file: netCDF4.Dataset) -> None:
    rain = file["precipitationCal"]
    assert rain.dimensions == ("time", "lon", "lat") and rain.shape == (1, 3600, 1800)
    assert_allclose([file["lat"][0], file["lon"][0]], [-89.95, -179.95], atol=1e-4)
    assert rain[0, 1785:1795, 1295:1305].count() == 100 and rain[0].min() >= 0


@pytest.mark.parametrize(
    ("product", "part", "check"),
    [
        ("GLDAS", "A20110701", _gldas),
        ("CCI", "20110701", _cci),
        ("ERA5-LAND", "201107", _era5),
        ("GLEAM-A", "2011", _gleam),
        ("GLEAM-B", "2011", _gleam),
        ("IMERG", "20110701", _imerg),
    ],
)
def test_references(toy: Written, product: str, part: str, check: Check) -> None:
    with netCDF4.Dataset(toy.file(product, part)) as file:
        check(file)


def test_koppen_tif(toy: Written) -> None:
    with rasterio.open(toy.file("KOPPEN")) as file:
        assert (file.height, file.width, file.nodata) == (360, 720, None)
        classes = file.read(1)
    assert classes.max() <= 30 and (classes[96:102, 356:362] > 0).any() and classes[0, 0] == 0


def test_ismn_reads_the_stations(toy: Written) -> None:
    earth = Earth(Toy(), GRID.region(40, 41, -2, -1))
    names = [file["name"] for file in write_year(earth, "ISMN", toy.catalogue["ISMN"], None, toy.root)["files"]]
    assert len(names) in (6, 9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ismn.interface import ISMN_Interface

        archive = ISMN_Interface(toy.root / "ISMN", parallel=False)
        station = archive[0][0]
        sensor = next(s for s in station.iter_sensors(variable="soil_moisture"))
        data = sensor.read_data()
    assert set(archive.networks) <= {"TOYNET", "TOY-MESH"}
    assert len(data) == 5844 and str(data.index[0]) == "2003-01-01 12:00:00"
    flags = set(data["soil_moisture_flag"])
    assert "G" in flags and flags <= {"G", "D01", "D01,D03", "D05", "C03"}
    row = int(np.floor((GRID.north - station.lat) * 10)) - toy.earth.window.row
    column = int(np.floor((station.lon + 180) * 10)) - toy.earth.window.column
    assert toy.earth.geography.land[row, column]
    truth = toy.earth.year(2011).moisture[:, row, column]
    good = (data.loc["2011", "soil_moisture_flag"] == "G").to_numpy()
    assert np.corrcoef(data.loc["2011", "soil_moisture"].to_numpy()[good], truth[good])[0, 1] > 0.9


REGIONS = {
    "demo": (DEMO, None),
    "dateline": (GRID.region(-18, -16, 179, -179), ALL_LAND),
    "far north": (GRID.region(78, 80, 10, 12), ALL_LAND),
}


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("product", [name for name in SENSORS if name != "ASCAT-SWI"])
def test_our_reader_returns_what_the_sensor_saw(tmp_path: Path, toy: Written, product: str, region: str) -> None:
    entry, year = toy.catalogue[product], toy.year(product)
    assert year is not None
    place, land = REGIONS[region]
    earth = Earth(Toy(), place, land)
    short = entry.model_copy(update={"span": (f"{year}D20", f"{year}D22")})
    write_year(earth, product, short, year, tmp_path)
    grid = NATIVE_GRIDS[str(entry.native_grid)]
    east = (place.west + place.degrees + 180) % 360 - 180
    box = box_of(grid, place.west, place.south, east, place.north)
    seen = observe(earth, product, file_days(short, year, 1))
    rows = np.flatnonzero((seen.cells.rows >= box.rows.start) & (seen.cells.rows < box.rows.stop))
    columns = np.flatnonzero((seen.cells.columns >= box.columns.start) & (seen.cells.columns < box.columns.stop))
    assert len(rows) == box.rows.stop - box.rows.start and len(columns) >= 2 / 0.27
    fields = [f for found in list_files(tmp_path, entry, year) for f in read(entry, found, box)]
    assert len(fields) == 6
    order = [1, 0] if product == "SMAP_E" else [0, 1]  # the reader gives the morning first
    for index, got in enumerate(fields):
        expected = seen.screened[index // 2, order[index % 2]][rows[:, None], columns]
        there = got.values[
            (seen.cells.rows[rows] - box.rows.start)[:, None], seen.cells.columns[columns] - box.columns.start
        ]
        assert_array_equal(np.isnan(there), np.isnan(expected))
        assert_allclose(there, expected, atol=0.0051 if "LPRM" in product else 0.00051)
        assert got.start.toordinal() == seen.days[index // 2]


MAPS = [name for name in WRITERS if name not in SENSORS and name != "ISMN"]


@pytest.mark.parametrize("product", MAPS)
def test_our_reader_finds_plausible_values_of_every_other_product(toy: Written, product: str) -> None:
    entry, year = toy.catalogue[product], toy.year(product)
    names = {file["name"] for file in toy.manifest(product)["files"]}
    found = list_files(toy.root, entry, year)
    assert {str(file.path.relative_to(toy.root)) for file in found} == names
    grid = NATIVE_GRIDS[str(entry.native_grid)]
    box = box_of(grid, DEMO.west, DEMO.south, DEMO.west + DEMO.degrees, DEMO.north)
    values = np.stack([got.values for file in found[:3] for got in read(entry, file, box)])
    share = np.isfinite(values).mean()
    assert 0.6 < share <= 1, share
    low, high = entry.valid_range
    assert low <= np.nanmin(values) and np.nanmax(values) <= high
    if product not in ("RAINFOREST", "SNOW", "FREEZE-THAW", "KOPPEN"):
        assert np.nanstd(values) > 0


def test_topography_arrives_where_the_toy_put_it(toy: Written) -> None:
    toy.manifest("TOPOGRAPHY")
    entry = toy.catalogue["TOPOGRAPHY"]
    box = box_of(NATIVE_GRIDS["latlon_0.1"], -2, 39, 1, 42)
    got = read(entry, list_files(toy.root, entry)[0], box)[0].values
    there = np.isfinite(got)
    relief = toy.earth.geography.relief[toy.earth.inner] / 100
    assert np.corrcoef(got[there], relief[there])[0, 1] > 0.8


def test_sand_arrives_where_the_toy_put_it(toy: Written) -> None:
    toy.manifest("SAND")
    entry = toy.catalogue["SAND"]
    grid = cells("ease2_m09", DEMO)
    box = box_of(NATIVE_GRIDS["ease2_m09"], -2, 39, 1, 42)
    got = read(entry, list_files(toy.root, entry)[0], box)[0].values
    rows, columns = box.rows.start - int(grid.rows[0]), box.columns.start - int(grid.columns[0])
    look = Footprint(grid, toy.earth.window, 9, toy.earth.geography.land)
    expected = look(toy.earth.geography.sand)[rows : rows + got.shape[0], columns : columns + got.shape[1]]
    there = np.isfinite(got)
    assert there.mean() > 0.6
    assert_allclose(got[there], expected[there], rtol=1e-5)


@pytest.mark.parametrize("month", [1, 7])
def test_composites_without_files_are_those_of_the_files(toy: Written, month: int) -> None:
    """ASCAT-SWI on its own 0.1° grid: file and composite differ by packing and the 9 km map of porosity alone."""
    toy.manifest("ASCAT-SWI")
    entry = toy.catalogue["ASCAT-SWI"]
    step = DEKADS.of(date(2011, month, 11))
    found = next(f for f in list_files(toy.root, entry, 2011) if f.start == DEKADS.start(step))
    saturation = read(entry, found, box_of(NATIVE_GRIDS["latlon_0.1"], -2, 39, 1, 42))[0].values
    direct = composite(toy.earth, "ASCAT-SWI", [step])[0]
    land = toy.earth.geography.land[toy.earth.inner] & (np.isfinite(direct) | np.isfinite(saturation))
    assert land.sum() > 200
    assert (np.isfinite(saturation) == np.isfinite(direct))[land].mean() > 0.98  # water codes at the coast
    porosity = toy.earth.geography.porosity[toy.earth.inner]
    both = np.isfinite(saturation) & np.isfinite(direct)
    assert_allclose((saturation * porosity)[both], direct[both], atol=0.01)


def test_a_product_year_is_the_same_whenever_it_is_written(tmp_path: Path, toy: Written) -> None:
    one = write_year(toy.earth, "AMSR2-JAXA", toy.catalogue["AMSR2-JAXA"], 2014, tmp_path / "one")
    other = write_year(Earth(Toy(), DEMO), "AMSR2-JAXA", toy.catalogue["AMSR2-JAXA"], 2014, tmp_path / "other")
    assert json.dumps(one) == json.dumps(other) and len(one["files"]) == 72
    for file in one["files"][:5]:
        assert (tmp_path / "one" / file["name"]).read_bytes() == (tmp_path / "other" / file["name"]).read_bytes()
    changed = write_year(Earth(Toy(seed=9), DEMO), "AMSR2-JAXA", toy.catalogue["AMSR2-JAXA"], 2014, tmp_path / "one")
    assert changed["files"][0]["checksum"] != one["files"][0]["checksum"]
    assert not list(tmp_path.rglob(".*.part*"))


def test_days_and_spans_decide_what_is_written(toy: Written) -> None:
    fengyun, leaves = toy.catalogue["FY-3B-NSMC"], toy.catalogue["LAI-GLASS"]
    days = [date.fromordinal(n) for n in file_days(fengyun, 2011, 2)]
    assert days[:3] == [date(2011, 7, 11), date(2011, 7, 12), date(2011, 7, 21)] and len(days) == 2 * 17
    assert len(file_days(fengyun, 2016, 2)) == 0 and len(file_days(fengyun, 2014, 11)) == 365
    assert len(file_days(leaves, 2012, 1)) == 46 and len(file_days(toy.catalogue["SAND"], 2012, 1)) == 0
    assert len(file_days(toy.catalogue["SAND"], None, 1)) == 1


def test_an_unknown_product_is_refused(toy: Written, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no writer"):
        write_year(toy.earth, "MINE", toy.catalogue["CCI"], 2011, tmp_path)


def test_names_alone_are_those_of_the_files(toy: Written, tmp_path: Path) -> None:
    chosen = {name: toy.catalogue[name] for name in ("SMOS-IC", "LST", "SAND", "TREE", "LAI-GLASS", "GLEAM-A")}
    count = names_only(tmp_path, chosen, [2011], 1)
    laid = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    written = {file["name"] for name in chosen for file in toy.manifest(name)["files"]}
    assert laid == written and count == len(written)


def test_every_pattern_finds_the_names_that_fill_it(toy: Written, tmp_path: Path) -> None:
    names_only(tmp_path, toy.catalogue, [2003, 2016], 1)
    for product_id, product in toy.catalogue.items():
        if product.kind == "station":
            continue
        for year in (None,) if product.step == "static" else (2003, 2016):
            days = [date.fromordinal(n) for n in file_days(product, year, 1)]
            expected = set(file_names(product_id, product, days))
            found = {str(f.path.relative_to(tmp_path)) for f in list_files(tmp_path, product, year)}
            assert found == expected, product_id


def test_truth_file(toy: Written, tmp_path: Path) -> None:
    write_truth(toy.earth, 2012, tmp_path / "truth.nc")
    with netCDF4.Dataset(tmp_path / "truth.nc") as file:
        moisture = file["moisture"][:].filled(np.nan)
        assert moisture.shape == (36, 30, 30)
        days = netCDF4.num2date(file["time"][:3], file["time"].units)
        assert [d.day for d in days] == [1, 11, 21]
        assert_allclose([file["latitude"][0], file["longitude"][0]], [41.95, -1.95], atol=1e-4)
    land = toy.earth.geography.land[toy.earth.inner]
    assert_array_equal(np.isnan(moisture[0]), ~land)
    # 21…29 February of a leap year
    leap = toy.earth.year(2012).moisture[51:60][:, toy.earth.inner[0], toy.earth.inner[1]].mean(axis=0)
    assert_allclose(moisture[5][land], leap[land], rtol=1e-5)
