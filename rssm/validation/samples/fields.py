"""Soil moisture of any product, step by step: from years of the data set (NetCDF) or from the indices of its maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.errors import InputError
from rssm.grid import Grid, Window
from rssm.ingest.index import read_index
from rssm.maps import read_maps
from rssm.product.formats.netcdf import YearReader

FILLED = "gap_filled"  # flag of what the data set filled
Fields = Iterator[tuple[int, NDArray[np.float32]]]


def fields(
    files: Sequence[str | Path],
    window: Window,
    grid: Grid,
    calendar: Calendar,
    filled: bool = False,
    sigma: bool = False,
    steps: range | None = None,
) -> Fields:
    """(step, values (row, column) of the window) of every step that has a map, in the order of the files.

    filled  whether values count with which the data set filled gaps; maps hold none
    sigma   its uncertainty instead of soil moisture, of the data set
    steps   that are wanted; None: all
    """
    for path in files:
        if Path(path).suffix == ".nc":
            yield from _of_year(path, window, grid, calendar, filled, sigma, steps)
        else:
            yield from _of_maps(path, window, grid, calendar, steps)


def _of_maps(path: str | Path, window: Window, grid: Grid, calendar: Calendar, steps: range | None) -> Fields:
    there = {label: entry["map"] for label, entry in read_index(path).items() if entry.get("status") != "missing"}
    there = {label: place for label, place in there.items() if steps is None or calendar.parse(label) in steps}
    read = read_maps([Path(path).parent / name for name in there.values()], window, ("value",), grid)
    for label, (layers, _) in zip(there, read, strict=True):
        yield calendar.parse(label), layers["value"]


def _of_year(
    path: str | Path, window: Window, grid: Grid, calendar: Calendar, filled: bool, sigma: bool, steps: range | None
) -> Fields:
    with YearReader(path) as year:
        frame = year.frame
        if (frame.grid.id, frame.calendar.id) != (grid.id, calendar.id):
            raise InputError(
                f"{path}: stands on grid {frame.grid.id} and calendar {frame.calendar.id}, expected {grid.id} and"
                f" {calendar.id}. Validate it with the configuration that it was made with."
            )
        rows = slice(max(window.row - year.window.row, 0), max(window.row + window.rows - year.window.row, 0))
        there, here = _overlap(year.window, window, grid.columns)
        first = year.window.row + rows.start - window.row
        layer, gap_filled = year.sigma if sigma else year.main, year.bit(FILLED)
        for at, step in enumerate(year.steps):
            if steps is not None and step not in steps:
                continue
            values = layer.unpack(year.stored(layer.name, at, rows), year.packing)
            if gap_filled and not filled:
                values[year.stored("flags", at, rows) & gap_filled > 0] = np.nan
            out = np.full(window.shape, np.nan, np.float32)
            out[first : first + len(values), here] = values[:, there]
            yield step, out


def _overlap(file: Window, window: Window, around: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns that a file and a window share, counted in each."""
    there = (np.arange(window.columns) + window.column - file.column) % around
    here = np.flatnonzero(there < file.columns)
    return there[here], here
