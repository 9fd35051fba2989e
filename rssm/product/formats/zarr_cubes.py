"""Zarr cubes of the whole record: `maps.zarr` with a chunk per map (or some steps of it), `points.zarr` with a chunk per block of pixels.

Both hold the stored numbers of the yearly files, in Zarr format 2 with consolidated metadata, which most programs read.
Points are land pixels zone by zone, as in the cubes, so that those of a zone or a box lie together; each chunk has all
steps, so that a series is one chunk of each layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import zarr
from numcodecs import Blosc
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.files import Kind, atomic
from rssm.product.formats.axes import Axis, reference_system, scalar_axes, space_axes, time_axes
from rssm.product.formats.netcdf import YearReader
from rssm.product.records.attributes import in_edition
from rssm.product.records.frame import Frame
from rssm.product.records.provenance import as_text, derived_record
from rssm.product.records.release import release_kind
from rssm.product.records.texts import made_on
from rssm.product.specs import FileSpec
from rssm.product.values.sources import land_of

if TYPE_CHECKING:
    from rssm.config.product import Layers

CODEC = Blosc("zstd", clevel=3, shuffle=Blosc.SHUFFLE)
WITNESS = "fill_distance"  # layer below 0 where soil moisture has no value
ROOM = 2**30  # bytes of a band of rows, at most
MAPS, POINTS = Kind("cube of maps"), Kind("cube of points")


def cubes(years: Sequence[str], land: Sequence[str], spec: FileSpec, out: Sequence[str]) -> None:
    """Write both cubes from the yearly NetCDF files.

    land  mask of the whole grid
    out   folder of the maps, folder of the points
    """
    with ExitStack() as stack:
        files = [stack.enter_context(YearReader(path)) for path in years]
        _agree(files)
        about, last = _about(files, spec.code), files[-1].attributes
        with atomic(out[0]) as beside:
            write_maps(beside, files, spec.layers, about | in_edition(last, "maps"))
        with atomic(out[1]) as beside:
            known = about | in_edition(last, "points")
            write_points(beside, files, land_of(land[0], files[0].frame), spec.layers, known)


def _about(files: Sequence[YearReader], code: str) -> dict[str, Any]:
    """Attributes of the whole record: those of its last year, over the time of all."""
    last, frame, steps = files[-1].attributes, files[-1].frame, all_steps(files)
    return {
        **{name: _plain(value) for name, value in last.items()},
        **frame.over_steps(steps),
        "product_type": release_kind(steps, last.get("frozen_until"), frame.calendar),
        "date_created": made_on(),
        "source_files": [file.path.name for file in files],
        "provenance": as_text(derived_record([file.attributes for file in files], [file.path for file in files], code)),
    }


def all_steps(files: Sequence[YearReader]) -> list[int]:
    return [step for file in files for step in file.steps]


def _agree(files: Sequence[YearReader]) -> None:
    """Years of one edition: equal frames and layers, ascending steps."""
    if not files:
        raise InputError("cubes: no yearly file was given.")
    for before, after in pairwise(files):
        if (after.frame, after.packing, after.layers) != (before.frame, before.packing, before.layers):
            raise InputError(
                f"{after.path}: differs in region, packing, layers or networks from {before.path}. Remake one of them."
            )
        if after.steps[0] <= before.steps[-1]:
            raise InputError(f"{after.path}: does not follow {before.path} in time. Give years in order.")


def write_maps(path: Path, files: Sequence[YearReader], storage: Layers, about: Mapping[str, Any]) -> None:
    """Layers (time, lat, lon), whole maps of `storage.steps` steps in a chunk."""
    frame, steps = files[0].frame, all_steps(files)
    axes = time_axes(frame.calendar, steps) | space_axes(frame) | scalar_axes(frame)
    # what GDAL and QGIS look for in a Zarr array, grid_mapping or not
    gdal = {"_CRS": {"wkt": reference_system(frame.grid.crs)["crs_wkt"]}}
    known = {"_ARRAY_DIMENSIONS": ["time", "lat", "lon"], "coordinates": "depth period"} | gdal
    shape = frame.window.shape
    with _group(path, MAPS, about, axes) as group:
        several = min(storage.steps, len(steps))
        arrays = _layers(group, files[0], (len(steps), *shape), (several, *shape), known)
        waiting = {name: np.empty((several, *shape), array.dtype) for name, array in arrays.items()}
        at = 0
        for file in files:
            for k in range(len(file.steps)):
                for name, array in arrays.items():  # a chunk may hold the end of a year and the start of the next
                    waiting[name][at % several] = file.stored(name, k)
                    if (at + 1) % several == 0 or at + 1 == len(steps):
                        first = at // several * several
                        array[first : at + 1] = waiting[name][: at + 1 - first]
                at += 1
            file.forget()


def write_points(
    path: Path, files: Sequence[YearReader], land: NDArray[np.bool_], storage: Layers, about: Mapping[str, Any]
) -> None:
    """Layers (place, time) of land pixels, `storage.points` pixels with all their steps in a chunk."""
    frame, steps = files[0].frame, all_steps(files)
    row, column = zone_order(land, frame)
    axes = time_axes(frame.calendar, steps) | _place_axes(frame, row, column) | scalar_axes(frame)
    series = {"featureType": "timeSeries", "cdm_data_type": "Station"}
    chunks = (min(storage.points, max(row.size, 1)), len(steps))
    known = {"_ARRAY_DIMENSIONS": ["place", "time"], "coordinates": "depth lat lon period"}
    with _group(path, POINTS, {**about, **series}, axes) as group:
        for name, array in _layers(group, files[0], (row.size, len(steps)), chunks, known).items():
            whole = frame.window.columns * len(steps) * array.dtype.itemsize  # bytes of a row of pixels
            _put_points(array, files, name, row, column, bands(frame, min(storage.rows, ROOM // whole)))


def _place_axes(frame: Frame, row: NDArray[np.intp], column: NDArray[np.intp]) -> dict[str, Axis]:
    """Latitude, longitude and number of some pixels."""
    place = {}
    for name, at in (("lat", row), ("lon", column)):
        axis = space_axes(frame)[name]
        known = {key: value for key, value in axis.attributes.items() if key not in ("bounds", "axis")}
        place[name] = Axis(("place",), axis.values[at], known)
    meaning = f"{frame.pixel_meaning} from {frame.grid.north:g} N, {-frame.grid.west:g} W"
    place["pixel"] = Axis(("place",), frame.pixel(row, column), {"long_name": meaning, "cf_role": "timeseries_id"})
    return place


def _put_points(
    array: Any,
    files: Sequence[YearReader],
    name: str,
    row: NDArray[np.intp],
    column: NDArray[np.intp],
    bands: Sequence[slice],
) -> None:
    """Fill a layer, band of rows after band (best those of a chunk of the yearly files).

    What is left of a chunk waits for the next band, so that each is written once.
    """
    chunk = array.chunks[0]
    written, left = 0, np.empty((0, array.shape[1]), array.dtype)
    for band in bands:
        inside = (row >= band.start) & (row < band.stop)
        block = np.empty((len(left) + np.count_nonzero(inside), array.shape[1]), array.dtype)
        block[: len(left)] = left
        at = 0
        for file in files:
            values = file.stored(name, rows=band)[:, row[inside] - band.start, column[inside]]
            block[len(left) :, at : at + len(values)] = values.T
            at += len(values)
        whole = len(block) // chunk * chunk
        array[written : written + whole] = block[:whole]
        written, left = written + whole, block[whole:].copy()
    array[written:] = left


def bands(frame: Frame, most: int) -> list[slice]:
    """Rows in bands of at most so many, of whole zones, whose pixels follow on each other; never less than a row of zones."""
    souths, _ = frame.zones()
    edges = [0, *(np.flatnonzero(np.diff(souths)) + 1).tolist(), len(souths)]
    found, top = [], 0
    for edge, after in pairwise([*edges[1:], edges[-1] + most + 1]):
        if after - top > most:
            found.append(slice(top, edge))
            top = edge
    return found


def zone_order(land: NDArray[np.bool_], frame: Frame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of land pixels zone by zone: north to south, west to east, inside a zone row by row."""
    row, column = np.nonzero(land)
    souths, wests = frame.zones()
    order = np.lexsort((column, row, ((wests - wests[0]) % 360)[column], -souths[row]))
    return row[order], column[order]


@contextmanager
def _group(path: Path, kind: Kind, about: Mapping[str, Any], axes: Mapping[str, Axis]) -> Iterator[Any]:
    """A new cube with its coordinates, which says what it is."""
    known = {**about, "kind": kind.name, "layout": kind.layout}
    group = zarr.open_group(str(path), mode="w", zarr_format=2, attributes=known)
    for name, axis in axes.items():
        values = axis.values.astype("U") if axis.values.dtype == object else axis.values
        array = group.create_array(
            name,
            shape=values.shape,
            chunks=tuple(max(n, 1) for n in values.shape),
            dtype=values.dtype,
            fill_value="" if values.dtype.kind == "U" else None,
            config={"write_empty_chunks": True},
            attributes={name: _plain(value) for name, value in axis.attributes.items()}
            | {"_ARRAY_DIMENSIONS": list(axis.dimensions)},
        )
        array[...] = values
    yield group
    zarr.consolidate_metadata(group.store, zarr_format=2)


def _layers(
    group: Any, file: YearReader, shape: tuple[int, ...], chunks: tuple[int, ...], more: Mapping[str, Any]
) -> dict[str, Any]:
    """Empty arrays of all layers."""
    arrays = {}
    for layer in file.layers.values():
        known = {name: _plain(value) for name, value in file.known[layer.name].items()}
        scale, gap = layer.scale(file.packing), layer.missing(file.packing)
        packed = {} if scale is None else {"scale_factor": scale}
        arrays[layer.name] = group.create_array(
            layer.name,
            shape=shape,
            chunks=chunks,
            dtype=layer.stored_dtype(file.packing),
            compressors=CODEC,
            fill_value=gap,
            # without a fill value a chunk of zeros must be there, or readers would not know what it holds; of moisture
            # too, unless another layer tells where nothing but gaps is right
            config={"write_empty_chunks": gap is None or (layer == file.main and WITNESS not in file.layers)},
            attributes=known | packed | {"grid_mapping": "crs"} | dict(more),
        )
    return arrays


def _plain(value: Any) -> Any:
    """An attribute as JSON takes it."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
