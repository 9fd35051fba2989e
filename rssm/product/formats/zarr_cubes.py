"""Zarr cubes of the whole record: `maps.zarr` with a chunk per map, `points.zarr` with a chunk per block of pixels.

Both hold the stored numbers of the yearly files, in Zarr format 2 with consolidated metadata, which most programs read.
Points are land pixels zone by zone, as in the cubes, so that those of a zone or a box lie together; each chunk has all
dekads, so that a series is one chunk of each layer.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numcodecs import Blosc
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import GRID
from rssm.product.dekad import land_of
from rssm.product.formats.axes import WKT, Axis, scalar_axes, space_axes, time_axes
from rssm.product.formats.layers import LAYERS, attributes
from rssm.product.formats.netcdf import YearReader
from rssm.product.records.attributes import of_edition, over_time
from rssm.product.records.provenance import as_text, derived_record
from rssm.product.records.release import release_kind

CODEC = Blosc("zstd", clevel=3, shuffle=Blosc.SHUFFLE)
GDAL_CRS = {"_CRS": {"wkt": WKT}}  # what GDAL and QGIS look for in a Zarr array, grid_mapping or not


def cubes(years: Sequence[str], land: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Write both cubes from the yearly NetCDF files.

    land  mask of the whole grid
    spec  layers (settings), code (digest of the verb's)
    out   folder of the maps, folder of the points
    """
    with ExitStack() as stack:
        files = [stack.enter_context(YearReader(path)) for path in years]
        _agree(files)
        about, edition = _about(files, spec["code"]), files[-1].attributes["edition"]
        with atomic_folder(out[0]) as beside:
            write_maps(beside, files, about | of_edition(edition, "maps"))
        with atomic_folder(out[1]) as beside:
            known = about | of_edition(edition, "points")
            write_points(beside, files, land_of(land[0], files[0].window), spec["layers"], known)


def _about(files: Sequence[YearReader], code: str) -> dict[str, Any]:
    """Attributes of the whole record: those of its last year, over the time of all."""
    last = files[-1].attributes
    steps = [step for file in files for step in file.steps]
    until = DEKADS.parse(last["frozen_until"]) if "frozen_until" in last else None
    return {
        **{name: _plain(value) for name, value in last.items()},
        **over_time(steps[0], steps[-1], steps[-1]),
        "product_type": release_kind(steps, until),
        "source_files": [file.path.name for file in files],
        "provenance": as_text(derived_record([file.attributes for file in files], [file.path for file in files], code)),
    }


def _agree(files: Sequence[YearReader]) -> None:
    """Years of one edition: equal windows and layers, ascending dekads."""
    if not files:
        raise InputError("cubes: no yearly file was given.")
    for before, after in pairwise(files):
        if after.window != before.window or after.packing != before.packing or after.codes != before.codes:
            raise InputError(
                f"{after.path}: differs in region, packing or networks from {before.path}. Remake one of them."
            )
        if after.steps[0] <= before.steps[-1]:
            raise InputError(f"{after.path}: does not follow {before.path} in time. Give years in order.")


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """As `rssm.files.atomic`, of a folder; one that is there already is replaced."""
    with atomic(path) as beside:
        try:
            yield beside
            if Path(path).is_dir():
                shutil.rmtree(path)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise


def write_maps(path: Path, files: Sequence[YearReader], about: Mapping[str, Any]) -> None:
    """Layers (time, lat, lon), one chunk per map."""
    first = files[0]
    steps = [step for file in files for step in file.steps]
    group = zarr.open_group(str(path), mode="w", zarr_format=2, attributes=dict(about))
    _put_axes(group, time_axes(steps) | space_axes(first.window) | scalar_axes())
    shape = (len(steps), *first.window.shape)
    arrays = _layers(group, first, shape, (1, *first.window.shape), ["time", "lat", "lon"], "depth period", GDAL_CRS)
    at = 0
    for file in files:
        for k in range(len(file.steps)):
            for name, array in arrays.items():
                array[at] = file.stored(name, k)
            at += 1
    zarr.consolidate_metadata(group.store, zarr_format=2)


def write_points(
    path: Path,
    files: Sequence[YearReader],
    land: NDArray[np.bool_],
    storage: Mapping[str, Any],
    about: Mapping[str, Any],
) -> None:
    """Layers (place, time) of land pixels, `points` pixels with all their dekads in a chunk.

    storage  points; rows, that are read at once and should be those of a chunk of the yearly files
    """
    first = files[0]
    steps = [step for file in files for step in file.steps]
    row, column = zone_order(land)
    group = zarr.open_group(
        str(path),
        mode="w",
        zarr_format=2,
        attributes={**about, "featureType": "timeSeries", "cdm_data_type": "Station"},
    )
    space = space_axes(first.window)
    place = {
        name: Axis(
            ("place",), space[name].values[at], {k: v for k, v in space[name].attributes.items() if k != "bounds"}
        )
        for name, at in (("lat", row), ("lon", column))
    }
    place["pixel"] = Axis(
        ("place",),
        ((row + first.window.row) * GRID.columns + (column + first.window.column) % GRID.columns).astype(np.int32),
        {"long_name": "row * 3600 + column on the 0.1 degree grid from 80 N, 180 W", "cf_role": "timeseries_id"},
    )
    for axis in (place["lat"], place["lon"]):
        del axis.attributes["axis"]
    _put_axes(group, time_axes(steps) | place | scalar_axes())
    shape = (row.size, len(steps))
    arrays = _layers(
        group,
        first,
        shape,
        (min(storage["points"], max(row.size, 1)), len(steps)),
        ["place", "time"],
        "depth lat lon period",
    )
    for name, array in arrays.items():
        _put_points(array, files, name, row, column, storage)
    zarr.consolidate_metadata(group.store, zarr_format=2)


def _put_points(
    array: Any,
    files: Sequence[YearReader],
    name: str,
    row: NDArray[np.intp],
    column: NDArray[np.intp],
    storage: Mapping[str, Any],
) -> None:
    """Fill a layer band by band; what is left of a chunk waits for the next band, so that each is written once."""
    band, chunk = storage["rows"], array.chunks[0]
    written, left = 0, np.empty((0, array.shape[1]), array.dtype)
    for top in range(0, files[0].window.rows, band):
        inside = (row >= top) & (row < top + band)
        block = np.empty((len(left) + np.count_nonzero(inside), array.shape[1]), array.dtype)
        block[: len(left)] = left
        at = 0
        for file in files:
            values = file.stored(name, rows=slice(top, top + band))[:, row[inside] - top, column[inside]]
            block[len(left) :, at : at + len(values)] = values.T
            at += len(values)
        whole = len(block) // chunk * chunk
        array[written : written + whole] = block[:whole]
        written, left = written + whole, block[whole:].copy()
    array[written:] = left


def zone_order(land: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of land pixels zone by zone: north to south, west to east, inside a zone row by row."""
    row, column = np.nonzero(land)
    n = GRID.zone_pixels
    order = np.lexsort((column, row, column // n, row // n))
    return row[order], column[order]


def _layers(
    group: Any,
    file: YearReader,
    shape: tuple[int, ...],
    chunks: tuple[int, ...],
    dimensions: list[str],
    coordinates: str,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Empty arrays of all layers."""
    arrays = {}
    for layer in LAYERS:
        known = {name: _plain(value) for name, value in attributes(layer, file.codes, file.packing).items()}
        scale, gap = layer.scale(file.packing), layer.missing(file.packing)
        packed = {} if scale is None else {"scale_factor": scale}
        arrays[layer.name] = group.create_array(
            layer.name,
            shape=shape,
            chunks=chunks,
            dtype=layer.stored_dtype(file.packing),
            compressors=CODEC,
            fill_value=gap,
            # without a fill value a chunk of zeros must be there, or readers would not know what it holds
            config={"write_empty_chunks": gap is None},
            attributes=known
            | packed
            | {"_ARRAY_DIMENSIONS": dimensions, "grid_mapping": "crs", "coordinates": coordinates}
            | dict(more or {}),
        )
    return arrays


def _put_axes(group: Any, axes: Mapping[str, Axis]) -> None:
    for name, axis in axes.items():
        values = np.asarray(axis.values, "U7") if axis.values.dtype == object else axis.values
        array = group.create_array(
            name,
            shape=values.shape,
            chunks=tuple(max(n, 1) for n in values.shape),
            dtype=values.dtype,
            fill_value="" if values.dtype.kind == "U" else None,
            config={"write_empty_chunks": True},
            attributes=axis.attributes | {"_ARRAY_DIMENSIONS": list(axis.dimensions)},
        )
        array[...] = values


def _plain(value: Any) -> Any:
    """An attribute as JSON takes it."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
