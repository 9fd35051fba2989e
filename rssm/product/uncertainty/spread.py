"""Variance between chains, of a map read band by band and of each subnetwork; and of pixels filled from others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from rssm.grid import Grid, Window
from rssm.maps import BLOCK, read_map
from rssm.product.uncertainty.recipe import chain_variance
from rssm.product.values.fill import fill
from rssm.rounds.estimates import Estimates


def chain_variance_of(path: str | Path, window: Window, grid: Grid) -> NDArray[np.float32]:
    """V (row, column) of a SIM-n map, NaN where fewer than two chains have a value.

    Chains are read in bands of a map's internal tiles: eight global ones at once would take a gigabyte.
    """
    with rasterio.open(path) as source:
        chains = [name for name in source.descriptions if name and name.startswith("chain")]
    variance = np.full(window.shape, np.nan, np.float32)
    if len(chains) > 1:
        for row in range(0, window.rows, BLOCK):
            band = Window(window.row + row, window.column, min(BLOCK, window.rows - row), window.columns)
            layers, _ = read_map(path, band, chains, grid)
            estimates = np.stack([layers[name] for name in chains])
            several = np.count_nonzero(~np.isnan(estimates), axis=0) > 1
            variance[row : row + band.rows] = np.where(several, chain_variance(estimates), np.nan)
    return variance


def mean_by_subnetwork(
    values: NDArray[np.floating], estimates: Estimates
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Mean of values (pixel, time) over what each subnetwork simulated, 0 where nothing, and how many: (network, zone)."""
    networks, zones = len(estimates.names), len(estimates.zones)
    key = estimates.network.astype(np.int64) * zones + estimates.zone_of_pixel()[:, None]
    used = (estimates.network >= 0) & np.isfinite(values)
    total = np.bincount(key[used], values[used], networks * zones)
    count = np.bincount(key[used], minlength=networks * zones)
    mean = np.divide(total, count, out=np.zeros(total.shape), where=count > 0)
    return mean.reshape(networks, zones), count.reshape(networks, zones)


def difference_variance(values: NDArray[np.floating], distance: int, wrap: bool = False) -> float:
    """Mean squared difference of values `distance` pixels apart along rows and columns; NaN where no pair is known."""
    d = distance
    pairs = [values[d:] - values[:-d], values[:, d:] - values[:, :-d]]
    if wrap:
        pairs.append(values[:, :d] - values[:, -d:])
    known = np.concatenate([pair[~np.isnan(pair)] for pair in pairs])
    return float(np.square(known, dtype=np.float64).mean()) if known.size else np.nan


def variance_filled(
    variance: NDArray[np.float32],
    values: NDArray[np.float32],
    distance: NDArray[np.int16],
    land: NDArray[np.bool_],
    blocked: NDArray[np.bool_],
    wrap: bool,
) -> NDArray[np.float32]:
    """Total variance (row, column) with that of filled pixels.

    A pixel filled from ring k has the mean variance of its donors, whose errors are taken to be one and the same, and
    the mean squared difference of this map's values k pixels apart: an upper bound, because a mean over the ring lies
    nearer than a single pixel of it.
    """
    rings = np.unique(distance[distance > 0])
    known = ~np.isnan(values) & ~np.isnan(variance)
    if not rings.size or not known.any():
        return variance
    # every donor needs a variance, or the search would look elsewhere than it did for the values
    whole = np.where(np.isnan(values) | known, variance, np.float32(np.mean(variance[known], dtype=np.float64)))
    whole = np.where(np.isnan(values), np.float32(np.nan), whole)
    donors = fill(whole, land, blocked, int(rings[-1]), wrap).values
    apart = np.full(int(rings[-1]) + 1, np.nan, np.float32)
    for ring in rings.tolist():
        apart[ring] = difference_variance(values, ring, wrap)
    at = distance > 0
    total = variance.copy()
    total[at] = donors[at] + np.nan_to_num(apart)[distance[at]]
    return total
