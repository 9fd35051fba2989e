"""Sound files of every kind, with the values that are right: handmade, of the toy Earth, and real ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from handmade.files import FILES
from handmade.grids import CATALOGUE, SMALL
from numpy.typing import NDArray

from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import NATIVE_GRIDS, box_of, whole
from rssm.archive.listing import Found, found_at
from rssm.archive.readers.dispatch import read
from rssm.config.catalogue import Options, Product
from rssm.config.toy import Toy
from rssm.grid import GRID, Area
from rssm.toy.archive import WRITERS, file_days
from rssm.toy.truth import Earth
from rssm.toy.writers.layers import Asked

NO_RULES: dict[str, Any] = {"keep": {}, "file_units": [], "scale": {"value": 1.0}, "multiply": 1.0}
MODIS_TILE = NativeGrid(
    "latlon_0.05",
    "ESRI:54008",
    (926.625433055833, 0, -7783653.637667, 0, -926.625433055833, 4447802.078667),
    1200,
    1200,
)


@dataclass(frozen=True)
class Case:
    """A file that can be damaged in its place.

    right    (first day, overpass) → (row, column) values
    reach    bytes [start, stop) where a change can be recognized as one: all by default, none if they are equal
    """

    name: str
    product: Product
    found: Found
    box: Box
    right: dict[tuple[date, str], NDArray[Any]]
    reach: tuple[int, int | None]


# Where a format has neither compression nor checksum, a changed number looks like any other: bytes are only
# changed in the header of classic NetCDF, after that of a TIFF, and not at all in one without compression.
_EVERYWHERE, _HEADER, _NOWHERE = (4, None), (4, 640), (0, 0)
_REACH = {"smos": _HEADER, "vegetation": (402, None), "koppen": _NOWHERE}


def handmade(names: list[str]) -> Iterator[Case]:
    """Files of the tests, on small grids."""
    NATIVE_GRIDS.update(SMALL)
    for name in names:
        product, found, expected = FILES[name].found(Path(name))
        right = {(day, overpass): values for day, overpass, values in expected}
        yield Case(name, product, found, whole(SMALL[product.native_grid or ""]), right, _REACH.get(name, _EVERYWHERE))


def _sound(name: str, product: Product, found: Found, box: Box, reach: tuple[int, int | None]) -> Case | None:
    """A file whose values are right as they are read, as other tests see to; None if it holds none."""
    right = {(field.start, field.overpass): field.values for field in read(product, found, box)}
    there = any(np.isfinite(values).any() for values in right.values())
    return Case(name, product, found, box, right, reach) if there else None


def toy(names: list[str]) -> Iterator[Case]:
    """The toy Earth's first file of each product that holds values; some formats are not compressed there."""
    earth = Earth(Toy(), Area(GRID.id, GRID.region(39, 42, -2, 1)))
    for name in names:
        product = CATALOGUE[name]
        year = None if product.step == "static" else int(product.span[0][:4]) + 1
        days = file_days(product, year, 1)[:8]
        reach = _NOWHERE if product.reader in ("hdf4", "geotiff", "points") else _EVERYWHERE
        box = box_of(NATIVE_GRIDS[product.native_grid or ""], -2, 39, 1, 42)
        for native in WRITERS[name](Asked(earth, name, product, date.fromordinal(int(days[0])).year, days)):
            path = Path("toy", native.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            native.save(path)
            last = date.fromordinal(int(days[-1]))
            found = found_at(path) if year is None else found_at(path, date.fromordinal(int(days[0])), last)
            if case := _sound(name, product, found, box, _HEADER if path.read_bytes()[:3] == b"CDF" else reach):
                yield case
                break
        else:
            raise AssertionError(f"{name}: no file of the toy Earth holds a value")


def real(folder: Path) -> Iterator[Case]:
    """Real samples; `folder` is only read."""
    NATIVE_GRIDS["latlon_0.05"] = MODIS_TILE
    everything = {**NO_RULES, "valid_range": (-1e9, 1e9)}
    layer = "Soil_Moisture_Retrieval_Data_AM/landcover_class_fraction"
    ease36 = {"native_grid": "ease2_m36", "variables": {"value": layer}, "options": Options(layer=0), **everything}
    points = {"native_grid": "ease2_m36", "variables": {"value": "gpi"}, "options": Options(reach=1.0), **everything}
    tropics = box_of(NATIVE_GRIDS["latlon_0.25"], -80, -10, 40, 20)
    for product, file, day, changes, box, reach in (
        ("CCI", "esa_cci_sm/ESACCI-*-20100701000000-fv04.5.nc", date(2010, 7, 1), {}, tropics, _EVERYWHERE),
        ("GLDAS", "gldas/GLDAS_NOAH025_3H.A20160101.0300.021.nc4", date(2016, 1, 1), {}, None, _EVERYWHERE),
        ("SMOS-IC", "smos/SM_OPER_MIR_CLF31A_20150506*.nc", date(2015, 5, 6), {"keep": {}}, None, _HEADER),
        ("CCI", "smap/SC_SPL3SMP_subsetted_with_maskfill_mf.nc4", date(2015, 4, 6), ease36, None, _EVERYWHERE),
        ("KOPPEN", "koppen/Beck_KG_V1_future_0p5.tif", date.min, {}, None, _NOWHERE),
        ("TOPOGRAPHY", "grids/ease36land.nc", date.min, points, Box(slice(180, 190), slice(480, 520)), _EVERYWHERE),
        (
            "LST",
            "modis/MOD11A1.A2021227*.hdf",
            date(2021, 8, 15),
            {"variables": {"value": "LST_{overpass}_1km"}},
            Box(slice(100, 400), slice(0, 700)),
            _EVERYWHERE,
        ),
    ):
        described = CATALOGUE[product].model_copy(update=changes)
        (source,) = folder.glob(file)
        path = Path(shutil.copy(source, source.name))
        grid = NATIVE_GRIDS[described.native_grid or ""]
        case = _sound(source.name, described, found_at(path, day), box or whole(grid), reach)
        assert case is not None
        yield case
