"""Where the pixels of a cube lie: the land of a tile's zones, and their places on the maps of a window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.grid import Grid, Window, Zone, unwrapped


def tile_pixels(
    zones: Sequence[Zone], land: str | Path, grid: Grid
) -> tuple[NDArray[np.int32], tuple[str, ...], NDArray[np.int32]]:
    """(pixel, zones, zone_start) of the land of some zones; `land` is a 0/1 raster of the whole grid."""
    import rasterio  # here: training starts sooner without it

    pixels, names = [], []
    with rasterio.open(land) as source:
        if source.shape != (grid.rows, grid.columns):
            raise InputError(f"{land}: a land mask of {source.shape} pixels, expected {(grid.rows, grid.columns)}.")
        for zone in zones:
            window = grid.zone_window(zone)
            rows, mask = (window.row, window.row + window.rows), np.zeros(window.shape, bool)
            for there, here in unwrapped(window, grid.columns):
                if mask.size:
                    mask[:, here] = source.read(1, window=(rows, (there.start, there.stop)))
            row, column = np.nonzero(mask)
            if row.size:
                pixels.append((row + window.row) * grid.columns + (column + window.column) % grid.columns)
                names.append(zone.name)
    if not names:
        raise InputError(f"{land}: no land in zones {', '.join(zone.name for zone in zones)}.")
    start = np.cumsum([0, *(len(zone_pixels) for zone_pixels in pixels)])
    return np.concatenate(pixels).astype(np.int32), tuple(names), start.astype(np.int32)


def window_index(pixel: NDArray[np.integer], window: Window, grid: Grid) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which pixels lie in a window, and the flat position there of those that do."""
    row = pixel.astype(np.int64) // grid.columns - window.row
    column = (pixel.astype(np.int64) % grid.columns - window.column) % grid.columns
    inside = (row >= 0) & (row < window.rows) & (column < window.columns)
    return inside, (row * window.columns + column)[inside]


def scatter(
    values: NDArray[np.float32],
    pixel: NDArray[np.integer],
    window: Window,
    grid: Grid,
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Lay values (…, pixel) on the maps of a window: (…, row, column), NaN where no pixel lies.

    With `out`, the maps of an earlier call, further tiles join those already there.
    """
    if out is None:
        out = np.full((*values.shape[:-1], *window.shape), np.nan, values.dtype)
    inside, position = window_index(pixel, window, grid)
    out[..., position // window.columns, position % window.columns] = values[..., inside]
    return out
