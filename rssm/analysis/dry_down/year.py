"""A year's job: soil moisture of neighbouring dekads and the rain that reached the ground, as means of cells.

Two dekads are compared over the pixels that both have: else a gap that moves would pass for drying.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.cells import Cells
from rssm.analysis.dry_down.dekads import by_dekad, steps_in
from rssm.analysis.dry_down.interception import intercepted
from rssm.analysis.dry_down.specs import DryYearSpec
from rssm.calendar import CALENDARS, DEKADS
from rssm.files import Kind
from rssm.product.values.sources import Maps
from rssm.validation.samples.fields import fields

DRY_YEAR = Kind("soil moisture and rain of a year on cells")
BLOCK = 2048  # cells that the next job reads together
Found = Iterator[tuple[int, dict[str, NDArray[np.float64]]]]  # dekad, name → (cell,)
STATED = {
    "change": ("m3 m-3", "soil moisture of a dekad less that of the dekad before, over pixels that have both"),
    "level": ("m3 m-3", "mean soil moisture of both dekads over the same pixels"),
    "rain": ("mm", "precipitation of the dekad"),
    "effective": ("mm", "precipitation of the dekad that leaves do not keep"),
}


def dry_year(
    year: str,
    netcdf: Sequence[str],
    rain: Sequence[str],
    leaves: Sequence[str],
    land: Sequence[str],
    spec: DryYearSpec,
    out: Sequence[str],
) -> None:
    """Write a year on cells.

    netcdf        years of the data set: this one and, if it is there, the one before
    rain, leaves  indices of maps
    """
    cells, dekads = Cells(land[0], spec.area), DEKADS.year(int(year))
    values = {name: np.full((len(dekads), cells.number.size), np.nan, np.float32) for name in STATED}
    for part in (_changes(netcdf, dekads, cells, spec), _rain(rain, leaves, dekads, cells, spec)):
        for dekad, found in part:
            for name, value in found.items():
                values[name][dekad - dekads[0]] = value
    _write(out[0], cells, dekads, values)


def _changes(netcdf: Sequence[str], dekads: range, cells: Cells, spec: DryYearSpec) -> Found:
    """Change and level of each dekad that has a neighbour before it."""
    calendar, area = CALENDARS[spec.calendar_id], spec.area
    steps = steps_in(range(dekads[0] - 1, dekads[-1] + 1), calendar)
    read = fields(netcdf, area.window, area.grid, calendar, spec.filled, steps=steps)
    last, before = -1, np.empty(0)
    for dekad, field in by_dekad(read, calendar):
        now = cells.of(field)
        if dekad == last + 1 and dekad in dekads:
            both = {"change": now - before, "level": (now + before) / 2}
            yield dekad, {name: cells.mean(value, spec.covered) for name, value in both.items()}
        last, before = dekad, now


def _rain(rain: Sequence[str], leaves: Sequence[str], dekads: range, cells: Cells, spec: DryYearSpec) -> Found:
    """Rain and effective rain of each dekad."""
    calendar, area = CALENDARS[spec.calendar_id], spec.area
    product, own = spec.leaves
    maps = Maps.of(leaves, area.grid, DEKADS)
    moved = (own - DEKADS.year_of(dekads[0])) * len(dekads)  # to another year's leaves, where this one has none
    read = fields(rain, area.window, area.grid, calendar, steps=steps_in(dekads, calendar))
    for dekad, field in by_dekad(read, calendar):
        rate, days = cells.of(field), DEKADS.days(dekad)
        kept = intercepted(rate, cells.of(maps.value(product, dekad + moved, area.window)), spec.interception)
        fallen = {"rain": rate * days, "effective": (rate - kept) * days}
        yield dekad, {name: cells.mean(value, spec.covered) for name, value in fallen.items()}


def _write(path: str, cells: Cells, dekads: range, values: Mapping[str, NDArray[np.float32]]) -> None:
    with DRY_YEAR.created(path) as file:
        file.createDimension("dekad", len(dekads))
        file.createDimension("cell", cells.number.size)
        file.createVariable("dekad", "i4", ("dekad",))[:] = np.array(dekads)
        file.createVariable("cell", "i4", ("cell",), zlib=True)[:] = cells.number
        file.createVariable("pixels", "i4", ("cell",), zlib=True)[:] = cells.pixels
        chunks = len(dekads), max(1, min(BLOCK, cells.number.size))
        for name, (unit, text) in STATED.items():
            variable = file.createVariable(
                name, "f4", ("dekad", "cell"), zlib=True, complevel=1, chunksizes=chunks, fill_value=np.nan
            )
            variable.setncatts({"units": unit, "long_name": text})
            variable[:] = values[name]
