"""A year of the data set from estimates of tiles: NetCDF and, step by step, Cloud-Optimized GeoTIFF.

Steps are taken in blocks, those of a chunk of the file, so that memory is that of one block of packed maps, whatever the
calendar: a year of days on a quarter of a degree is no more than a few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from os.path import relpath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.cubes.estimates import TileEstimates, read_estimates
from rssm.cubes.place import window_index
from rssm.errors import InputError
from rssm.ingest.index import checksum, write_index
from rssm.layer import Layer, Packing
from rssm.product.formats.cog import write_cog
from rssm.product.formats.netcdf import year_file
from rssm.product.records.attributes import global_attributes
from rssm.product.records.frame import Frame
from rssm.product.records.provenance import provenance
from rssm.product.records.release import digest_of, read_taken, release_kind
from rssm.product.specs import TiledYearSpec
from rssm.product.values.coverage import of_values
from rssm.product.values.sources import land_of

Maps = dict[str, NDArray[Any]]


def tiled_year(
    table: str,
    year: str,
    estimates: Sequence[str],
    learnt: Sequence[str],
    land: Sequence[str],
    extends: Sequence[str],
    spec: TiledYearSpec,
    out: Sequence[str],
) -> None:
    """Write a year of a table: its GeoTIFF files, its NetCDF file, and the index of both last.

    table      how the names of its files begin
    estimates  of all tiles, of this year or of all
    learnt     files that were learnt, which the record names
    land       mask of the whole grid
    extends    what was taken over of the edition that this one extends (`take-over`), or nothing
    out        index; the NetCDF file
    """
    frame, steps = spec.frame, range(spec.steps[0], spec.steps[1] + 1)
    calendar = frame.calendar
    if {calendar.year_of(step) for step in steps} != {int(year)}:
        raise InputError(f"{year}: no steps of the data set's period lie in it.")
    taken = read_taken(extends)
    networks = {"learnt": digest_of(learnt)} if learnt else {}
    record = provenance([*land, *extends], networks, "", spec.calibrated, spec.edition.config, taken, spec.code) | {
        "estimates": {str(Path(estimates[0]).parent): digest_of(estimates)}
    }
    frozen_until = taken["last"] if taken else None
    index = {
        label: entry | {"release": release_kind([calendar.parse(label)], frozen_until, calendar)}
        for label, entry in _written(steps, estimates, land_of(land[0], frame), record, spec, out)
    }
    netcdf = {"file": Path(out[1]).name, "sha256": checksum(out[1])}
    about = {"netcdf": netcdf, "window": list(astuple(frame.window)), "provenance": record}
    write_index(out[0], table, year, index, **about)


def _written(
    steps: range,
    estimates: Sequence[str],
    land: NDArray[np.bool_],
    record: dict[str, Any],
    spec: TiledYearSpec,
    out: Sequence[str],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Write step by step; yield label and entry of the index."""
    frame, table, storage = spec.frame, spec.table, spec.layers
    calendar, folder = frame.calendar, Path(out[0]).parent
    about = global_attributes(_name(spec, calendar.year_of(steps[0])), spec.edition, frame, steps, record)
    mapped = "geotiff" in spec.formats and table.maps == "step"
    folder.mkdir(parents=True, exist_ok=True)
    with year_file(out[1], frame, steps, table.layers, storage, about) as file:
        for first in range(steps.start, steps.stop, storage.steps):
            block = range(first, min(first + storage.steps, steps.stop))
            maps = laid(estimates, block, frame, table.layers, storage.packing)
            for k, step in enumerate(block):
                stored = {name: values[k] for name, values in maps.items()}
                file.put(step - steps.start, stored)
                path, label = Path(out[1]), calendar.label(step)
                if mapped:
                    path = folder / f"{table.prefix}_{label}.tif"
                    own = global_attributes(_name(spec, label), spec.edition, frame, [step], record)
                    tags = {name: str(value) for name, value in own.items()} | {"period": label}
                    write_cog(path, stored, frame, table.layers, storage, tags)
                known = ~np.isnan(table.main.unpack(stored[table.main.name], storage.packing))
                status = "complete" if known.any() else "missing"
                yield label, {"map": relpath(path, folder), "status": status} | of_values(known, land)


def _name(spec: TiledYearSpec, of: int | str) -> str:
    """Name of a file in its edition."""
    return f"{spec.table.prefix}-{of}"


def laid(estimates: Sequence[str], steps: range, frame: Frame, layers: Sequence[Layer], packing: Packing) -> Maps:
    """Layer → stored numbers (step, row, column) of some steps, from all tiles; where no tile lies they are gaps, or least."""
    shape = (len(steps), *frame.window.shape)
    maps = {layer.name: np.full(shape, _nothing(layer, packing), layer.stored_dtype(packing)) for layer in layers}
    names = list(dict.fromkeys(name for layer in layers for name, _ in layer.estimates))
    flat = {name: values.reshape(len(steps), -1) for name, values in maps.items()}
    for path in estimates:
        tile = read_estimates(path, names, steps)
        if (tile.grid_id, tile.calendar_id) != (frame.grid.id, frame.calendar.id):
            raise InputError(
                f"{path}: on grid {tile.grid_id} and calendar {tile.calendar_id}, expected {frame.grid.id} and"
                f" {frame.calendar.id}. Remove it and run its rule again."
            )
        inside, position = window_index(tile.pixel, frame.window, frame.grid)
        at = tile.step - steps.start
        for layer in layers:
            stored = layer.pack(_combined(layer, tile)[:, inside], packing)
            flat[layer.name][np.ix_(at, position)] = stored
    return maps


def _nothing(layer: Layer, packing: Packing) -> float | int:
    """What is stored where nothing is known."""
    gap = layer.missing(packing)
    return min(0, int(layer.low)) if gap is None else gap


def _combined(layer: Layer, tile: TileEstimates) -> NDArray[Any]:
    """Values (step, pixel) of a layer: an estimate, or the weighted sum of several."""
    (first, weight), *others = layer.estimates
    values = tile.layers[first]
    if not others:
        return values
    total = values * np.float32(weight)
    for name, weight in others:
        total += tile.layers[name] * np.float32(weight)
    return total
