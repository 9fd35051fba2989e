"""HDF4 files of the HDF-EOS2 kind: MODIS climate grids, GLASS, AMSR-E daily land.

Where a grid lies is said only in the text of `StructMetadata.0`; the catalogue's grid is checked against it. Fill
values come as texts too (MODIS writes `NA`), so the catalogue states them.

A file that the library fails on leaves it in disorder: it may crash at the next one, or fail on a good one. So every
file is first tried in a child process, and this one opens only those that passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyhdf.error import HDF4Error
from pyhdf.SD import SD, SDC, SDS

from rssm.archive.bad_file import BadFile, failures_of_libraries
from rssm.archive.damage.child_process import ChildProcess
from rssm.archive.damage.file_format import check_format
from rssm.archive.fields import Box, Field, NativeGrid
from rssm.archive.grids import LATLON, NATIVE_GRIDS
from rssm.archive.listing import Found
from rssm.archive.readers.arrays import Array, read_overpasses
from rssm.archive.readers.decode import text_of
from rssm.archive.readers.statements import check_product, check_times, named_in
from rssm.config.catalogue import Product


def read(product: Product, found: Found, box: Box, first: date, last: date, strict: bool) -> list[Field]:
    """Fields of a file, one per overpass."""
    check_format(found.path, "HDF4")
    overpasses = product.options.overpasses or [""]
    with failures_of_libraries(HDF4Error):
        _try_in_child(found.location)
        file = SD(found.location, SDC.READ)
        try:
            said = partial(_said, file.attributes())
            check_product(product, said)
            check_times(found, (), (), said)
            _check_grid(NATIVE_GRIDS[product.native_grid or ""], file)
            return read_overpasses(product, found, box, strict, file.datasets(), partial(_array_of, file), overpasses)
        finally:
            with suppress(HDF4Error):  # a damaged file may refuse that too
                file.end()


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


def _said(attributes: dict[str, Any], name: str) -> str:
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


def _check_grid(grid: NativeGrid, file: SD) -> None:
    """Refuse a file whose own description puts its cells elsewhere; one without a description is taken as it is."""
    text = file.attributes().get("StructMetadata.0", "")
    if any(origin != "HDFE_GD_UL" for origin in re.findall(r"GridOrigin\s*=\s*(\w+)", text)):
        raise BadFile("begins its grid at another corner than the upper left", "HDFE_GD_UL", check="native_grid")
    step_x, _, west, _, step_y, north = grid.transform
    own = west, north, west + step_x * grid.columns, north + step_y * grid.rows

    def fit(corners: tuple[float, ...]) -> bool:
        return max(abs(a - b) / abs(step_x) for a, b in zip(corners, own, strict=True)) <= 0.1

    for name, corners in grid_corners(text).items():
        if not fit(corners) and not (grid.crs == LATLON and fit(tuple(map(_unpacked, corners)))):
            left, top, right, bottom = corners
            where = f"{left:.10g}, {top:.10g} … {right:.10g}, {bottom:.10g}"
            raise BadFile(f"puts its grid {name!r} at {where}", grid.id, check="native_grid")


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
