"""Collocation: for each pixel and dekad the network that simulates it.

The best-ranked network whose predictors are all valid there is wanted. Where the pixel's zone has no such
subnetwork (too few points to train it), the next in rank that is valid and exists steps in: a fallback.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Collocation(NamedTuple):
    """The choice of networks for a tile."""

    network: NDArray[np.int16]  # (pixel, dekad): rank of the network used, 0 the best, −1 none
    fallback: NDArray[np.bool_]  # (pixel, dekad): a better-ranked one was valid but had no subnetwork here


def collocate(available: NDArray[np.bool_], needs: NDArray[np.bool_], exists: NDArray[np.bool_]) -> Collocation:
    """Choose networks by rank, validity of predictors and existence of subnetworks.

    available  (predictor, pixel, dekad): the predictor has a value; factors count as predictors every network needs
    needs      (network, predictor), networks in rank order, best first
    exists     (network, pixel): the pixel's zone has a subnetwork of this network
    """
    network = np.full(available.shape[1:], -1, np.int16)
    wanted = network.copy()
    for rank in reversed(range(len(needs))):  # the better-ranked overwrite the worse
        usable = available[needs[rank]].all(axis=0)
        wanted[usable] = rank
        network[usable & exists[rank][:, None]] = rank
    return Collocation(network, (network >= 0) & (network != wanted))
