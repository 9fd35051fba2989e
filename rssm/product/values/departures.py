"""Filling by departures: a missing pixel's own mean year, and how far this step departs from it.

Three things tell that departure, each as far as it is known: the mean departure of the ring of pixels that `fill`
finds, and the pixel's own departures one step before and after. Their weights are those of least squares among the
pixels of the same map that are known, with one pixel k away in place of ring k, beside what is usual, which counts
where a map is small; so is the error, which only grows with the distance. A ring holds several pixels, so that both are
on the safe side.

Where no mean year is known, or too few pairs of pixels to learn from, the ring's own mean fills the pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.product.values.fill import fill

F32 = NDArray[np.float32]
PRIOR = 10_000  # pairs that what is usual weighs: a small map shows one weather, and its gap hides much of that
HALFWAY, IN_TIME = 8.0, 0.45  # usual: pixels over which correlation falls to a half; correlation with the step beside
LEAST = 100  # pairs of pixels that weights are learnt from
ENOUGH = 1 << 16  # pixels of a map that are looked at: larger ones are thinned


class Departures(NamedTuple):
    """Departures from the mean year (row, col), NaN where unknown: of a step, and of those before and after it."""

    mean: F32  # the mean year itself, at this step
    here: F32
    before: F32
    after: F32


class Hints(NamedTuple):
    """What tells how each filled pixel departs (pixel,), NaN where unknown: its ring, and itself before and after."""

    ring: NDArray[np.int16]  # steps away
    around: F32
    before: F32
    after: F32


class FilledStep(NamedTuple):
    """A filled map (row, col)."""

    values: F32
    distance: NDArray[np.int16]  # as of `Filled`
    variance: F32  # total, m⁶ m⁻⁶


def fill_step(
    values: F32,
    variance: F32,
    land: NDArray[np.bool_],
    blocked: NDArray[np.bool_],
    radius: int,
    wrap: bool = False,
    departures: Departures | None = None,
) -> FilledStep:
    """Fill one map; values, land, blocked, radius, wrap as of `fill`.

    variance    total variance of the values
    departures  None: every pixel takes the mean of its ring

    A filled pixel has the mean variance of its donors, whose errors are taken to be one and the same, and the mean
    squared error of filling over its distance.
    """
    known = ~np.isnan(values) & ~np.isnan(variance)
    typical = np.float32(np.mean(variance[known], dtype=np.float64) if known.any() else np.nan)
    whole = np.where(known, variance, typical)  # or a donor without a variance would leave none
    mean = [departures.mean] if departures else []
    out, distance, (donors, *means) = fill(values, land, blocked, radius, wrap, [whole, *mean])
    total, at = variance.copy(), np.nonzero(distance > 0)
    if at[0].size:
        rings = distance[at]
        apart = {ring: np.nan_to_num(difference_variance(values, ring, wrap)) for ring in np.unique(rings).tolist()}
        error = np.array([apart.get(ring, 0) for ring in range(rings.max() + 1)], np.float32)[rings]
        if departures:
            around = np.where(np.isnan(departures.mean[at]), np.float32(np.nan), out[at] - means[0][at])
            hints = Hints(rings, around, departures.before[at], departures.after[at])
            for where, found, squared in _by_departures(departures, hints, wrap):
                row, column = at[0][where], at[1][where]
                out[row, column] = departures.mean[row, column] + found
                error[where] = squared
        total[at] = donors[at] + error
    return FilledStep(out, distance, total)


def difference_variance(values: NDArray[np.floating], distance: int, wrap: bool = False) -> float:
    """Mean squared difference of values `distance` pixels apart along rows and columns; NaN where no pair is known."""
    d = distance
    pairs = [values[d:] - values[:-d], values[:, d:] - values[:, :-d]]
    if wrap:
        pairs.append(values[:, :d] - values[:, -d:])
    known = np.concatenate([pair[~np.isnan(pair)] for pair in pairs])
    return float(np.square(known, dtype=np.float64).mean()) if known.size else np.nan


def _by_departures(departures: Departures, hints: Hints, wrap: bool) -> Iterator[tuple[NDArray[np.bool_], F32, float]]:
    """Yield (which filled pixels, their departures, mean squared error), ring by ring and by what is known of a pixel."""
    before_there, after_there = ~np.isnan(hints.before), ~np.isnan(hints.after)
    usable = ~np.isnan(hints.around)
    least: dict[tuple[int, ...], float] = {}  # error of nearer rings, which farther ones do not go below
    for ring in np.unique(hints.ring[usable]).tolist():
        of_ring, pairs = usable & (hints.ring == ring), _pairs(departures, ring, wrap)
        for taken in ((0, 1, 2), (0, 1), (0, 2), (0,)):
            where = of_ring & (before_there == (1 in taken)) & (after_there == (2 in taken))
            learnt = _learnt(pairs, ring, taken) if where.any() else None
            if learnt is not None:
                weights, squared = learnt
                least[taken] = max(squared, least.get(taken, 0.0))
                parts = [weight * hints[k + 1][where] for weight, k in zip(weights, taken, strict=True)]
                yield where, np.sum(parts, axis=0).astype(np.float32), least[taken]


def _pairs(departures: Departures, ring: int, wrap: bool) -> F32:
    """Departures of pixels, of pixels `ring` away on each side, and of the pixels themselves before and after (4, pair)."""
    rows, columns = departures.here.shape
    thin = max(1, round(np.sqrt(departures.here.size / ENOUGH)))
    row, column = np.arange(0, rows, thin)[:, None], np.arange(0, columns, thin)
    sides = []
    for down, right in ((ring, 0), (-ring, 0), (0, ring), (0, -ring)):
        there = row + down, (column + right) % columns if wrap else column + right
        inside = (there[0] >= 0) & (there[0] < rows) & (there[1] >= 0) & (there[1] < columns)
        neighbour = departures.here[np.clip(there[0], 0, rows - 1), np.clip(there[1], 0, columns - 1)]
        here, before, after = (field[row, column] for field in departures[1:])
        both = inside & ~np.isnan(here) & ~np.isnan(neighbour)
        sides.append(np.stack([field[both] for field in (here, neighbour, before, after)]))
    return np.concatenate(sides, axis=1)


def _learnt(pairs: F32, ring: int, taken: tuple[int, ...]) -> tuple[NDArray[np.float64], float] | None:
    """Weights of what tells a departure (0 the ring, 1 before, 2 after), and their mean squared error."""
    rows = [0, *(k + 1 for k in taken)]
    known = pairs[rows][:, ~np.isnan(pairs[rows]).any(axis=0)].astype(np.float64)
    n = known.shape[1]
    if n < LEAST:
        return None
    sums = np.einsum("ip,jp->ij", known, known)  # no BLAS, whose bits depend on its threads
    sums += PRIOR * sums[0, 0] / n * _prior(ring)[np.ix_(rows, rows)]
    moments = sums / (n + PRIOR)
    weights = np.linalg.lstsq(moments[1:, 1:], moments[1:, 0], rcond=1e-6)[0]
    squared = moments[0, 0] - 2 * weights @ moments[1:, 0] + weights @ moments[1:, 1:] @ weights
    return weights, max(float(squared), 0.0)


def _prior(ring: int) -> NDArray[np.float64]:
    """Usual correlations of a departure, of one `ring` away, and of itself before and after (4, 4)."""
    apart = 1 / (1 + ring / HALFWAY)
    here = np.array([[1, apart], [apart, 1]])
    beside = np.full((2, 2), IN_TIME**2) + np.diag(np.full(2, 1 - IN_TIME**2))
    across = np.array([[1], [apart]]) * np.full((1, 2), IN_TIME)
    return np.block([[here, across], [across.T, beside]])
