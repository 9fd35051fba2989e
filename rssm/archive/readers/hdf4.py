"""HDF4 files of the HDF-EOS2 kind: MODIS climate grids, GLASS, AMSR-E daily land.

Where a grid lies is said only in the text of `StructMetadata.0`; the catalogue's grid is checked against it, or left out. Fill
values come as texts too (MODIS writes `NA`), so the catalogue states them.

A file that the library fails on leaves it in disorder: it may crash at the next one, or fail on a good one. So every
file is first tried in a child process, and this one opens only those that passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyhdf.error import HDF4Error
from pyhdf.SD import SD, SDC, SDS

from rssm.archive.bad_file import BadFile, failures_of_libraries
from rssm.archive.damage.child_process import ChildProcess
from rssm.archive.damage.file_format import check_format
from rssm.archive.fields import Field, NativeGrid, Where
from rssm.archive.file_grids import check_crs, is_geographic, projected_grid
from rssm.archive.grids import CYLINDRICAL, LATLON, declared
from rssm.archive.listing import Found
from rssm.archive.readers.arrays import Array, read_overpasses, with_overpass
from rssm.archive.readers.decode import UNITS, text_of
from rssm.archive.readers.eos_grids import EosGrid, grids_of
from rssm.archive.readers.statements import check_product, check_times, named_in
from rssm.config.catalogue import Product


def read(product: Product, found: Found, where: Where, first: date, last: date, strict: bool) -> list[Field]:
    """Fields of a file, one per overpass."""
    check_format(found.path, "HDF4")
    overpasses = product.options.overpasses or [""]
    with failures_of_libraries(HDF4Error):
        _try_in_child(found.location)
        file = SD(found.location, SDC.READ)
        try:
            attributes = file.attributes()  # once: the library hands texts over letter by letter
            said = partial(said_in, attributes)
            check_product(product, said)
            check_times(found, (), (), said)
            grid, arrays = _grid(product, attributes), partial(_array_of, file)
            return read_overpasses(
                product, found, where, strict, file.datasets(), arrays, overpasses, with_overpass, grid
            )
        finally:
            with suppress(HDF4Error):  # a damaged file may refuse that too
                file.end()


def contents(path: Path) -> tuple[list[tuple[str, str, tuple[int, ...], dict[str, Any]]], dict[str, Any]]:
    """What any file holds: data sets (name, unit, shape, attributes), and global attributes."""
    with failures_of_libraries(HDF4Error):
        check_format(path, "HDF4")
        _try_in_child(str(path))
        file, found = SD(str(path), SDC.READ), []
        for name in file.datasets():
            with _selected(file, name) as data:
                _, _, shape, _, _ = data.info()
                about = dict(data.attributes())
            unit = next((text_of(about[key]) for key in UNITS if key in about), "")
            found.append((name, unit, (shape,) if isinstance(shape, int) else tuple(shape), about))
        return found, dict(file.attributes())


def _try(location: str) -> None:
    """Open a file and read one cell of every data set."""
    file = SD(location, SDC.READ)
    file.attributes()
    for name in file.datasets():
        data = file.select(name)
        _, rank, shape, _, _ = data.info()
        data.attributes()
        if np.prod(shape) > 0:  # an unlimited dimension may be empty
            data.get(start=(0,) * rank, count=(1,) * rank)
        data.endaccess()
    file.end()


_try_in_child = ChildProcess(_try)


def said_in(attributes: dict[str, Any], name: str) -> str:
    """A global attribute, or an object of the metadata that NASA keeps in one, as text."""
    if name in attributes:
        return text_of(attributes[name])
    return named_in(str(attributes.get("CoreMetadata.0", "")), name)


@contextmanager
def _selected(file: SD, name: str) -> Iterator[SDS]:
    """A data set of an open file, while it is in use."""
    data = file.select(name)
    try:
        yield data
    finally:
        with suppress(HDF4Error):
            data.endaccess()


def _array_of(file: SD, name: str) -> Array:
    """A data set of numbers."""

    def attributes() -> dict[str, Any]:
        with _selected(file, name) as data:
            return dict(data.attributes())

    def part(index: tuple[int | slice, ...]) -> NDArray[Any]:
        start = [i.start if isinstance(i, slice) else i for i in index]
        count = [i.stop - i.start if isinstance(i, slice) else 1 for i in index]
        with _selected(file, name) as data:
            cells = data.get(start=start, count=count)
        return cells.reshape([i.stop - i.start for i in index if isinstance(i, slice)])

    with _selected(file, name) as data:
        _, _, shape, kind, _ = data.info()
    if kind in (SDC.CHAR, SDC.UCHAR):
        raise BadFile(f"holds text in {name!r}", "numbers")
    return Array(name, (shape,) if isinstance(shape, int) else tuple(shape), attributes, part)


def _grid(product: Product, attributes: dict[str, Any]) -> NativeGrid:
    """The catalogue's grid, if the file does not put its cells elsewhere; without one the grid that the file states."""
    text, grid = str(attributes.get("StructMetadata.0", "")), declared(product)
    stated = grids_of(text)
    if any(item.origin != "HDFE_GD_UL" for item in stated):
        raise BadFile("begins its grid at another corner than the upper left", "HDFE_GD_UL", check="native_grid")
    if grid is None:
        return _stated_grid(product, stated)
    for item in stated:
        if not _fits(item, grid):
            left, top, right, bottom = item.corners
            where = f"{left:.10g}, {top:.10g} … {right:.10g}, {bottom:.10g}"
            raise BadFile(f"puts its grid {item.name!r} at {where}", grid.id, check="native_grid")
        crs = item.crs() if item.parameters and grid.crs in CYLINDRICAL else ""
        if crs:
            check_crs(grid, crs)
    return grid


def _fits(item: EosGrid, grid: NativeGrid) -> bool:
    """Whether the corners of a stated grid are those of another, within a tenth of a cell."""
    step_x, _, west, _, step_y, north = grid.transform
    own = west, north, west + step_x * grid.columns, north + step_y * grid.rows
    ways = [item.corners] + ([item.degrees()] if grid.crs == LATLON else [])
    return any(max(abs(a - b) / abs(step_x) for a, b in zip(some, own, strict=True)) <= 0.1 for some in ways)


def _stated_grid(product: Product, stated: list[EosGrid]) -> NativeGrid:
    """The grid that holds the product's value, or the first."""
    if not stated:
        what = "does not say where its cells lie (StructMetadata.0)"
        raise BadFile(what, "the grid of its values", check="native_grid")
    names = {name.replace("{overpass}", over) for name in product.names("value") for over in product.options.overpasses}
    names |= set(product.names("value"))
    item = next((item for item in stated if names & item.fields), stated[0])
    crs = item.crs()
    if not crs:
        raise BadFile(f"has its grid in the projection {item.projection!r}", "one that is known", check="native_grid")
    left, top, right, bottom = item.degrees() if is_geographic(crs) else item.corners
    x, y = (
        low + (high - low) * (np.arange(count) + 0.5) / count
        for low, high, count in ((left, right, item.columns), (top, bottom, item.rows))
    )
    if not is_geographic(crs):
        return projected_grid(crs, x, y)
    transform = ((right - left) / item.columns, 0.0, left, 0.0, (bottom - top) / item.rows, top)
    return NativeGrid(f"of {item.name}", LATLON, transform, item.rows, item.columns)
