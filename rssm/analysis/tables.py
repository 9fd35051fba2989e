"""The tables of analysis as CSV, and the page that shows the most of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.means_file import read_series
from rssm.analysis.pixels import BELTS, cell_centres
from rssm.analysis.season_file import OF_BOTH, OF_EACH, RAIN, Seasons, read_seasons
from rssm.analysis.series import BOUNDS, Series
from rssm.analysis.specs import TablesSpec
from rssm.analysis.statistics.trend import Trend
from rssm.analysis.trend_file import read_difference, read_trends
from rssm.calendar import CALENDARS
from rssm.files import atomic
from rssm.validation.stations.places import CLIMATES

Rows = list[tuple[Any, ...]]
STEPS = ("product", "kind", "region", "step", "mean", "coverage", *BOUNDS)
YEARS = ("product", "kind", "region", "year", "mean", "coverage", *BOUNDS, "anomaly")
TRENDS = ("product", "kind", "region", "of", "slope_per_decade", "low", "high", "p", "n", "widened")
PIXELS = ("map", "pixels", "tested", "significant", "rising", "falling", "median_slope_per_decade")
SEASONS = ("region", "cells", "what", "mean", "median", "lower_quartile", "upper_quartile")
TIMES = ("peak", "second", "trough")
DFC = CLIMATES.index("Dfc") + 1


def analysis_tables(
    means: Sequence[str],
    trends: Sequence[str],
    difference: Sequence[str],
    season: Sequence[str],
    spec: TablesSpec,
    out: Sequence[str],
) -> None:
    """Write the tables.

    means, trends  of the data set, and of the reference if there is one; trends may be none
    difference     of both, or nothing
    season         seasons of cells, or nothing
    out            CSV of steps, years, trends of regions, trends of maps, seasons; Markdown
    """
    names = [name for name in (spec.name, spec.reference) if name]
    series = {name: read_series(path) for name, path in zip(names, means, strict=True)}
    tables: dict[str, tuple[Sequence[str], Rows]] = {
        "steps": (STEPS, [row for name, one in series.items() for row in _steps(name, one, spec)]),
        "years": (YEARS, [row for name, one in series.items() for row in _years(name, one)]),
        "trends": (TRENDS, [row for name, path in zip(names, trends, strict=False) for row in _trends(name, path)]),
        "maps": (PIXELS, _maps(names, trends, difference)),
        "seasons": (SEASONS, list(_seasons(read_seasons(season[0]), spec)) if season else []),
    }
    for path, (columns, rows) in zip(out, tables.values(), strict=False):
        _write(path, csv_text(columns, rows))
    _write(out[-1], page(tables, spec))


def _write(path: str, text: str) -> None:
    with atomic(path) as beside:
        beside.write_text(text, encoding="utf-8")


def csv_text(columns: Sequence[str], rows: Rows) -> str:
    """A table; a number has six digits, what is missing none."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return value


def _steps(name: str, series: Series, spec: TablesSpec) -> Iterator[tuple[Any, ...]]:
    calendar = CALENDARS[spec.calendar_id]
    labels = [calendar.label(int(step)) for step in series.step]
    for at, (kind, region) in enumerate(zip(series.kind, series.label, strict=True)):
        numbers = np.stack([series.mean[at], series.coverage[at], *series.sigma[:, at]], axis=1).tolist()
        for label, values in zip(labels, numbers, strict=True):
            yield (name, kind, region, label, *values)


def _years(name: str, series: Series) -> Iterator[tuple[Any, ...]]:
    for at, (kind, region) in enumerate(zip(series.kind, series.label, strict=True)):
        columns = series.annual[at], series.annual_coverage[at], *series.annual_sigma[:, at], series.anomaly[at]
        for year, values in zip(series.years.tolist(), np.stack(columns, axis=1).tolist(), strict=True):
            yield (name, kind, region, year, *values)


def _trends(name: str, path: str) -> Iterator[tuple[Any, ...]]:
    """Of annual and monthly anomalies."""
    _, regions = read_trends(path)
    for at, (kind, region) in enumerate(zip(regions.kind, regions.label, strict=True)):
        for of, trend in (("years", regions.annual), ("months", regions.monthly)):
            yield (name, kind, region, of, *_numbers(trend, at))


def _numbers(trend: Trend, at: int) -> tuple[Any, ...]:
    slope, low, high, p, widened = (
        float(values[at]) for values in (trend.slope, trend.low, trend.high, trend.p, trend.widened)
    )
    return slope, low, high, p, int(trend.n[at]), widened


def _maps(names: Sequence[str], trends: Sequence[str], difference: Sequence[str]) -> Rows:
    """How many pixels of each map have a significant trend."""
    maps = {name: read_trends(path)[0] for name, path in zip(names, trends, strict=False)}
    if difference:
        maps[" less ".join(names)] = read_difference(difference[0]).of_pixels
    rows: Rows = []
    for name, found in maps.items():
        tested, slope = np.isfinite(found.trend.p), found.trend.slope
        counts = [int(np.sum(of)) for of in (tested, found.significant, found.significant & (slope > 0))]
        falling = int(np.sum(found.significant & (slope < 0)))
        rows.append(
            (name, slope.size, *counts, falling, float(np.median(slope[tested])) if tested.any() else float("nan"))
        )
    return rows


def _seasons(seasons: Seasons, spec: TablesSpec) -> Iterator[tuple[Any, ...]]:
    """Numbers over cells, weighted by area in the mean; cells of Dfc are left out. A time of the year has a mean on the circle."""
    latitude = cell_centres(seasons.cell)[0]
    places = {"all": np.ones(latitude.size, bool)}
    places |= {name: (latitude > low) & (latitude < high) for name, (low, high) in BELTS.items()}
    shown = [name for name in seasons.values if name.removeprefix(RAIN) in OF_EACH | OF_BOTH]
    turn = 2 * np.pi / CALENDARS[spec.calendar_id].seasons
    for region, where in places.items():
        here = where & (seasons.class_ != DFC)
        for name in shown:
            values = seasons.values[name]
            known = here & np.isfinite(values)
            if known.any():
                weight = np.cos(np.radians(latitude[known]))
                summary = (
                    _circular(values[known], weight, turn)
                    if name.removeprefix(RAIN) in TIMES
                    else _summary(values[known], weight)
                )
                yield (region, int(known.sum()), name, *summary)


def _circular(times: NDArray[np.float64], weight: NDArray[np.float64], turn: float) -> tuple[float, ...]:
    """The mean of times of the year, from 0.5 on; they have no order, so no quantiles."""
    mean = np.angle(np.sum(weight * np.exp(1j * turn * times))) / turn
    nan = float("nan")
    return float((mean - 0.5) % (2 * np.pi / turn) + 0.5), nan, nan, nan


def _summary(values: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, ...]:
    """Weighted mean, median, quartiles."""
    middle, low, high = np.quantile(values, [0.5, 0.25, 0.75])
    return float(np.average(values, weights=weight)), float(middle), float(low), float(high)


def page(tables: dict[str, tuple[Sequence[str], Rows]], spec: TablesSpec) -> str:
    """The tables that a person reads, as Markdown."""
    parts = [f"# Analysis of {spec.name}", "Formulas: docs/analysis.md. Whole tables: the CSV files beside this page."]
    parts += [f"- {sentence}" for sentence in spec.left_out]
    heads = {
        "trends": "Trends of regions, m³ m⁻³ per decade (`widened`: factor of the variance by serial correlation)",
        "maps": "Trends of pixels, m³ m⁻³ per decade; significant with false discoveries controlled",
        "seasons": "The mean year in 0.5° cells, without Dfc (`rain_…`: of precipitation)",
    }
    for name, head in heads.items():
        columns, rows = tables[name]
        if rows:
            parts += [f"## {head}", _markdown(columns, rows)]
    return "\n\n".join(parts) + "\n"


def _markdown(columns: Sequence[str], rows: Rows) -> str:
    lines = [columns, ["---"] * len(columns), *([_short(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return "–" if value != value else f"{value:.3g}"
    return value
