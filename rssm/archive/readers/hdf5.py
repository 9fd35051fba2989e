"""HDF5 arrays without axes, which lie as the catalogue's grid does: JAXA, FY-3B, freeze/thaw, SMAP land constants.

Old libraries wrote some of them with blanks in names and without dimension scales; nothing here asks for scales.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import h5py
import numpy as np

from rssm.archive.damage.file_format import check_format
from rssm.archive.damage.hdf5_heaps import attributes_of
from rssm.archive.errors import bad_file, damaged
from rssm.archive.fields import Box, Field, NativeGrid
from rssm.archive.grids import NATIVE_GRIDS
from rssm.archive.listing import Found, overpass_of
from rssm.archive.readers.axes import Axis, as_is, read_box
from rssm.archive.readers.chunks import read_part
from rssm.archive.readers.decode import FILL, Stored, number_of, screen
from rssm.archive.readers.variables import lacks, pick, roles
from rssm.config.catalogue import Product

Names = Callable[[str, str], list[str]]  # (name in the catalogue, overpass) → names in the file


def read(product: Product, found: Found, box: Box, first: date, last: date, strict: bool) -> list[Field]:
    """Fields of a file, one per overpass."""
    overpasses = product.options.overpasses or [""]
    with open_hdf5(product, found) as file:
        return [read_overpass(product, found, file, box, strict, overpass, filled_in) for overpass in overpasses]


def filled_in(name: str, overpass: str) -> list[str]:
    """A name of the catalogue with its overpass."""
    return [name.replace("{overpass}", overpass)]


@contextmanager
def open_hdf5(product: Product, found: Found) -> Iterator[h5py.File]:
    """The file, while it is open; InputError where it is no whole HDF5 file, or its library stumbles in it."""
    check_format(product, found, ("HDF5",))
    try:
        with h5py.File(found.path, "r", locking=False) as file:
            yield file
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, UnicodeError) as error:
        raise damaged(product, found, error) from None


def read_overpass(
    product: Product, found: Found, file: h5py.File, box: Box, strict: bool, overpass: str, names: Names
) -> Field:
    """One overpass of an open file."""
    grid = NATIVE_GRIDS[product.native_grid or ""]
    variables: dict[str, Stored] = {}
    for role in roles(product, strict):
        candidates = [inner for name in product.names(role) for inner in names(name, overpass)]
        dataset = _find(file, candidates)
        if dataset is not None:
            variables[role] = _stored(product, found, grid, dataset, box)
        elif role != "error":
            raise lacks(product, found, role, candidates, _all_datasets(file))
    cells, notes = screen(product, found, variables, strict)
    return Field(cells, grid, box, found.start, notes, overpass_of(product, found, overpass))


def _find(file: h5py.File, names: list[str]) -> h5py.Dataset | None:
    for name in names:
        if name in file and isinstance(file[name], h5py.Dataset):
            return file[name]
    if any("*" in name or "?" in name for name in names) and (match := pick(names, _all_datasets(file))):
        return file[match]
    return None


def _all_datasets(file: h5py.File) -> list[str]:
    """Paths of all datasets with at least two dimensions."""
    found: list[str] = []

    def note(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and item.ndim >= 2:
            found.append(name)

    file.visititems(note)
    return found


def _stored(product: Product, found: Found, grid: NativeGrid, dataset: h5py.Dataset, box: Box) -> Stored:
    """The box's part of a dataset; other dimensions are indexed by the option `layer`."""
    if dataset.dtype.kind not in "iuf":
        raise bad_file(product, found, f"holds {dataset.dtype} in {dataset.name!r}", "numbers")
    before, after = spare_dimensions(product, found, dataset.name, dataset.shape, grid)
    attributes = attributes_of(dataset)
    rows, columns = _axes(product, grid)
    fill = number_of(attributes, FILL)
    outside = fill if fill is not None else (product.fill[0] if product.fill else 0)
    numbers = read_box(lambda r, c: read_part(dataset, (*before, r, c, *after)), rows, columns, box, outside)
    return Stored(str(dataset.name), numbers, attributes)


def _axes(product: Product, grid: NativeGrid) -> tuple[Axis, Axis]:
    rows, columns = as_is(grid)
    if product.options.west == 0:
        columns = Axis(grid.columns // 2, grid.columns, circle=grid.columns)
    if product.options.upside_down:
        rows = Axis(grid.rows - 1, grid.rows, direction=-1)
    return rows, columns


def spare_dimensions(
    product: Product, found: Found, name: str, shape: tuple[int, ...], grid: NativeGrid
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Indices before and after the dimensions (rows, columns) of an array; InputError where it has another shape."""
    for at in range(len(shape) - 1):
        if shape[at : at + 2] == grid.shape:
            spare = shape[:at] + shape[at + 2 :]
            if all(length == 1 for length in spare):
                return (0,) * at, (0,) * (len(shape) - at - 2)
            layer = product.options.layer
            if len(spare) == 1 and layer is not None and layer < spare[0]:
                return (layer,) * at, (layer,) * (len(shape) - at - 2)
            hint = f"Set {product.id}.options.layer in the catalogue"
            raise bad_file(product, found, f"has layers {spare} in {name!r}", "the number of one layer", hint)
    raise bad_file(
        product,
        found,
        f"holds {' × '.join(map(str, np.asarray(shape)))} cells in {name!r}",
        f"{grid.rows} × {grid.columns} ({grid.id})",
        f"Check {product.id}.native_grid in the catalogue",
    )
