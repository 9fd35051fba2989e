"""Peaks and troughs of fitted years, how far apart those of two quantities lie, and how alike their curves are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.statistics.fourier import Fit, design, slopes

FINE = 10  # places that are looked at per step: a day of a dekad
TOGETHER = 10_000  # series whose curves are in memory at once
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Extremes:
    """Of fitted years (series,), NaN where there is no fit. Times are places in the year: 1 is the middle of its first step.

    peak, trough              times of the highest and the lowest value, where the series has values at all
    second                    time of the second peak, of curves with two
    peak_value, trough_value  there
    peak_error                standard error of the peak's time, steps
    range_error               of the difference of the two values
    """

    peak: F64
    second: F64
    trough: F64
    peak_value: F64
    trough_value: F64
    peak_error: F64
    range_error: F64

    @property
    def range(self) -> F64:
        return self.peak_value - self.trough_value


def extremes(fit: Fit) -> Extremes:
    """Peaks and troughs of the curves."""
    seasons, series = fit.seen.shape
    found = np.full((len(Extremes.__dataclass_fields__), series), np.nan)
    for at in range(0, series, TOGETHER):
        some = slice(at, at + TOGETHER)
        there = fit.terms[some] > 0
        if there.any():
            part = fit.coefficients[:, some][:, there], fit.covariance[:, :, some][:, :, there]
            found[:, at : at + TOGETHER][:, there] = _some(*part, fit.seen[:, some][:, there], seasons)
    return Extremes(*found)


def _some(coefficients: F64, covariance: F64, seen: NDArray[np.bool_], seasons: int) -> F64:
    """The same of some series that have a fit, as rows."""
    places = np.arange(seasons * FINE) / FINE
    basis = design(places, seasons)
    curve = np.where(seen[np.round(places).astype(int) % seasons], basis @ coefficients, np.nan)
    top, bottom = np.nanargmax(curve, axis=0), np.nanargmin(curve, axis=0)
    every = np.arange(curve.shape[1])
    peaks = (curve > np.roll(curve, 1, axis=0)) & (curve >= np.roll(curve, -1, axis=0))  # none beside a gap
    peaks[top, every] = False
    other = np.where(peaks, curve, -np.inf)
    second = np.where(peaks.any(axis=0), _time(places[other.argmax(axis=0)], seasons), np.nan)
    moved, bend = slopes(places[top], seasons, 1), slopes(places[top], seasons, 2)
    bent = np.einsum("pj,jp->p", bend, coefficients)
    with np.errstate(divide="ignore", invalid="ignore"):
        time_error = np.sqrt(_spread(moved, covariance)) / np.abs(bent)
    apart = np.sqrt(_spread(basis[top] - basis[bottom], covariance))
    times = _time(places[top], seasons), second, _time(places[bottom], seasons)
    return np.stack([*times, curve[top, every], curve[bottom, every], time_error, apart])


def _time(place: F64, seasons: int) -> F64:
    """Places counted from 0 as times from 0.5 to `seasons` + 0.5."""
    return np.where(place + 1 >= seasons + 0.5, place + 1 - seasons, place + 1)


def _spread(of: F64, covariance: F64) -> F64:
    """Variance (series,) of a combination (series, 5) of coefficients."""
    return np.asarray(np.einsum("pj,jkp,pk->p", of, covariance, of))


def apart(time: F64, other: F64, seasons: int) -> F64:
    """How much later a time of the year is than another, by the shorter way round; steps."""
    return np.asarray((time - other + seasons / 2) % seasons - seasons / 2)


def delay(ours: Extremes, theirs: Extremes, seasons: int) -> F64:
    """How much later the peak of ours (series,) is; where both have two peaks, the mean of both, paired as they lie nearest."""
    first = apart(ours.peak, theirs.peak, seasons)
    straight = first, apart(ours.second, theirs.second, seasons)
    crossed = apart(ours.peak, theirs.second, seasons), apart(ours.second, theirs.peak, seasons)
    (a, b), (c, d) = straight, crossed
    nearest = np.where(np.abs(a) + np.abs(b) <= np.abs(c) + np.abs(d), (a + b) / 2, (c + d) / 2)
    return np.where(np.isfinite(nearest), nearest, first)


def likeness(ours: Fit, theirs: Fit) -> F64:
    """Correlation (series,) of two fitted years, over the places in the year that both have."""
    seasons = len(ours.seen)
    basis = design(np.arange(seasons, dtype=np.float64), seasons)
    both = ours.seen & theirs.seen
    n = both.sum(axis=0)
    x, y = (np.where(both, basis @ fit.coefficients, 0.0) for fit in (ours, theirs))
    with np.errstate(invalid="ignore", divide="ignore"):
        x, y = (np.where(both, values - values.sum(axis=0) / n, 0.0) for values in (x, y))
        return np.asarray((x * y).sum(axis=0) / np.sqrt((x * x).sum(axis=0) * (y * y).sum(axis=0)))
