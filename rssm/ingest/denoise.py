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


class Denoised(NamedTuple):
    """Maps without salt and pepper, and per map what was done."""

    values: NDArray[np.floating]  # (..., row, col), NaN where missing or removed
    removed: NDArray[np.integer]  # (...): pixels removed
    untested: NDArray[np.integer]  # (...): zones with data, but too little for any pixel to stand out


def denoise(values: NDArray[np.floating], zone_pixels: int = 10, sigma: float = 3.0) -> Denoised:
    """Remove pixels farther than `sigma` standard deviations from the mean of their zone in the same map.

    values  (..., row, col), whole zones of `zone_pixels` × `zone_pixels`, NaN where missing; left as they are
    """
    *maps, rows, cols = values.shape
    blocks = values.reshape(*maps, rows // zone_pixels, zone_pixels, cols // zone_pixels, zone_pixels)
    zones = blocks.swapaxes(-3, -2).reshape(*maps, rows // zone_pixels, cols // zone_pixels, -1).copy()

    n = np.count_nonzero(~np.isnan(zones), axis=-1)
    testable = n - 1 > sigma * np.sqrt(n)
    tested = zones[testable]  # (zone, pixel)
    outlier = _outliers(tested.astype(np.float64), n[testable], sigma)
    tested[outlier] = np.nan
    zones[testable] = tested

    removed = np.zeros(n.shape, np.int64)
    removed[testable] = np.count_nonzero(outlier, axis=-1)
    kept = zones.reshape(blocks.swapaxes(-3, -2).shape).swapaxes(-3, -2).reshape(values.shape)
    return Denoised(kept, removed.sum((-2, -1)), np.count_nonzero((n > 0) & ~testable, axis=(-2, -1)))


def _outliers(zones: NDArray[np.float64], n: NDArray[np.integer], sigma: float) -> NDArray[np.bool_]:
    """Which pixels of zones (zone, pixel), with n > 1 valid ones each, lie beyond `sigma`; NaN never does."""
    mean = np.nansum(zones, axis=-1) / n
    squares = (zones - mean[:, None]) ** 2
    variance = np.nansum(squares, axis=-1) / (n - 1)
    outlier: NDArray[np.bool_] = squares > sigma**2 * variance[:, None]
    return outlier
