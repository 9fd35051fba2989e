"""Collocation: for each pixel and dekad the network that simulates it.

The best-ranked network whose predictors are all valid there is wanted. Where the pixel's zone has no such
subnetwork (too few points to train it), or one without skill, the next in rank that is valid and has skill steps in: a
fallback. Where none has skill, the best-ranked that exists says what it can.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Collocation(NamedTuple):
    """The choice of networks for a tile."""

    network: NDArray[np.int16]  # (pixel, dekad): rank of the network used, 0 the best, −1 none
    fallback: NDArray[
        np.bool_
    ]  # (pixel, dekad): a better-ranked one was valid but had no subnetwork, or no skill, here
    no_skill: NDArray[np.bool_]  # (pixel, dekad): the one used has none, and no other that is valid has


def collocate(
    available: NDArray[np.bool_],
    needs: NDArray[np.bool_],
    exists: NDArray[np.bool_],
    skilled: NDArray[np.bool_] | None = None,
) -> Collocation:
    """Choose networks by rank, validity of predictors, existence and skill of subnetworks.

    available  (predictor, pixel, dekad): the predictor has a value; factors count as predictors every network needs
    needs      (network, predictor), networks in rank order, best first
    exists     (network, pixel): the pixel's zone has a subnetwork of this network
    skilled    (network, pixel): which of these have skill; None: all
    """
    good = exists if skilled is None else exists & skilled
    wanted, some, network = np.full((3, *available.shape[1:]), -1, np.int16)
    for rank in reversed(range(len(needs))):  # the better-ranked overwrite the worse
        valid = available[needs[rank]].all(axis=0)
        wanted[valid] = rank
        some[valid & exists[rank][:, None]] = rank
        network[valid & good[rank][:, None]] = rank
    no_skill = (network < 0) & (some >= 0)
    network[no_skill] = some[no_skill]
    return Collocation(network, (network >= 0) & (network != wanted), no_skill)
