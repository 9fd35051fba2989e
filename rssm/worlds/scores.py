"""Scores against the truth: per pixel over time, then the mean over pixels; and tables of scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.files import atomic

LEAST = 15  # steps that a pixel needs to be scored
Row = dict[str, Any]


class Scores(NamedTuple):
    """Means over pixels; soil moisture in m³ m⁻³. n: values scored. NaN where no pixel can be scored."""

    r: float
    rmse: float
    ubrmse: float
    bias: float
    anomaly_r: float
    n: int


def score(
    estimate: NDArray[np.floating],
    truth: NDArray[np.floating],
    steps: NDArray[np.integer],
    chosen: NDArray[np.bool_],
    calendar: Calendar,
) -> Scores:
    """Scores of estimates (pixel, step), NaN where none, over the chosen steps (step,)."""
    return scores(estimate, truth, steps, {"chosen": chosen}, calendar)["chosen"]


def scores(
    estimate: NDArray[np.floating],
    truth: NDArray[np.floating],
    steps: NDArray[np.integer],
    periods: Mapping[str, NDArray[np.bool_]],
    calendar: Calendar,
) -> dict[str, Scores]:
    """The same over several periods, by name.

    The correlation of anomalies removes from both the mean year of the steps that both have, chosen or not.
    """
    valid = np.isfinite(estimate) & np.isfinite(truth)
    season = np.array([calendar.season_of(int(step)) for step in steps])
    both = (np.where(valid, values, np.nan) for values in (estimate, truth))
    whole = (estimate, truth, valid, *(departures(values, season, calendar.seasons) for values in both))
    return {name: _scores(*(values[:, chosen] for values in whole)) for name, chosen in periods.items()}


def _scores(
    estimate: NDArray[np.floating],
    truth: NDArray[np.floating],
    valid: NDArray[np.bool_],
    *anomalies: NDArray[np.floating],
) -> Scores:
    valid = valid & (valid.sum(axis=1) >= LEAST)[:, None]
    scored = valid.any(axis=1)
    if not scored.any():
        return Scores(np.nan, np.nan, np.nan, np.nan, np.nan, 0)
    error = np.where(valid, estimate.astype(np.float64) - truth, np.nan)[scored]
    bias = np.nanmean(error, axis=1)
    mse = np.nanmean(error**2, axis=1)
    return Scores(
        r=_correlation(estimate[scored], truth[scored], valid[scored]),
        rmse=float(np.sqrt(mse).mean()),
        ubrmse=float(np.sqrt(np.maximum(mse - bias**2, 0)).mean()),
        bias=float(bias.mean()),
        anomaly_r=_correlation(anomalies[0][scored], anomalies[1][scored], valid[scored]),
        n=int(valid.sum()),
    )


def departures(values: NDArray[np.floating], season: NDArray[np.integer], seasons: int) -> NDArray[np.float64]:
    """Values (pixel, step) less their mean year, a mean over three of the year's `seasons` steps and all years."""
    total, count = np.zeros((2, len(values), seasons))
    valid = np.isfinite(values)
    for at in range(seasons):
        part = season == at
        total[:, at] = np.where(valid[:, part], values[:, part], 0).sum(axis=1)
        count[:, at] = valid[:, part].sum(axis=1)
    total, count = (part + np.roll(part, 1, axis=1) + np.roll(part, -1, axis=1) for part in (total, count))
    cycle = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return np.asarray(values - cycle[:, season], np.float64)


def _correlation(a: NDArray[np.floating], b: NDArray[np.floating], valid: NDArray[np.bool_]) -> float:
    """Pearson's r over time (pixel, step), mean over pixels; NaN where neither varies."""
    n = valid.sum(axis=1)
    a, b = (np.where(valid, values, 0).astype(np.float64) for values in (a, b))
    a, b = (np.where(valid, values - (values.sum(axis=1) / n)[:, None], 0) for values in (a, b))
    spread = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    varies = spread > 1e-12
    return float(((a * b).sum(axis=1)[varies] / spread[varies]).mean()) if varies.any() else np.nan


def write_csv(path: str | Path, rows: Sequence[Row]) -> None:
    """Rows as text, numbers to six figures; not-a-number is left empty."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(_cell(row.get(name, "")) for name in columns) for row in rows]
    with atomic(path) as beside:
        beside.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return str(value)
