"""The kernel of prediction."""

from __future__ import annotations

import numpy as np

from rssm.networks.kernels.arithmetic import activate, residuals
from rssm.networks.kernels.blocks import BLOCK
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.memory import begin, zeros


@compiled
def apply_part(  # type: ignore[no-untyped-def]
    scratch, start, stop, clip, arrays, x, zone_index, estimates, outside
):
    """Fill estimates and outside for the points start … stop, run of equal zones by run."""
    memory = begin(scratch)
    weights, output, bias, center, used, low, high, usable = arrays
    inputs = x.shape[0]
    block = zeros(memory, (weights.shape[3], BLOCK), np.float32)
    hidden = zeros(memory, (weights.shape[2], BLOCK), np.float32)
    rows = zeros(memory, (4, BLOCK), np.float32)
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
                for i in range(n):
                    row[at + i] = np.nan
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
    inputs = 0
    for j in range(used.size):
        inputs += used[j]
    share = np.float32(1.0 / max(1, inputs))
    for i in range(n):
        beyond[i] = missing[i] = np.float32(0)
    for j in range(x.shape[0]):
        source, row = x[j], block[j]
        if not used[j]:
            for i in range(n):
                row[i] = np.float32(0)
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
