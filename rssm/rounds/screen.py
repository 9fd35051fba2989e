"""The range screen of SIM-nT: what of a simulation may teach the next rounds.

A value outside the range that SMAP itself ever took at that pixel is suspicious and no target. (3σ denoising
follows, see `rssm.ingest.denoise`.) The screen also trims true droughts and floods of years that SMAP never saw, so
the variance before and after is part of every report.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def screen(
    sim: NDArray[np.floating], low: NDArray[np.floating], high: NDArray[np.floating]
) -> tuple[NDArray[np.floating], int]:
    """Drop values outside [low, high]; also returns how many were dropped.

    sim        SIM-n, m³ m⁻³, NaN where none
    low, high  SMAP's minimum and maximum per pixel, shaped to broadcast against sim; NaN: no range, so no target
    """
    plausible = (sim >= low) & (sim <= high)  # NaN compares false
    removed = np.count_nonzero(~np.isnan(sim) & ~plausible)
    return np.where(plausible, sim, np.array(np.nan, sim.dtype)), int(removed)


def variance_ratio(before: NDArray[np.floating], after: NDArray[np.floating], axis: int = -1) -> NDArray[np.float64]:
    """Variance of what was kept over the variance of all, along `axis` (time: the last one of a cube).

    NaN where fewer than two values are left or nothing varied before.
    """
    spread_before, spread_after = _variance(before, axis), _variance(after, axis)
    ratio = np.full(spread_before.shape, np.nan)
    return np.divide(spread_after, spread_before, out=ratio, where=spread_before > 0)


def _variance(values: NDArray[np.floating], axis: int) -> NDArray[np.float64]:
    """Sample variance of the valid values, NaN where fewer than two."""
    n = np.count_nonzero(~np.isnan(values), axis=axis, keepdims=True)
    mean = np.nansum(values, axis=axis, keepdims=True, dtype=np.float64) / np.maximum(n, 1)
    squares = np.nansum((values - mean) ** 2, axis=axis, keepdims=True)
    return np.divide(squares, n - 1, out=np.full(squares.shape, np.nan), where=n > 1).squeeze(axis)
