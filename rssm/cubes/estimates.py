"""Estimates of a tile on their way to the data set: any layers over steps and pixels, as one NetCDF-4 file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.errors import InputError
from rssm.files import Kind
from rssm.grid import Grid

ESTIMATES = Kind("tile-estimates")
CHUNK = (64, 2048)  # steps and pixels: years are made some steps at a time


@dataclass(frozen=True)
class TileEstimates:
    """What a method estimates in a tile.

    step    (step,) int32, ascending, of the calendar
    pixel   (pixel,) int32, row * columns + column on the whole grid
    layers  name → (step, pixel): float32 with NaN for gaps, or whole numbers
    """

    tile: str
    grid_id: str
    calendar_id: str
    step: NDArray[np.int32]
    pixel: NDArray[np.int32]
    layers: dict[str, NDArray[Any]]


def write_estimates(
    path: str | Path,
    tile: str,
    grid: Grid,
    calendar: Calendar,
    steps: Sequence[int] | NDArray[np.integer],
    pixels: NDArray[np.integer],
    layers: Mapping[str, NDArray[Any]],
) -> None:
    """Write one file; layers as in `TileEstimates`."""
    step, pixel = np.asarray(steps, "i4"), np.asarray(pixels, "i4")
    if (np.diff(step) <= 0).any():
        raise ValueError(f"{tile}: steps of estimates must ascend")
    with ESTIMATES.created(path) as file:
        file.setncatts({"tile": tile, "grid_id": grid.id, "calendar_id": calendar.id})
        for name, values in (("step", step), ("pixel", pixel)):
            file.createDimension(name, values.size)
            file.createVariable(name, "i4", (name,))[:] = values
        chunks = tuple(max(1, min(n, most)) for n, most in zip((step.size, pixel.size), CHUNK, strict=True))
        for name, values in layers.items():
            if values.shape != (step.size, pixel.size):
                raise ValueError(f"{tile}: layer {name} is {values.shape}, expected {(step.size, pixel.size)}")
            dtype = "f4" if values.dtype.kind == "f" else values.dtype
            gap = np.nan if values.dtype.kind == "f" else False
            variable = file.createVariable(
                name, dtype, ("step", "pixel"), zlib=True, complevel=1, shuffle=True, fill_value=gap, chunksizes=chunks
            )
            variable.set_auto_maskandscale(False)
            variable[:] = values


def read_estimates(path: str | Path, names: Sequence[str] | None = None, steps: range | None = None) -> TileEstimates:
    """Read a file: all layers or those that are named, all steps or those within a range."""
    with ESTIMATES.opened(path) as file:
        step = file["step"][:]
        first, last = (0, step.size) if steps is None else np.searchsorted(step, (steps.start, steps.stop))
        time = slice(int(first), int(last))
        there = [name for name in file.variables if name not in ("step", "pixel")]
        if absent := [name for name in names or () if name not in there]:
            raise InputError(
                f"{path}: no layer {', '.join(absent)} (it has {', '.join(there)}). Remove it and run its rule again."
            )
        layers = {name: file[name][time] for name in (there if names is None else names)}
        return TileEstimates(
            str(file.tile), str(file.grid_id), str(file.calendar_id), step[time], file["pixel"][:], layers
        )
