"""The season of the drying: a Fourier series fitted to the declines of dry cases, wherever in the year these lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Array, Drying
from rssm.analysis.statistics.fourier import Seasonal, design, fitted

PLACES = 36  # dekads of a year
GAP = 9  # dekads without a dry case, a quarter of a year, over which a fit would invent a season
GAIN = 0.05  # of adjusted R² that a second term needs, besides a lower BIC
CURVE = design(np.arange(PLACES, dtype=np.float64), PLACES)  # (place, coefficient)


@dataclass(frozen=True)
class Season:
    """Declines by place in the year, and the fit.

    count, total  (cell, place) of dry cases, and of their declines, m³ m⁻³
    fitted        (cell, place) decline of a dekad, NaN without a fit
    terms         (cell,) 1 or 2, 0 without a fit
    mean          (cell,) of the fit: the decline if dry dekads came at random throughout the year, m³ m⁻³ per dekad
    r2            (cell,) adjusted
    status        (cell,)
    """

    count: NDArray[np.int64]
    total: Array
    fitted: Array
    terms: NDArray[np.int8]
    mean: Array
    r2: Array
    status: NDArray[np.int8]


def fit_season(change: Array, dry: NDArray[np.bool_], place: NDArray[np.int64], status: NDArray[np.int8]) -> Season:
    """Fit (cell, case): `place` (case,) of each dekad in its year, `status` (cell,) of the drying."""
    here = np.eye(PLACES)[place]  # (case, place)
    decline = np.where(dry, -change, 0.0)
    count, total, squares = dry.astype(float) @ here, decline @ here, (decline**2).sum(axis=1)
    sums = Seasonal(PLACES, len(dry))
    sums.count, sums.total, sums.square = count.T, total.T, squares
    fit = fitted(sums, GAIN)
    good = (status == Drying.OK) & (longest_gap(count > 0) < GAP) & (fit.terms > 0)
    status = np.where((status == Drying.OK) & ~good, Drying.TOO_SEASONAL, status)
    return Season(
        count.astype(np.int64),
        total,
        np.where(good[:, None], (CURVE @ fit.coefficients).T, np.nan),
        np.where(good, fit.terms, 0).astype(np.int8),
        np.where(good, fit.coefficients[0], np.nan),
        np.where(good, fit.adjusted_r2, np.nan),
        status.astype(np.int8),
    )


def longest_gap(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Longest run (cell,) of places in the year (cell, place) without a case; a run may pass the turn of the year."""
    longest, run = np.zeros(len(there), np.int64), np.zeros(len(there), np.int64)
    for at in range(2 * PLACES):
        run = np.where(there[:, at % PLACES], 0, run + 1)
        longest = np.maximum(longest, run)
    return np.minimum(longest, PLACES)
