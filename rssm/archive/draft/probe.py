"""Reading a file through a draft: which reader takes it, on which grid its values lie, and which numbers they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from rssm.archive.draft.contents import LEVELS, Contents, Seen
from rssm.archive.draft.names import Named
from rssm.archive.draft.roles import is_moisture
from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import CYLINDRICAL, LATLON, NATIVE_GRIDS, box_of
from rssm.archive.listing import ALWAYS, Found, list_files
from rssm.archive.readers.dispatch import read, read_points
from rssm.archive.readers.points import EARTH, on_sphere
from rssm.config.catalogue import Product, catalogue_mistakes
from rssm.errors import InputError

ANY = (-1e38, 1e38)  # a range that hides nothing
WHOLE, MOST = 30_000_000, 2000  # cells of grids that are looked at as a whole; rows, columns and points of others
# words of a name for the halves of a day that one file may hold
HALVES = (("A", "D"), ("Ascending", "Descending"), ("ascending", "descending"), ("AM", "PM"), ("Day", "Night"))
DIAGONAL = 0.71  # half the diagonal of a square, in its sides
POINTS_ON = "latlon_0.1"  # any grid of the globe: only points are looked at
CURVED = tuple(name for name, grid in NATIVE_GRIDS.items() if grid.crs != LATLON)
SMAP = "Soil_Moisture_Retrieval_Data"
WITHOUT_AXES = {
    "native_grid": "OPEN: the file has no axes; this grid has as many rows and columns. Check that row 0 is in the north and"
    " column 0 at 180° W, or set options.upside_down, options.west."
}


@dataclass(frozen=True)
class Reading:
    """A way of reading that a file allows.

    fields  reader, and what it needs to know
    notes   field → what is to be said of it
    values  (number,) those that are not missing, of the middle of a large file
    """

    fields: dict[str, Any]
    notes: dict[str, str]
    values: NDArray[np.float32]


@dataclass(frozen=True)
class Probe:
    """What a file gives: where its values lie, for people, the values, how far apart points are (km), and how many more
    values lie outside the valid range.
    """

    where: str
    values: NDArray[np.float32]
    apart: float = 0.0
    outside: int = 0


def readings(held: Contents, value: Seen, fields: Mapping[str, Any], named: Named, root: Path) -> Reading:
    """The first way of reading that the file allows; an InputError with the reason of each where it allows none."""
    refused, tried_ways = list[str](), set[str]()
    for way, notes in _ways(held, value):
        tried = {**fields, **way, "valid_range": ANY, "variables": _variables(way, value)}
        try:
            product = checked(tried)
            given = probe(product, held, root)
        except InputError as error:
            refused += [f"{way['reader']}: {str(error).splitlines()[0]}"] if way["reader"] not in tried_ways else []
            tried_ways.add(way["reader"])
            continue
        if given.apart:
            way["options"] = {"reach": max(float(f"{DIAGONAL * given.apart:.2g}"), 1.0)}
        return Reading(way | {"variables": tried["variables"]}, notes, given.values)
    raise InputError(f"{held.path}: no reader takes {value.path!r} as it is.\n" + "\n".join(refused))


def checked(fields: Mapping[str, Any]) -> Product:
    """The entry, checked as the catalogue checks it."""
    try:
        return Product.model_validate(dict(fields))
    except ValidationError as error:
        raise InputError(catalogue_mistakes("draft", error)) from None


def found_of(product: Product, held: Contents, root: Path) -> Found:
    """The file as the entry's pattern finds it."""
    listed = (file for file in list_files(root, product) if file.path == held.path)
    found = next(listed, None)
    if found is None:
        raise InputError(f"the pattern {product.files!r} does not find {held.path.name}")
    return found


def probe(product: Product, held: Contents, root: Path) -> Probe:
    """What the first day of a file gives through an entry."""
    found = found_of(product, held, root)
    if product.reader == "points":
        return _points(product, found)
    seen: list[NativeGrid] = []

    def where(grid: NativeGrid) -> Box:
        seen.append(grid)
        return _looked_at(grid, held)

    days = (found.start, found.start) if (found.start, found.end) != ALWAYS else (date.min, date.max)
    fields = read(product, found, where, *days)[:4]
    numbers, outside = [field.cells.numbers for field in fields], sum(f.notes.get("out_of_range", 0) for f in fields)
    grid = seen[-1]
    values = np.concatenate(numbers) if numbers else np.empty(0, np.float32)
    return Probe(f"grid {grid.id}, {grid.rows} × {grid.columns} cells", values, outside=outside)


def _points(product: Product, found: Found) -> Probe:
    """What a file of points holds, and how far apart they lie."""
    from scipy.spatial import cKDTree

    file = read_points(
        product, found, date.min, date.max, False, (NATIVE_GRIDS[POINTS_ON], Box(slice(0, 1800), slice(0, 3600)))
    )
    placed = (np.abs(file.latitude) <= 90) & (np.abs(file.longitude) <= 360)
    places = on_sphere(file.longitude[placed], file.latitude[placed])
    apart = (
        float(np.median(cKDTree(places).query(places[:: 1 + len(places) // MOST], 2)[0][:, 1])) * EARTH
        if len(places) > 1
        else 0.0
    )
    return Probe(
        f"{placed.sum()} points, {apart:.3g} km apart", file.value, apart, int((~file.missing & ~file.ranged).sum())
    )


def _looked_at(grid: NativeGrid, held: Contents) -> Box:
    """The middle of the cells that a file holds, of a grid that is carried on around the globe."""
    box = Box(slice(0, grid.rows), slice(0, grid.columns))
    if held.place is not None and grid.crs in CYLINDRICAL:
        west, south, east, north = held.place
        near = box_of(grid, west, south, east, north, margin=1)
        box = near if near.rows.stop > near.rows.start and near.columns.stop > near.columns.start else box
    if (box.rows.stop - box.rows.start) * (box.columns.stop - box.columns.start) <= WHOLE:
        return box
    sides = []
    for side in (box.rows, box.columns):
        start = side.start + max((side.stop - side.start - MOST) // 2, 0)
        sides.append(slice(start, min(start + MOST, side.stop)))
    return Box(*sides)


def _ways(held: Contents, value: Seen) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Readers that may take a file, likeliest first."""
    if held.format in ("TIFF", "HDF4"):
        band = (
            {"options": {"layer": int(value.path.split()[1])}}
            if value.path not in ("band 1",) and held.format == "TIFF"
            else {}
        )
        yield {"reader": {"TIFF": "geotiff", "HDF4": "hdf4"}[held.format], **band, **_halves(held, value)}, {}
    elif held.format == "GRIB":
        for kind, level in value.attributes[LEVELS]:
            several = len(value.attributes[LEVELS]) > 1
            levels = ", ".join(f"{kind} {level:g}" for kind, level in value.attributes[LEVELS])
            notes = {"options": f"OPEN: which of the levels {levels}?"} if several else {}
            yield {"reader": "grib", **({"options": {"level_type": kind, "level": level}} if several else {})}, notes
    else:
        if value.path.startswith((f"{SMAP}_AM/", f"{SMAP}_PM/")) and len(value.shape) == 2:
            for name in _grids_of(value):
                overpasses = [o for o in ("AM", "PM") if any(a.path.startswith(f"{SMAP}_{o}/") for a in held.arrays)]
                yield {"reader": "smap", "native_grid": name, "options": {"overpasses": overpasses}}, {}
        for layer, notes in ({}, {}), *_layers(value):
            yield {"reader": "cf", **layer}, dict(notes)
            for name in CURVED:  # axes in degrees whose steps are not equal
                yield {"reader": "cf", "native_grid": name, **layer}, dict(notes)
        yield {"reader": "points", "options": {"reach": 12.5}}, {"options": REACH}
    for name in _grids_of(value) if held.format in ("HDF4", "HDF5") else ():
        yield {"reader": held.format.lower(), "native_grid": name, **_halves(held, value)}, WITHOUT_AXES


def _halves(held: Contents, value: Seen) -> dict[str, Any]:
    """Overpasses of soil moisture that one file holds as arrays of their own."""
    if held.format == "TIFF" or not is_moisture(value):
        return {}
    paths = {array.path for array in held.arrays}
    pairs = (pair for pair in HALVES if half(value.path, pair[0], pair[1]) in paths)
    return {"options": {"overpasses": list(pair)}} if (pair := next(pairs, None)) else {}


def half(path: str, one: str, other: str) -> str:
    """A name with one word in place of another; empty where it does not hold that word alone."""
    changed = re.sub(rf"(?<![A-Za-z]){one}(?![A-Za-z])", other, path)
    return changed if changed != path else ""


REACH = "GUESS: km, by how far points lie apart; the farthest point whose value a pixel takes, half the diagonal of a native cell (9 for 12.5 km, 18 for 25, 26 for 36)."


def _layers(value: Seen) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """The reader of axes with one layer chosen, where there may be several."""
    if len(value.shape) > 2 and sum(length > 1 for length in value.shape) > 2:
        note = f"OPEN: the array is {' × '.join(map(str, value.shape))}; which layer, counted from 0, along what is neither time nor place?"
        yield {"options": {"layer": 0}}, {"options": note}


def _grids_of(value: Seen) -> list[str]:
    """Grids that the catalogue can name with as many rows and columns as two neighbouring dimensions of an array."""
    pairs = set(zip(value.shape, value.shape[1:], strict=False))
    return [name for name, grid in NATIVE_GRIDS.items() if grid.shape in pairs]


def _variables(way: Mapping[str, Any], value: Seen) -> dict[str, str]:
    """Where the value is, in the words of a reader."""
    if way["reader"] == "geotiff":
        return {}
    if way["reader"] == "smap":
        return {"value": f"{SMAP}_{{overpass}}/{value.name.removesuffix('_pm')}"}
    halves = way.get("options", {}).get("overpasses", [])
    return {"value": half(value.path, halves[0], "{overpass}") if halves else value.path}
