"""Archives of the toy Earth: all native files of a product-year, or their names alone for a whole configuration."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, DEKADS, days_of
from rssm.config.catalogue import Catalogue, Product
from rssm.errors import InputError
from rssm.files import atomic
from rssm.toy.names import file_names
from rssm.toy.spec import ToySpec
from rssm.toy.truth import Earth
from rssm.toy.writers import (
    brightness,
    copernicus,
    era5,
    ground,
    hdfeos,
    profiles,
    radiometers,
    references,
    smap,
    stations,
    surface,
)
from rssm.toy.writers.layers import Asked, Native

Writer = Callable[[Asked], Iterator[Native]]

WRITERS: dict[str, Writer] = {
    "SMAP_E": smap.files,
    "ASCAT-SWI": copernicus.soil_water,
    "SNOW": copernicus.soil_water,
    "SMOS-IC": radiometers.smos,
    "AMSR2-JAXA": radiometers.jaxa,
    "AMSR-E-JAXA": radiometers.jaxa,
    "AMSR2-LPRM-X": radiometers.lprm,
    "AMSR-E-LPRM-X": radiometers.lprm,
    "TMI-LPRM-X": radiometers.lprm,
    "WindSat-LPRM-X": radiometers.lprm,
    "FY-3B-NSMC": radiometers.fengyun,
    "AMSR-E-NSIDC": hdfeos.land3,
    "LAI-VGT": copernicus.leaves,
    "LAI-PROBAV": copernicus.leaves,
    "LAI-GLASS": hdfeos.glass,
    "WATER": surface.water,
    "LST": hdfeos.surface_temperature,
    "LANDCOVER": hdfeos.land_cover,
    "TREE": surface.vegetation,
    "NONTREE": surface.vegetation,
    "TOPOGRAPHY": surface.points,
    "RAINFOREST": surface.points,
    "SAND": surface.soil,
    "CLAY": surface.soil,
    "POROSITY": surface.soil,
    "FREEZE-THAW": surface.frost,
    "GLDAS": references.gldas,
    "ERA5-LAND": references.era5_land,
    "CCI": references.cci,
    "GLEAM-A": references.gleam,
    "GLEAM-B": references.gleam,
    "IMERG": references.imerg,
    "KOPPEN": references.koppen,
    "ISMN": stations.files,
    **era5.WRITERS,
    **ground.WRITERS,
    **profiles.WRITERS,
    **brightness.PRODUCTS,
}
STATIC_YEAR = 2010  # whose climate the static maps show


def toy_archive(product: str, year: str, land: Sequence[str], spec: ToySpec, out: Sequence[str]) -> None:
    """Write the files of a product-year below the archive's root, two folders above the manifest, which comes last."""
    import rasterio

    with rasterio.open(land[0]) as file:
        earth = Earth(spec.toy, spec.area, file.read(1) == 1)
    manifest = write_year(earth, product, spec.entry, None if year == "static" else int(year), Path(out[0]).parents[1])
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def write_year(earth: Earth, product_id: str, product: Product, year: int | None, root: Path) -> dict[str, Any]:
    """Write all files of a product-year (year None: those of a static product) below `root`; return the manifest.

    The manifest holds product, year and, for every file, name, size and a checksum of its content.
    """
    if product_id not in WRITERS:
        raise InputError(f"{product_id}: the toy Earth has no writer for this product (it has {', '.join(WRITERS)}).")
    when = STATIC_YEAR if year is None else year
    days = file_days(product, year, earth.toy.days_per_dekad)
    listed = []
    asked = Asked(earth, product_id, product, when, days)
    for native in WRITERS[product_id](asked) if len(days) else ():
        target = Path(root) / native.name
        with atomic(target) as path:
            native.save(path)
        listed.append({"name": native.name, "size": target.stat().st_size, "checksum": native.checksum})
    return {"product": product_id, "year": "static" if year is None else year, "files": listed}


def file_days(product: Product, year: int | None, days_per_dekad: int) -> NDArray[np.int64]:
    """First day of every file period of a product in a year that begins within its span, as day numbers."""
    if (product.step == "static") != (year is None):
        return np.empty(0, np.int64)
    if year is None:
        return np.array([date(STATIC_YEAR, 1, 1).toordinal()])
    first = days_of(product.span[0])[0]
    last = days_of(product.span[1])[1] if product.span[1] else date(9999, 12, 31)
    days = [day.toordinal() for day in _starts(product, year, days_per_dekad) if first <= day <= last]
    return np.array(days, np.int64)


def _starts(product: Product, year: int, days_per_dekad: int) -> Iterable[date]:
    """First days of the periods of a product's step in a year; of days the first ones of every dekad or shorter map."""
    dekads, step = DEKADS.year(year), product.step
    if step == "day" and product.maps in ("day", "3day"):
        calendar = CALENDARS[product.maps]
        touched = range(calendar.of(date(year, 1, 1)), calendar.of(date(year, 12, 31)) + 1)
        short = (day for step in touched for day in calendar.dates(step)[:days_per_dekad])
        return (day for day in short if day.year == year)
    if step == "day":
        return (day for dekad in dekads for day in DEKADS.dates(dekad)[:days_per_dekad])
    if step == "8day":
        return (date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal(), 8))
    if step == "dekad":
        return (DEKADS.start(dekad) for dekad in dekads)
    return (date(year, month, 1) for month in range(1, 13 if step == "month" else 2))


def names_only(root: Path, catalogue: Catalogue, years: Iterable[int], days_per_dekad: int = 11) -> int:
    """Write empty files with the true names of a whole configuration; return how many.

    For tests of planning and inventory, which look at names alone.
    """
    names: dict[str, None] = {}
    for product_id, product in catalogue.items():
        if product.kind == "station":  # whose names depend on where stations stand
            continue
        for year in [None] if product.step == "static" else years:
            days = file_days(product, year, days_per_dekad)
            names.update(dict.fromkeys(file_names(product_id, product, map(date.fromordinal, days.tolist()))))
    for folder in {Path(name).parent for name in names}:
        (root / folder).mkdir(parents=True, exist_ok=True)
    base = str(root)
    for name in names:
        os.close(os.open(f"{base}/{name}", os.O_CREAT | os.O_WRONLY, 0o644))
    return len(names)
