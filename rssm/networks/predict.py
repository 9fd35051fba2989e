"""Prediction: any set of subnetworks applied to the points of a cube, at the speed of memory."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rssm.networks.blocks import GROUP
from rssm.networks.native import Kernel, for_each
from rssm.networks.subnetworks import Subnetworks

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
    arrays = scaled_weights(subnetworks)
    x = np.ascontiguousarray(x, np.float32)
    zone_index = np.ascontiguousarray(zone_index, np.int64)
    estimates = np.empty((subnetworks.status.shape[0], x.shape[1]), np.float32)
    outside = np.empty(x.shape[1], np.float32)
    apply_part = Kernel("apply_part", arrays, x, zone_index, estimates, outside)
    clip = extrapolation == "clip"
    step = -(-x.shape[1] // threads)
    parts = [(at, min(at + step, x.shape[1])) for at in range(0, x.shape[1], max(step, 1))]
    for_each(lambda part: apply_part(*part, clip), parts, threads)
    return estimates, outside


def scaled_weights(s: Subnetworks) -> tuple[np.ndarray, ...]:
    """Weights in the inputs' and targets' own units, padded as the kernels want them."""
    chains, zones, hidden, inputs = s.hidden.shape
    padded = -(-hidden // GROUP) * GROUP
    weights = np.zeros((chains, zones, padded, (inputs + 4) // 4 * 4), np.float32)
    weights[:, :, :hidden, :inputs] = s.hidden * s.factor[:, None, :]
    weights[:, :, :hidden, inputs] = s.hidden_bias
    output = np.zeros((chains, zones, padded), np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        output[:, :, :hidden] = s.output / s.target_factor[..., None]
        bias = (s.target_center + s.output_bias / s.target_factor).astype(np.float32)
    center = s.center.astype(np.float32)
    return weights, output, bias, center, s.factor != 0, s.low, s.high, s.usable
