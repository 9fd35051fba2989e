"""The range of the targets from outside at each pixel: what later screens call plausible."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.cube import Cube, read_cube
from rssm.cubes.place import scatter
from rssm.files import Kind
from rssm.grid import Grid, Window
from rssm.rounds.specs import RangeSpec

RANGES = Kind("ranges of the target")


def target_range(tile: str, cubes: Sequence[str], spec: RangeSpec, out: Sequence[str]) -> None:
    """Write each pixel's range of the targets from outside."""
    read = [read_cube(path) for path in cubes]
    known = [without_years(cube, spec.held_out_years) for cube in read]
    low, high = value_range(np.concatenate(known, axis=-1), spec.min_dekads)
    write_ranges(out[0], read[0].pixel, low, high)


def without_years(cube: Cube, years: Collection[int]) -> NDArray[np.float32]:
    """Values (pixel, time) of a cube, NaN in some years."""
    calendar = CALENDARS[cube.calendar_id]
    held_out = np.array([calendar.year_of(step) in years for step in cube.step.tolist()], bool)
    return np.where(held_out, np.float32(np.nan), cube.values)


def write_ranges(
    path: str | Path, pixel: NDArray[np.integer], low: NDArray[np.float32], high: NDArray[np.float32]
) -> None:
    """Write lowest and highest values, all (pixel,)."""
    with RANGES.created(path) as file:
        file.createDimension("pixel", pixel.size)
        file.createVariable("pixel", "i4", ("pixel",))[:] = pixel
        for name, layer in {"low": low, "high": high}.items():
            variable = file.createVariable(name, "f4", ("pixel",), fill_value=np.nan)
            variable.units = "m3 m-3"
            variable[:] = layer


def value_range(values: NDArray[np.float32], min_dekads: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest of values (pixel, time), each (pixel,); NaN where fewer than `min_dekads` are valid."""
    enough = np.isfinite(values).sum(axis=1) >= min_dekads
    low, high = np.full((2, len(values)), np.nan, np.float32)
    low[enough], high[enough] = np.nanmin(values[enough], axis=1), np.nanmax(values[enough], axis=1)
    return low, high


def read_ranges(paths: Sequence[str], window: Window, grid: Grid) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest target value (row, column) of a window, from the files of all tiles."""
    bounds = np.full((2, *window.shape), np.nan, np.float32)
    for path in paths:
        with RANGES.opened(path) as file:
            scatter(np.stack([file["low"][:], file["high"][:]]), file["pixel"][:], window, grid, out=bounds)
    return bounds[0], bounds[1]
