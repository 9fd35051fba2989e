"""Triple collocation: error variances of series that look at the same thing, from their covariances three by three.

Errors are taken as independent between algorithms and shared within one, so a triplet has three algorithms.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
LEAST = 100  # common points below which a triplet says nothing
FLOOR = 0.05  # of a series' variance: no error is thought smaller
UNKNOWN = 0.5  # of a series' variance: its error where no triplet is of use


def error_variances(series: F32, algorithms: Sequence[str]) -> NDArray[np.float64]:
    """Error variance of each of several series (series, pixel, step), the median of its triplets (series,).

    Departures from each pixel's mean over the points common to the triplet count. NaN: a series without a value.
    """
    valid = np.isfinite(series)
    count = valid.sum(axis=2)
    filled = np.where(valid, series, 0)
    mean = filled.sum(axis=2, dtype=np.float64) / np.maximum(count, 1)
    centred = np.where(valid, series - mean[:, :, None].astype(np.float32), np.float32(0))
    spans = [_span(there.any(axis=0)) for there in valid]
    found: list[list[float]] = [[] for _ in algorithms]
    for triplet in combinations(range(len(algorithms)), 3):
        if len({algorithms[i] for i in triplet}) < 3:
            continue
        first, last = max(spans[i][0] for i in triplet), min(spans[i][1] for i in triplet)
        if first >= last:
            continue
        part = [centred[i, :, first:last] for i in triplet]
        c = _covariances(part, [valid[i, :, first:last] for i in triplet])
        if c is None or min(c[0, 1], c[0, 2], c[1, 2]) <= 0:
            continue
        for own, (i, j, k) in zip(triplet, ((0, 1, 2), (1, 0, 2), (2, 0, 1)), strict=True):
            found[own].append(max(c[i, i] - c[i, j] * c[i, k] / c[j, k], FLOOR * c[i, i]))
    points = count.sum(axis=1)
    variance = np.square(centred).sum(axis=(1, 2), dtype=np.float64) / np.maximum(points, 1)
    unknown = np.where(points > 0, UNKNOWN * variance, np.nan)
    return np.array([np.median(values) if values else unknown[i] for i, values in enumerate(found)])


def _span(there: NDArray[np.bool_]) -> tuple[int, int]:
    """First step with a value, and the one after the last."""
    steps = np.flatnonzero(there)
    return (int(steps[0]), int(steps[-1]) + 1) if steps.size else (0, 0)


def _covariances(values: Sequence[F32], valid: Sequence[NDArray[np.bool_]]) -> NDArray[np.float64] | None:
    """Of three series (pixel, step), 0 where missing, over the points that all have; None: too few."""
    common = valid[0] & valid[1] & valid[2]
    n = common.sum(axis=1)
    total = int(n.sum())
    if total < LEAST:
        return None
    both = common.astype(np.float32)
    values = [series * both for series in values]
    sums = [series.sum(axis=1, dtype=np.float32).astype(np.float64) for series in values]
    c = np.empty((3, 3))
    for i in range(3):
        for j in range(i, 3):
            products = np.einsum("pt,pt->p", values[i], values[j]).astype(np.float64)
            c[i, j] = c[j, i] = (products - sums[i] * sums[j] / np.maximum(n, 1)).sum() / total
    return c
