"""Filling by departures: a missing pixel's own mean year, and how far this step departs from it.

Three things tell that departure, each as far as it is known: the mean departure of the ring of pixels that `fill`
finds, and the pixel's own departures one step before and after. Their weights are those of least squares among the
pixels of the same map that are known, with one pixel k away in place of ring k; so is the error, which only grows with
the distance. A ring holds several pixels, so that both are on the safe side.

Where no mean year is known, or too few pairs of pixels to learn from, the ring's own mean fills the pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.product.values.fill import fill

F32 = NDArray[np.float32]
LEAST = 100  # pairs of pixels that weights are learnt from
ENOUGH = 1 << 18  # pixels of a map that are looked at: larger ones are thinned


class Departures(NamedTuple):
    """Departures from the mean year (row, col), NaN where unknown: of a step, and of those before and after it."""

    mean: F32  # the mean year itself, at this step
    here: F32
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
    whole = np.where(known, variance, typical)  # or a donor without a variance would take it from all others
    mean = [departures.mean] if departures else []
    out, distance, (donors, *means) = fill(values, land, blocked, radius, wrap, [whole, *mean])
    total = variance.copy()
    at = distance > 0
    total[at] = donors[at]
    if at.any() and known.any():
        rings = np.unique(distance[at]).tolist()
        apart = np.zeros(rings[-1] + 1, np.float32)
        for ring in rings:
            apart[ring] = np.nan_to_num(difference_variance(values, ring, wrap))
        error = apart[np.maximum(distance, 0)]
        if departures:
            ring_mean = np.where(at, out - means[0], np.float32(np.nan))
            for where, found, squared in _by_departures(departures, ring_mean, distance, wrap):
                out[where], error[where] = found, squared
        total[at] += error[at]
    return FilledStep(out, distance, total)


def difference_variance(values: NDArray[np.floating], distance: int, wrap: bool = False) -> float:
    """Mean squared difference of values `distance` pixels apart along rows and columns; NaN where no pair is known."""
    d = distance
    pairs = [values[d:] - values[:-d], values[:, d:] - values[:, :-d]]
    if wrap:
        pairs.append(values[:, :d] - values[:, -d:])
    known = np.concatenate([pair[~np.isnan(pair)] for pair in pairs])
    return float(np.square(known, dtype=np.float64).mean()) if known.size else np.nan


def _by_departures(
    departures: Departures, ring_mean: F32, distance: NDArray[np.int16], wrap: bool
) -> Iterator[tuple[NDArray[np.bool_], F32, F32]]:
    """Yield (which pixels, their values, mean squared error), ring by ring and by what is known of a pixel."""
    inputs = (ring_mean, departures.before, departures.after)
    usable = ~np.isnan(ring_mean) & ~np.isnan(departures.mean)
    before_there, after_there = (~np.isnan(field) for field in inputs[1:])
    least: dict[tuple[int, ...], float] = {}  # error of nearer rings, which farther ones do not go below
    for ring in np.unique(distance[usable]).tolist():
        of_ring, pairs = usable & (distance == ring), _pairs(departures, ring, wrap)
        for taken in ((0, 1, 2), (0, 1), (0, 2), (0,)):
            where = of_ring & (before_there == (1 in taken)) & (after_there == (2 in taken))
            learnt = _learnt(pairs, taken) if where.any() else None
            if learnt is not None:
                weights, squared = learnt
                least[taken] = max(squared, least.get(taken, 0.0))
                parts = (np.float32(w) * inputs[k][where] for w, k in zip(weights, taken, strict=True))
                found = departures.mean[where] + sum(parts)
                yield where, found, np.full(found.shape, least[taken], np.float32)


def _pairs(departures: Departures, ring: int, wrap: bool) -> F32:
    """Departures of pixels, of pixels `ring` away on each side, and of the pixels themselves before and after (4, pair)."""
    thin = max(1, round(np.sqrt(departures.here.size / ENOUGH)))
    own = [field[::thin, ::thin].ravel() for field in departures[1:]]
    sides = _shifted(departures.here, ring, wrap)
    pairs = np.concatenate([[own[0], side[::thin, ::thin].ravel(), *own[1:]] for side in sides], axis=1)
    return pairs[:, ~np.isnan(pairs[:2]).any(axis=0)]


def _learnt(pairs: F32, taken: tuple[int, ...]) -> tuple[NDArray[np.float64], float] | None:
    """Weights of what tells a departure (0 the ring, 1 before, 2 after), and their mean squared error."""
    rows = pairs[[0, *(k + 1 for k in taken)]]
    known = rows[:, ~np.isnan(rows).any(axis=0)].astype(np.float64)
    if known.shape[1] < LEAST:
        return None
    moments = known @ known.T / known.shape[1]
    weights = np.linalg.lstsq(moments[1:, 1:], moments[1:, 0], rcond=1e-6)[0]
    squared = moments[0, 0] - 2 * weights @ moments[1:, 0] + weights @ moments[1:, 1:] @ weights
    return weights, max(float(squared), 0.0)


def _shifted(field: F32, distance: int, wrap: bool) -> Iterator[F32]:
    """The map moved by a distance to each of four sides, NaN where nothing comes in."""
    gap = np.float32(np.nan)
    for axis, step in ((0, distance), (0, -distance), (1, distance), (1, -distance)):
        moved = np.roll(field, step, axis)
        if not (wrap and axis):
            moved[(slice(None),) * axis + (slice(None, step) if step > 0 else slice(step, None),)] = gap
        yield moved
