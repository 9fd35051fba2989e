"""Map files: one step of one product, as a GeoTIFF of a region's window with named float32 layers.

Every map says which grid and window it stands on, so a reader asks in pixels of the whole grid and never in rows of a
file. NaN is missing; a count of observations is 0 where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import GRID, Grid, Window, relative_window, unwrapped

Layers = dict[str, NDArray[np.float32]]

BLOCK = 256  # pixels a side of an internal tile; a smaller map is one tile


def write_map(
    path: str | Path,
    layers: Mapping[str, NDArray[np.floating] | NDArray[np.integer]],
    grid: Grid,
    window: Window,
    tags: Mapping[str, str],
) -> None:
    """Write a map.

    layers   name → (row, column) of `window`; the order is kept
    tags     text that travels with the map: product, label, calendar_id, units, status, provenance (JSON) …;
             `grid_id` and `window` are added here
    """
    for name, layer in layers.items():
        if layer.shape != window.shape:
            raise ValueError(f"{path}: layer {name} of {layer.shape} does not fit a window of {window.shape} pixels")
    with (
        atomic(path) as beside,
        rasterio.open(
            beside,
            "w",
            driver="GTiff",
            dtype="float32",
            nodata=np.nan,
            count=len(layers),
            height=window.rows,
            width=window.columns,
            crs=CRS.from_string(grid.crs),
            transform=Affine(*grid.transform(window)),
            tiled=True,
            blockxsize=_block(window.columns),
            blockysize=_block(window.rows),
            interleave="band",
            # pixels that share a native cell repeat each other: for zstd alone, smaller and 3 times faster than deflate
            # with a predictor, which hides the repetition
            compress="zstd",
            zstd_level=1,
        ) as target,
    ):
        for band, layer in enumerate(layers.values(), start=1):
            target.write(np.asarray(layer, np.float32), band)
        target.descriptions = tuple(layers)
        place = f"{window.row} {window.column} {window.rows} {window.columns}"
        target.update_tags(**{**tags, "grid_id": grid.id, "window": place})


def read_map(
    path: str | Path, window: Window | None = None, layers: Sequence[str] | None = None, grid: Grid = GRID
) -> tuple[Layers, dict[str, str]]:
    """Layers (row, column) and tags of a map: of `window` (pixels of the whole grid) and the named layers only."""
    # without the setting GDAL lists the folder, of thousands of maps, at every open
    with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"), _opened(path) as source:
        tags: dict[str, str] = source.tags()
        if tags.get("grid_id") != grid.id:
            raise InputError(f"{path}: on grid {tags.get('grid_id', 'unknown')}, expected a map on {grid.id}.")
        outer = map_window(tags)
        inner = Window(0, 0, *outer.shape) if window is None else relative_window(window, outer, grid.columns)
        fits = inner.column + inner.columns <= outer.columns or outer.columns == grid.columns
        if inner.row < 0 or inner.row + inner.rows > outer.rows or not fits:
            raise InputError(f"{path}: holds {outer}, which does not contain {window}. Was the region changed?")
        names = list(layers or source.descriptions)
        absent = [name for name in names if name not in source.descriptions]
        if absent:
            raise InputError(f"{path}: no layer {', '.join(absent)} (it has {', '.join(source.descriptions)}).")
        bands = [source.descriptions.index(name) + 1 for name in names]
        stack = np.empty((len(bands), *inner.shape), np.float32)
        rows = (inner.row, inner.row + inner.rows)
        for columns, here in unwrapped(inner, grid.columns):
            stack[:, :, here] = source.read(bands, window=(rows, (columns.start, columns.stop)))
    return dict(zip(names, stack, strict=True)), tags


def map_window(tags: Mapping[str, str]) -> Window:
    """Where a map lies on its grid, from its tags."""
    row, column, rows, columns = map(int, tags["window"].split())
    return Window(row, column, rows, columns)


def _opened(path: str | Path) -> rasterio.DatasetReader:
    try:
        return rasterio.open(path)
    except rasterio.RasterioIOError as error:
        raise InputError(f"{path}: cannot be read as a map ({error}). Remove it and run its rule again.") from None


def _block(pixels: int) -> int:
    """Side of an internal tile: GeoTIFF asks for multiples of 16."""
    return min(BLOCK, -(-pixels // 16) * 16)
