"""Scores against the truth: per pixel over time, then the mean over pixels; and paired differences over seeds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

YEAR = 36  # dekads
LEAST = 15  # dekads that a pixel needs to be scored


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
    dekads: NDArray[np.integer],
    chosen: NDArray[np.bool_],
) -> Scores:
    """Scores of estimates (pixel, dekad), NaN where none, over the chosen dekads (dekad,).

    The correlation of anomalies removes from both the mean year of the dekads that both have, chosen or not.
    """
    valid = np.isfinite(estimate) & np.isfinite(truth)
    anomalies = [departures(np.where(valid, values, np.nan), dekads)[:, chosen] for values in (estimate, truth)]
    estimate, truth, valid = (values[:, chosen] for values in (estimate, truth, valid))
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


def departures(values: NDArray[np.floating], dekads: NDArray[np.integer]) -> NDArray[np.float64]:
    """Values (pixel, dekad) less their mean year, a mean over three dekads and all years."""
    season = dekads % YEAR
    total, count = np.zeros((2, len(values), YEAR))
    valid = np.isfinite(values)
    for dekad in range(YEAR):
        part = season == dekad
        total[:, dekad] = np.where(valid[:, part], values[:, part], 0).sum(axis=1)
        count[:, dekad] = valid[:, part].sum(axis=1)
    total, count = (part + np.roll(part, 1, axis=1) + np.roll(part, -1, axis=1) for part in (total, count))
    cycle = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return np.asarray(values - cycle[:, season], np.float64)


def _correlation(a: NDArray[np.floating], b: NDArray[np.floating], valid: NDArray[np.bool_]) -> float:
    """Pearson's r over time (pixel, dekad), mean over pixels; NaN where neither varies."""
    n = valid.sum(axis=1)
    a, b = (np.where(valid, values, 0).astype(np.float64) for values in (a, b))
    a, b = (np.where(valid, values - (values.sum(axis=1) / n)[:, None], 0) for values in (a, b))
    spread = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    varies = spread > 1e-12
    return float(((a * b).sum(axis=1)[varies] / spread[varies]).mean()) if varies.any() else np.nan


def interval(differences: NDArray[np.floating], level: float = 0.95) -> tuple[float, float, float]:
    """Mean of paired differences (seed,), and the limits of its interval by Student's t; NaN for fewer than two."""
    from scipy.stats import t

    known = differences[np.isfinite(differences)]
    if known.size < 2:
        return (float(known.mean()) if known.size else np.nan, np.nan, np.nan)
    mean = float(known.mean())
    half = float(t.ppf((1 + level) / 2, known.size - 1) * known.std(ddof=1) / np.sqrt(known.size))
    return mean, mean - half, mean + half
