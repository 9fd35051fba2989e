"""Matching by distributions: a curve per pixel that gives a product's values the distribution of a reference.

A curve joins as many quantiles of the product to those of the reference, from the steps that both have, and goes on
as a line beyond them. Learning and applying lie apart, so that what was learnt can be kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
KNOTS = 11  # quantiles of a curve; on toy worlds 5 are worse, 21 no better
LEAST = 20  # common steps below which a pixel has no curve
NARROW = 1e-6  # standard deviation, relative to its size, below which a series is constant


def curves(series: F32, reference: F32) -> F32:
    """Curves of all pixels (pixel, [from, to], knot), with the ends of their lines; NaN where a pixel has none.

    series, reference  (pixel, step), NaN where missing
    """
    both = np.isfinite(series) & np.isfinite(reference)
    some = both.any(axis=0)
    n = both[:, some].sum(axis=1)
    out = np.full((len(series), 2, KNOTS + 2), np.nan, np.float32)
    chosen = np.flatnonzero(n >= LEAST)
    if not chosen.size:
        return out
    n, both = n[chosen], both[np.ix_(chosen, np.flatnonzero(some))]
    x, y = (np.where(both, values[chosen][:, some], np.float32(np.nan)) for values in (series, reference))
    spread_x, spread_y = (_spread(values, both, n) for values in (x, y))
    x, y = _quantiles(x, n), _quantiles(y, n)
    varies = spread_x > NARROW * np.maximum(np.abs(x).max(axis=1), 1e-30)
    slope = np.divide(spread_y, spread_x, out=np.zeros_like(spread_x), where=varies)
    same = x[:, :, None] == x[:, None, :]  # quantiles that agree become the mean of what they stand for
    y = (same * y[:, None, :]).sum(axis=2) / same.sum(axis=2)
    reach = spread_x[:, None]
    x = np.concatenate([x[:, :1] - reach, x, x[:, -1:] + reach], axis=1)
    y = np.concatenate([y[:, :1] - (slope * spread_x)[:, None], y, y[:, -1:] + (slope * spread_x)[:, None]], axis=1)
    out[chosen[varies]] = np.stack([x, y], axis=1)[varies]
    return out


def _spread(values: F32, valid: NDArray[np.bool_], n: NDArray[np.integer]) -> NDArray[np.float64]:
    """Standard deviation over the valid steps (pixel,)."""
    mean = np.where(valid, values, 0).sum(axis=1, dtype=np.float64) / n
    squares = np.where(valid, values - mean[:, None], 0) ** 2
    spread: NDArray[np.float64] = np.sqrt(squares.sum(axis=1) / n)
    return spread


def _quantiles(values: F32, n: NDArray[np.integer]) -> NDArray[np.float64]:
    """Evenly spaced quantiles (pixel, knot) of the n values of each pixel that are there."""
    ordered = np.sort(values, axis=1)  # NaN last
    at = np.linspace(0, 1, KNOTS) * (n - 1)[:, None]
    below = np.minimum(at.astype(np.intp), (n - 1)[:, None])
    above = np.minimum(below + 1, (n - 1)[:, None])
    low, high = (np.take_along_axis(ordered, place, axis=1).astype(np.float64) for place in (below, above))
    quantiles: NDArray[np.float64] = low + (at - below) * (high - low)
    return quantiles


def matched(series: F32, curve: F32) -> F32:
    """Series (pixel, step) as its pixels' curves have it; NaN where there is no value, or no curve."""
    out = np.full(series.shape, np.nan, np.float32)
    steps = np.flatnonzero(np.isfinite(series).any(axis=0))
    if not steps.size:
        return out
    part = slice(steps[0], steps[-1] + 1)
    values, (from_, to) = series[:, part], np.moveaxis(curve, 1, 0)
    width = np.diff(from_, axis=1)
    slope = np.divide(np.diff(to, axis=1), width, out=np.zeros_like(width), where=width > 0)
    piece = np.zeros(values.shape, np.intp)  # which piece of the curve a value lies on; the outer ones have no end
    for knot in range(1, from_.shape[1] - 1):
        piece += values >= from_[:, knot, None]
    start, base, slope = (np.take_along_axis(of, piece, axis=1) for of in (from_, to, slope))
    out[:, part] = base + slope * (values - start)
    return out
