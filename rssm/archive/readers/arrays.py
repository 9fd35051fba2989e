"""Arrays without axes, which lie as the catalogue's grid does: what the readers of HDF5 and HDF4 share."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile
from rssm.archive.fields import Box, Field, NativeGrid, Where
from rssm.archive.grids import NATIVE_GRIDS
from rssm.archive.listing import Found, overpass_of
from rssm.archive.readers.axes import Axis, read_box
from rssm.archive.readers.decode import Attributes, Stored, outside_of, screen
from rssm.archive.readers.variables import names_to_read
from rssm.config.catalogue import Product


@dataclass(frozen=True)
class Array:
    """One array of an open file.

    part   (an index or a slice without step for each dimension) → stored numbers, (row, column)
    """

    name: str
    shape: tuple[int, ...]
    attributes: Callable[[], Attributes]
    part: Callable[[tuple[int | slice, ...]], NDArray[Any]]


def with_overpass(overpass: str, name: str) -> list[str]:
    """A name of the catalogue with its overpass."""
    return [name.replace("{overpass}", overpass)]


def read_overpasses(
    product: Product,
    found: Found,
    where: Where,
    strict: bool,
    there: Collection[str],
    array_of: Callable[[str], Array],
    overpasses: list[str],
    names: Callable[[str, str], list[str]] = with_overpass,
    grid: NativeGrid | None = None,
) -> list[Field]:
    """One field per overpass of an open file.

    there      names of its arrays
    array_of   name → array
    names      (overpass, name in the catalogue) → what it may be in the file
    grid       where its cells lie; by default the catalogue's grid
    """
    grid = grid or NATIVE_GRIDS[product.native_grid or ""]
    box, fields = where(grid), []
    for overpass in overpasses:
        pairs = names_to_read(product, strict, there, partial(names, overpass))
        stored = {role: _stored(product, grid, array_of(name), box) for role, name in pairs}
        cells, notes = screen(product, stored, strict)
        fields.append(Field(cells, grid, box, found.start, notes, overpass_of(product, found, overpass)))
    return fields


def _stored(product: Product, grid: NativeGrid, array: Array, box: Box) -> Stored:
    """The box's part of an array."""
    before, after = _spare_dimensions(product, array, grid)
    attributes = array.attributes()
    rows, columns = Axis(0, grid.rows), Axis(0, grid.columns)
    if product.options.west == 0:
        columns = Axis(grid.columns // 2, grid.columns, circle=grid.columns)
    if product.options.upside_down:
        rows = Axis(grid.rows - 1, grid.rows, direction=-1)
    outside = outside_of(product, attributes)
    numbers = read_box(lambda r, c: array.part((*before, r, c, *after)), rows, columns, box, outside)
    return Stored(array.name, numbers, attributes)


def _spare_dimensions(product: Product, array: Array, grid: NativeGrid) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Indices before and after the dimensions (rows, columns); the option `layer` says which, where there are several."""
    shape, layer = array.shape, product.options.layer
    for at in range(len(shape) - 1):
        if shape[at : at + 2] == grid.shape:
            spare = shape[:at] + shape[at + 2 :]
            if all(length == 1 for length in spare):
                return (0,) * at, (0,) * (len(shape) - at - 2)
            if len(spare) == 1 and layer is not None and layer < spare[0]:
                return (layer,) * at, (layer,) * (len(shape) - at - 2)
            hint = f"Set {product.id}.options.layer in the catalogue"
            raise BadFile(f"has layers {spare} in {array.name!r}", "the number of one layer", hint)
    what = f"holds {' × '.join(map(str, shape))} cells in {array.name!r}"
    raise BadFile(what, f"{grid.rows} × {grid.columns} ({grid.id})", check="native_grid")
