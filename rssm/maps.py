"""Maps: one step of one product, as named float32 layers of a GeoTIFF on a region's window.

A map has a file of its own, or a year's maps share one, whose layers then say step and name (`2015-04-01 value`). Where a
map lies is written `FILE` or `FILE#LABEL` (rssm.paths): indices and series hold these places, and whoever reads one need
not know which it is.

Every map states which grid and window it stands on, so a reader asks in pixels of the whole grid and never in rows of a
file. NaN is missing; a count of observations is 0 where there is none.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import Grid, Window, grid_of, relative_window, unwrapped
from rssm.paths import place_parts

Layers = dict[str, NDArray[np.float32]]
Written = Mapping[str, NDArray[np.floating] | NDArray[np.integer]]
Tags = Mapping[str, str]

BLOCK = 256  # pixels a side of an internal tile; a smaller map is one tile
YEAR_BLOCK = 128  # of a file with a year's maps, of which jobs read small windows of all
TOGETHER = 500_000  # pixels read at once from one file: a call costs milliseconds where there are hundreds of layers
GDAL = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # or GDAL lists the folder, of thousands of maps, at every open
    "GDAL_CACHEMAX": 64,  # MB; its own choice grows with the machine's memory, and a year's file fills it
}


# -- writing -------------------------------------------------------------------------------------------------------------


def write_map(path: str | Path, layers: Written, grid: Grid, window: Window, tags: Tags) -> None:
    """Write a map as a file of its own.

    layers   name → (row, column) of `window`; the order is kept
    tags     text that travels with the map: product, label, calendar_id, units, status, provenance (JSON) …;
             `grid_id` and `window` are added here
    """
    with _created(path, len(layers), grid, window, tags, BLOCK) as target:
        _put(target, 1, layers, window)
        target.descriptions = tuple(layers)


def write_maps(
    path: str | Path, maps: Iterable[tuple[str, Written, Tags]], steps: int, grid: Grid, window: Window, tags: Tags
) -> None:
    """Write a year's maps as one file, each as it comes: one map is in memory at a time.

    maps    label, layers and tags of each of the `steps`; all have the same layers
    tags    of the file as a whole
    """
    names: list[str] = []
    with ExitStack() as stack:
        for label, layers, own in maps:
            if not names:
                target = stack.enter_context(_created(path, steps * len(layers), grid, window, tags, YEAR_BLOCK))
            first = len(names) + 1
            _put(target, first, layers, window)
            target.update_tags(first, label=label, **own)
            names += [f"{label} {name}" for name in layers]
        target.descriptions = tuple(names)


def _put(target: Any, first: int, layers: Written, window: Window) -> None:
    """Write layers as the bands from `first` on."""
    for band, (name, layer) in enumerate(layers.items(), start=first):
        if layer.shape != window.shape:
            raise ValueError(f"layer {name} of {layer.shape} does not fit a window of {window.shape} pixels")
        target.write(np.asarray(layer, np.float32), band)


@contextmanager
def geotiff(path: str | Path, driver: str = "GTiff", **profile: Any) -> Iterator[Any]:
    """A new GeoTIFF that is whole: GDAL closes one on a full disk without an error, and leaves half of it or nothing."""
    with atomic(path) as beside:
        with rasterio.open(beside, "w", driver=driver, **profile) as target:
            yield target
            tags = target.tags()
        if not _is_whole(beside, tags):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(beside))


def _is_whole(path: Path, tags: Tags) -> bool:
    """Whether every block of a file lies within it, and its tags are there."""
    try:
        with rasterio.open(path) as made:
            blocks = [(band, *at) for band in made.indexes for at, _ in made.block_windows(band)]
            ends = [
                sum(int(made.get_tag_item(f"BLOCK_{what}_{x}_{y}", "TIFF", band) or 0) for what in ("OFFSET", "SIZE"))
                for band, y, x in blocks
            ]
            written = {name for name, text in tags.items() if text}  # GDAL leaves out empty ones
            return written <= made.tags().keys() and max(ends) <= path.stat().st_size
    except rasterio.RasterioIOError:
        return False


@contextmanager
def _created(path: str | Path, bands: int, grid: Grid, window: Window, tags: Tags, block: int) -> Iterator[Any]:
    """A new file, which gets its tags at the end."""
    with (
        rasterio.Env(**GDAL),
        geotiff(
            path,
            dtype="float32",
            nodata=np.nan,
            count=bands,
            height=window.rows,
            width=window.columns,
            crs=CRS.from_string(grid.crs),
            transform=Affine(*grid.transform(window)),
            tiled=True,
            blockxsize=_block(window.columns, block),
            blockysize=_block(window.rows, block),
            interleave="band",
            bigtiff="if_safer",
            # pixels that share a native cell repeat each other: for zstd alone, smaller and 3 times faster than deflate
            # with a predictor, which hides the repetition
            compress="zstd",
            zstd_level=1,
        ) as target,
    ):
        yield target
        place = f"{window.row} {window.column} {window.rows} {window.columns}"
        target.update_tags(**{**tags, "grid_id": grid.id, "window": place})


def _block(pixels: int, most: int) -> int:
    """Side of an internal tile: GeoTIFF asks for multiples of 16."""
    return min(most, -(-pixels // 16) * 16)


# -- reading -------------------------------------------------------------------------------------------------------------


def read_map(
    place: str | Path, window: Window | None = None, layers: Sequence[str] | None = None, grid: Grid | None = None
) -> tuple[Layers, dict[str, str]]:
    """Layers (row, column) and tags of a map: of `window` (pixels of the whole grid) and the named layers only.

    grid   that the map must stand on; without it, any
    """
    return next(read_maps([place], window, layers, grid))


def read_maps(
    places: Iterable[str | Path],
    window: Window | None = None,
    layers: Sequence[str] | None = None,
    grid: Grid | None = None,
) -> Iterator[tuple[Layers, dict[str, str]]]:
    """`read_map` of each place in turn; a file is opened once for places of it that follow each other."""
    for path, own in groupby(map(place_parts, places), key=lambda place: place[0]):
        with rasterio.Env(**GDAL), _opened(path) as source:
            tags, names = source.tags(), source.descriptions
            columns = _own_grid(path, tags, grid).columns
            inner = _inside(path, map_window(tags), window, columns)
            labels = [label for _, label in own]
            together = max(1, TOGETHER // max(inner.rows * inner.columns, 1))
            for start in range(0, len(labels), together):
                some = [(label, _bands(path, names, label, layers)) for label in labels[start : start + together]]
                stack = iter(_read(source, [band for _, bands in some for band in bands.values()], inner, columns))
                for label, bands in some:
                    step_tags = source.tags(_first(names, label)) if label else {}
                    yield {name: next(stack) for name in bands}, tags | step_tags


def _read(source: Any, bands: Sequence[int], inner: Window, columns: int) -> NDArray[np.float32]:
    """Bands (band, row, column) of a window of a file."""
    stack = np.empty((len(bands), *inner.shape), np.float32)
    for there, here in unwrapped(inner, columns):
        rows = (inner.row, inner.row + inner.rows)
        stack[:, :, here] = source.read(bands, window=(rows, (there.start, there.stop)))
    return stack


def map_window(tags: Tags) -> Window:
    """Where a map lies on its grid, from its tags."""
    row, column, rows, columns = map(int, tags["window"].split())
    return Window(row, column, rows, columns)


def _opened(path: Path) -> Any:
    try:
        return rasterio.open(path)
    except rasterio.RasterioIOError as error:
        raise InputError(f"{path}: cannot be read as a map ({error}). Remove it and run its rule again.") from None


def _own_grid(path: Path, tags: Tags, expected: Grid | None) -> Grid:
    """The grid of a file, which is the one expected."""
    name = tags.get("grid_id", "unknown")
    if expected is not None and name != expected.id:
        raise InputError(f"{path}: on grid {name}, expected a map on {expected.id}.")
    return expected or grid_of(name)


def _inside(path: Path, outer: Window, window: Window | None, columns: int) -> Window:
    """A window of the whole grid, counted from the corner of a file's."""
    inner = Window(0, 0, *outer.shape) if window is None else relative_window(window, outer, columns)
    fits = inner.column + inner.columns <= outer.columns or outer.columns == columns
    if inner.row < 0 or inner.row + inner.rows > outer.rows or not fits:
        raise InputError(f"{path}: holds {outer}, which does not contain {window}. Was the region changed?")
    return inner


def _bands(path: Path, names: Sequence[str], label: str, layers: Sequence[str] | None) -> dict[str, int]:
    """Layer → band of one map of a file."""
    before = f"{label} " if label else ""
    there = {name.removeprefix(before): band for band, name in enumerate(names, 1) if name.startswith(before)}
    if not there:
        raise InputError(f"{path}: no map of {label} (it has {names[0]} to {names[-1]}).")
    absent = [name for name in layers or () if name not in there]
    if absent:
        raise InputError(f"{path}: no layer {', '.join(absent)} (it has {', '.join(there)}).")
    return {name: there[name] for name in layers or there}


def _first(names: Sequence[str], label: str) -> int:
    """First band of a step, which holds its tags."""
    return next(band for band, name in enumerate(names, 1) if name.startswith(f"{label} "))
