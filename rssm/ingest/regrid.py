"""Native grid → pixels of a window of the method's grid.

Cells wider than a pixel are copied: a pixel takes the cell that holds its centre, and a centre on an edge belongs to
the cell south or east of it. Finer cells are averaged over the valid ones, by the area that they share with the pixel
(so are ERA5-Land's, as wide as a pixel but shifted by half of one). Classes go to the largest share.

These are rules of cylindrical grids, native and target, whose rows and columns are worked out apart, once per job, and
serve every field. Cells of other projections go by `rssm.ingest.regrid_projected`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import CYLINDRICAL, LATLON, box_of, projection
from rssm.grid import Grid, Window
from rssm.ingest.regrid_projected import plan_bins, projected_box

Regrid = Callable[[NDArray[np.float32]], NDArray[np.float32]]  # (row, column) of a box → of a window

BAND_CELLS = 32_000_000  # native cells handled at once: 128 MB a float32 field, 1 GB in all
NUDGE = 1e-9  # degrees south and east: puts a centre on an edge on the same side whatever the rounding
SLIVER = 1e-6  # of a cell: less overlap is rounding
TIE = 2  # decimals: shares of a pixel that agree so far are a tie between classes


@dataclass(frozen=True)
class Copy:
    """Pixels that each take one cell; rows (pixel,) and columns (pixel,) are positions in the box, −1 for none."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        # columns first: fewer native rows than pixel rows, and a row is then copied at once
        out: NDArray[np.float32] = values.take(self.columns, axis=1).take(self.rows, axis=0)
        out[self.rows < 0] = np.nan
        out[:, self.columns < 0] = np.nan
        return out


class Overlap(NamedTuple):
    """Along one axis: the cells of the box that each pixel overlaps, and how far; both (pixel, cell), 0 where none."""

    position: NDArray[np.int64]
    shared: NDArray[np.float32]


@dataclass(frozen=True)
class Average:
    """Pixels that each average many cells."""

    rows: Overlap
    columns: Overlap

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        valid = ~np.isnan(values)
        total, area = self._sum(np.where(valid, values, 0)), self._sum(valid.astype(np.float32))
        return np.divide(total, area, out=np.full_like(total, np.nan), where=area > 0)

    def _sum(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        down = np.empty((len(self.rows.position), values.shape[1]), np.float32)
        for row, position, shared in zip(down, *self.rows, strict=True):
            cells = np.count_nonzero(shared)  # one below the other: rows never go round the globe
            np.matmul(shared[:cells], values[position[0] : position[0] + cells], out=row)
        across = np.zeros((down.shape[0], len(self.columns.position)), np.float32)
        for position, shared in zip(*(part.T for part in self.columns), strict=True):
            across += shared * down.take(position, axis=1)
        return across


def plan_regrid(native: NativeGrid, box: Box, target: Grid, window: Window) -> Regrid:
    """Work out which cells of `box` make which pixels of `window`."""
    if native.crs not in CYLINDRICAL:
        return plan_bins(native, box, target, window)
    native_longitude, native_south = _native_edges(native)
    if _averages(native, target):
        return Average(
            _overlap(native_south, _southward(native, target.row_edges(window)), box.rows),
            _overlap(native_longitude, target.column_edges(window), box.columns, circle=360),
        )
    longitude = target.column_centres(window) + NUDGE
    latitude = target.row_centres(window) - NUDGE
    first = native_longitude[0]
    return Copy(
        _holder(native_south, _southward(native, latitude), box.rows),
        _holder(native_longitude, (longitude - first) % 360 + first, box.columns),
    )


def bands(native: NativeGrid, target: Grid, window: Window) -> Iterator[tuple[Window, Box]]:
    """Cut a window into bands of rows, each with the box of native cells it needs, small enough for memory."""
    box = box_for(native, target, window)
    cells = (box.rows.stop - box.rows.start) * (box.columns.stop - box.columns.start)
    edges = np.linspace(0, window.rows, -(-cells // BAND_CELLS) + 1).astype(int)
    for top, bottom in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        band = Window(window.row + top, window.column, bottom - top, window.columns)
        yield band, box_for(native, target, band)


def box_for(native: NativeGrid, target: Grid, window: Window) -> Box:
    """The native cells that a window needs."""
    if native.crs not in CYLINDRICAL:
        return projected_box(native, target, window)
    longitude, latitude = target.column_edges(window), target.row_edges(window)
    west, east, north, south = np.round([*longitude[[0, -1]], *latitude[[0, -1]]], 6).tolist()
    return box_of(native, west, south, east, north)


def shares(regrid: Regrid, values: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Each class of a map of classes, ascending, with its share (0…1) of the valid area of each pixel."""
    missing = np.isnan(values)
    for number in np.unique(values[~missing]):
        here = (values == number).astype(np.float32)
        here[missing] = np.nan
        yield int(number), regrid(here)


def majority(regrid: Regrid, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The class with the largest share of each pixel; shares within one per cent are a tie, to the smaller class."""
    if isinstance(regrid, Copy):
        return regrid(values)
    best = regrid(np.full_like(values, np.nan))
    largest = np.zeros_like(best)
    for number, share in shares(regrid, values):
        rounded = np.round(share, TIE)
        larger = rounded > largest  # NaN compares false
        best[larger], largest[larger] = number, rounded[larger]
    return best


def _native_edges(native: NativeGrid) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Edges of a native grid's columns (degrees) and rows (as `_southward`)."""
    width, _, left, _, height, top = native.transform
    x = left + width * np.arange(native.columns + 1)
    y = top + height * np.arange(native.rows + 1)
    if native.crs == LATLON:
        return x, _southward(native, np.clip(y, -90, 90))
    return x * 180 / projection(native.crs).transform(180, 0)[0], -y


def _southward(native: NativeGrid, latitude: NDArray[np.floating]) -> NDArray[np.floating]:
    """A coordinate that grows southward in proportion to area on the sphere: −sin φ, or −y of an EASE-Grid."""
    if native.crs == LATLON:
        return -np.sin(np.radians(latitude))
    y: NDArray[np.floating] = projection(native.crs).transform(np.zeros_like(latitude), latitude)[1]
    return -y


def _averages(native: NativeGrid, target: Grid) -> bool:
    """Whether native cells are finer than pixels along an axis or, as wide, do not coincide with them.

    Rows are finer where they are so at every latitude. Where one of the grids is an EASE-Grid, below nine tenths of a
    pixel is finer: cells of 9 km are not finer than 0.1°, poleward they are up to three pixels high, and are copied.
    """
    longitude, south = _native_edges(native)
    width, pixel = longitude[1] - longitude[0], target.column_step
    shift = (longitude[0] - target.west) / pixel % 1
    coincides = min(shift, 1 - shift) < 0.01
    finer = 1 - 1e-6 if native.crs == target.crs == LATLON else 0.9
    if width < finer * pixel or (abs(width - pixel) < 1e-6 and not coincides):
        return True
    whole = target.window(target.everywhere)
    edges = _southward(native, target.row_edges(whole))
    cell = _holder(south, (edges[1:] + edges[:-1]) / 2, slice(0, native.rows))
    return bool(np.all(np.diff(south)[cell] < 0.9 * np.diff(edges), where=cell >= 0))


def _holder(edges: NDArray[np.floating], points: NDArray[np.floating], part: slice) -> NDArray[np.int64]:
    """Position in `part` of the cell between ascending `edges` that holds each point, −1 for none."""
    cell = np.searchsorted(edges, points, side="right") - 1
    inside = (cell >= max(part.start, 0)) & (cell < min(part.stop, edges.size - 1))
    return np.where(inside, cell - part.start, -1)


def _overlap(
    edges: NDArray[np.floating], pixel_edges: NDArray[np.floating], part: slice, circle: float | None = None
) -> Overlap:
    """Cells of `part` and the length that pixels and they share; on a `circle` cells return behind the seam."""
    cells = edges.size - 1
    low, high = pixel_edges[:-1], pixel_edges[1:]
    turns = cells  # number of intervals after which the cells return
    if circle is not None:
        turn = np.floor((low - edges[0] + NUDGE) / circle) * circle
        low, high = low - turn, high - turn
        if abs(edges[-1] - edges[0] - circle) < SLIVER:
            edges = np.append(edges, edges[1:] + circle)
        else:  # a cut: behind it comes what it leaves open
            turns, edges = cells + 1, np.append(edges, edges + circle)
    first = np.clip(np.searchsorted(edges, low, side="right") - 1, 0, edges.size - 2)
    last = np.clip(np.searchsorted(edges, high, side="left"), first, edges.size - 1)
    count = last - first
    pixel = np.repeat(np.arange(low.size), count)
    cell = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    shared = np.minimum(edges[cell + 1], high[pixel]) - np.maximum(edges[cell], low[pixel])
    kept = shared > SLIVER * (edges[cell + 1] - edges[cell])
    position = cell % turns
    kept &= position < cells
    position -= part.start
    kept &= (position >= 0) & (position < part.stop - part.start)
    pixel, position, shared = pixel[kept], position[kept], shared[kept]
    count = np.bincount(pixel, minlength=low.size)
    slot = np.arange(pixel.size) - np.repeat(np.cumsum(count) - count, count)
    shape = (low.size, max(int(count.max()), 1))
    overlap = Overlap(np.zeros(shape, np.int64), np.zeros(shape, np.float32))
    overlap.position[pixel, slot], overlap.shared[pixel, slot] = position, shared
    return overlap
