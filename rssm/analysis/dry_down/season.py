"""The season of the drying: a Fourier series fitted to the declines of dry cases, wherever in the year these lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Array, Drying

PLACES = 36  # dekads of a year
GAP = 12  # dekads without a dry case over which a fit would invent a season
GAIN = 0.05  # of adjusted R² that a second term needs, besides a lower BIC
PHASE = 2 * np.pi * (np.arange(PLACES) + 0.5) / PLACES
TERMS = np.stack(
    [np.ones(PLACES), *(wave(k * PHASE) for k in (1, 2) for wave in (np.cos, np.sin))]
)  # (coefficient, place)


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
    wide = longest_gap(count > 0)
    status = np.where((status == Drying.OK) & (wide >= GAP), Drying.TOO_SEASONAL, status)
    one, two = (_fit(count, total, squares, coefficients) for coefficients in (3, 5))
    second = (two[2] < one[2]) & (two[1] - one[1] >= GAIN)
    good = status == Drying.OK
    coefficients = np.where(second[:, None], two[0], np.pad(one[0], ((0, 0), (0, 2))))
    fitted = np.where(good[:, None], coefficients @ TERMS, np.nan)
    return Season(
        count.astype(np.int64),
        total,
        fitted,
        np.where(good, 1 + second, 0).astype(np.int8),
        np.where(good, coefficients[:, 0], np.nan),
        np.where(good, np.where(second, two[1], one[1]), np.nan),
        status.astype(np.int8),
    )


def longest_gap(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Longest run (cell,) of places in the year (cell, place) without a case; a run may pass the turn of the year."""
    longest, run = np.zeros(len(there), np.int64), np.zeros(len(there), np.int64)
    for at in range(2 * PLACES):
        run = np.where(there[:, at % PLACES], 0, run + 1)
        longest = np.maximum(longest, run)
    return np.minimum(longest, PLACES)


def _fit(count: Array, total: Array, squares: Array, coefficients: int) -> tuple[Array, Array, Array]:
    """Least squares (cell, coefficient), adjusted R² and BIC (cell,), from sums alone."""
    terms = TERMS[:coefficients]
    normal = np.einsum("zp,ip,jp->zij", count, terms, terms)
    right = total @ terms.T
    cases = count.sum(axis=1)
    ridge = (
        1e-9 * np.maximum(cases, 1)[:, None, None] * np.eye(coefficients)
    )  # gaps that are too wide are left out elsewhere
    found = np.linalg.solve(normal + ridge, right[..., None])[..., 0]
    rest = np.maximum(squares - (found * right).sum(axis=1), 1e-300)
    n = np.maximum(cases, coefficients + 1)
    whole = np.maximum(
        squares - total.sum(axis=1) ** 2 / n, 1e-300
    )  # of a decline that never changes: nothing to explain
    r2 = 1 - rest / np.maximum(n - coefficients, 1) / (whole / (n - 1))
    return found, np.maximum(r2, -1), n * np.log(rest / n) + coefficients * np.log(n)
