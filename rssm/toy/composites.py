"""Composites of the toy Earth straight on the grid of the run, without files: for experiments on skill.

The same sensors, errors, gaps and days as in the files; only the files' packing and the 3σ denoising of the ingestion
are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar, days_of
from rssm.config.toy import Toy
from rssm.grid import Area
from rssm.toy.footprint import Cells
from rssm.toy.geography import Array
from rssm.toy.observe import COVERED, observe
from rssm.toy.sensors import LEAVES_SEEN, SENSORS
from rssm.toy.truth import Earth, Year

Span = tuple[str, str | None]
FROST = ("SNOW", "FREEZE-THAW")


def generate(
    toy: Toy,
    area: Area,
    steps: Sequence[int],
    calendar: Calendar,
    spans: Mapping[str, Span] | None = None,
    land: NDArray[np.bool_] | None = None,
    truth_grid: str | None = None,
) -> dict[str, Array]:
    """Composites, factors and truth of an area: name → (step, row, column).

    steps       of the calendar, ascending
    spans       product → first and last label (as in the catalogue); outside it a product is NaN, without one never
    truth_grid  of the truth, where that is not the area's own (see `Earth`)

    Products are in m³ m⁻³ and NaN where missing; factors have the catalogue's names and units (static ones are
    broadcast views); TRUTH is the mean of all days of the step; sea is NaN in all of them. POROSITY is among them.
    """
    earth = Earth(toy, area, land, truth_grid)
    dry = earth.on_run(np.where(earth.geography.land, np.float32(1), np.float32(np.nan)))
    changing = (*SENSORS, "TRUTH", *LEAVES_SEEN, "WATER", "LST")
    out = {name: np.full((len(steps), *dry.shape), np.nan, np.float32) for name in changing}
    years = [calendar.year_of(step) for step in steps]
    for year in sorted(set(years)):
        at = [i for i, other in enumerate(years) if other == year]
        of_year = [steps[i] for i in at]
        for name, values in _factors(earth, year, of_year, calendar).items():
            out[name][at] = earth.on_run(values) * dry
        for product in SENSORS:
            span = _steps((spans or {}).get(product), calendar, steps)
            inside = [i for i in at if steps[i] in span]
            if inside:
                out[product][inside] = composite(earth, product, [steps[i] for i in inside], calendar) * dry
    for name, field in static(earth).items():
        out[name] = np.broadcast_to(earth.on_run(field) * dry, out["TRUTH"].shape)
    cover = {year: earth.on_run(earth.geography.cover(year).astype(np.float32)) * dry for year in set(years)}
    out["LANDCOVER"] = np.stack([cover[year] for year in years]).astype(np.float32)
    return out


def true_moisture(toy: Toy, area: Area, steps: Sequence[int], calendar: Calendar) -> Array:
    """TRUTH alone (step, row, column)."""
    earth = Earth(toy, area)
    years = map(calendar.year_of, steps)
    fields = (_mean_moisture(earth.year(year), step, calendar) for year, step in zip(years, steps, strict=True))
    return np.stack([earth.on_run(field) for field in fields])


def cold(
    toy: Toy, area: Area, steps: Sequence[int], calendar: Calendar, land: NDArray[np.bool_] | None = None
) -> dict[str, Array]:
    """SNOW and FREEZE-THAW (step, row, column), coded as in the catalogue, of all steps, whether they were reported or not.

    The same as in the files, but that every day counts.
    """
    earth, ascat = Earth(toy, area, land), SENSORS["ASCAT-SWI"]
    look, radiometer = earth.look(ascat.grid, ascat.footprint), earth.look("ease1_25km", 25)
    out = {name: np.empty((len(steps), area.window.rows, area.window.columns), np.float32) for name in FROST}
    for number, step in enumerate(steps):
        truth = earth.year(calendar.year_of(step))
        days = _days(truth, step, calendar)
        frozen, covered = look.nearest(truth.frozen[days]), look(truth.snow[days]) > COVERED
        state = np.maximum(frozen.mean(axis=0), covered.mean(axis=0)) > 0.5
        heat = radiometer(truth.temperature[days])
        thawed = np.select([heat < 271, heat < 274.5], [0.0, 0.5], 1.0).mean(axis=0)
        for name, of, values in zip(FROST, (look, radiometer), (state, thawed), strict=True):
            out[name][number] = _to_pixels(earth, of.cells, values[None])[0]
    return out


def static(earth: Earth) -> dict[str, Array]:
    """Factors that do not change, in the catalogue's units (row, column)."""
    land = earth.geography
    return {
        "TOPOGRAPHY": land.relief / 100,
        "SAND": land.sand,
        "CLAY": land.clay,
        "POROSITY": land.porosity,
        "TREE": land.tree,
        "NONTREE": land.nontree,
    }


def composite(earth: Earth, product: str, steps: Sequence[int], calendar: Calendar) -> Array:
    """Mean of the overpasses of each step of one year, day and night together (step, row, column), m³ m⁻³.

    Of each step the first `days_per_dekad` days count, as in the files; ASCAT-SWI is dekadal and holds all.
    """
    most = 366 if product == "ASCAT-SWI" else earth.toy.days_per_dekad
    lengths = [min(calendar.days(step), most) for step in steps]
    starts = [calendar.start(step).toordinal() for step in steps]
    days = np.concatenate([first + np.arange(n) for first, n in zip(starts, lengths, strict=True)])
    seen = observe(earth, product, days)
    edges = np.cumsum([0, *lengths[:-1]])
    if product == "ASCAT-SWI":  # saturation has an end; the surface state of the step decides, not of the day
        values = np.minimum(seen.value, seen.porosity)
        cold = [np.add.reduceat(state, edges, axis=0, dtype=np.float32) for state in (seen.frozen, seen.snow)]
        lost = np.maximum(*cold) / np.array(lengths)[:, None, None] > 0.5
    else:
        values, lost = seen.screened, np.bool_(False)
    there = ~np.isnan(values)
    total = np.add.reduceat(np.where(there, values, 0).sum(axis=1), edges, axis=0)
    count = np.add.reduceat(there.sum(axis=1), edges, axis=0)
    mean = np.where((count > 0) & ~lost, total / np.maximum(count, 1), np.float32(np.nan)).astype(np.float32)
    return _to_pixels(earth, seen.cells, mean)


def _to_pixels(earth: Earth, cells: Cells, values: Array) -> Array:
    """Values of native cells given to the pixels of the run whose centres they hold."""
    around = earth.patch.grid.columns
    rows, columns = earth.run_centres()
    columns = columns % around
    row = np.abs(cells.north[:, None] - rows).argmin(axis=0)
    apart = np.abs(cells.west[:, None] - columns)
    column = np.minimum(apart, around - apart).argmin(axis=0)
    return values[:, row[:, None], column]


def _factors(earth: Earth, year: int, steps: Sequence[int], calendar: Calendar) -> dict[str, Array]:
    """Truth and changing factors of steps of a year (step, row, column)."""
    truth = earth.year(year)
    month = [calendar.start(step).month - 1 for step in steps]
    leaves = earth.leaf_area(year)[month]
    wet = earth.open_water(year)
    return {
        "TRUTH": np.stack([_mean_moisture(truth, step, calendar) for step in steps]),
        "WATER": np.stack([wet[_days(truth, step, calendar)].mean(axis=0) for step in steps]),
        "LST": earth.surface_heat(year)[0][month],
        **{name: share * leaves for name, share in LEAVES_SEEN.items()},
    }


def _mean_moisture(truth: Year, step: int, calendar: Calendar) -> Array:
    return truth.moisture[_days(truth, step, calendar)].mean(axis=0)


def _days(truth: Year, step: int, calendar: Calendar) -> slice:
    """Days of a step, as positions in its year."""
    start = calendar.start(step).toordinal() - truth.first
    return slice(start, start + calendar.days(step))


def _steps(span: Span | None, calendar: Calendar, steps: Sequence[int]) -> range:
    """Steps of a span, as far as they are wanted; all where there is no span."""
    first = calendar.of(days_of(span[0])[0]) if span else steps[0]
    last = calendar.of(days_of(span[1])[1]) if span and span[1] else steps[-1]
    return range(max(first, steps[0]), min(last, steps[-1]) + 1)
