"""The job of seasons: the mean year of soil moisture and of precipitation in 0.5° cells, and how they go together.

Steps are read one after the other, of both; what a fit needs of a record are sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.pixels import Land
from rssm.analysis.season_file import COEFFICIENTS, OF_EACH, RAIN, Seasons, write_seasons
from rssm.analysis.specs import SeasonSpec
from rssm.analysis.statistics.fourier import Fit, Seasonal, fitted
from rssm.analysis.statistics.peaks import Extremes, delay, extremes, likeness
from rssm.analysis.year_file import YEAR_SUMS, YearFile
from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.validation.stations.places import CLIMATES

F64 = NDArray[np.float64]
Steps = Iterator[tuple[int, F64, F64]]


def season(
    moisture: Sequence[str],
    precipitation: Sequence[str],
    land: Sequence[str],
    climate: Sequence[str],
    spec: SeasonSpec,
    out: Sequence[str],
) -> None:
    """Write the seasons of all cells.

    moisture, precipitation  years, reduced; of precipitation perhaps none
    climate                  index of the map of climates, or nothing
    """
    calendar = CALENDARS[spec.calendar_id]
    ground = Land.with_climate(land[0], spec.area, climate, spec.climate, spec.calendar_id)
    number, code = ground.cells
    with ExitStack() as stack:
        ours, theirs = (
            [YearFile(stack.enter_context(YEAR_SUMS.opened(path))) for path in paths]
            for paths in (moisture, precipitation)
        )
        for file, path in zip((*ours, *theirs), (*moisture, *precipitation), strict=True):
            if not np.array_equal(file.cell, number):
                raise InputError(f"{path}: holds other cells than the land has. Remove it and run its rule again.")
        values = seasons_of(together(ours, theirs, number.size), number.size, calendar, spec, bool(theirs))
    write_seasons(out[0], Seasons(number, _most_common(ground.climate, code, number.size), values), spec)


def together(ours: Sequence[YearFile], theirs: Sequence[YearFile], cells: int) -> Steps:
    """(step, soil moisture (cell,), precipitation (cell,)) of all steps that either has, NaN where one has none."""
    places = [
        {int(step): (file, at) for file in files for at, step in enumerate(file.step)} for files in (ours, theirs)
    ]
    nothing = np.full(cells, np.nan)
    for step in sorted(set(places[0]) | set(places[1])):
        found = [place.get(step) for place in places]
        x, y = (entry[0].cells(entry[1]).astype(np.float64) if entry else nothing for entry in found)
        yield step, x, y


def seasons_of(steps: Steps, cells: int, calendar: Calendar, spec: SeasonSpec, rain: bool) -> dict[str, F64]:
    """What is known of cells: names as in the file."""
    sums = [Seasonal(calendar.seasons, cells), Seasonal(calendar.seasons, cells)]
    pairs = np.zeros((6, cells))
    for step, x, y in steps:
        place = calendar.season_of(step)
        for total, values in zip(sums, (x, y), strict=True):
            total.add(step, place, values)
        both = np.isfinite(x) & np.isfinite(y)
        x, y = np.where(both, x, 0), np.where(both, y, 0)
        pairs += np.stack([both, x, y, x * x, y * y, x * y])
    fit = fitted(sums[0], spec.gain)
    peaks = extremes(fit)
    found = _stated(fit, peaks)
    if rain:
        other = fitted(sums[1], spec.gain)
        others = extremes(other)
        found |= {RAIN + name: values for name, values in _stated(other, others).items()}
        good = (fit.adjusted_r2 >= spec.adjusted_r2) & (other.adjusted_r2 >= spec.adjusted_r2)  # NaN compares false
        found["r"] = _correlation(pairs)
        found["fit_r"] = np.where(good, likeness(fit, other), np.nan)
        found["delay"] = np.where(good, delay(peaks, others, calendar.seasons), np.nan)
    return found


def _stated(fit: Fit, peaks: Extremes) -> dict[str, F64]:
    """OF_EACH and the coefficients of one quantity."""
    of_fit = ("terms", "adjusted_r2", "gain")
    found = {name: getattr(fit if name in of_fit else peaks, name).astype(np.float64) for name in OF_EACH}
    return found | dict(zip(COEFFICIENTS, fit.coefficients, strict=True))


def _correlation(pairs: F64) -> F64:
    """Correlation (cell,) from n, Σx, Σy, Σx², Σy², Σxy."""
    n, x, y, xx, yy, xy = pairs
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.maximum(xx - x * x / n, 0) * np.maximum(yy - y * y / n, 0))
        return np.where((n > 2) & (spread > 1e-12 * np.sqrt(xx * yy)), (xy - x * y / n) / spread, np.nan)


def _most_common(climate: NDArray[np.int64], code: NDArray[np.int64], cells: int) -> NDArray[np.int64]:
    """Most common class (cell,) of the pixels whose class is known, the lower of two as common; 0: unknown."""
    inside = (code >= 0) & (climate > 0)
    kinds = len(CLIMATES) + 1
    count = np.bincount(code[inside] * kinds + climate[inside], minlength=cells * kinds).reshape(cells, kinds)
    return np.asarray(count.argmax(axis=1))
