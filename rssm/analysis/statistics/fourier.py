"""The mean year as a Fourier series of one or two terms, of many series with gaps at once.

Least squares need no more of a series than, for each place in the year, how many values it has and their sum; so a record
of any length is read once and never held. The same goes for the autocorrelation of what a fit leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

HALF = 0.5  # of the places in the year that a fit needs: beyond, a curve is a guess
MOST = 0.95  # lag-1 autocorrelation that is believed at most
F64 = NDArray[np.float64]


@dataclass
class Seasonal:
    """Sums of series by place in the year.

    seasons          places in a year
    count, total     (season, series) values and their sum
    square           (series,) sum of squares
    pairs            (season, series) of a value and the one a step before; this, before: sums of both; product: (series,)
    """

    seasons: int
    series: int
    count: F64 = field(init=False)
    total: F64 = field(init=False)
    square: F64 = field(init=False)
    pairs: F64 = field(init=False)
    this: F64 = field(init=False)
    before: F64 = field(init=False)
    product: F64 = field(init=False)
    _last: tuple[int, F64] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        for name in ("count", "total", "pairs", "this", "before"):
            setattr(self, name, np.zeros((self.seasons, self.series)))
        self.square, self.product = np.zeros(self.series), np.zeros(self.series)

    def add(self, step: int, season: int, values: NDArray[np.floating]) -> None:
        """Take a step (series,); steps come in order, NaN is a gap."""
        known = np.isfinite(values)
        x = np.where(known, values, 0).astype(np.float64)
        self.count[season] += known
        self.total[season] += x
        self.square += x * x
        if self._last and self._last[0] == step - 1:
            both = known & np.isfinite(self._last[1])
            old = np.where(both, self._last[1], 0)
            self.pairs[season] += both
            self.this[season] += np.where(both, x, 0)
            self.before[season] += old
            self.product += np.where(both, x, 0) * old
        self._last = (step, np.where(known, values, np.nan).astype(np.float64))

    @property
    def n(self) -> F64:
        """Values (series,)."""
        return np.asarray(self.count.sum(axis=0))


@dataclass(frozen=True)
class Fit:
    """Fitted years, NaN where a series has too few values.

    coefficients  (5, series) mean, cosine and sine of the first and of the second term; 0 of a term that is not there
    covariance    (5, 5, series) of these, as the autocorrelation of what the fit leaves makes it
    terms         (series,) 1 or 2, 0 where there is no fit
    adjusted_r2   (series,)
    gain          (series,) of adjusted R² by a second term
    seen          (season, series) places in the year with a value, where the curve is not a guess
    """

    coefficients: F64
    covariance: F64
    terms: NDArray[np.int64]
    adjusted_r2: F64
    gain: F64
    seen: NDArray[np.bool_]
    UNKNOWNS: ClassVar = (3, 5)


def design(places: F64, seasons: int) -> F64:
    """Basis (place, 5) at places in the year; place k is the middle of the k-th step, from 0 on."""
    turn = 2 * np.pi * (np.asarray(places, np.float64) + 0.5) / seasons
    return np.stack([np.ones_like(turn), np.cos(turn), np.sin(turn), np.cos(2 * turn), np.sin(2 * turn)], axis=-1)


def slopes(places: F64, seasons: int, order: int) -> F64:
    """First or second derivative (place, 5) of the basis by place."""
    turn, w = 2 * np.pi * (np.asarray(places, np.float64) + 0.5) / seasons, 2 * np.pi / seasons
    zero = np.zeros_like(turn)
    if order == 1:
        parts = [zero, -w * np.sin(turn), w * np.cos(turn), -2 * w * np.sin(2 * turn), 2 * w * np.cos(2 * turn)]
    else:
        parts = [zero, -np.cos(turn), -np.sin(turn), -4 * np.cos(2 * turn), -4 * np.sin(2 * turn)]
        parts = [w * w * part for part in parts]
    return np.stack(parts, axis=-1)


def fitted(sums: Seasonal, gain: float) -> Fit:
    """Fit one term, and two where they raise adjusted R² by `gain` at least and lower BIC."""
    one, two = _solved(sums, 3), _solved(sums, 5)
    n = sums.n
    with np.errstate(invalid="ignore", divide="ignore"):
        bic = [n * np.log(fit.left / n) + unknowns * np.log(n) for fit, unknowns in ((one, 3), (two, 5))]
        more = two.adjusted - one.adjusted
        better = (more >= gain) & (bic[1] < bic[0])
    chosen = np.where(better, two.adjusted, one.adjusted)
    there = np.isfinite(chosen)
    return Fit(
        np.where(better, two.coefficients, one.coefficients),
        np.where(better, two.covariance, one.covariance),
        np.where(there, np.where(better, 2, 1), 0),
        chosen,
        more,
        sums.count > 0,
    )


@dataclass(frozen=True)
class _Solved:
    """Least squares of some number of unknowns; `left`: sum of squares that is left."""

    coefficients: F64
    covariance: F64
    adjusted: F64
    left: F64


def _solved(sums: Seasonal, unknowns: int) -> _Solved:
    """Normal equations of all series."""
    basis = design(np.arange(sums.seasons, dtype=np.float64), sums.seasons)[:, :unknowns]
    n = sums.n
    enough = (n > unknowns + 1) & ((sums.count > 0).mean(axis=0) >= HALF)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = sums.total.sum(axis=0) / n
    centred = sums.total - sums.count * np.where(enough, middle, 0)  # fewer digits are lost
    whole = sums.square - n * np.where(enough, middle, 0) ** 2
    matrix = np.einsum("sp,sj,sk->pjk", sums.count, basis, basis, optimize=True)
    matrix[~enough] = np.eye(unknowns)
    right = centred.T @ basis
    right[~enough] = 0
    inverse = np.linalg.inv(matrix)
    beta = np.einsum("pjk,pk->jp", inverse, right)
    left = np.maximum(whole - np.einsum("jp,pj->p", beta, right), 0.0)
    coefficients, covariance = np.zeros((5, n.size)), np.zeros((5, 5, n.size))
    coefficients[:unknowns] = beta
    coefficients[0] += np.where(enough, middle, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        free = n - unknowns
        adjusted = np.where(whole > 0, 1 - (left / free) / (whole / (n - 1)), 0.0)
        r = np.clip(_autocorrelation(sums, coefficients, left), 0, MOST)
        variance = left / free * (1 + r) / (1 - r)
    covariance[:unknowns, :unknowns] = np.moveaxis(inverse, 0, -1) * variance
    lost = ~enough
    for values in (coefficients, covariance, adjusted):
        values[..., lost] = np.nan
    return _Solved(coefficients, covariance, adjusted, np.where(enough, left, np.nan))


def _autocorrelation(sums: Seasonal, coefficients: F64, left: F64) -> F64:
    """Lag-1 autocorrelation (series,) of what a fit leaves, from the sums of pairs."""
    curve = design(np.arange(sums.seasons, dtype=np.float64), sums.seasons) @ coefficients
    earlier = np.roll(curve, 1, axis=0)
    shared = sums.product - (earlier * sums.this).sum(axis=0) - (curve * sums.before).sum(axis=0)
    shared += (curve * earlier * sums.pairs).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((shared / sums.pairs.sum(axis=0)) / (left / sums.n))
