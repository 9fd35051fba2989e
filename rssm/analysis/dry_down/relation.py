"""How the decline depends on soil moisture, and the time constant of exponential drying that follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Array, Dry, Drying
from rssm.analysis.dry_down.season import CURVE

APART = 365.2425 / 36  # days between the middles of neighbouring dekads, on average
TEN = 10.0  # mm: rain counts in tens, near the size of what it explains
RIDGE = 1e-9  # far below the squares of anything that changes: without any rain, its share is 0


@dataclass(frozen=True)
class Relation:
    """Decline against soil moisture over dry cases (cell,).

    r          correlation of the decline with the mean soil moisture of both dekads
    r_before   with that of the dekad before, as in the article: an error of that dekad makes it larger
    constant   time constant of exponential drying without rain, days
    residual   soil moisture at which nothing more dries, m³ m⁻³
    """

    r: Array
    r_before: Array
    constant: Array
    residual: Array
    status: NDArray[np.int8]


def relate(change: Array, level: Array, earlier: Array, later: Array, place: NDArray[np.int64], dry: Dry) -> Relation:
    """Relation of (cell, case): exponential drying towards θ within τ has the decline 2 tanh(Δt / 2τ) (level − θ).

    earlier, later  effective precipitation of the first and of the second dekad, mm: dry is not rainless, and what falls makes
                    the decline smaller
    place           (case,) of the second dekad in its year: where summers are dry and dry fast, decline against level over the
                    whole year would tell of the seasons; so slope and intercept swing with the year, and their means count

    An error of one dekad is in the decline and in the level, but with the level the mean of both dekads it does not make the
    slope: the errors of both cancel in the covariance.
    """
    n = np.maximum(dry.dry.sum(axis=1), 1)
    swing = [np.broadcast_to(wave[place], level.shape) for wave in CURVE[:, 1:3].T]
    causes = [level, *(wave * level for wave in swing), earlier / TEN, later / TEN, *swing]
    y, y_mean = _centred(-change, dry.dry, n)
    centred, means = zip(*(_centred(cause, dry.dry, n) for cause in causes), strict=True)
    x, mean = np.stack(centred, axis=1), np.stack(means, axis=1)  # (cell, cause, case), (cell, cause)
    squares = x @ x.transpose(0, 2, 1) + RIDGE * np.eye(len(causes))
    slopes = np.linalg.solve(squares, x @ y[..., None])[..., 0]
    slope = slopes[:, 0] + (slopes[:, 1:3] * mean[:, 5:]).sum(axis=1)
    still = y_mean - (slopes[:, :5] * mean[:, :5]).sum(axis=1)  # mean decline at level 0 without rain
    could = (slope > 0) & (slope < 2)
    safe = np.where(could, slope, 1.0)
    status = np.where(dry.status == Drying.OK, np.where(could, Drying.OK, Drying.NO_RELATION), dry.status)
    good = dry.status == Drying.OK
    r, r_before = (_correlation(_centred(of, dry.dry, n)[0], y) for of in (level, level - change / 2))
    return Relation(
        np.where(good, r, np.nan),
        np.where(good, r_before, np.nan),
        np.where(good & could, APART / (2 * np.arctanh(safe / 2)), np.nan),
        np.where(good & could, -still / safe, np.nan),
        status.astype(np.int8),
    )


def _centred(values: Array, chosen: NDArray[np.bool_], n: NDArray[np.int64]) -> tuple[Array, Array]:
    """Departures (cell, case) of chosen values from their means, 0 elsewhere; and the means (cell,)."""
    mean = np.where(chosen, values, 0.0).sum(axis=1) / n
    return np.where(chosen, values - mean[:, None], 0.0), mean


def _correlation(x: Array, y: Array) -> Array:
    """Correlation (cell,) of departures; NaN where one never changes."""
    size = np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    return np.divide((x * y).sum(axis=1), size, out=np.full(size.shape, np.nan), where=size > 0)
