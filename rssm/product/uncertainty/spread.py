"""Variance between chains, of a map read band by band and of each subnetwork."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from rssm.grid import Grid, Window
from rssm.maps import BLOCK, read_map
from rssm.product.uncertainty.recipe import chain_variance
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
