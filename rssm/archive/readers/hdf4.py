"""HDF4 files of the HDF-EOS2 kind: MODIS climate grids, GLASS, AMSR-E daily land.

Where a grid lies is said only in the text of `StructMetadata.0`; the catalogue's grid is checked against it. Fill
values come as texts too (MODIS writes `NA`), so the catalogue states them.

A file that the library fails on leaves it in disorder: it may crash at the next one, or fail on a good one. So every
file is touched apart first, and this process opens only those that passed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Any

from pyhdf.error import HDF4Error
from pyhdf.SD import SD, SDC

from rssm.archive.damage.child_process import Apart, Failed
from rssm.archive.damage.file_format import check_format
from rssm.archive.errors import bad_file, damaged
from rssm.archive.fields import Box, Field, NativeGrid
from rssm.archive.grids import LATLON, NATIVE_GRIDS
from rssm.archive.listing import Found, overpass_of
from rssm.archive.readers.axes import as_is, read_box
from rssm.archive.readers.decode import FILL, Stored, number_of, screen
from rssm.archive.readers.hdf5 import filled_in, spare_dimensions
from rssm.archive.readers.variables import lacks, pick, roles
from rssm.config.catalogue import Product

FAILURES = (HDF4Error, OSError, ValueError, KeyError, IndexError, TypeError, UnicodeError)


def read(product: Product, found: Found, box: Box, first: date, last: date, strict: bool) -> list[Field]:
    """Fields of a file, one per overpass."""
    check_format(product, found, ("HDF4",))
    grid = NATIVE_GRIDS[product.native_grid or ""]
    try:
        _touch_apart(found.location)
        file = SD(found.location, SDC.READ)
    except (*FAILURES, Failed) as error:
        raise damaged(product, found, error) from None
    try:
        _check_grid(product, found, grid, file)
        overpasses = product.options.overpasses or [""]
        return [_read_overpass(product, found, file, grid, box, strict, overpass) for overpass in overpasses]
    except FAILURES as error:
        raise damaged(product, found, error) from None
    finally:
        with suppress(HDF4Error):  # a damaged file may refuse that too
            file.end()


def _touch(location: str) -> None:
    """Open a file and read one cell of every data set."""
    file = SD(location, SDC.READ)
    file.attributes()
    for name in file.datasets():
        data = file.select(name)
        rank = data.info()[1]
        data.attributes()
        data.get(start=(0,) * rank, count=(1,) * rank)
        data.endaccess()
    file.end()


_touch_apart = Apart(_touch)


def _read_overpass(
    product: Product, found: Found, file: SD, grid: NativeGrid, box: Box, strict: bool, overpass: str
) -> Field:
    there = file.datasets()
    variables: dict[str, Stored] = {}
    for role in roles(product, strict):
        candidates = [inner for name in product.names(role) for inner in filled_in(name, overpass)]
        name = pick(candidates, there)
        if name is not None:
            variables[role] = _stored(product, found, file, grid, box, name)
        elif role != "error":
            raise lacks(product, found, role, candidates, there)
    cells, notes = screen(product, found, variables, strict)
    return Field(cells, grid, box, found.start, notes, overpass_of(product, found, overpass))


def _stored(product: Product, found: Found, file: SD, grid: NativeGrid, box: Box, name: str) -> Stored:
    """The box's part of a data set; other dimensions are indexed by the option `layer`."""
    data = file.select(name)
    try:
        _, _, shape, kind, _ = data.info()
        if kind in (SDC.CHAR, SDC.UCHAR):
            raise bad_file(product, found, f"holds text in {name!r}", "numbers")
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        before, after = spare_dimensions(product, found, name, shape, grid)
        attributes: dict[str, Any] = data.attributes()

        def fetch(rows: slice, columns: slice) -> Any:
            lengths = rows.stop - rows.start, columns.stop - columns.start
            start = (*before, rows.start, columns.start, *after)
            count = (*(1,) * len(before), *lengths, *(1,) * len(after))
            return data.get(start=start, count=count).reshape(lengths)

        fill = number_of(attributes, FILL)
        numbers = read_box(fetch, *as_is(grid), box, fill if fill is not None else 0)
    finally:
        with suppress(HDF4Error):
            data.endaccess()
    return Stored(name, numbers, attributes)


def _check_grid(product: Product, found: Found, grid: NativeGrid, file: SD) -> None:
    """Refuse a file whose own description puts its cells elsewhere; one without a description is taken as it is."""
    text = file.attributes().get("StructMetadata.0", "")
    corners = grid_corners(text)
    hint = f"Check {product.id}.native_grid in the catalogue"
    if any(origin != "HDFE_GD_UL" for origin in re.findall(r"GridOrigin\s*=\s*(\w+)", text)):
        raise bad_file(product, found, "begins its grid at another corner than the upper left", "HDFE_GD_UL", hint)
    for name, (left, top, right, bottom) in corners.items():
        step_x, _, west, _, step_y, north = grid.transform
        own = west, north, west + step_x * grid.columns, north + step_y * grid.rows
        off = max(abs(a - b) / abs(step_x) for a, b in zip((left, top, right, bottom), own, strict=True))
        if off > 0.1 and grid.crs == LATLON:  # packed degrees, minutes, seconds: DDDMMMSSS.SS
            degrees = [_unpacked(value) for value in (left, top, right, bottom)]
            off = max(abs(a - b) / abs(step_x) for a, b in zip(degrees, own, strict=True))
        if off > 0.1:
            corner = f"{left:.10g}, {top:.10g} … {right:.10g}, {bottom:.10g}"
            raise bad_file(product, found, f"puts its grid {name!r} at {corner}", f"{grid.id}", hint)


def grid_corners(text: str) -> dict[str, tuple[float, float, float, float]]:
    """Grid name → (left, top, right, bottom) as `StructMetadata.0` gives them."""
    number = r"\(\s*([-+.\deE]+)\s*,\s*([-+.\deE]+)\s*\)"
    found = {}
    for part in re.split(r"GridName\s*=\s*", text)[1:]:
        name = part.split("\n", 1)[0].strip('"\t ')
        upper = re.search(rf"UpperLeftPointMtrs\s*=\s*{number}", part)
        lower = re.search(rf"LowerRightMtrs\s*=\s*{number}", part)
        if upper and lower:
            found[name] = (float(upper[1]), float(upper[2]), float(lower[1]), float(lower[2]))
    return found


def _unpacked(value: float) -> float:
    """Degrees of a number in the packed form DDDMMMSSS.SS."""
    size = abs(value)
    degrees, minutes, seconds = size // 1e6, size % 1e6 // 1e3, size % 1e3
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if value < 0 else 1)
