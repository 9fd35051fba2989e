"""From the points of a zone, wherever they lie, to scaled blocks: training, validation and test points apart."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.arithmetic import F32
from rssm.networks.kernels.blocks import BLOCK, LANES
from rssm.networks.kernels.codes import UNUSED
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.memory import Memory, zeros
from rssm.networks.kernels.recipe import Recipe

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class Layout(NamedTuple):
    """Where the points of a zone stand in its blocks; each role begins a new block."""

    order: I64  # (point,): positions of the points, by role
    first: I64  # (block,): its first point in the order
    size: I64  # (block,): its points
    filled: I64  # (block,): its points and the padding up to whole vector registers
    ends: I64  # (role,): one past the last block


class Scaler(NamedTuple):
    """How inputs are scaled: (x − center) · factor; factor 0 drops an input. Training range beside it."""

    center: F64
    factor: F64
    low: F32
    high: F32


@compiled
def valid_points(  # type: ignore[no-untyped-def]
    memory: Memory, zones: Any, recipe: Recipe, start: int, stop: int
):
    """Positions of points with all inputs and some chain's target, by role; their number by role, and by chain.

    Unused points (in gaps) count in the number by chain only, copies not at all; that number stops where it is enough.
    Training points come shuffled (by their number alone), so that the first blocks are a fair sample.
    """
    n = stop - start
    x, y, labels = zones.x, zones.y, zones.labels
    role = zeros(memory, (n,), np.uint8)
    for i in range(n):
        role[i] = UNUSED + 1
        for k in range(y.shape[0]):
            if np.isfinite(y[k, start + i]):
                role[i] = labels[start + i]
    for c in range(x.shape[0]):
        for j in range(x.shape[1]):
            row = x[c, j]
            for i in range(n):
                if not np.isfinite(row[start + i]):
                    role[i] = UNUSED + 1
    counts = zeros(memory, (UNUSED + 2,), np.int64)
    for i in range(n):
        counts[role[i]] += 1
    order = zeros(memory, (n,), np.int64)
    found = 0
    for wanted in range(UNUSED):
        for i in range(n):
            if role[i] == wanted:
                order[found] = start + i
                found += 1
    shuffle(order, counts[0], seeded(memory, counts[0]))
    valid = zeros(memory, (y.shape[0],), np.int64)
    for k in range(y.shape[0]):
        valid[k] = independent(memory, zones, recipe, k, start, role)
    return order[:found], counts[:UNUSED], valid


@compiled
def independent(memory: Memory, zones: Any, recipe: Recipe, chain: int, start: int, role: NDArray[np.uint8]) -> int:
    """Valid points of a chain without copies, counted as far as the least number that training asks for.

    A native cell that covers several pixels tells one thing a dekad, not several: points of a dekad that agree in the
    target and in all products (of the control) are one.
    """
    kept = zeros(memory, (recipe.min_points,), np.int64)
    count = 0
    for i in range(role.size):
        if role[i] > UNUSED or not np.isfinite(zones.y[chain, start + i]):
            continue
        new = True
        for j in range(count):
            new &= not same(zones, recipe.products, start + i, kept[j])
        if new:
            kept[count] = start + i
            count += 1
            if count == recipe.min_points:
                break
    return count


@compiled
def same(zones: Any, products: int, a: int, b: int) -> bool:
    """Two points are copies of each other."""
    if zones.dekads[a] != zones.dekads[b] or zones.y[0, a] != zones.y[0, b]:
        return False
    differ = 0
    for j in range(products):
        differ += zones.x[0, j, a] != zones.x[0, j, b]
    return differ == 0


@compiled
def seeded(memory: Memory, key: int | np.uint64) -> NDArray[np.uint64]:
    """State (1,) of a stream of random numbers."""
    state = zeros(memory, (1,), np.uint64)
    state[0] = key
    return state


@compiled
def shuffle(order: I64, n: int, state: NDArray[np.uint64]) -> None:
    """Fisher and Yates on the first n."""
    for i in range(n - 1, 0, -1):
        j = np.int64(random_bits(state) % np.uint64(i + 1))
        order[i], order[j] = order[j], order[i]


@compiled
def random_bits(state: NDArray[np.uint64]) -> np.uint64:
    """Next number of splitmix64; `state` (1,) moves on."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def uniform(state: NDArray[np.uint64]) -> float:
    """Next number in [0, 1)."""
    return np.float64(random_bits(state) >> np.uint64(11)) * 2.0**-53


@compiled
def center_and_factor(values: F32, order: I64, n: int, ranged: int):  # type: ignore[no-untyped-def]
    """Center, factor, minimum, maximum and number of the finite values at the first n positions of the order.

    ranged: map minimum and maximum to −1 and 1 (as the paper's toolbox does); else standardise.
    The factor is 0 where values do not vary.
    """
    low, high = np.float32(np.inf), np.float32(-np.inf)
    count, total = 0, 0.0
    for i in range(n):
        value = values[order[i]]
        if np.isfinite(value):
            low, high = min(low, value), max(high, value)
            total += value
            count += 1
    center = total / max(count, 1)
    total = 0.0
    for i in range(n):
        value = values[order[i]]
        if np.isfinite(value):
            total += (value - center) ** 2
    spread = np.sqrt(total / max(count, 1))
    if ranged:
        center, spread = 0.5 * (np.float64(low) + np.float64(high)), 0.5 * (np.float64(high) - np.float64(low))
    # below single precision there is no signal, only rounding
    varies = high > low and spread > 1e-6 * max(abs(center), 1e-30)
    return center, 1.0 / spread if varies else 0.0, low, high, count


@compiled
def fit_scaler(x: F32, order: I64, n: int, ranged: int, scaler: Scaler) -> bool:
    """Fill the scaler of inputs x (input, point) from the first n points of the order; True if any input varies."""
    varies = False
    for j in range(x.shape[0]):
        center, factor, low, high, _ = center_and_factor(x[j], order, n, ranged)
        scaler.center[j], scaler.factor[j], scaler.low[j], scaler.high[j] = center, factor, low, high
        varies |= factor != 0.0
    return varies


@compiled
def lay_out(memory: Memory, order: I64, counts: I64) -> Layout:
    """Blocks for points in order by role."""
    most = order.size // BLOCK + counts.size
    first, size = zeros(memory, (most,), np.int64), zeros(memory, (most,), np.int64)
    filled, ends = zeros(memory, (most,), np.int64), zeros(memory, (counts.size,), np.int64)
    begin = blocks = 0
    for role in range(counts.size):
        for at in range(0, counts[role], BLOCK):
            first[blocks], size[blocks] = begin + at, min(BLOCK, counts[role] - at)
            filled[blocks] = (size[blocks] + LANES - 1) // LANES * LANES
            blocks += 1
        begin += counts[role]
        ends[role] = blocks
    return Layout(order, first[:blocks], size[:blocks], filled[:blocks], ends)


@compiled
def pack_inputs(memory: Memory, x: F32, layout: Layout, scaler: Scaler) -> F32:
    """Blocks (block, row, point) of scaled inputs, a row of ones, rows of zeros to a multiple of four."""
    inputs = x.shape[0]
    packed = zeros(memory, (layout.first.size, (inputs + 4) // 4 * 4, BLOCK), np.float32)
    for b in range(layout.first.size):
        for i in range(layout.size[b]):
            packed[b, inputs, i] = np.float32(1)
        for j in range(inputs):
            source, row, center, factor = x[j], packed[b, j], scaler.center[j], scaler.factor[j]
            if factor != 0.0:
                for i in range(layout.size[b]):
                    row[i] = (source[layout.order[layout.first[b] + i]] - center) * factor
    return packed


@compiled
def pack_target(  # type: ignore[no-untyped-def]
    memory: Memory, y: F32, weights: F32, layout: Layout, learning: int, center: float, factor: float
):
    """Scaled targets and weights (block, point); points without target, and padding, weigh 0.

    weights  (point,), or empty for equal weights; points beyond the first `learning` always weigh 1.
    """
    packed = zeros(memory, (layout.first.size, BLOCK), np.float32)
    weight = zeros(memory, (layout.first.size, BLOCK), np.float32)
    for b in range(layout.first.size):
        for i in range(layout.size[b]):
            at = layout.first[b] + i
            position = layout.order[at]
            if np.isfinite(y[position]):
                packed[b, i] = (y[position] - center) * factor
                weight[b, i] = weights[position] if weights.size and at < learning else np.float32(1)
    return packed, weight
