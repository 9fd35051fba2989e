"""Seasonal cycles of every pixel: fitted, published with the spread of what they leave, and taken from values.

A cycle goes by the day of the year: the median over the years of its record of what the fitted wave says that day, as
published. A step's day is its first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.casm.specs import CycleSpec
from rssm.cubes.cube import Cube, read_cubes
from rssm.errors import InputError
from rssm.files import Kind
from rssm.harmonics import Cycle, fit

CYCLES = Kind("seasonal-cycles")
FIELDS = {
    "offset": "mean of the cycle; of fewer values than a cycle needs their median",
    "period": "period of the wave, days",
    "count": "values that were fitted",
    "spread": "standard deviation (n - 1) of departures from the cycle",
}
F8 = NDArray[np.float64]


@dataclass(frozen=True)
class Cycles:
    """Cycles of the variables of a sensor in a tile.

    pixel   (pixel,) int32, row * columns + column
    fits    one of each variable; days count from `origin`
    spread  (variable, pixel) of departures, in the variable's unit; NaN of fewer than two values
    years   first and last of the record
    fewest  values below which a cycle is but a median
    """

    variables: tuple[str, ...]
    pixel: NDArray[np.int32]
    fits: tuple[Cycle, ...]
    spread: F8
    origin: date
    years: tuple[int, int]
    fewest: int

    def at(self, variable: str, steps: NDArray[np.integer], calendar: Calendar) -> F8:
        """Cycle (pixel, step) of a variable."""
        return _by_day(self.fits[self.index(variable)], self.origin, self.years)[:, days_of_year(steps, calendar)]

    def index(self, variable: str) -> int:
        """Place of a variable."""
        return self.variables.index(variable)


def casm_cycle(record: str, tile: str, cubes: Sequence[str], spec: CycleSpec, out: Sequence[str]) -> None:
    """Write the cycles of a record in a tile; `cubes` is the one file of its sensor."""
    write_cycles(out[0], cycles_of(channels(cubes[0], spec.variables), spec))


def channels(path: str, names: Sequence[str]) -> list[Cube]:
    """Cubes of some variables of a file, in the order of the names."""
    found = {cube.variable: cube for cube in read_cubes(path)}
    absent = [name for name in names if name not in found]
    if absent:
        raise InputError(
            f"{path}: no variable {', '.join(absent)} (it has {', '.join(found)}). Remove it and run its rule again."
        )
    return [found[name] for name in names]


def cycles_of(cubes: Sequence[Cube], spec: CycleSpec) -> Cycles:
    """Fit the cycles of some variables on the same pixels."""
    calendar = CALENDARS[spec.calendar]
    steps = np.arange(spec.steps[0], spec.steps[1] + 1)
    origin, end = calendar.start(spec.steps[0]), calendar.start(spec.steps[1])
    days = (steps - steps[0]) * float(calendar.days(spec.steps[0]))
    fits, spreads = [], []
    for cube in cubes:
        values = cube.at(steps, calendar)
        found = fit(
            values,
            days,
            amplitude=spec.amplitude,
            offset=spec.offset,
            periods=spec.periods,
            harmonics=spec.harmonics,
            shrinkage=spec.shrinkage,
            fewest=spec.fewest,
        )
        curve = _by_day(found, origin, (origin.year, end.year))[:, days_of_year(steps, calendar)]
        fits.append(found)
        spreads.append(_spread(values - curve))
    return Cycles(
        spec.variables, cubes[0].pixel, tuple(fits), np.stack(spreads), origin, (origin.year, end.year), spec.fewest
    )


def days_of_year(steps: NDArray[np.integer], calendar: Calendar) -> NDArray[np.intp]:
    """Day of the year, from 0, on which each step starts."""
    return np.array([calendar.start(int(step)).timetuple().tm_yday - 1 for step in steps], np.intp)


def _by_day(cycle: Cycle, origin: date, years: tuple[int, int]) -> F8:
    """Median over the years of the fitted value at each day of the year (pixel, 366)."""
    starts = [(date(year, 1, 1) - origin).days for year in range(years[0], years[1] + 1)]
    days = (np.array(starts)[:, None] + np.arange(366)).ravel().astype(np.float64)
    out = np.empty((cycle.offset.size, 366))
    for first in range(0, len(out), 256):  # pixels at a time: all years of a large tile would not fit
        part = slice(first, first + 256)
        some = Cycle(cycle.offset[part], cycle.waves[part], cycle.period[part], cycle.count[part])
        out[part] = np.median(some.at(days).reshape(-1, len(starts), 366), axis=1)
    return out


def _spread(departures: F8) -> F8:
    """Standard deviation (pixel,) of departures with gaps."""
    known = np.isfinite(departures)
    n = known.sum(axis=1)
    filled = np.where(known, departures, 0)
    mean = filled.sum(axis=1) / np.maximum(n, 1)
    squares = np.square(np.where(known, filled - mean[:, None], 0)).sum(axis=1)
    return np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)


def write_cycles(path: str, cycles: Cycles) -> None:
    """Write one file: fields of (variable, pixel), and the waves."""
    with CYCLES.created(path) as file:
        file.title = "Seasonal cycles: value = offset + sum of waves . (cos, sin)(2 pi harmonic days / period)"
        file.setncatts({"origin": cycles.origin.isoformat(), "years": cycles.years, "fewest": cycles.fewest})
        waves = np.stack([found.waves for found in cycles.fits])
        for name, size in zip(("variable", "pixel", "wave"), waves.shape, strict=True):
            file.createDimension(name, size)
        file.createVariable("variable", str, ("variable",))[:] = np.array(cycles.variables, object)
        file.createVariable("pixel", "i4", ("pixel",))[:] = cycles.pixel
        fields = {name: np.stack([getattr(found, name) for found in cycles.fits]) for name in ("offset", "period")}
        fields |= {"count": np.stack([found.count for found in cycles.fits]), "spread": cycles.spread}
        for name, values in fields.items():
            variable = file.createVariable(name, values.dtype, ("variable", "pixel"), fill_value=None)
            variable.long_name = FIELDS[name]
            variable[:] = values
        variable = file.createVariable("waves", "f8", ("variable", "pixel", "wave"), fill_value=None)
        variable.long_name = "cosine and sine of each harmonic, in the variable's unit; 0 where the cycle is a median"
        variable[:] = waves


def read_cycles(path: str) -> Cycles:
    """Read what `write_cycles` wrote."""
    with CYCLES.opened(path) as file:
        fields = {name: file[name][:] for name in ("offset", "waves", "period", "count")}
        fits = tuple(Cycle(*parts) for parts in zip(*fields.values(), strict=True))
        return Cycles(
            tuple(map(str, file["variable"][:])),
            file["pixel"][:],
            fits,
            file["spread"][:],
            date.fromisoformat(file.origin),
            (int(file.years[0]), int(file.years[1])),
            int(file.fewest),
        )
