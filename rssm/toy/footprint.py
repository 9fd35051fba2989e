"""What a sensor's footprint makes of fields of pixels: means over the cells of a native grid that a region needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rssm.archive.fields import NativeGrid
from rssm.archive.grids import LATLON, NATIVE_GRIDS, projection
from rssm.grid import Area, Grid, Window
from rssm.toy.geography import Array

KM_PER_DEGREE = 111.2
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True)
class Cells:
    """Rows and columns of a native grid that touch a region, and one more on each side.

    rows, columns   indices on the whole grid; columns wrap, so they need not ascend
    pixels          grid of the fields
    north, west     centres in its pixels: rows from its northern edge, columns from its western one
    """

    grid: NativeGrid
    pixels: Grid
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    north: Array
    west: Array
    tall: Array  # height of each row, pixels
    wide: float  # width of a column, pixels

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.columns)

    @property
    def latitude(self) -> Array:
        """Centres (row, 1), degrees."""
        return (self.pixels.north - self.north / self.pixels.zone_pixels).astype(np.float32)[:, None]

    @property
    def longitude(self) -> Array:
        """Centres (1, column), degrees, −180…180."""
        return (self.west / self.pixels.zone_pixels + self.pixels.west).astype(np.float32)[None, :]

    def pieces(self) -> list[tuple[slice, slice]]:
        """(columns of the grid, columns of these cells), one pair for each unbroken run."""
        breaks = np.flatnonzero(np.diff(self.columns) != 1) + 1
        edges = [0, *breaks.tolist(), len(self.columns)]
        return [(slice(int(self.columns[a]), int(self.columns[b - 1]) + 1), slice(a, b)) for a, b in pairwise(edges)]


@lru_cache(maxsize=32)
def cells(grid_id: str, area: Area) -> Cells:
    """Cells of a native grid for an area."""
    grid, pixels, region = NATIVE_GRIDS[grid_id], area.grid, area.region
    n = pixels.zone_pixels
    left = grid.transform[2]
    latitude = _latitudes(grid)
    first = max(int(np.searchsorted(-latitude, -region.north, "right")) - 2, 0)
    last = min(int(np.searchsorted(-latitude, -region.south, "left")) + 1, grid.rows)
    rows = np.arange(first, last)
    edges = (pixels.north - latitude[first : last + 1]) * n
    per_degree = grid.columns / 360
    offset = (left if grid.crs == LATLON else -180) - pixels.west  # degrees to the first column's edge
    if region.wraps:
        columns = np.arange(grid.columns)
    else:
        west = region.west - pixels.west - offset
        start = int(np.floor(west * per_degree)) - 1
        stop = int(np.ceil((west + region.degrees) * per_degree)) + 1
        columns = np.arange(start, stop) % grid.columns
    centres = ((columns + 0.5) / per_degree + offset) % 360 * n
    return Cells(grid, pixels, rows, columns, (edges[1:] + edges[:-1]) / 2, centres, np.diff(edges), n / per_degree)


@lru_cache
def axes(grid_id: str) -> tuple[Array, Array]:
    """Latitudes and longitudes (−180…180) of all rows and columns of a native grid, at the centres, degrees."""
    grid = NATIVE_GRIDS[grid_id]
    if grid.crs == LATLON:
        step_x, _, left, _, step_y, top = grid.transform
        latitude = top + step_y * (np.arange(grid.rows) + 0.5)
        longitude = left + step_x * (np.arange(grid.columns) + 0.5)
    else:
        latitude = _latitudes(grid, 0.5)[: grid.rows]
        longitude = (np.arange(grid.columns) + 0.5) * 360 / grid.columns - 180
    return latitude.astype(np.float32), longitude.astype(np.float32)


def _latitudes(grid: NativeGrid, offset: float = 0.0) -> NDArray[np.float64]:
    """Latitudes of the row edges of a native grid, north to south, degrees; with 0.5 of the centres and one more."""
    y = grid.transform[5] + grid.transform[4] * (np.arange(grid.rows + 1) + offset)
    if grid.crs == LATLON:
        return np.asarray(y)
    return np.asarray(projection(grid.crs).transform(np.zeros_like(y), y, direction="INVERSE")[1])


class Footprint:
    """Mean over a rectangle of `width` km, or over the cell where that is larger, around each cell's centre.

    East to west the width is that at 40° of latitude, so that rows and columns can be averaged one after the other.
    """

    def __init__(self, cells: Cells, window: Window, width: float, land: NDArray[np.bool_]) -> None:
        pixels, columns = width / KM_PER_DEGREE * cells.pixels.zone_pixels, cells.pixels.columns
        self.cells = cells
        self._rows = _taps(cells.north, np.maximum(cells.tall, pixels), window.row, window.rows, None)
        wide = np.full(len(cells.west), max(cells.wide, pixels / 0.766))
        self._columns = _taps(cells.west, wide, window.column, window.columns, columns)
        self._weight = land.astype(np.float32)
        self.land = self._mean(self._weight)  # share of land in each footprint
        pixel_rows = np.clip(np.floor(cells.north).astype(int) - window.row, 0, window.rows - 1)
        pixel_columns = (np.floor(cells.west).astype(int) - window.column) % columns
        self._nearest = pixel_rows, np.minimum(pixel_columns, window.columns - 1)

    def __call__(self, field: Array) -> Array:
        """Mean of the land pixels (…, row, column) in each footprint; 0 where there is none."""
        return self._mean(field * self._weight) / np.maximum(self.land, np.float32(1e-6))

    def nearest(self, field: NDArray[Kind]) -> NDArray[Kind]:
        """Value of the pixel that holds each cell's centre."""
        return field[..., self._nearest[0][:, None], self._nearest[1]]

    def _mean(self, field: Array) -> Array:
        along = _gather(field, *self._rows, axis=-2)
        return _gather(along, *self._columns, axis=-1)


def _taps(centre: Array, width: Array, first: int, count: int, around: int | None) -> tuple[NDArray[np.int64], Array]:
    """Pixels under each footprint (cell, tap), counted from the window's edge, and their shares."""
    start, stop = centre - width / 2, centre + width / 2
    lowest = np.floor(start + 1e-9).astype(np.int64)
    taps = np.arange(int((np.ceil(stop - 1e-9) - lowest).max()))
    pixel = lowest[:, None] + taps
    share = np.minimum(stop[:, None], pixel + 1) - np.maximum(start[:, None], pixel)
    share = (np.maximum(share, 0) / width[:, None]).astype(np.float32)
    index = pixel - first
    if around is not None:  # the copy of the circle that begins nearest to the window
        index = (index + around // 2 - count // 2) % around - around // 2 + count // 2
        if count == around:
            return index % around, share
    inside = (index >= 0) & (index < count)
    share = np.where(inside, share, 0).astype(np.float32)
    total = share.sum(axis=1, keepdims=True)
    return np.clip(index, 0, count - 1), share / np.where(inside.all(axis=1, keepdims=True) | (total == 0), 1, total)


def _gather(field: Array, index: NDArray[np.int64], share: Array, axis: int) -> Array:
    """Weighted sum over taps, in a fixed order, so that the last bit does not depend on the window."""
    shape = (-1, 1) if axis == -2 else (-1,)
    out = field.take(index[:, 0], axis) * share[:, 0].reshape(shape)
    for tap in range(1, index.shape[1]):
        out += field.take(index[:, tap], axis) * share[:, tap].reshape(shape)
    return out
