"""From the samples of a network in a tile to its subnetworks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rssm.draws import seed_key
from rssm.networks.samples import Samples
from rssm.networks.split import split_labels
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.train import train_block

if TYPE_CHECKING:
    from rssm.config.training import Training


def fit(
    samples: Samples,
    zones: Sequence[str],
    network: str,
    settings: Training,
    seed: int,
    chains: int = 1,
    x: NDArray[np.float32] | None = None,
    weights: NDArray[np.float32] | None = None,
    products: int | None = None,
) -> Subnetworks:
    """Subnetworks of all zones and chains of a network.

    x        (chain, input, point) in place of the samples' own, the same for all chains
    weights  (chain, point): how often a chain draws a point; None: once
    products how many of the inputs, the first, are products; None: all
    """
    labels = split_labels(samples.row, samples.column, samples.dekad, settings.split, seed)
    keys = np.array([[seed_key(seed, chain, network, zone) for zone in zones] for chain in range(chains)], np.uint64)
    y = np.broadcast_to(samples.y, (chains, samples.y.shape[1])) if chains > 1 else samples.y
    inputs = samples.x if x is None else x
    return train_block(
        inputs, y, samples.offsets, labels, keys, settings, weights, dekads=samples.dekad, products=products
    )
