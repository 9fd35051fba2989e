"""Prediction: any set of subnetworks applied to the points of a cube, at the speed of memory."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.loader import Kernel
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.threads import for_each

I64 = NDArray[np.int64]


def predict(
    subnetworks: Subnetworks,
    x: NDArray[np.float32],
    zone_index: NDArray[np.int64],
    extrapolation: Literal["none", "clip"] = "none",
    threads: int = 1,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Estimates (chain, point), and the share of inputs outside the range that the zone learnt from (point,).

    x           (input, point), NaN where missing; an input that a zone dropped may be missing there
    zone_index  (point,): position of the point's zone in `subnetworks`, −1 none; long runs of one zone go fastest

    NaN where the zone has no subnetwork or an input is missing.
    """
    arrays = subnetworks.scaled()
    x = np.ascontiguousarray(x, np.float32)
    zone_index = np.ascontiguousarray(zone_index, np.int64)
    estimates = np.empty((subnetworks.status.shape[0], x.shape[1]), np.float32)
    outside = np.empty(x.shape[1], np.float32)
    apply_part = Kernel("apply", *arrays, x, zone_index, estimates, outside)
    clip = extrapolation == "clip"
    step = -(-x.shape[1] // threads)
    parts = [(at, min(at + step, x.shape[1])) for at in range(0, x.shape[1], max(step, 1))]
    for_each(lambda part: apply_part(*part, clip), parts, threads)
    return estimates, outside
