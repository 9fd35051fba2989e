"""Trends of many series at once: Theil and Sen's slope with its interval, Mann and Kendall's test with serial correlation.

Of one series without gaps all numbers are those of `pymannkendall` (and of `scipy.stats.theilslopes` without serial
correlation), which tests show; but for one rule: correlation never makes a trend more certain (`Trend.widened`).
Where Hamed and Rao take each autocorrelation that could not be chance, of which sixteen years show few, `ar1` takes
those of the first-order process whose lag 1 the series shows, freed of its bias.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.specs import Correlation

TOGETHER = 4_000_000  # differences of pairs in memory at once
MOST = 0.95  # lag-1 autocorrelation that is believed at most
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Trend:
    """Trends of series, NaN where one has too few values.

    slope      (series,) per step
    low, high  (series,) interval of the slope at the level of the test
    p          (series,) two-sided, of no trend
    n          (series,) values
    widened    (series,) factor by which serial correlation raises the variance of the test; 1 at least: what would make
               a trend more certain is chance in short series
    """

    slope: F64
    low: F64
    high: F64
    p: F64
    n: NDArray[np.int64]
    widened: F64


def trends(values: NDArray[np.floating], least: int, level: float = 0.05, correlation: Correlation = "ar1") -> Trend:
    """Trends along the first axis of (step, series), in which NaN is a gap.

    least        values that a trend needs, 6 or more
    level        of the test, and of the autocorrelations that `hamed_rao` counts
    correlation  how serial correlation counts
    """
    steps, series = values.shape
    together = max(1, TOGETHER // max(steps * (steps - 1) // 2, 1))
    parts = [_some(values[:, at : at + together], least, level, correlation) for at in range(0, series, together)]
    if not parts:
        parts = [_some(values, least, level, correlation)]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Trend.__dataclass_fields__}
    return Trend(**joined)


def _some(values: NDArray[np.floating], least: int, level: float, correlation: Correlation) -> Trend:
    from scipy.stats import norm

    x = values.astype(np.float64)
    steps = len(x)
    first, second = np.triu_indices(steps, 1)
    rise = x[second] - x[first]
    s = np.nansum(np.sign(rise), axis=0)
    slopes = np.sort(rise / (second - first)[:, None], axis=0)  # NaN last
    n = np.isfinite(x).sum(axis=0)
    pairs = n * (n - 1) // 2
    slope = _at(slopes, (pairs - 1) / 2)
    widened = serial_factor(x, slope, level, correlation)
    spread = np.sqrt(_variance(x, n) * widened)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(spread > 0, (s - np.sign(s)) / spread, 0.0)
    p = 2 * norm.sf(np.abs(z))
    reach = norm.ppf(1 - level / 2) * spread
    below = np.clip(np.round((pairs - reach) / 2) - 1, 0, None)
    above = np.clip(np.round((pairs + reach) / 2), 0, np.maximum(pairs - 1, 0))
    enough = n >= least
    found = [np.where(enough, number, np.nan) for number in (slope, _at(slopes, below), _at(slopes, above), p, widened)]
    return Trend(found[0], found[1], found[2], found[3], n, found[4])


def _at(ascending: F64, place: F64) -> F64:
    """Value (series,) at a place of each column, the mean of two where it lies between them."""
    last = len(ascending) - 1
    if last < 0:
        return np.full(ascending.shape[1], np.nan)
    ends = [np.clip(end(place), 0, last).astype(np.int64)[None] for end in (np.floor, np.ceil)]
    low, high = (np.take_along_axis(ascending, end, axis=0)[0] for end in ends)
    return np.asarray((low + high) / 2)


def _variance(x: F64, n: NDArray[np.int64]) -> F64:
    """Variance (series,) of Kendall's S without a trend, corrected for ties."""
    ties = np.zeros(x.shape[1])
    for row in x:
        equal = (x == row).sum(axis=0)  # with itself; 0 where the row is a gap
        ties += np.where(equal > 0, (equal - 1) * (2 * equal + 5), 0)
    return np.asarray((n * (n - 1) * (2 * n + 5) - ties) / 18)


def serial_factor(x: F64, slope: F64, level: float, correlation: Correlation) -> F64:
    """Factor (series,) of that variance by the autocorrelation of ranks, without the trend (Hamed and Rao 1998)."""
    from scipy.stats import norm, rankdata

    factor = np.ones(x.shape[1])
    if correlation == "none":
        return factor
    n = np.isfinite(x).sum(axis=0)
    level_off = x - np.arange(1, len(x) + 1)[:, None] * slope
    known = np.isfinite(level_off)
    ranks = rankdata(np.where(known, level_off, np.inf), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = np.where(known, ranks - np.where(known, ranks, 0).sum(axis=0) / n, 0.0)
        whole = (centred**2).sum(axis=0)
        bound = norm.ppf(1 - level / 2) / np.sqrt(n)
        first = _of_process((centred[1:] * centred[:-1]).sum(axis=0) / whole, n)
        for lag in range(1, len(x)):
            if correlation == "ar1":
                r = 6 / np.pi * np.arcsin(first**lag / 2)
            else:
                r = (centred[lag:] * centred[:-lag]).sum(axis=0) / whole
                r = np.where(np.abs(r) > bound, r, 0.0)
            share = (n - lag) * (n - lag - 1) * (n - lag - 2) / (n * (n - 1) * (n - 2))
            factor += np.where(n > lag + 2, 2 * share * r, 0.0)
    return np.where(factor > 1, factor, 1.0)


def _of_process(r: F64, n: NDArray[np.int64]) -> F64:
    """Lag-1 autocorrelation of the process behind that of ranks of n values: without the bias of short series, in which a
    mean and a slope were fitted (n r + 2) / (n − 4), and as values of a normal process have it; 0 at least.
    """
    freed = np.clip((n * r + 2) / np.maximum(n - 4, 1), 0, MOST)
    return np.asarray(2 * np.sin(np.pi / 6 * freed))


def false_discovery(p: F64, share: float) -> NDArray[np.bool_]:
    """Which of some tests are significant with a given share of false ones among them (Benjamini and Hochberg 1995).

    p  NaN: not tested
    """
    tested = np.isfinite(p)
    ascending = np.sort(p[tested])
    passed = np.flatnonzero(ascending <= share * np.arange(1, ascending.size + 1) / max(ascending.size, 1))
    if not passed.size:
        return np.zeros(p.shape, bool)
    return tested & (np.nan_to_num(p, nan=2.0) <= ascending[passed[-1]])
