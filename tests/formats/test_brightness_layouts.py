"""Brightness temperatures of files that others write: whichever sound way they are laid out, every cell lands in its place.

Values tell row and column, so that a cell beside its place, a turned axis or another class of incidence shows. What is
known of real files stands in `config/casm/products.yaml`; numbers of a real file of SMOS are those that the tests of a
public reader of such files state (FIDUCEO match-up system, RE07, 10 June 2016).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from rssm.archive.grids import NATIVE_GRIDS, whole
from rssm.archive.listing import found_at, list_files
from rssm.archive.readers.dispatch import read
from rssm.config.catalogue import Product, load_catalogue
from rssm.errors import InputError
from rssm.toy.footprint import axes

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "config" / "casm" / "products.yaml")
DAY = date(2016, 6, 10)
CLASSES = np.array([2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 32.5, 37.5, 40, 42.5, 47.5, 52.5, 57.5, 62.5], np.float32)
SCALE = 0.0061037018951994385  # as real files of SMOS have it, with an offset of 200 K
Write = Callable[[Path, NDArray[np.float64]], None]


def kelvin(grid_id: str) -> NDArray[np.float64]:
    """Values (row, column), north up, unlike in neighbouring cells; a gap in one of them."""
    grid = NATIVE_GRIDS[grid_id]
    row, column = np.mgrid[0 : grid.rows, 0 : grid.columns]
    values = 160 + (row * 7 % 160) + (column * 13 % 160) / 10.0
    values[10, 20] = np.nan
    return np.asarray(values)


# -- SMOS ----------------------------------------------------------------------------------------------------------------


def smos(
    path: Path,
    values: NDArray[np.float64],
    *,
    north_first: bool = False,
    order: str = "iyx",
    dtype: str = "i2",
    fill: float = -32768,
    coordinates: str = "f4",
    units: tuple[str, str] = ("degrees_north", "degrees_east"),
    east_of_greenwich: bool = False,
    group: str = "",
    kind: str = "NETCDF4",
    names: tuple[str, str, str] = ("inc", "lat", "lon"),
    with_classes: bool = True,
    classes: int = 14,
    time: bool = False,
) -> None:
    """A file as CATDS lays it out, but for what is asked; only the tenth class holds the values."""
    latitude, longitude = axes("ease2_m25")
    data = values
    if not north_first:
        latitude, data = latitude[::-1], data[::-1]
    if east_of_greenwich:
        longitude, data = (
            np.roll(np.where(longitude < 0, longitude + 360, longitude), -694),
            np.roll(data, -694, axis=1),
        )
    packed = np.where(np.isnan(data), fill, np.rint((data - 200) / SCALE) if dtype == "i2" else data)
    with netCDF4.Dataset(path, "w", format=kind) as file:
        file.set_auto_maskandscale(False)
        place = file.createGroup(group) if group else file
        sizes = {"i": (names[0], classes), "y": (names[1], 584), "x": (names[2], 1388)}
        for name, size in sizes.values():
            place.createDimension(name, size)
        if time:
            place.createDimension("time", 1)
        for name, axis, unit in ((names[1], latitude, units[0]), (names[2], longitude, units[1])):
            variable = place.createVariable(name, coordinates, (name,))
            variable[:] = axis
            if unit:
                variable.units = unit
        if with_classes:
            place.createVariable(names[0], "f4", (names[0],))[:] = CLASSES[:classes]
        axes_ = tuple(sizes[letter][0] for letter in order)
        packing = {"zlib": True, "complevel": 1} if kind == "NETCDF4" else {}
        for polarisation in "HV":
            variable = place.createVariable(
                f"BT_{polarisation}", dtype, ("time", *axes_) if time else axes_, fill_value=fill, **packing
            )
            variable.set_auto_maskandscale(False)
            variable.units = "K"
            if dtype == "i2":
                variable.scale_factor, variable.add_offset = SCALE, 200.0
            block = np.transpose(
                packed + (polarisation == "H") * (dtype != "i2"),
                ["yx".index(letter) for letter in order if letter != "i"],
            )
            index = tuple(9 if letter == "i" else slice(None) for letter in order)
            variable[(0, *index) if time else index] = block


SMOS: dict[str, Write] = {
    "as the public reader describes it": smos,
    "north first": partial(smos, north_first=True),
    "float64 coordinates": partial(smos, coordinates="f8"),
    "units of plain degrees": partial(smos, units=("degree", "degree")),
    "coordinates without units": partial(smos, units=("", "")),
    "classes last": partial(smos, order="yxi"),
    "columns before rows": partial(smos, order="ixy"),
    "longitudes from 0 to 360": partial(smos, east_of_greenwich=True),
    "values as floats, -999 where nothing is": partial(smos, dtype="f4", fill=-999.0),
    "values as floats, NaN where nothing is": partial(smos, dtype="f4", fill=np.nan),
    "a classic file": partial(smos, kind="NETCDF3_64BIT_OFFSET"),
    "classes without a coordinate": partial(smos, with_classes=False),
    "long names of axes": partial(smos, names=("incidence_angle", "latitude", "longitude")),
    "a time of length one": partial(smos, time=True),
}


@pytest.mark.parametrize("name", SMOS)
def test_smos_is_read_whichever_way_it_is_laid_out(tmp_path: Path, name: str) -> None:
    path, values = tmp_path / "file.nc", kelvin("ease2_m25")
    SMOS[name](path, values)
    (field,) = read(CATALOGUE["SMOS-TB-V"], found_at(path, DAY), whole(NATIVE_GRIDS["ease2_m25"]))
    assert_allclose(field.values, values, atol=0.004)


def test_variables_in_a_group_are_named_with_it(tmp_path: Path) -> None:
    path, values = tmp_path / "file.nc", kelvin("ease2_m25")
    smos(path, values, group="Grid")
    entry = described("SMOS-TB-V", variables={"value": "Grid/BT_V"})
    (field,) = read(entry, found_at(path, DAY), whole(NATIVE_GRIDS["ease2_m25"]))
    assert_allclose(field.values, values, atol=0.004)
    with pytest.raises(InputError, match=r"has no variable 'BT_V' \(it has .*Grid/BT_V"):
        read(CATALOGUE["SMOS-TB-V"], found_at(path, DAY), whole(NATIVE_GRIDS["ease2_m25"]))


def test_the_grid_is_that_of_a_real_file_of_smos() -> None:
    """Rows count from the south, columns from 180° W, as in the file."""
    latitude, longitude = axes("ease2_m25")
    south_first = latitude[::-1]
    assert (latitude.size, longitude.size) == (584, 1388)
    assert_allclose(south_first[[0, 404, 583]], [-83.51713562011719, 22.638275146484375, 83.51713562011719], atol=1e-5)
    assert_allclose(longitude[[0, 762, 1387]], [-179.8703155517578, 17.766571044921875, 179.8703155517578], atol=1e-4)


def test_a_file_with_fewer_classes_than_the_one_asked_for_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.nc"
    smos(path, kelvin("ease2_m25"), classes=10)
    read(CATALOGUE["SMOS-TB-V"], found_at(path, DAY), whole(NATIVE_GRIDS["ease2_m25"]))
    one = described("SMOS-TB-V", options={"layer": 10})
    with pytest.raises(InputError, match=r"has 10 layers along 'inc'\.\s.*Set SMOS-TB-V\.options\.layer in"):
        read(one, found_at(path, DAY), whole(NATIVE_GRIDS["ease2_m25"]))


def described(name: str, **changes: Any) -> Product:
    """An entry of the catalogue with changes."""
    return Product.model_validate(CATALOGUE[name].model_dump() | changes)


# -- AMSR2 and AMSR-E ------------------------------------------------------------------------------------------------------


def amsr(
    path: Path,
    values: NDArray[np.float64],
    *,
    dtype: str = "<u2",
    nothing: int = 65534,
    last: bool = False,
    attribute: Any = None,
    chunked: bool = True,
) -> None:
    """A file as JAXA lays it out, but for what is asked: counts of 0.01 K from 0° E on; the other polarisation differs."""
    counts = np.where(np.isnan(values), nothing, np.rint(values * 100)).astype(dtype)
    turned = np.roll(counts, counts.shape[1] // 2, axis=1)
    with h5py.File(path, "w") as file:
        for polarisation, add in (("H", -500), ("V", 0)):
            data = turned + np.where(turned >= 65534, 0, add).astype(turned.dtype)
            data = data.astype(dtype)[..., None] if last else data.astype(dtype)
            packing = {"compression": 1, "chunks": True} if chunked else {}
            array = file.create_dataset(f"Brightness Temperature ({polarisation})", data=data, **packing)
            array.attrs["UNIT"] = "K"
            if attribute is not None:
                array.attrs["SCALE FACTOR"] = attribute


AMSR: dict[str, Write] = {
    "as public readers describe it": partial(amsr, attribute=np.array([0.01], np.float32)),
    "65535 where nothing is": partial(amsr, nothing=65535, attribute=np.array([0.01], np.float32)),
    "scale as a number": partial(amsr, attribute=np.float64(0.01)),
    "scale as a text": partial(amsr, attribute="0.01"),
    "without a scale": amsr,
    "big-endian": partial(amsr, dtype=">u2", attribute=0.01),
    "wider whole numbers": partial(amsr, dtype="<i4", attribute=0.01),
    "a last dimension of one": partial(amsr, last=True, attribute=0.01),
    "not compressed": partial(amsr, chunked=False, attribute=0.01),
}


@pytest.mark.parametrize("entry", ["AMSR2-TB-18V", "AMSR-E-TB-89V"])
@pytest.mark.parametrize("name", AMSR)
def test_amsr_is_read_whichever_way_it_is_laid_out(tmp_path: Path, name: str, entry: str) -> None:
    path, values = tmp_path / "file.h5", kelvin("latlon_0.25")
    AMSR[name](path, values)
    (field,) = read(CATALOGUE[entry], found_at(path, DAY), whole(NATIVE_GRIDS["latlon_0.25"]))
    assert_allclose(field.values, values, atol=0.006)


# -- names -----------------------------------------------------------------------------------------------------------------

NAMES = {  # as portals and programs that read them have them
    "SMOS-TB/2016/SM_RE07_MIR_CDF3TA_20160610T000000_20160610T235959_330_001_7.DBL.nc": {"SMOS-TB-H", "SMOS-TB-V"},
    "SMOS-TB/2017/SM_OPER_MIR_CDF3TA_20171120T000000_20171120T235959_330_001_7.DBL.nc": {"SMOS-TB-H", "SMOS-TB-V"},
    "SMOS-TB/2016/SM_RE07_MIR_CDF3TD_20160610T000000_20160610T235959_330_001_7.DBL.nc": set(),  # the evening
    "AMSR2-TB/2017/GW1AM2_20170201_01D_EQMD_L3SGT18LA2220220.h5": {"AMSR2-TB-18H", "AMSR2-TB-18V"},
    "AMSR2-TB/2017/GW1AM2_20170201_01D_EQMD_L3SGT18HA2220220.h5": set(),  # 0.1°
    "AMSR2-TB/2017/GW1AM2_20170201_01D_EQMA_L3SGT18LA2220220.h5": set(),  # the day
    "AMSR2-TB/2017/GW1AM2_20170200_01M_EQMD_L3SGT18LA2220220.h5": set(),  # the month
    "AMSR-E-TB/2005/P1AME_20050201_01D_EQMD_L3SGT10LA8800800.h5": {"AMSR-E-TB-10H", "AMSR-E-TB-10V"},
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_known_by_the_products_that_they_are_of(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).touch()
    year = int(name.split("/")[1])
    assert {entry for entry, product in CATALOGUE.items() if list_files(tmp_path, product, year)} == NAMES[name]
