"""How the decline depends on soil moisture, and the time constant of exponential drying that follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Array, Dry, Drying

APART = 365.2425 / 36  # days between the middles of neighbouring dekads, on average


@dataclass(frozen=True)
class Relation:
    """Decline against soil moisture over dry cases (cell,).

    r          correlation of the decline with the mean soil moisture of both dekads
    r_before   with that of the dekad before, as in the article: an error of that dekad makes it larger
    constant   time constant of exponential drying, days
    residual   soil moisture at which nothing more dries, m³ m⁻³
    """

    r: Array
    r_before: Array
    constant: Array
    residual: Array
    status: NDArray[np.int8]


def relate(change: Array, level: Array, dry: Dry) -> Relation:
    """Decline d against level m: exponential drying towards θ within τ has d = 2 tanh(Δt / 2τ) (m − θ).

    An error of one dekad is in d and in m, but with m the mean of both dekads it does not make the slope: the errors of both
    cancel in the covariance.
    """
    chosen, decline = dry.dry, np.where(dry.dry, -change, 0.0)
    count = np.maximum(chosen.sum(axis=1), 1)
    middle = np.where(chosen, level, 0.0)
    slope, r, mean_level, mean_decline = _line(middle, decline, chosen, count)
    r_before = _line(np.where(chosen, level - change / 2, 0.0), decline, chosen, count)[1]
    could = (slope > 0) & (slope < 2)
    safe = np.where(could, slope, 1.0)
    constant = np.where(could, APART / (2 * np.arctanh(safe / 2)), np.nan)
    residual = np.where(could, mean_level - mean_decline / safe, np.nan)
    status = np.where(dry.status == Drying.OK, np.where(could, Drying.OK, Drying.NO_RELATION), dry.status)
    good = dry.status == Drying.OK
    r, r_before, constant, residual = (np.where(good, values, np.nan) for values in (r, r_before, constant, residual))
    return Relation(r, r_before, constant, residual, status.astype(np.int8))


def _line(x: Array, y: Array, chosen: NDArray[np.bool_], count: NDArray[np.int64]) -> tuple[Array, ...]:
    """Slope, correlation and means (cell,) of y against x; NaN where x never changes."""
    mx, my = x.sum(axis=1) / count, y.sum(axis=1) / count
    dx, dy = np.where(chosen, x - mx[:, None], 0), np.where(chosen, y - my[:, None], 0)
    xx, yy, xy = (dx * dx).sum(axis=1), (dy * dy).sum(axis=1), (dx * dy).sum(axis=1)
    none = np.full(xx.size, np.nan)
    slope = np.divide(xy, xx, out=none.copy(), where=xx > 0)
    r = np.divide(xy, np.sqrt(xx * yy), out=none.copy(), where=xx * yy > 0)
    return slope, r, mx, my
