"""The search for one subnetwork: random starts on a sample, the best of them fitted on all points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.arithmetic import activate, residuals
from rssm.networks.kernels.codes import Status
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.curvature import curvature_memory
from rssm.networks.kernels.lbfgs import history_memory, minimise
from rssm.networks.kernels.memory import Memory, zeros
from rssm.networks.kernels.pack import seeded, uniform
from rssm.networks.kernels.recipe import FLOOR, SPREAD, Recipe
from rssm.networks.kernels.varpro import F64, Points, Work

OK, NOT_CONVERGED, FAILED = int(Status.OK), int(Status.NOT_CONVERGED), int(Status.FAILED)


@compiled
def search(  # type: ignore[no-untyped-def]
    memory: Memory,
    theta: F64,
    v: F64,
    points: Points,
    ends: NDArray[np.int64],
    used: F64,
    key: np.uint64,
    recipe: Recipe,
    work: Work,
):
    """Fill theta and v with the best subnetwork found; returns iterations of the final fit and the status.

    ends  (role,): end of each role's blocks of points;  used  (input,): 0 for dropped inputs
    """
    state = seeded(memory, key)
    trial, trial_v = zeros(memory, theta.shape, np.float64), zeros(memory, v.shape, np.float64)
    curvature = curvature_memory(memory, theta.shape[0], theta.shape[1])
    history = history_memory(memory, theta.shape[0], theta.shape[1])
    judges = ends[0] if ends[1] > ends[0] else 0  # first block of those that judge: training, if there are no others
    best = np.inf
    made, converged = 0, False
    for start in range(recipe.starts + 1):
        if start < recipe.starts:
            draw(trial, recipe.hidden, used, state)
            blocks, iterations, tolerance = min(ends[0], recipe.start_blocks), recipe.start_iterations, 0.0
        else:
            copy(theta, trial)
            blocks, iterations, tolerance = ends[1], recipe.iterations, recipe.tolerance
        last = start == recipe.starts
        ridge = max(recipe.noise_ridge * best, FLOOR) if last else recipe.ridge
        made, converged = minimise(
            trial, trial_v, points, blocks, ridge, iterations, tolerance, last, work, curvature, history
        )
        _, squares, weight, _ = errors(trial, trial_v, points, judges, ends[1], work)
        if squares < best * weight or last:
            best = squares / weight
            copy(trial, theta)
            for k in range(v.size):
                v[k] = trial_v[k]
    if not np.isfinite(best):
        return made, FAILED
    return made, OK if converged else NOT_CONVERGED


@compiled
def copy(source: F64, target: F64) -> None:
    """target = source."""
    for k in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[k, j] = source[k, j]


@compiled
def draw(theta: F64, hidden: int, used: F64, state: NDArray[np.uint64]) -> None:
    """Random hidden weights of the inputs that vary, and biases in −1 … 1; padding stays 0."""
    active = 0
    for j in range(used.size):
        active += used[j] != 0.0
    for k in range(hidden):
        for j in range(used.size):
            u = 2.0 * uniform(state) - 1.0
            theta[k, j] = u * SPREAD * np.sqrt(3.0 / active) if used[j] != 0.0 else 0.0
        theta[k, used.size] = 2.0 * uniform(state) - 1.0


@compiled
def errors(theta: F64, v: F64, points: Points, begin: int, end: int, work: Work):  # type: ignore[no-untyped-def]
    """Points, Σ w r², Σ w and Σ w (y − mean)² of a subnetwork over blocks begin … end."""
    hidden = v.size - 1
    for k in range(hidden):
        work.v[k] = v[k]
        for j in range(theta.shape[1]):
            work.weights[k, j] = theta[k, j]
    count = np.int64(0)
    squares = weight = target = total = 0.0
    for b in range(begin, end):
        n = points.filled[b]
        activate(work.weights, points.x[b], work.h[b], n)
        residuals(work.v, np.float32(v[hidden]), work.h[b], points.y[b], n, work.r)
        for i in range(n):
            w, y, r = np.float64(points.w[b, i]), np.float64(points.y[b, i]), np.float64(work.r[i])
            count += np.int64(w > 0.0)
            squares += w * r * r
            weight += w
            target += w * y
            total += w * y * y
    return count, squares, weight, total - target**2 / max(weight, 1e-300)
