"""Prediction: any set of subnetworks applied to the points of a cube, at the speed of memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rssm.networks.compiled import compiled, ensure_compiled, kernel
from rssm.networks.kernels import BLOCK, GROUP, activate, aligned, residuals
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
    ensure_compiled()
    arrays = scaled_weights(subnetworks)
    x = np.ascontiguousarray(x, np.float32)
    zone_index = np.ascontiguousarray(zone_index, np.int64)
    estimates = np.empty((subnetworks.status.shape[0], x.shape[1]), np.float32)
    outside = np.empty(x.shape[1], np.float32)
    clip = extrapolation == "clip"

    def apply_part(part: slice) -> None:
        apply(arrays, x, zone_index, part.start, part.stop, clip, estimates, outside)

    step = -(-x.shape[1] // threads)
    parts = [slice(at, min(at + step, x.shape[1])) for at in range(0, x.shape[1], max(step, 1))]
    if threads == 1:
        for part in parts:
            apply_part(part)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(apply_part, parts))
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


@kernel
def apply(  # type: ignore[no-untyped-def]
    arrays, x, zone_index, start, stop, clip, estimates, outside
):
    """Fill estimates and outside for the points start … stop, run of equal zones by run."""
    weights, output, bias, center, used, low, high, usable = arrays
    inputs = x.shape[0]
    block = aligned(1, weights.shape[3], BLOCK)[0]
    hidden = aligned(1, weights.shape[2], BLOCK)[0]
    rows = aligned(1, 4, BLOCK)[0]
    zero, result, beyond, missing = rows[0], rows[1], rows[2], rows[3]
    block[inputs] = np.float32(1)
    at = start
    while at < stop:
        z = zone_index[at]
        n = 1
        while n < BLOCK and at + n < stop and zone_index[at + n] == z:
            n += 1
        if z >= 0:
            gather(x, at, n, center[z], used[z], low[z], high[z], clip, block, beyond, missing)
        for i in range(n):
            outside[at + i] = beyond[i] if z >= 0 else np.float32(0)
        for k in range(estimates.shape[0]):
            row = estimates[k]
            if z < 0 or not usable[k, z]:
                row[at : at + n] = np.nan
                continue
            activate(weights[k, z], block, hidden, n)
            residuals(output[k, z], bias[k, z], hidden, zero, n, result)
            for i in range(n):
                row[at + i] = missing[i] - result[i]
        at += n


@compiled
def gather(  # type: ignore[no-untyped-def]
    x, at, n, center, used, low, high, clip, block, beyond, missing
):
    """Centred inputs of one zone into the block; share out of range; `missing` is NaN where an input is."""
    for i in range(n):
        beyond[i] = missing[i] = np.float32(0)
    share = np.float32(1.0 / max(1, used.sum()))
    for j in range(x.shape[0]):
        source, row = x[j], block[j]
        if not used[j]:
            row[:n] = np.float32(0)
            continue
        smallest, largest, middle = low[j], high[j], center[j]
        for i in range(n):
            value = source[at + i]
            out = (value < smallest) | (value > largest)
            beyond[i] += share if out else np.float32(0)
            missing[i] += value - value
            if clip:
                value = min(max(value, smallest), largest)
            row[i] = value - middle
