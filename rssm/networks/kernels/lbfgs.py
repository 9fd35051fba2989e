"""L-BFGS on the reduced cost of a subnetwork, started from Gauss–Newton curvature where that pays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.curvature import Curvature, factorise, solve
from rssm.networks.kernels.memory import Memory, shaped, zeros
from rssm.networks.kernels.varpro import F64, Points, Work, evaluate

MEMORY = 12  # steps remembered
REFRESH = 8  # iterations until the Gauss–Newton curvature is computed again, and what was remembered is dropped
PATIENCE = 4  # iterations in a row below the tolerance before the fit counts as converged
ENOUGH = 1e-4  # share of the promised fall of the cost that a step must bring
SHORTEST = 1e-4  # step below which single precision sees no fall any more


class History(NamedTuple):
    """Steps, the changes of the gradient along them, and their inner products; where it stands and where it tries."""

    steps: F64  # (memory, weight)
    changes: F64  # (memory, weight)
    products: F64  # (memory,)
    alpha: F64  # (memory,)
    direction: F64  # (weight,)
    gradient: F64  # (hidden, input)
    trial: F64  # (hidden, input)
    trial_gradient: F64  # (hidden, input)


@compiled
def history_memory(memory: Memory, hidden: int, inputs: int) -> History:
    """Memory for weights (hidden, input)."""
    size, shape = hidden * inputs, (hidden, inputs)
    return History(
        zeros(memory, (MEMORY, size), np.float64),
        zeros(memory, (MEMORY, size), np.float64),
        zeros(memory, (MEMORY,), np.float64),
        zeros(memory, (MEMORY,), np.float64),
        zeros(memory, (size,), np.float64),
        zeros(memory, shape, np.float64),
        zeros(memory, shape, np.float64),
        zeros(memory, shape, np.float64),
    )


@compiled
def minimise(  # type: ignore[no-untyped-def]
    theta: F64,
    v: F64,
    points: Points,
    blocks: int,
    ridge: float,
    iterations: int,
    tolerance: float,
    preconditioned: bool,
    work: Work,
    curvature: Curvature,
    history: History,
):
    """Improve theta (hidden, input) in place over the first blocks, and v (hidden + 1,), its output layer.

    Returns the iterations made and whether the fit converged: the cost fell by less than `tolerance`, relatively,
    `PATIENCE` times in a row.
    """
    size = theta.size
    gradient, trial, trial_gradient = history.gradient, history.trial, history.trial_gradient
    at, g, to, to_g = flat(theta), flat(gradient), flat(trial), flat(trial_gradient)
    direction = history.direction
    cost = evaluate(theta, points, blocks, ridge, work, v, gradient)
    total = work.sums[-2]
    kept = calm = 0
    scale = 0.0
    for iteration in range(iterations):
        if preconditioned and iteration % REFRESH == 0:
            scale = factorise(curvature, points, ridge, total, work)
            kept = 0
        aim(g, history, kept, curvature, scale)
        slope = dot(g, direction)
        if not slope < 0.0:
            return iteration, False
        step = 1.0
        while True:
            for i in range(size):
                to[i] = at[i] + step * direction[i]
            reached = evaluate(trial, points, blocks, ridge, work, v, trial_gradient)
            if reached <= cost + ENOUGH * step * slope:
                break
            if step < SHORTEST:
                evaluate(theta, points, blocks, ridge, work, v, gradient)
                return iteration, np.isfinite(cost)
            lowest = -slope * step * step / (2.0 * (reached - cost - slope * step))  # of the parabola
            step = min(max(lowest, 0.1 * step), 0.5 * step) if np.isfinite(lowest) else 0.1 * step
        kept += remember(history, kept % MEMORY, at, g, to, to_g)
        calm = calm + 1 if cost - reached < tolerance * cost else 0
        cost = reached
        for i in range(size):
            at[i], g[i] = to[i], to_g[i]
        if calm >= PATIENCE:
            return iteration + 1, True
    return iterations, False


@compiled
def flat(matrix: F64) -> F64:
    """Its numbers in a row."""
    return shaped(matrix, (matrix.size,))


@compiled
def remember(history: History, slot: int, at: F64, g: F64, to: F64, to_g: F64) -> int:
    """Store a step; returns 0, as if it were not, where the curvature along it is not positive."""
    for i in range(at.size):
        history.steps[slot, i] = to[i] - at[i]
        history.changes[slot, i] = to_g[i] - g[i]
    product = dot(history.steps[slot], history.changes[slot])
    history.products[slot] = product
    return 1 if product > 1e-10 * dot(history.changes[slot], history.changes[slot]) else 0


@compiled
def aim(g: F64, history: History, kept: int, curvature: Curvature, scale: float) -> None:
    """direction = −(approximate inverse Hessian) g, by the usual two loops over what is remembered."""
    alpha, direction = history.alpha, history.direction
    first = max(0, kept - MEMORY)
    for i in range(g.size):
        direction[i] = -g[i]
    for q in range(kept - 1, first - 1, -1):
        k = q % MEMORY
        alpha[k] = dot(history.steps[k], direction) / history.products[k]
        add(direction, -alpha[k], history.changes[k])
    if scale > 0.0:
        solve(curvature.matrix, direction)
    elif kept > 0:
        k = (kept - 1) % MEMORY
        scale = history.products[k] / dot(history.changes[k], history.changes[k])
    else:
        scale = min(1.0, 0.3 / np.sqrt(dot(g, g) + 1e-30))
    for i in range(g.size):
        direction[i] *= scale
    for q in range(first, kept):
        k = q % MEMORY
        beta = dot(history.changes[k], direction) / history.products[k]
        add(direction, alpha[k] - beta, history.steps[k])


@compiled
def dot(a: F64, b: F64) -> float:
    """Inner product."""
    s = 0.0
    for i in range(a.size):
        s += a[i] * b[i]
    return s


@compiled
def add(a: F64, factor: float, b: F64) -> None:
    """a += factor · b."""
    for i in range(a.size):
        a[i] += factor * b[i]
