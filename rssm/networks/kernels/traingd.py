"""The paper's training: plain batch gradient descent with the defaults of its toolbox, kept for fidelity.

MATLAB's `traingd` in a fitting network: inputs and target mapped to −1 … 1, constant inputs removed, Nguyen and
Widrow's starting weights, learning rate 0.01, at most 1000 epochs, stop after 6 epochs without a better validation
error or at a gradient below 1e-5, and the weights of the best validation error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.arithmetic import activate, products, residuals, slopes, weighted_square
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.evidence import When
from rssm.networks.kernels.memory import Memory, zeros
from rssm.networks.kernels.pack import seeded, uniform
from rssm.networks.kernels.recipe import Recipe
from rssm.networks.kernels.search import FAILED, NOT_CONVERGED, OK, Outcome, copy, errors
from rssm.networks.kernels.varpro import F64, Points, Work

RATE = 0.01
EPOCHS = 1000
PATIENCE = 6
SMALLEST_GRADIENT = 1e-5


@compiled
def descend(  # type: ignore[no-untyped-def]
    memory: Memory,
    theta: F64,
    v: F64,
    points: Points,
    ends: NDArray[np.int64],
    used: F64,
    key: np.uint64,
    recipe: Recipe,
    work: Work,
    when: When,
):
    """Follow the gradient of the mean squared error to the best validation error; as `rssm.networks.kernels.search.search`."""
    hidden = recipe.hidden
    nguyen_widrow(theta, v, hidden, used, seeded(memory, key))
    gradient, slope_v = zeros(memory, theta.shape, np.float64), zeros(memory, v.shape, np.float64)
    best_theta, best_v = zeros(memory, theta.shape, np.float64), zeros(memory, v.shape, np.float64)
    best, failures, status, epoch = np.inf, 0, NOT_CONVERGED, 0
    judges = ends[0] if ends[1] > ends[0] else 0
    for epoch in range(EPOCHS + 1):
        _, squares, weight, _ = errors(theta, v, points, judges, ends[1], work)
        if squares < best * weight:
            best, failures = squares / weight, 0
            copy(theta, best_theta)
            put(v, best_v)
        elif ends[1] > ends[0]:
            failures += 1
        length = follow(theta, v, points, ends[0], work, gradient, slope_v)
        if not np.isfinite(length):
            status = FAILED
            break
        if failures >= PATIENCE or length < SMALLEST_GRADIENT:
            status = OK
            break
        if epoch == EPOCHS:
            break
        for k in range(hidden):
            v[k] -= RATE * slope_v[k]
            for j in range(theta.shape[1]):
                theta[k, j] -= RATE * gradient[k, j]
        v[-1] -= RATE * slope_v[-1]
    copy(best_theta, theta)
    put(best_v, v)
    return Outcome(status, epoch, 0.0, np.nan)


@compiled
def put(source: F64, target: F64) -> None:
    """target = source."""
    for k in range(source.size):
        target[k] = source[k]


@compiled
def follow(theta: F64, v: F64, points: Points, blocks: int, work: Work, gradient: F64, slope_v: F64) -> float:
    """Gradient of the mean squared error over the first blocks; returns its length."""
    hidden = v.size - 1
    for k in range(hidden):
        work.v[k] = v[k]
        for j in range(theta.shape[1]):
            work.weights[k, j] = theta[k, j]
    gradient.fill(0.0)
    slope_v.fill(0.0)
    total = np.float64(0)
    for b in range(blocks):
        n, h, r = points.filled[b], work.h[b], work.r
        activate(work.weights, points.x[b], h, n)
        residuals(work.v, np.float32(v[hidden]), h, points.y[b], n, r)
        weighted_square(points.w[b], r, n)
        for k in range(hidden):
            node, s = h[k], np.float32(0)
            for p in range(n):
                s += r[p] * node[p]
            slope_v[k] += s
        s = w = np.float32(0)
        for p in range(n):
            s += r[p]
            w += points.w[b, p]
        slope_v[hidden] += s
        total += w
        slopes(work.v, h, r, n, work.product)
        products(work.product, points.x[b], theta.shape[1], n, gradient)
    length = 0.0
    for k in range(hidden + 1):
        slope_v[k] *= -2.0 / total
        length += slope_v[k] ** 2
    for k in range(hidden):
        for j in range(theta.shape[1]):
            gradient[k, j] *= -2.0 / total
            length += gradient[k, j] ** 2
    return np.sqrt(length)


@compiled
def nguyen_widrow(theta: F64, v: F64, hidden: int, used: F64, state: NDArray[np.uint64]) -> None:
    """Hidden nodes whose active ranges cover the inputs evenly, as `initnw`; output weights in −1 … 1."""
    inputs, active = used.size, 0
    for j in range(inputs):
        active += used[j] != 0.0
    for k in range(hidden):
        length = 0.0
        for j in range(inputs):
            theta[k, j] = 2.0 * uniform(state) - 1.0 if used[j] != 0.0 else 0.0
            length += theta[k, j] ** 2
        span = 2.0 * 0.7 * hidden ** (1.0 / active)  # tanh is active in −2 … 2
        sign = 0.0
        for j in range(inputs):
            if used[j] != 0.0 and sign == 0.0:
                sign = 1.0 if theta[k, j] > 0.0 else -1.0
            theta[k, j] *= span / np.sqrt(length)
        place = 2.0 * k / (hidden - 1) - 1.0 if hidden > 1 else 0.0
        theta[k, inputs] = span * place * sign
    for k in range(hidden):
        v[k] = 2.0 * uniform(state) - 1.0
    v[-1] = 2.0 * uniform(state) - 1.0
