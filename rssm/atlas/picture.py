"""A field as a picture in its map's projection: every point of the picture has the value of the pixel in which it lies.

So pixels have their edges where the grid has them, on any grid and in any projection, and a field of millions of pixels is
first brought to the size of the figure.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.atlas.projection import View, box_of
from rssm.grid import Area

EDGE = 1e-7  # degrees: a place on an edge belongs south or east of it, as the grid says, whatever rounding does
HATCH_EVERY, HATCH_WIDTH = 9, 2  # points of a picture


@lru_cache(maxsize=4)
def places(area: Area, width: int) -> tuple[NDArray[np.int32], tuple[int, int]]:
    """Flat index of the pixel in which each point of a picture lies, −1 outside the area; and the picture's shape."""
    view = View(box_of(area))
    left, right, bottom, top = view.extent
    shape = (max(round(width * view.shape), 1), width)
    x = left + (np.arange(width) + 0.5) * (right - left) / width
    y = top - (np.arange(shape[0]) + 0.5) * (top - bottom) / shape[0]
    longitude, latitude = view.earth(*np.meshgrid(x, y))
    window = area.window
    rows, columns = area.grid.row_edges(window), area.grid.column_edges(window)
    row = np.searchsorted(-rows, EDGE - latitude, side="right") - 1
    column = np.floor((longitude + EDGE - columns[0]) / area.grid.column_step)
    inside = (row >= 0) & (row < window.rows) & (column >= 0) & (column < window.columns)
    flat = np.full(shape, -1, np.int32)
    flat[inside] = row[inside] * window.columns + column[inside].astype(np.int64)
    return flat, shape


def warped(field: NDArray[Any], area: Area, width: int, outside: float) -> NDArray[Any]:
    """A field (row, column) of an area as a picture `width` points wide, top first."""
    flat, _ = places(area, width)
    return np.where(flat >= 0, field.reshape(-1)[flat], outside).astype(field.dtype)


def stripes(shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Where a hatched picture is dark."""
    row, column = np.ogrid[: shape[0], : shape[1]]
    return (row + column) % HATCH_EVERY < HATCH_WIDTH
