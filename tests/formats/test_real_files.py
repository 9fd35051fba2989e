"""Every real sample file, read by our readers and by something else: another library, the dumped headers, or geography."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import h5py
import netCDF4
import numpy as np
import pytest
from handmade import CATALOGUE
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from pyhdf.SD import SD
from pyproj import Transformer
from scipy.io import netcdf_file

from rssm.archive.decode import Stored, screen
from rssm.archive.files import found_at
from rssm.archive.grids import NATIVE_GRIDS, box_of, whole
from rssm.archive.hdf4 import grid_corners
from rssm.archive.native import Box, Field, NativeGrid
from rssm.archive.points import centres
from rssm.archive.readers import read
from rssm.config.catalogue import Options, Product
from rssm.errors import InputError

PLAIN: dict[str, Any] = {
    "file_units": [],
    "keep": {},
    "scale": {"value": 1.0},
    "offset": {},
    "multiply": 1.0,
    "codes": {},
}
FROZEN = 32 + 64 + 128 + 256  # snow or ice, permanent ice, frozen by radiometer, frozen by model
ANY_VALUE: dict[str, Any] = {**PLAIN, "valid_range": (-1e9, 1e9)}


def described(product: str, **changes: Any) -> Product:
    """A product of the catalogue with another variable, grid or range."""
    return CATALOGUE[product].model_copy(update=changes)


def read_one(product: Product, path: Path, day: date = date.min, box: Box | None = None) -> Field:
    (field,) = read(product, found_at(path, day), box or whole(NATIVE_GRIDS[product.native_grid or ""]))
    return field


def at(field: Field, longitude: float, latitude: float) -> float:
    """The value of the cell that holds a point."""
    x, y = centres(field.grid, field.box)
    return float(field.values[np.abs(y - latitude).argmin(), np.abs(x - longitude).argmin()])


def raw(path: Path, name: str) -> NDArray[Any]:
    """Stored numbers, by h5py."""
    with h5py.File(path) as file:
        return np.asarray(file[name][...])


# -- soil moisture -------------------------------------------------------------------------------------------------------


def test_cci_combined(real: Path) -> None:
    path = real / "esa_cci_sm/ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20100701000000-fv04.5.nc"
    field = read_one(CATALOGUE["CCI"], path, date(2010, 7, 1))
    moisture, flag = raw(path, "sm")[0], raw(path, "flag")[0]
    assert_array_equal(field.values, np.where((flag == 0) & (moisture != -9999), moisture, np.nan))
    assert field.error is not None
    there = np.isfinite(field.values)
    uncertainty = raw(path, "sm_uncertainty")[0]  # some values have none
    assert_array_equal(field.error[there], np.where(uncertainty == -9999, np.nan, uncertainty)[there])
    assert at(field, -140.0, -30.0) != at(field, -140.0, -30.0)  # the Pacific is missing


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("C3S-SOILMOISTURE-L3S-SSMV-COMBINED-DAILY-20140101000000-TCDR-v201801.0.0.nc", date(2014, 1, 1)),
        ("C3S-SOILMOISTURE-L3S-SSMV-PASSIVE-DEKADAL-20170701000000-ICDR-v201706.0.0.nc", date(2017, 7, 1)),
    ],
)
def test_c3s_whose_lists_of_references_are_stale(real: Path, name: str, day: date) -> None:
    """These files were repacked: the lists in their scales point nowhere, the ones in their variables are right."""
    product = described("CCI", keep={}, variables={"value": "sm"})
    field = read_one(product, real / "c3s_sm" / name, day)
    with netCDF4.Dataset(real / "c3s_sm" / name) as data:
        other = data["sm"][0].filled(np.nan)
    assert_array_equal(field.values, other)


def test_copernicus_soil_water_index(real: Path) -> None:
    path = real / "cgls/c_gls_SWI1km_201706011200_CEURO_SCATSAR_V1.0.1.nc"
    product = described("ASCAT-SWI", native_grid="latlon_1/112", variables={"value": "SWI_005", "state": "SSF"})
    longitude, latitude = raw(path, "lon"), raw(path, "lat")
    box = box_of(NATIVE_GRIDS["latlon_1/112"], longitude[0], latitude[-1], longitude[-1], latitude[0], margin=1)
    field = read_one(product, path, date(2017, 6, 1), box)
    numbers, state = raw(path, "SWI_005")[0], raw(path, "SSF")[0]
    counts = {code: int((numbers == code).sum()) for code in (251, 252, 255)}
    assert counts == {251: 8669, 252: 36145, 255: 9}  # as counted when the file was first looked at
    expected = np.where((numbers <= 200) & np.isin(state, (0, 1, 255)), numbers / 200, np.nan).astype(np.float32)
    x, y = centres(field.grid, field.box)  # cells begin on the degree here, their centres do not: a shifted grid
    rows, columns = np.abs(y - latitude[0]).argmin(), np.abs(x - longitude[0]).argmin()
    assert y[rows] == pytest.approx(latitude[0]) and x[columns] == pytest.approx(longitude[0])
    inside = field.values[rows : rows + 448, columns : columns + 448]
    assert_allclose(inside, expected, rtol=0, atol=1e-6)
    assert np.isfinite(field.values).sum() == np.isfinite(expected).sum()


def test_smos_on_ease2_in_classic_netcdf(real: Path) -> None:
    path = real / "smos/SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_002_7.DBL.nc"
    product = described("SMOS-IC", keep={}, variables={"value": "Soil_Moisture"})
    field = read_one(product, path, date(2015, 5, 6))
    with netcdf_file(path, mmap=False) as file:
        variable = file.variables["Soil_Moisture"]
        numbers, scale = variable.data, variable.scale_factor
        latitude, longitude = file.variables["lat"].data, file.variables["lon"].data
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:6933", always_xy=True)
    a, _, c, _, e, f = field.grid.transform
    row = int((to_metres.transform(0, latitude[0])[1] - f) // e)  # the southernmost of the cut
    column = int((to_metres.transform(longitude[0], 0)[0] - c) // a)
    expected = np.where(numbers == -32768, np.nan, numbers * np.float64(scale)).astype(np.float32)[::-1]
    assert_allclose(field.values[row - 100 : row + 1, column : column + 151], expected, atol=1e-6)
    assert field.notes["valid"] == int((numbers != -32768).sum())


def test_flags_of_a_real_smap_granule(real: Path) -> None:
    """The swath file holds the same variables as the daily grid: 592 retrievals are recommended, 1333 were made."""
    path = real / "smap/SMAP_L2_SM_P_02801_A_20150811T013002_R18290_001.h5"
    group = "Soil_Moisture_Retrieval_Data"
    variables = {}
    with h5py.File(path) as file:
        for role, name in (("value", "soil_moisture"), ("quality", "retrieval_qual_flag"), ("surface", "surface_flag")):
            data = file[f"{group}/{name}"]
            variables[role] = Stored(name, data[...][None], dict(data.attrs))
    product, found = CATALOGUE["SMAP_E"], found_at(path, date(2015, 8, 11))
    cells, notes = screen(described("SMAP_E", keep={}), found, variables, strict=False)
    assert notes["valid"] == 1333 and cells.numbers.max() == pytest.approx(0.731, abs=1e-3)
    quality, surface = variables["quality"].numbers[0], variables["surface"].numbers[0]
    there = cells.there[0]
    _, notes = screen(product, found, variables, strict=False)
    assert notes["valid"] == int((there & (quality & 4 == 0) & (surface & FROZEN == 0)).sum())
    _, strict = screen(product, found, variables, strict=True)
    assert strict["valid"] == int((there & (quality == 0) & (surface & FROZEN == 0)).sum()) <= 592
    with pytest.raises(InputError, match="holds 17251 cells"):
        read(product, found, whole(NATIVE_GRIDS["ease2_m09"]))


def test_smap_subset_on_maps_of_coordinates_with_gaps(real: Path) -> None:
    """Latitude and longitude hold -9999 beyond the swaths, without saying so."""
    path = real / "smap/SC_SPL3SMP_subsetted_with_maskfill_mf.nc4"
    name = "Soil_Moisture_Retrieval_Data_AM/landcover_class_fraction"
    product = described(
        "CCI", native_grid="ease2_m36", variables={"value": name}, options=Options(layer=0), **ANY_VALUE
    )
    field = read_one(product, path, date(2015, 4, 6))
    numbers, latitude = raw(path, name)[..., 0], raw(path, "Soil_Moisture_Retrieval_Data_AM/latitude")
    longitude = raw(path, "Soil_Moisture_Retrieval_Data_AM/longitude")
    valid = (numbers != -9999) & (latitude != -9999)
    assert valid.sum() > 100
    for row, column in np.argwhere(valid)[::97]:
        assert at(field, longitude[row, column], latitude[row, column]) == numbers[row, column]
    assert np.isfinite(field.values).sum() == (numbers != -9999).sum()


def test_smap_freeze_thaw_subset_with_axes_in_metres(real: Path) -> None:
    path = real / "smap/SPL3FTP_subsetted.nc4"
    group = "Freeze_Thaw_Retrieval_Data_Global"
    product = described(
        "CCI",
        native_grid="ease2_m36",
        variables={"value": f"{group}/altitude_dem"},
        options=Options(layer=0),
        **ANY_VALUE,
    )
    field = read_one(product, path, date(2015, 4, 1))
    numbers, x, y = raw(path, f"{group}/altitude_dem")[0], raw(path, f"{group}/x"), raw(path, f"{group}/y")
    to_degrees = Transformer.from_crs("EPSG:6933", "EPSG:4326", always_xy=True)
    for row, column in np.argwhere(numbers != -9999)[::131]:
        assert at(field, *to_degrees.transform(x[column], y[row])) == numbers[row, column]


def test_a_grid_that_is_none_of_ours_is_refused(real: Path) -> None:
    product = described(
        "CCI", native_grid="ease2_m09", variables={"value": "Analysis_Data/sm_rootzone_analysis"}, keep={}
    )
    with pytest.raises(InputError, match="cells"):
        read_one(product, real / "smap/SMAP_L4_SM_aup_dimension_list_input.h5")


# -- models ------------------------------------------------------------------------------------------------------------


def test_gldas_in_kilograms_from_the_south(real: Path) -> None:
    path = real / "gldas/GLDAS_NOAH025_3H.A20160101.0300.021.nc4"
    field = read_one(CATALOGUE["GLDAS"], path, date(2016, 1, 1))
    numbers = raw(path, "SoilMoi0_10cm_inst")[0]
    assert_allclose(field.values, np.where(numbers == -9999, np.nan, numbers / 100)[::-1], rtol=1e-6)
    assert at(field, -60.0, -5.0) > 0.2 > at(field, 10.0, 24.0)  # the Amazon is wetter than the Sahara


def test_gldas_land_mask(real: Path) -> None:
    product = described("GLDAS", variables={"value": "GLDAS_mask"}, **ANY_VALUE)
    field = read_one(product, real / "gldas/GLDASp4_landmask_025d.nc4")
    assert [at(field, *place) for place in ((10, 24), (-60, -5), (135, -25), (-140, -30), (80, -20))] == [1, 1, 1, 0, 0]


def test_era5_packed_hours_around_the_dateline(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = real / "era5/example_downloaded_raw.nc"
    grid = NativeGrid("latlon_0.5", "EPSG:4326", (5.0, 0, -182.5, 0, -5.0, 92.5), 37, 72)  # nodes of five degrees
    monkeypatch.setitem(NATIVE_GRIDS, "latlon_0.5", grid)
    product = described("ERA5-LAND", native_grid="latlon_0.5")
    with netcdf_file(path, mmap=False) as file:
        variable, time = file.variables["swvl1"], file.variables["time"].data
        hours = variable.data * variable.scale_factor + variable.add_offset
    first = date.fromordinal(date(1900, 1, 1).toordinal() + int(time[0]) // 24)
    field = read_one(product, path, first)
    assert field.notes["out_of_range"] > 0  # small negatives over the sea
    hours = np.where((variable.data == -32767) | (hours < -1e-6), np.nan, hours)[time // 24 == time[0] // 24]
    with np.errstate(invalid="ignore"):
        mean = np.nansum(hours, axis=0) / np.isfinite(hours).sum(axis=0)
    assert_allclose(field.values, np.roll(mean, 36, axis=1), atol=1e-6)


def test_era5_land_mask_at_the_nodes(real: Path) -> None:
    path = real / "era5/landmask_0.1_0.1.nc"
    field = read_one(described("ERA5-LAND", variables={"value": "land"}, **ANY_VALUE), path, date(2015, 4, 1))
    numbers = raw(path, "land")
    numbers = np.where(np.isnan(numbers), np.nan, numbers)
    assert_array_equal(field.values, np.roll(numbers, 1800, axis=1))
    assert at(field, 10.0, 24.0) == 1 and at(field, -5.0, 60.0) != 1


def test_imerg_longitude_first_in_a_calendar_called_julian(real: Path) -> None:
    path = real / "imerg/GPM_3IMERGHH_bounds.nc4"
    product = described("IMERG", variables={"value": "Grid/precipitationCal"}, file_units=["mm/hr"])
    field = read_one(product, path, date(2020, 1, 1))
    numbers = raw(path, "Grid/precipitationCal")[0]
    longitude, latitude = raw(path, "Grid/lon"), raw(path, "Grid/lat")
    assert np.isfinite(field.values).sum() == (numbers > -9999).sum()
    for column, row in np.argwhere(numbers > 1)[::29]:
        assert at(field, longitude[column], latitude[row]) == numbers[column, row]


# -- maps of classes, points, grids -------------------------------------------------------------------------------------


def test_koppen_classes_where_they_are_known(real: Path) -> None:
    field = read_one(CATALOGUE["KOPPEN"], real / "koppen/Beck_KG_V1_future_0p5.tif")
    assert at(field, -65.0, -3.0) == 1 and at(field, 15.0, 24.0) == 4  # rainforest of the Amazon, desert of the Sahara
    assert np.isnan(at(field, -140.0, -30.0)) and set(np.unique(field.values[np.isfinite(field.values)])) <= set(
        range(1, 31)
    )
    with pytest.raises(InputError, match="steps of"):
        read_one(CATALOGUE["KOPPEN"], real / "koppen/koppen_subset.tif")


def test_land_cover_picture_with_a_wrong_datum(real: Path) -> None:
    product = described("LANDCOVER", reader="geotiff", variables={})
    path = real / "modis/MCD12C1.A2019001.006.2020220162300.tif"
    field = read_one(product, path, date(2019, 1, 1), box_of(NATIVE_GRIDS["latlon_0.05"], 10, -5, 30, 30))
    assert at(field, 15.0, 24.0) == 16 and at(field, 22.0, 0.5) == 2  # barren Sahara, evergreen Congo
    sea = read_one(product, path, date(2019, 1, 1), box_of(NATIVE_GRIDS["latlon_0.05"], -150, -40, -140, -30))
    assert np.unique(sea.values).tolist() == [0.0]


def test_modis_temperature_in_hdf4(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = real / "modis/MOD11A1.A2021227.h11v05.061.2021228105320.hdf"
    corners = grid_corners(SD(str(path)).attributes()["StructMetadata.0"])["MODIS_Grid_Daily_1km_LST"]
    left, top, right, bottom = corners
    step = (right - left) / 1200
    product = described("LST", variables={"value": "LST_{overpass}_1km"})
    with pytest.raises(InputError, match="puts its grid"):
        read_one(product, path, date(2021, 8, 15))
    tile = NativeGrid("latlon_0.05", "ESRI:54008", (step, 0, left, 0, -step, top), 1200, 1200)
    monkeypatch.setitem(NATIVE_GRIDS, "latlon_0.05", tile)
    day, night = read(product, found_at(path, date(2021, 8, 15)), Box(slice(100, 400), slice(0, 700)))
    assert (day.overpass, night.overpass) == ("Day", "Night") and top - step * 1200 == pytest.approx(bottom)
    for field, name in ((day, "LST_Day_1km"), (night, "LST_Night_1km")):
        numbers = SD(str(path)).select(name)[:][100:400, :700].astype(float)
        assert_allclose(field.values, np.where(numbers == 0, np.nan, numbers * 0.02), rtol=1e-6)
        assert 270 < np.nanmean(field.values) < 330


def test_topographic_complexity_of_the_nearest_point(real: Path) -> None:
    path = real / "ascat/topo_wetland.nc"
    box = box_of(NATIVE_GRIDS["latlon_0.1"], 80, 27, 90, 33)
    field = read_one(CATALOGUE["TOPOGRAPHY"], path, box=box)
    x, y, numbers = raw(path, "lon").astype(float), raw(path, "lat").astype(float), raw(path, "topo")
    longitude, latitude = centres(field.grid, box)
    for row, column in ((0, 0), (17, 33), (59, 99), (40, 5)):
        away = np.hypot((x - longitude[column]) * np.cos(np.radians(latitude[row])), y - latitude[row])
        expected = numbers[away.argmin()] / 100  # above 1: no value
        assert field.values[row, column] == (
            pytest.approx(expected) if expected <= 1 else pytest.approx(np.nan, nan_ok=True)
        )
    assert np.nanmean(field.values[:30]) != 0 and np.nanmax(field.values) > 0.3  # the Himalaya


def test_points_of_a_land_mask(real: Path) -> None:
    path = real / "grids/ease36land.nc"
    product = described(
        "TOPOGRAPHY", native_grid="ease2_m36", variables={"value": "gpi"}, options=Options(reach=1.0), **ANY_VALUE
    )
    field = read_one(product, path)
    assert field.notes["valid"] == 103902
    gpi, longitude, latitude = raw(path, "gpi"), raw(path, "lon"), raw(path, "lat")
    for index in range(0, gpi.size, 9973):
        assert at(field, longitude[index], latitude[index]) == gpi[index]


def test_the_table_of_ease2_agrees_with_the_agencies_coordinates(real: Path) -> None:
    with netCDF4.Dataset(real / "grids/NSIDC0772_LatLon_EASE2_M36km_v1.0.nc") as data:
        x, y, latitude, longitude = (np.asarray(data[name][:]) for name in ("x", "y", "latitude", "longitude"))
    grid = NATIVE_GRIDS["ease2_m36"]
    a, _, c, _, e, f = grid.transform
    assert_allclose(c + a * (np.arange(964) + 0.5), x, atol=0.01)
    assert_allclose(f + e * (np.arange(406) + 0.5), y, atol=0.01)
    own_longitude, own_latitude = centres(grid, whole(grid))
    assert_allclose(own_longitude, longitude[200], atol=1e-6)
    assert_allclose(own_latitude, latitude[:, 500], atol=1e-6)


def test_the_mask_of_the_smos_grid_lies_north_up(real: Path) -> None:
    path = real / "grids/Grid_Point_Mask_USGS.nc"
    product = described("SMOS-IC", variables={"value": "USGS_Land_Flag"}, **ANY_VALUE)
    field = read_one(product, path)
    assert_array_equal(field.values, raw(path, "USGS_Land_Flag")[::-1])
    assert [at(field, *place) for place in ((15, 24), (-60, -5), (135, -25), (-140, -30), (-40, 45))] == [1, 1, 1, 0, 0]


# -- granules of which only the layout is free ----------------------------------------------------------------------------


def test_the_catalogue_names_the_variables_of_the_real_smap_e_granule(real: Path) -> None:
    layout = (real / "layouts/SMAP_L3_SM_P_E_R18240.layout.txt").read_text()
    for role in ("value", "quality", "surface"):
        first = CATALOGUE["SMAP_E"].names(role)[0]
        for overpass, suffix in (("AM", ""), ("PM", "_pm")):
            assert f" {first.replace('{overpass}', overpass).replace('/', '_')}{suffix} (" in layout


def test_the_catalogue_states_what_the_real_lprm_granule_says(real: Path) -> None:
    layout = (real / "layouts/LPRM-AMSR2_L3_A_SOILM3_V001.das.txt").read_text()
    product = CATALOGUE["AMSR2-LPRM-X"]
    for role in ("value", "error"):
        (name,) = product.names(role)
        part = layout.split(f"    {name} {{")[1].split("}")[0]
        said = {line.split()[1]: line.split()[2].strip(';"') for line in part.splitlines() if len(line.split()) >= 3}
        assert float(said["scale_factor"]) == pytest.approx(product.scale[role], rel=1e-6)
        assert float(said["_FillValue"]) in product.fill and said["units"] in product.file_units
