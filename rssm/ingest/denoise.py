"""3σ denoising: within each zone of one map, pixels too far from the zone's mean are noise.

The filter is spatial, never temporal, so that a drought or a flood of the whole zone stays. It runs once:
statistics are not taken again after a removal. Among n values none can lie farther than (n − 1)/√n sample
standard deviations from their mean, so for 3σ a zone with ten valid pixels or fewer cannot be tested: such zones
are counted, not hidden.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.grid import Grid, Region

BLOCK = 512  # zones judged at a time: so many stay in the processor's cache


class Denoised(NamedTuple):
    """Maps without salt and pepper, and per map what was done."""

    values: NDArray[np.floating]  # (..., row, col), NaN where missing or removed
    removed: NDArray[np.integer]  # (...): pixels removed
    untested: NDArray[np.integer]  # (...): zones with data, but too little for any pixel to stand out


def denoise_zones(values: NDArray[np.floating], grid: Grid, region: Region, sigma: float = 3.0) -> Denoised:
    """`denoise` on the zones of a region, which may differ in their numbers of rows and columns.

    values  (..., row, col) of the region's window
    """
    edges = grid.zone_edges(region)
    side = max(int(np.diff(axis).max()) for axis in edges)
    shape = tuple(side * (len(axis) - 1) for axis in edges)
    if shape == values.shape[-2:]:
        return denoise(values, side, sigma)
    rows, columns = (
        np.concatenate([zone * side + np.arange(n) for zone, n in enumerate(np.diff(axis))]) for axis in edges
    )
    padded = np.full((*values.shape[:-2], *shape), np.nan, values.dtype)
    padded[..., rows[:, None], columns] = values
    done = denoise(padded, side, sigma)
    return done._replace(values=done.values[..., rows[:, None], columns])


def denoise(values: NDArray[np.floating], zone_pixels: int, sigma: float = 3.0) -> Denoised:
    """Remove pixels farther than `sigma` standard deviations from the mean of their zone in the same map.

    values  (..., row, col), whole zones of `zone_pixels` × `zone_pixels`, NaN where missing; left as they are
    """
    *maps, rows, cols = values.shape
    shape = (*maps, rows // zone_pixels, zone_pixels, cols // zone_pixels, zone_pixels)
    there = ~np.isnan(values)
    columns = there.reshape(*shape[:-2], cols).sum(-2, dtype=np.int32)  # first down: whole rows are added at once
    n = columns.reshape(*shape[:-3], *shape[-2:]).sum(-1)
    testable = n - 1 > sigma * np.sqrt(n)
    zone = np.nonzero(testable)

    tested = values.reshape(shape).swapaxes(-3, -2)[zone]  # (zone, row, col)
    outlier = _outliers(tested.reshape(len(tested), zone_pixels**2), n[testable], sigma).reshape(tested.shape)
    which, row, col = np.unravel_index(np.flatnonzero(outlier), outlier.shape)
    kept = values.copy()
    kept.reshape(shape).swapaxes(-3, -2)[(*(axis[which] for axis in zone), row, col)] = np.nan

    removed = np.zeros(n.shape, np.int64)
    removed[testable] = np.count_nonzero(outlier, axis=(-2, -1))
    return Denoised(kept, removed.sum((-2, -1)), np.count_nonzero((n > 0) & ~testable, axis=(-2, -1)))


def _outliers(zones: NDArray[np.floating], n: NDArray[np.integer], sigma: float) -> NDArray[np.bool_]:
    """Which pixels of zones (zone, pixel), with n > 1 valid ones each, lie beyond `sigma`; NaN never does."""
    outlier = np.zeros(zones.shape, bool)
    for start in range(0, len(zones), BLOCK):
        block, count = zones[start : start + BLOCK].astype(np.float64), n[start : start + BLOCK]
        missing = np.isnan(block)
        block[missing] = 0
        block -= (block.sum(-1) / count)[:, None]
        block[missing] = 0
        block *= block
        variance = block.sum(-1) / (count - 1)
        outlier[start : start + BLOCK] = block > sigma**2 * variance[:, None]
    return outlier
