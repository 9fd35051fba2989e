"""The jobs of trends: of every pixel and region of a product, and of the difference of two products."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.means_file import read_means, read_series
from rssm.analysis.specs import TrendSpec
from rssm.analysis.statistics.trend import Trend, false_discovery, trends
from rssm.analysis.trend_file import RegionTrends, TrendMap, write_difference, write_trends
from rssm.errors import InputError

DECADE = 10  # years
F64 = NDArray[np.float64]


def trend_maps(means: Sequence[str], spec: TrendSpec, out: Sequence[str]) -> None:
    """Write the trends of a product's pixels, from years without the pixels' mean years, and of its regions."""
    known, series = read_means(means[0]), read_series(means[0])
    of_pixels = trend_map(known.pixel, known.years, known.anomaly, spec)
    annual = _tested(every_year(known.years, series.anomaly.T), spec.years, spec)
    months = every_year(known.years, series.monthly_anomaly.reshape(len(series.label), -1, 12).transpose(1, 2, 0))
    monthly = _tested(months.reshape(-1, len(series.label)), 6 * spec.years, spec)
    write_trends(
        out[0], of_pixels, RegionTrends(series.kind, series.label, per_decade(annual, 1), per_decade(monthly, 12))
    )


def trend_map(
    pixel: NDArray[np.int64], years: NDArray[np.int64], values: NDArray[np.floating], spec: TrendSpec
) -> TrendMap:
    """Trends of years (year, pixel) and which of them a map may call significant."""
    found = per_decade(_tested(every_year(years, values), spec.years, spec), 1)
    return TrendMap(pixel, found, false_discovery(found.p, spec.false_discoveries))


def difference(ours: Sequence[str], theirs: Sequence[str], spec: TrendSpec, out: Sequence[str]) -> None:
    """Write by how much two products differ: in the mean of the years that both have, and in trend.

    The trend is that of the difference of both, year by year, in which weather that both see cancels.
    """
    one, two = read_means(ours[0]), read_means(theirs[0])
    if not np.array_equal(one.pixel, two.pixel):
        raise InputError(f"{theirs[0]}: holds other pixels than {ours[0]}. Remove both and run their rules again.")
    years, here, there = np.intersect1d(one.years, two.years, return_indices=True)
    departure = one.anomaly[here] - two.anomaly[there]
    with np.errstate(invalid="ignore"):
        both = np.isfinite(one.annual[here]) & np.isfinite(two.annual[there])
        apart = np.where(both, one.annual[here] - two.annual[there], 0).sum(axis=0) / both.sum(axis=0)
    alike = _likeness(one.anomaly[here], two.anomaly[there], spec.years)
    write_difference(out[0], trend_map(one.pixel, years, departure, spec), years, apart, alike)


def _likeness(x: NDArray[np.floating], y: NDArray[np.floating], least: int) -> F64:
    """Correlation (pixel,) of the anomalies of the years that both have."""
    both = np.isfinite(x) & np.isfinite(y)
    n = both.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = (np.where(both, of - np.where(both, of, 0).sum(axis=0, dtype=np.float64) / n, 0.0) for of in (x, y))
        r = (a * b).sum(axis=0) / np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    return np.where(n >= least, r, np.nan)


def _tested(values: NDArray[np.floating], least: int, spec: TrendSpec) -> Trend:
    return trends(values, least, spec.significance, spec.correlation)


def every_year(years: NDArray[np.int64], values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Values (year, …) of an unbroken row of years: NaN of those that are not there."""
    if not years.size:
        return values
    out = np.full((int(years.max() - years.min()) + 1, *values.shape[1:]), np.nan, values.dtype)
    out[years - years.min()] = values
    return out


def per_decade(trend: Trend, steps_a_year: int) -> Trend:
    """A trend by decades instead of steps."""
    slope, low, high = (number * steps_a_year * DECADE for number in (trend.slope, trend.low, trend.high))
    return Trend(slope, low, high, trend.p, trend.n, trend.widened)
