"""Small files in the layouts of the agencies, written here by hand, and the values that a reader must find in them.

Grids are shrunk (15° cells, or 24 × 10 cells of a projection) so that a file is a few kilobytes; names, types, fills,
scales, directions and groups are those of the formats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import h5py
import netCDF4
import numpy as np
import rasterio
from numpy.typing import NDArray
from pyhdf.SD import SD, SDC
from rasterio import Affine

from rssm.archive.files import Found, list_files
from rssm.archive.grids import NATIVE_GRIDS
from rssm.archive.native import NativeGrid
from rssm.config.catalogue import Product, load_catalogue

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = load_catalogue(ROOT / "config" / "products.yaml")
GLOBE_15 = Affine(15, 0, -180, 0, -15, 90)
Values = NDArray[Any]
Expected = list[tuple[date, str, Values]]  # day, overpass, values of the whole grid, north up


def shrunk() -> dict[str, NativeGrid]:
    """The native grids with few cells."""
    small = {}
    for name, grid in NATIVE_GRIDS.items():
        if grid.crs == "EPSG:4326":
            rows = {"latlon_0.25_gldas": 10, "era5land": 13}.get(name, 12)
            north, west = (97.5, -187.5) if name == "era5land" else (90.0, -180.0)
            small[name] = NativeGrid(name, grid.crs, (15.0, 0, west, 0, -15.0, north), rows, 24)
        else:
            cell = -2 * grid.transform[2] / 24
            small[name] = NativeGrid(name, grid.crs, (cell, 0, grid.transform[2], 0, -cell, 5 * cell), 10, 24)
    return small


SMALL = shrunk()


def field(product: str, seed: int = 0) -> Values:
    """Soil moisture in steps of 0.01 with gaps, on the shrunk grid of a product."""
    grid = SMALL[CATALOGUE[product].native_grid or ""]
    rng = np.random.default_rng(seed)
    values = rng.integers(1, 80, grid.shape).astype(np.float32) / 100
    values[rng.random(grid.shape) < 0.3] = np.nan
    return values


def stored(values: Values, scale: float, fill: float, kind: str) -> NDArray[Any]:
    """Numbers as a file holds them."""
    return np.where(np.isnan(values), fill, np.round(values.astype(float) / scale)).astype(kind)


def smap(path: Path) -> Expected:
    """Morning and evening groups of a new granule, and a polar group that is not to be read."""
    expected = []
    with h5py.File(path, "w") as file:
        for seed, (overpass, suffix) in enumerate((("AM", ""), ("PM", "_pm"))):
            values = field("SMAP_E", seed)
            group = file.create_group(f"Soil_Moisture_Retrieval_Data_{overpass}")
            quality = np.where(np.isnan(values), 65534, 0).astype("u2")
            quality[0], quality[1] = 1, 5  # attempted, not recommended; not successful
            surface = np.zeros(values.shape, "u2")
            surface[2], surface[3] = 128, 1024  # frozen; dense vegetation
            name = "soil_moisture_scav" + suffix
            group.create_dataset(name, data=np.where(np.isnan(values), -9999, values).astype("f4"), compression="gzip")
            group[name].attrs.update(
                _FillValue=np.float32(-9999), units=np.bytes_("cm**3/cm**3"), valid_max=np.float32(0.5)
            )
            group["soil_moisture" + suffix] = np.full(values.shape, 0.99, "f4")  # another algorithm
            for kind, numbers in (("retrieval_qual_flag_scav", quality), ("surface_flag", surface)):
                group.create_dataset(kind + suffix, data=numbers, compression="gzip")
                group[kind + suffix].attrs["_FillValue"] = np.uint16(65534)
            group["latitude" + suffix] = np.full(values.shape, -9999, "f4")
            values[1:3] = np.nan
            expected.append((date(2015, 4, 1), overpass, values))
        file["Soil_Moisture_Retrieval_Data_Polar_AM/soil_moisture_scav"] = np.zeros((20, 20), "f4")
    return expected


def smap_old(path: Path) -> Expected:
    """The oldest granules: one group, the morning only, one algorithm."""
    values = field("SMAP_E", 3)
    with h5py.File(path, "w") as file:
        group = file.create_group("Soil_Moisture_Retrieval_Data")
        group.create_dataset(
            "soil_moisture", data=np.where(np.isnan(values), -9999, values).astype("f4"), compression="gzip"
        )
        group["soil_moisture"].attrs["_FillValue"] = np.float32(-9999)
        group.create_dataset("retrieval_qual_flag", data=np.zeros(values.shape, "u2"), compression="gzip")
        group.create_dataset("surface_flag", data=np.zeros(values.shape, "u2"), compression="gzip")
    return [(date(2015, 4, 1), "AM", values)]


def swi(path: Path) -> Expected:
    """Copernicus 10-daily: half per cents, codes above 240, the surface state beside."""
    values = np.round(field("ASCAT-SWI") * 200) / 200
    numbers = stored(values, 0.005, 255, "u1")
    numbers[0, :4] = 241, 251, 252, 254  # codes, not values
    state = np.ones(values.shape, "u1")
    state[1], state[2], state[3] = 2, 255, 0  # frozen, missing, unknown
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["ASCAT-SWI"], ("time", "lat", "lon"))
        for name, raw, scale in (("SWI_001", numbers, 0.5), ("SSF", state, None)):
            variable = data.createVariable(name, "u1", ("time", "lat", "lon"), zlib=True, fill_value=255)
            variable.set_auto_maskandscale(False)
            variable[0] = raw
            attributes = {"missing_value": np.uint8(255), "_Unsigned": "true", "valid_range": np.array([0, 200], "u1")}
            variable.setncatts(attributes | ({"scale_factor": scale, "units": "%"} if scale else {}))
    values[0, :4] = np.nan
    values[1] = np.nan
    return [(date(2015, 4, 1), "", values)]


def axes(
    data: netCDF4.Dataset, product: Product, order: tuple[str, ...], south_up: bool = False, west: int = -180
) -> None:
    """Dimensions and axes of a regular grid; the names of the dimensions begin with t, la or lo."""
    grid = SMALL[product.native_grid or ""]
    a, _, c, _, e, f = grid.transform
    x, y = c + a * (np.arange(grid.columns) + 0.5), f + e * (np.arange(grid.rows) + 0.5)
    x = np.roll(x % 360, grid.columns // 2) if west == 0 else x
    for name in order:
        if name.startswith("t"):
            data.createDimension(name, None)
            continue
        numbers, units = (
            (y[::-1] if south_up else y, "degrees_north") if name[:2].lower() == "la" else (x, "degrees_east")
        )
        data.createDimension(name, numbers.size)
        variable = data.createVariable(name, "f8", (name,), zlib=True)
        variable.units, variable[:] = units, numbers


def smos(path: Path) -> Expected:
    """Classic NetCDF on latitudes and longitudes of EASE-Grid 2, south first, with quality and error."""
    from rssm.archive.grids import whole
    from rssm.archive.points import centres

    grid, values = SMALL["ease2_m25"], field("SMOS-IC")
    longitude, latitude = centres(grid, whole(grid))
    quality = np.zeros(values.shape, "i1")
    quality[4] = 1  # not recommended
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_OFFSET") as data:
        for name, numbers in (("lat", latitude[::-1]), ("lon", longitude)):
            data.createDimension(name, numbers.size)
            variable = data.createVariable(name, "f4", (name,))
            variable.units, variable[:] = f"degrees_{'north' if name == 'lat' else 'east'}", numbers
        for name, raw, kind, scale in (
            ("Soil_Moisture", stored(values, 0.01, -32768, "i2"), "i2", 0.01),
            ("Soil_Moisture_StdError", np.full(values.shape, 5, "i2"), "i2", 0.01),
            ("Quality_Flag", quality, "i1", None),
        ):
            fill = {"i2": -32768, "i1": 2}[kind]
            variable = data.createVariable(name, kind, ("lat", "lon"), fill_value=fill)
            variable.set_auto_maskandscale(False)
            variable[:] = raw[::-1]
            if scale:
                variable.setncatts({"scale_factor": scale, "add_offset": 0.0, "units": "m3.m-3"})
    values[4] = np.nan
    return [(date(2015, 4, 1), "D", values)]


def jaxa(path: Path) -> Expected:
    """Blanks in names, (rows, columns, 1), tenths of per cent, column 0 at Greenwich."""
    values = field("AMSR2-JAXA")
    raw = stored(values, 0.001, -32768, "i2")
    raw[0, 0] = -32767
    with h5py.File(path, "w") as file:
        data = file.create_dataset("Geophysical Data", data=np.roll(raw, 12, axis=1)[..., None], compression="gzip")
        data.attrs["SCALE FACTOR"], data.attrs["UNIT"] = np.float32(0.1), np.bytes_("%")
        file["Time Information"] = np.zeros(values.shape, "i2")
    values[0, 0] = np.nan
    return [(date(2015, 4, 1), "A", values)]


def lprm(product: str, error: str, dimensions: tuple[str, str], overpass: str) -> Callable[[Path], Expected]:
    """LPRM level 3: per cent in int16, longitude first, north first."""

    def write(path: Path) -> Expected:
        values = field(product)
        with netCDF4.Dataset(path, "w") as data:
            axes(data, CATALOGUE[product], ("Longitude", "Latitude"))
            for name, raw, scale in (
                ("soil_moisture_x", stored(values, 0.01, -32767, "i2"), 1.0),
                (error, stored(values * 0 + 0.05, 0.0001, -32767, "i2"), 0.01),
                ("mask", np.full(values.shape, 512, "i2"), None),
            ):
                variable = data.createVariable(
                    name, "i2", dimensions, zlib=True, fill_value=None if name == "mask" else -32767
                )
                variable.set_auto_maskandscale(False)
                variable[:] = raw.T if dimensions[0] == "Longitude" else raw
                if scale:
                    variable.setncatts(
                        {"scale_factor": np.float32(scale), "add_offset": np.float32(0), "units": "percent"}
                    )
        return [(date(2015, 3, 24), overpass, values)]

    return write


def fengyun(path: Path) -> Expected:
    """Blanks in names, both overpasses in one file, scale in attributes called Slope and Intercept."""
    expected = []
    with h5py.File(path, "w") as file:
        for seed, overpass in enumerate(("Ascending", "Descending")):
            values = field("FY-3B-NSMC", seed)
            data = file.create_dataset(
                f"{overpass} Soil Moisture", data=stored(values, 0.001, -999, "i2"), compression="gzip"
            )
            data.attrs.update(
                Slope=np.array([0.001], "f4"), Intercept=np.array([0], "f4"), FillValue=np.array([-999], "i2")
            )
            expected.append((date(2015, 3, 24), overpass, values))
    return expected


def hdf4(path: Path, sets: dict[str, tuple[NDArray[Any], dict[str, Any]]], structure: str = "") -> None:
    """An HDF4 file of data sets with attributes, compressed as MODIS is."""
    kinds = {"uint8": SDC.UINT8, "int16": SDC.INT16, "uint16": SDC.UINT16, "float32": SDC.FLOAT32}
    file = SD(str(path), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    if structure:
        file.attr("StructMetadata.0").set(SDC.CHAR, structure)
    for name, (numbers, attributes) in sets.items():
        data = file.create(name, kinds[numbers.dtype.name], numbers.shape)
        data.setcompress(SDC.COMP_DEFLATE, 5)
        for key, value in attributes.items():
            if isinstance(value, str):
                data.attr(key).set(SDC.CHAR, value)
            elif isinstance(value, float):
                data.attr(key).set(SDC.FLOAT64, value)
            else:
                data.attr(key).set(kinds[numbers.dtype.name], value)
        data[:] = numbers
        data.endaccess()
    file.end()


def structure(name: str, corners: tuple[float, float, float, float]) -> str:
    """The text that says where a grid lies."""
    left, top, right, bottom = corners
    return (
        f'GROUP=GridStructure\n\tGROUP=GRID_1\n\t\tGridName="{name}"\n\t\tXDim=24\n\t\tYDim=12\n'
        f"\t\tUpperLeftPointMtrs=({left:.6f},{top:.6f})\n\t\tLowerRightMtrs=({right:.6f},{bottom:.6f})\n"
        "\t\tProjection=GCTP_GEO\n\t\tGridOrigin=HDFE_GD_UL\n\tEND_GROUP=GRID_1\nEND_GROUP=GridStructure\nEND\n"
    )


GLOBE = (-180000000.0, 90000000.0, 180000000.0, -90000000.0)  # packed degrees


def ae_land(path: Path) -> Expected:
    """AMSR-E daily land: both overpasses, two fills, thousandths, bits of quality."""
    sets: dict[str, tuple[NDArray[Any], dict[str, Any]]] = {}
    expected = []
    for seed, overpass in enumerate("AD"):
        values = field("AMSR-E-NSIDC", seed)
        raw = stored(values, 0.001, 9999, "i2")
        raw[0, 0] = -9999
        quality = np.zeros(values.shape, "i2")
        quality[5], quality[6] = 4, 128
        sets[f"{overpass}_Soil_Moisture"] = (raw, {})
        sets[f"{overpass}_Inversion_QC_Flag"] = (quality, {})
        values[0, 0] = np.nan
        values[5] = np.nan
        expected.append((date(2011, 4, 1), overpass, values))
    a, _, c, _, e, f = SMALL["ease1_25km"].transform
    hdf4(path, sets, structure("Ascending_Land_Grid", (c, f, c + 24 * a, f + 10 * e)))
    return expected


def geov2(path: Path) -> Expected:
    """Leaf area index in thirtieths, one byte."""
    values = np.round(field("LAI-VGT") * 250) / 30
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["LAI-VGT"], ("lat", "lon"))
        variable = data.createVariable("LAI", "u1", ("lat", "lon"), zlib=True, fill_value=255)
        variable.set_auto_maskandscale(False)
        variable[:] = stored(values, 1 / 30, 255, "u1")
        variable.setncatts({"scale_factor": 1 / 30, "add_offset": 0.0})
    return [(date(2009, 7, 1), "", values)]


def glass(path: Path) -> Expected:
    """Leaf area index in tenths."""
    values = np.round(field("LAI-GLASS") * 50) / 10
    attributes = {"scale_factor": 0.1, "_FillValue": "2550"}
    hdf4(path, {"LAI": (stored(values, 0.1, 255, "u1"), attributes)}, structure("GLASS01B01", GLOBE))
    return [(date(2008, 12, 26), "", values)]


def lst(path: Path) -> Expected:
    """Monthly temperature of day and night; 0 is missing and the quality layer's fill is a text."""
    sets: dict[str, tuple[NDArray[Any], dict[str, Any]]] = {}
    expected = []
    for seed, overpass in enumerate(("Day", "Night")):
        values = 260 + 50 * field("LST", seed)
        attributes = {"scale_factor": 0.02, "units": "K", "_FillValue": 0}
        sets[f"LST_{overpass}_CMG"] = (stored(values, 0.02, 0, "u2"), attributes)
        sets[f"QC_{overpass}"] = (np.zeros(values.shape, "u1"), {"_FillValue": "NA\0"})
        expected.append((date(2015, 4, 1), f"MYD {overpass}", values))
    hdf4(path, sets, structure("MODIS_MONTHLY_0.05DEG_CMG_LST", GLOBE))
    return expected


def land_cover(path: Path) -> Expected:
    """Classes 0…16."""
    values = np.round(field("LANDCOVER") * 20)
    hdf4(path, {"Majority_Land_Cover_Type_1": (stored(values, 1, 255, "u1"), {})}, structure("MOD12C1", GLOBE))
    return [(date(2015, 1, 1), "", values)]


def vegetation(path: Path) -> Expected:
    """Tree cover and the rest of the vegetation as bands of one picture; these are the values of the second."""
    values = field("NONTREE")
    with rasterio.open(path, "w", driver="GTiff", width=24, height=12, count=2, dtype="uint8", nodata=255,
                       crs="EPSG:4326", transform=GLOBE_15, compress="deflate") as data:  # fmt: skip
        data.write(np.full((12, 24), 7, "u1"), 1)
        data.write(stored(values, 0.01, 255, "u1"), 2)
    return [(date(2010, 1, 1), "", values)]


def koppen(path: Path) -> Expected:
    """Climate classes without a stated fill; 0 is sea."""
    values = np.clip(np.round(field("KOPPEN") * 30), 1, 30)
    with rasterio.open(path, "w", driver="GTiff", width=24, height=12, count=1, dtype="uint8", crs="EPSG:4326",
                       transform=GLOBE_15) as data:  # fmt: skip
        data.write(stored(values, 1, 0, "u1"), 1)
    return [(date.min, "", values)]


def topography(path: Path) -> Expected:
    """One point a cell, in no order, a missing_value and no fill value."""
    from rssm.archive.grids import whole
    from rssm.archive.points import centres

    values = field("TOPOGRAPHY")
    longitude, latitude = centres(SMALL["latlon_0.1"], whole(SMALL["latlon_0.1"]))
    x, y = np.meshgrid(longitude, latitude)
    order = np.random.default_rng(1).permutation(values.size)
    with netCDF4.Dataset(path, "w") as data:
        data.createDimension("obs", values.size)
        for name, numbers, kind in (
            ("lat", y, "f4"),
            ("lon", x, "f4"),
            ("topo", stored(values, 0.01, 127, "i1"), "i1"),
        ):
            variable = data.createVariable(name, kind, ("obs",), zlib=True)
            variable[:] = numbers.ravel()[order]
            if name == "topo":
                variable.setncatts({"missing_value": np.int8(127), "units": "percent"})
    return [(date.min, "", values)]


def constants(path: Path) -> Expected:
    """Land constants of SMAP level 4."""
    values = field("SAND")
    with h5py.File(path, "w") as file:
        data = file.create_dataset("Land-Model-Constants_Data/mwrtm_sand", compression="gzip",
                                   data=np.where(np.isnan(values), -9999, values).astype("f4"))  # fmt: skip
        data.attrs["_FillValue"] = np.float32(-9999)
        file["Land-Model-Constants_Data/clsm_poros"] = np.full(values.shape, 0.5, "f4")
    return [(date.min, "", values)]


def freeze_thaw(path: Path) -> Expected:
    """Codes of frozen, thawed and the transitions; everything above is none of them."""
    codes = np.random.default_rng(2).choice([0, 1, 2, 3, 252, 253, 254, 255], SMALL["ease1_25km"].shape).astype("u1")
    with h5py.File(path, "w") as file:
        file.create_dataset("SSMI_37V_CO_FT", data=codes, compression="gzip")
        file["cell_lat"] = np.zeros(codes.shape, "f4")
    meaning = np.full(256, np.nan, np.float32)
    meaning[:4] = 0, 1, 0.5, 0.5
    return [(date(2012, 12, 31), "", meaning[codes])]


def gldas(path: Path) -> Expected:
    """Kilograms in 10 cm, south first, ten rows that end at 60° S, a blank before the unit of time."""
    values = field("GLDAS")
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["GLDAS"], ("time", "lat", "lon"), south_up=True)
        time = data.createVariable("time", "f8", ("time",))
        time.units, time[:] = " minutes since 2016-01-01 03:00:00", [0]
        variable = data.createVariable("SoilMoi0_10cm_inst", "f4", ("time", "lat", "lon"), zlib=True, fill_value=-9999)
        variable.units = "kg m-2"
        variable[0] = np.where(np.isnan(values), -9999, values * 100)[::-1]
    return [(date(2016, 1, 1), "", values)]


def era5_land(path: Path) -> Expected:
    """Hours of two days in one file, packed, from 0° to 360°, nodes with both poles."""
    fields = [field("ERA5-LAND", seed) for seed in range(4)]
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["ERA5-LAND"], ("time", "latitude", "longitude"), west=0)
        time = data.createVariable("time", "i4", ("time",))
        first = (date(2015, 4, 2) - date(1900, 1, 1)).days * 24
        time.units, time[:] = "hours since 1900-01-01 00:00:0.0", [first, first + 12, first + 24, first + 36]
        variable = data.createVariable("swvl1", "i2", ("time", "latitude", "longitude"), zlib=True, fill_value=-32767)
        variable.setncatts({"scale_factor": 1e-4, "add_offset": 0.3, "units": "m**3 m**-3"})
        variable.set_auto_maskandscale(False)
        for index, values in enumerate(fields):
            variable[index] = np.roll(stored(values - np.float32(0.3), 1e-4, -32767, "i2"), 12, axis=1)
    means = []
    for day, pair in enumerate((fields[:2], fields[2:])):
        valid = np.isfinite(pair[0]).astype(int) + np.isfinite(pair[1])
        total = np.nan_to_num(pair[0]) + np.nan_to_num(pair[1])
        mean = np.where(valid > 0, total / np.maximum(valid, 1), np.nan).astype(np.float32)
        means.append((date(2015, 4, 2) + timedelta(day), "", mean))
    return means


def cci(path: Path) -> Expected:
    """Fraction with an uncertainty; only flag 0 counts."""
    values = field("CCI")
    flag = np.zeros(values.shape, "i1")
    flag[2] = 1
    with netCDF4.Dataset(path, "w", format="NETCDF4_CLASSIC") as data:
        axes(data, CATALOGUE["CCI"], ("time", "lat", "lon"))
        for name, numbers, kind, fill in (
            ("sm", np.where(np.isnan(values), -9999, values), "f4", -9999),
            ("sm_uncertainty", np.where(np.isnan(values), -9999, 0.03), "f4", -9999),
            ("flag", flag, "i1", 127),
        ):
            variable = data.createVariable(name, kind, ("time", "lat", "lon"), zlib=True, fill_value=fill)
            variable.set_auto_maskandscale(False)
            variable[0] = numbers
            if kind == "f4":
                variable.units = "m3 m-3"
    values[2] = np.nan
    return [(date(2010, 7, 1), "", values)]


def gleam(path: Path) -> Expected:
    """A year in one file, longitude before latitude."""
    fields = [field("GLEAM-A", seed) for seed in range(3)]
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["GLEAM-A"], ("time", "lon", "lat"))
        time = data.createVariable("time", "f8", ("time",))
        time.units, time[:] = "days since 2015-01-01", [0, 1, 364]
        variable = data.createVariable("SMsurf", "f4", ("time", "lon", "lat"), zlib=True, fill_value=-999)
        for index, values in enumerate(fields):
            variable[index] = np.where(np.isnan(values), -999, values).T
    return [(date(2015, 1, 1) + timedelta(n), "", values) for n, values in zip((0, 1, 364), fields, strict=True)]


def imerg(path: Path) -> Expected:
    """Longitude before latitude, south first, a calendar called julian."""
    values = field("IMERG") * 100
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["IMERG"], ("time", "lon", "lat"), south_up=True)
        time = data.createVariable("time", "i4", ("time",))
        time.units, time.calendar = "seconds since 1970-01-01 00:00:00 UTC", "julian"
        time[:] = [(date(2015, 4, 1) - date(1970, 1, 1)).days * 86400]
        variable = data.createVariable("precipitationCal", "f4", ("time", "lon", "lat"), zlib=True, fill_value=-9999.9)
        variable.units = "mm"
        variable[0] = np.where(np.isnan(values), np.float32(-9999.9), values)[::-1].T
    return [(date(2015, 4, 1), "", values)]


@dataclass(frozen=True)
class Made:
    """One hand-made file: whose it is, its true name, and what writes it."""

    product: str
    name: str
    write: Callable[[Path], Expected]

    def found(self, root: Path) -> tuple[Product, Found, Expected]:
        """Write it where the catalogue's pattern looks for it, and find it there."""
        product = CATALOGUE[self.product]
        for year in ("2008", "2009", "2010", "2011", "2012", "2015", "2016"):
            folder = root / product.files.replace("{year}", year).rsplit("/", 1)[0]
            folder.mkdir(parents=True, exist_ok=True)
            expected = self.write(folder / self.name)
            if files := list_files(root, product):
                return product, files[0], expected
            (folder / self.name).unlink()
        raise AssertionError(f"{self.name} does not match {product.files}")


FILES = {
    "smap": Made("SMAP_E", "SMAP_L3_SM_P_E_20150401_R18240_001.h5", smap),
    "smap_old": Made("SMAP_E", "SMAP_L3_SM_P_E_20150401_R12170_001.h5", smap_old),
    "swi": Made("ASCAT-SWI", "c_gls_SWI10_201504011200_GLOBE_ASCAT_V3.1.1.nc", swi),
    "smos": Made("SMOS-IC", "SM_RE06_MIR_CDF3SD_20150401T000000_20150401T235959_105_001_8.DBL.nc", smos),
    "jaxa": Made("AMSR2-JAXA", "GW1AM2_20150401_01D_EQMA_L3SGSMCHF3300300.h5", jaxa),
    "lprm_amsr2": Made(
        "AMSR2-LPRM-X",
        "LPRM-AMSR2_L3_A_SOILM3_V001_20150324183145.nc4",
        lprm("AMSR2-LPRM-X", "soil_moisture_x_error", ("Longitude", "Latitude"), "A"),
    ),
    "lprm_tmi": Made(
        "TMI-LPRM-X",
        "LPRM-TMI_L3_NT_SOILM3_V001-20120407T210538Z_20150324.nc",
        lprm("TMI-LPRM-X", "sm_x_error", ("Latitude", "Longitude"), "NT"),
    ),
    "fengyun": Made("FY-3B-NSMC", "FY3B_MWRIX_GBAL_L2_VSM_MLT_ESD_20150324_AOAD_025KM_MS.HDF", fengyun),
    "ae_land": Made("AMSR-E-NSIDC", "AMSR_E_L3_DailyLand_V06_20110401.hdf", ae_land),
    "geov2": Made("LAI-VGT", "c_gls_LAI_200907100000_GLOBE_VGT_V2.0.2.nc", geov2),
    "glass": Made("LAI-GLASS", "GLASS01B01.V04.A2008361.hdf", glass),
    "lst": Made("LST", "MYD11C3.A2015091.006.2015125012028.hdf", lst),
    "land_cover": Made("LANDCOVER", "MCD12C1.A2015001.006.2018053185652.hdf", land_cover),
    "vegetation": Made("NONTREE", "VCF5KYR_2010001_001_2018224205008.tif", vegetation),
    "koppen": Made("KOPPEN", "Beck_KG_V1_present_0p5.tif", koppen),
    "topography": Made("TOPOGRAPHY", "topo_wetland.nc", topography),
    "constants": Made("SAND", "SMAP_L4_SM_lmc_00000000T000000_Vv4030_001.h5", constants),
    "freeze_thaw": Made("FREEZE-THAW", "SSMI_37V_CO_FT_2012_day366.h5", freeze_thaw),
    "gldas": Made("GLDAS", "GLDAS_NOAH025_3H.A20160101.0300.021.nc4", gldas),
    "era5_land": Made("ERA5-LAND", "era5land_swvl1_201504.nc", era5_land),
    "cci": Made("CCI", "ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20100701000000-fv04.5.nc", cci),
    "gleam": Made("GLEAM-A", "SMsurf_2015_GLEAM_v3.3a.nc", gleam),
    "imerg": Made("IMERG", "3B-DAY.MS.MRG.3IMERG.20150401-S000000-E235959.V06.nc4", imerg),
}
