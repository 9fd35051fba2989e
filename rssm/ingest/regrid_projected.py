"""Grids whose rows and columns are not those of longitude and latitude: polar, UTM, Lambert, sinusoidal.

A pixel averages the valid cells whose centres lie in it, each as much as the other; a pixel that holds no centre takes
the cell that holds its own. So cells wider than a pixel are copied, finer ones averaged, and those about as large do
what fits each pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import projection
from rssm.grid import Grid, Window

MARGIN = 2  # cells around those that the corners of pixels touch: edges of pixels are curved
NUDGE = 1e-9  # degrees: a centre on an edge belongs to the pixel south or east of it
CLOSE = 0.01  # cells: how well a centre must come back through the projection

Places = NDArray[np.float64]


@dataclass(frozen=True)
class Bins:
    """Cells by pixel.

    cells, pixels  (pair,) flat numbers of the cells of the box, and of the pixels of the window that hold their centres
    alone, holder  (pixel,) flat numbers of the pixels without any, and of the cells that hold theirs
    """

    shape: tuple[int, int]
    cells: NDArray[np.intp]
    pixels: NDArray[np.intp]
    alone: NDArray[np.intp]
    holder: NDArray[np.intp]

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        flat = values.ravel()
        numbers = flat[self.cells]
        valid = ~np.isnan(numbers)
        size = self.shape[0] * self.shape[1]
        total = np.bincount(self.pixels[valid], numbers[valid], size)
        count = np.bincount(self.pixels[valid], minlength=size)
        out = np.divide(total, count, out=np.full(size, np.nan), where=count > 0).astype(np.float32)
        out[self.alone] = flat[self.holder]
        return out.reshape(self.shape)


def plan_bins(native: NativeGrid, box: Box, target: Grid, window: Window) -> Bins:
    """Work out which cells of `box` make which pixels of `window`."""
    cells, pixels = _pixels_of_cells(native, box, target, window)
    x, y = _grid_of(target.column_centres(window) + NUDGE, target.row_centres(window) - NUDGE)
    column, row = _cell_at(native, *_forward(native, x.ravel(), y.ravel()))
    inside = (
        (row >= box.rows.start) & (row < box.rows.stop) & (column >= box.columns.start) & (column < box.columns.stop)
    )
    inside[pixels] = False
    alone = np.flatnonzero(inside)
    wide = box.columns.stop - box.columns.start
    holder = (row[alone] - box.rows.start) * wide + column[alone] - box.columns.start
    return Bins(window.shape, cells, pixels, alone, holder)


def projected_box(native: NativeGrid, target: Grid, window: Window) -> Box:
    """The native cells that a window needs; one cell where it needs none."""
    x, y = _grid_of(target.column_edges(window), target.row_edges(window))
    a, _, left, _, e, top = native.transform
    x, y = _forward(native, x.ravel(), y.ravel())
    seen = np.isfinite(x) & np.isfinite(y)
    if not seen.any():
        return Box(slice(0, 1), slice(0, 1))
    column, row = (x[seen] - left) / a, (y[seen] - top) / e
    return Box(_span(row, native.rows), _span(column, native.columns))


def _span(places: Places, cells: int) -> slice:
    start = min(max(floor(places.min()) - MARGIN, 0), cells - 1)
    return slice(start, min(max(ceil(places.max()) + MARGIN, start + 1), cells))


def _pixels_of_cells(
    native: NativeGrid, box: Box, target: Grid, window: Window
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Flat numbers of cells and of the pixels that hold their centres."""
    a, _, left, _, e, top = native.transform
    x, y = _grid_of(
        left + a * (np.arange(box.columns.start, box.columns.stop) + 0.5),
        top + e * (np.arange(box.rows.start, box.rows.stop) + 0.5),
    )
    x, y = x.ravel(), y.ravel()
    inverse: Any = projection(native.crs).transform
    longitude, latitude = (np.asarray(axis) for axis in inverse(x, y, direction="INVERSE"))
    back_x, back_y = _forward(native, longitude, latitude)  # outside the map's outline a projection may go round
    with np.errstate(invalid="ignore"):
        there = (np.abs(back_x - x) < CLOSE * a) & (np.abs(back_y - y) < CLOSE * -e)
        row = np.searchsorted(-target.row_edges(window), -(latitude - NUDGE), side="right") - 1
        first = float(target.column_edges(window)[0])
        column = np.floor(((longitude + NUDGE - first) % 360) / target.column_step)
        there &= (row >= 0) & (row < window.rows) & (column < window.columns)
    cells = np.flatnonzero(there)
    return cells, row[cells] * window.columns + column[cells].astype(np.intp)


def _grid_of(x: NDArray[np.floating], y: NDArray[np.floating]) -> tuple[Places, Places]:
    """(row, column) of both coordinates."""
    shape = y.size, x.size
    return np.broadcast_to(x.astype(np.float64), shape), np.broadcast_to(y.astype(np.float64)[:, None], shape)


def _forward(native: NativeGrid, longitude: Places, latitude: Places) -> tuple[Places, Places]:
    """Degrees → coordinates of the grid, infinite where it has none."""
    x, y = projection(native.crs).transform((longitude + 180) % 360 - 180, latitude)
    return np.asarray(x), np.asarray(y)


def _cell_at(native: NativeGrid, x: Places, y: Places) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Column and row that hold places; −1 outside the grid."""
    a, _, left, _, e, top = native.transform
    with np.errstate(invalid="ignore"):
        column, row = np.floor((x - left) / a), np.floor((y - top) / e)
        inside = (column >= 0) & (column < native.columns) & (row >= 0) & (row < native.rows)
    return np.where(inside, column, -1).astype(np.intp), np.where(inside, row, -1).astype(np.intp)
