"""Seasonal cycles in closed form: an offset and one or two waves a year, fitted to many series with gaps at once.

With a known period the fit is linear, three normal equations a series. Of several periods the one with the least
squared error is taken (variable projection by a scan), which is where the bounded search for all four numbers ends too.
Each series is a product of its own shape, so that its fit has the same bits whatever series lie beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Cycle:
    """Cycles of some series: value = offset + Σ waves · (cos, sin) of 2π · harmonic · day / period.

    offset  (series,), NaN where there was no value
    waves   (series, 2 · harmonics): cosine and sine of each harmonic; 0 where the cycle is a median
    period  (series,) days
    count   (series,) values fitted
    """

    offset: F8
    waves: F8
    period: F8
    count: NDArray[np.int64]

    def at(self, days: F8) -> F8:
        """Values (series, day); days count from the same origin as those that were fitted."""
        out = np.repeat(self.offset[:, None], len(days), axis=1)
        angle = 2 * np.pi * days / self.period[:, None]
        for harmonic in range(self.waves.shape[1] // 2):
            cosine, sine = self.waves[:, 2 * harmonic, None], self.waves[:, 2 * harmonic + 1, None]
            out += cosine * np.cos((harmonic + 1) * angle) + sine * np.sin((harmonic + 1) * angle)
        return out


def fit(
    values: NDArray[np.floating],
    days: F8,
    *,
    amplitude: Bounds,
    offset: Bounds,
    periods: Sequence[float] = (365.25,),
    harmonics: int = 1,
    shrinkage: float = 0.0,
    fewest: int = 40,
) -> Cycle:
    """Cycles of series (series, day) with NaN for gaps; the settings are those of `rssm.casm.specs.CycleSpec`."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    filled = np.where(known, values, 0).astype(np.float64)
    squares = np.square(filled).sum(axis=1)
    best = np.full(len(values), np.inf)
    solution = np.zeros((len(values), 1 + 2 * harmonics))
    period = np.full(len(values), float(periods[0]))
    for trial in periods:
        moments = _Moments.of(known, filled, _basis(days, trial, harmonics), shrinkage)
        found = _bounded(moments, amplitude, offset)
        error = squares + moments.change(found)
        better = error < best
        best[better], solution[better], period[better] = error[better], found[better], trial
    few = count < fewest
    solution[few] = 0
    solution[few, 0] = _medians(values[few])
    return Cycle(solution[:, 0], solution[:, 1:], period, count)


def _basis(days: F8, period: float, harmonics: int) -> F8:
    """One, cosines and sines (day, 1 + 2 · harmonics)."""
    angle = 2 * np.pi * np.asarray(days, np.float64) / period
    waves = [turn(harmonic * angle) for harmonic in range(1, harmonics + 1) for turn in (np.cos, np.sin)]
    return np.stack([np.ones(len(days)), *waves], axis=1)


def _medians(values: NDArray[np.floating]) -> F8:
    """Median of each series, NaN of one without values."""
    out = np.full(len(values), np.nan)
    some = np.isfinite(values).any(axis=1)
    out[some] = np.nanmedian(values[some], axis=1)
    return out


@dataclass(frozen=True)
class _Moments:
    """Normal equations of each series: left (series, k, k), right (series, k)."""

    left: F8
    right: F8

    @staticmethod
    def of(known: NDArray[np.bool_], filled: F8, basis: F8, shrinkage: float) -> _Moments:
        size = basis.shape[1]
        pairs = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1)
        left = np.matmul(known[:, None, :].astype(np.float64), pairs).reshape(-1, size, size)
        left[:, range(1, size), range(1, size)] += shrinkage + 1e-9  # of an empty series: solvable, and zero
        left[:, 0, 0] += 1e-9
        return _Moments(left, np.matmul(filled[:, None, :], basis)[:, 0])

    def solved(self, fixed: F8 | None = None) -> F8:
        """Coefficients (series, k) of least squared error; with `fixed`, the offset is what it says."""
        if fixed is None:
            return np.asarray(np.linalg.solve(self.left, self.right[..., None])[..., 0], np.float64)
        right = self.right[:, 1:] - self.left[:, 1:, 0] * fixed[:, None]
        waves = np.linalg.solve(self.left[:, 1:, 1:], right[..., None])[..., 0]
        return np.concatenate([fixed[:, None], waves], axis=1)

    def offset(self, waves: F8) -> F8:
        """The best offset (series,) beside waves."""
        return np.asarray((self.right[:, 0] - np.sum(self.left[:, 0, 1:] * waves, axis=1)) / self.left[:, 0, 0])

    def change(self, found: F8) -> F8:
        """What some coefficients take from the sum of squares."""
        return np.asarray(np.sum(found * (np.matmul(self.left, found[..., None])[..., 0] - 2 * self.right), axis=1))


def _bounded(moments: _Moments, amplitude: Bounds, offset: Bounds) -> F8:
    """Best coefficients within the bounds: what passes one is held on it, and the others are found again."""
    found = moments.solved()
    outside = (found[:, 0] < offset[0]) | (found[:, 0] > offset[1])
    if outside.any():
        found = np.where(outside[:, None], moments.solved(np.clip(found[:, 0], *offset)), found)
    size = np.hypot(found[:, 1], found[:, 2])
    wrong = (size < amplitude[0]) | (size > amplitude[1])
    if wrong.any():
        flat = size == 0
        found[flat, 1] = 1.0  # no direction is better than another
        scale = np.clip(size, *amplitude) / np.where(flat, 1.0, size)
        found[wrong, 1:3] *= scale[wrong, None]
        found[wrong, 0] = np.clip(moments.offset(found[:, 1:]), *offset)[wrong]
    return found
