"""Variable projection: the output layer is solved exactly, so that only the hidden weights are searched.

For given hidden weights the best output weights are a small ridge regression. What is left is a cost of the hidden
weights alone, whose gradient is that of the full network at the solved output layer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.arithmetic import F32, activate, products, residuals, slopes, weigh, weighted_square
from rssm.networks.kernels.blocks import BLOCK
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.memory import Memory, zeros

F64 = NDArray[np.float64]
f32 = np.float32


class Points(NamedTuple):
    """The points of one zone and chain, scaled and in blocks."""

    x: F32  # (block, input, point): scaled inputs, then a row of ones, then rows of zeros
    y: F32  # (block, point): scaled target
    w: F32  # (block, point): weight, 0 beyond the last point
    filled: NDArray[np.int64]  # (block,): points in it


class Work(NamedTuple):
    """Memory that evaluations share."""

    h: F32  # (block, hidden + target, point): hidden values, then the target
    product: F32  # (hidden, point)
    r: F32  # (point,)
    gram: F64  # (hidden, hidden + target): Σ w h h, Σ w h y
    sums: F64  # (hidden + 2,): Σ w h, Σ w, Σ w y
    weights: F32  # (hidden, input)
    v: F32  # (hidden,)
    lower: F64  # (hidden + 1, hidden + 1): Cholesky factor of the output layer's normal equations
    evaluated: NDArray[np.int64]  # (1,): blocks of the last evaluation


@compiled
def workspace(memory: Memory, points: Points, hidden: int) -> Work:
    """Memory for `hidden` nodes (padded); the targets are copied in."""
    blocks, rows, _ = points.x.shape
    h = zeros(memory, (blocks, 2 * ((hidden + 2) // 2), BLOCK), np.float32)  # `products` takes pairs
    for b in range(blocks):
        for p in range(BLOCK):
            h[b, hidden, p] = points.y[b, p]
    return Work(
        h,
        zeros(memory, (hidden, BLOCK), np.float32),
        zeros(memory, (BLOCK,), np.float32),
        zeros(memory, (hidden, h.shape[1]), np.float64),
        zeros(memory, (hidden + 2,), np.float64),
        zeros(memory, (hidden, rows), np.float32),
        zeros(memory, (hidden,), np.float32),
        zeros(memory, (hidden + 1, hidden + 1), np.float64),
        zeros(memory, (1,), np.int64),
    )


@compiled
def evaluate(theta: F64, points: Points, blocks: int, ridge: float, work: Work, v: F64, gradient: F64) -> float:
    """Cost of hidden weights `theta` over the first blocks; fills the output layer and the gradient.

    theta, gradient  (hidden, input), bias last
    v                (hidden + 1,), bias last
    cost = (Σ w r² + ridge Σ theta² + ridge Σ v²) / Σ w, the output bias free
    """
    hidden, inputs = theta.shape
    for k in range(hidden):
        for j in range(inputs):
            work.weights[k, j] = theta[k, j]
    clear_moments(work)
    for b in range(blocks):
        activate(work.weights, points.x[b], work.h[b], points.filled[b])
        add_moments(points, b, work)
    total = work.sums[-2]
    factor_output(work, ridge)
    solve_output(work, v)
    gradient.fill(0.0)
    cost = np.float64(0)
    for b in range(blocks):
        n = points.filled[b]
        residuals(work.v, f32(v[hidden]), work.h[b], points.y[b], n, work.r)
        cost += weighted_square(points.w[b], work.r, n)
        slopes(work.v, work.h[b], work.r, n, work.product)
        products(work.product, points.x[b], inputs, n, gradient)
    for k in range(hidden):
        cost += ridge * v[k] ** 2
        for j in range(inputs):
            cost += ridge * theta[k, j] ** 2
            gradient[k, j] = 2.0 * (ridge * theta[k, j] - gradient[k, j]) / total
    work.evaluated[0] = blocks
    return cost / total


@compiled
def clear_moments(work: Work) -> None:
    """Set the sums to zero."""
    work.gram.fill(0.0)
    work.sums.fill(0.0)


@compiled
def add_moments(points: Points, b: int, work: Work) -> None:
    """Add a block to the sums that the output layer is solved from: Σ w h h, Σ w h y, and Σ w h, Σ w, Σ w y."""
    n = points.filled[b]
    weigh(points.w[b], work.h[b], n, work.product, work.sums)
    products(work.product, work.h[b], work.h.shape[1], n, work.gram)
    weight = target = f32(0)
    w, y = points.w[b], points.y[b]
    for p in range(n):
        weight += w[p]
        target += w[p] * y[p]
    work.sums[-2] += weight
    work.sums[-1] += target


@compiled
def factor_output(work: Work, ridge: float) -> None:
    """Cholesky factor of the normal equations of the output layer (nodes, then bias), in double precision."""
    lower, gram, sums = work.lower, work.gram, work.sums
    hidden = lower.shape[0] - 1
    for i in range(hidden + 1):
        for j in range(i + 1):
            s = gram[i, j] if i < hidden else sums[j]
            if i == j:
                s += ridge if i < hidden else 1e-6 * sums[hidden]
            for k in range(j):
                s -= lower[i, k] * lower[j, k]
            lower[i, j] = np.sqrt(s) if i == j else s / lower[j, j]


@compiled
def solve_output(work: Work, v: F64) -> None:
    """The output layer by ridge regression on the hidden values."""
    lower = work.lower
    hidden = v.size - 1
    for i in range(hidden + 1):
        s = work.gram[i, hidden] if i < hidden else work.sums[hidden + 1]
        for k in range(i):
            s -= lower[i, k] * v[k]
        v[i] = s / lower[i, i]
    for i in range(hidden, -1, -1):
        s = v[i]
        for k in range(i + 1, hidden + 1):
            s -= lower[k, i] * v[k]
        v[i] = s / lower[i, i]
    for k in range(hidden):
        work.v[k] = v[k]
