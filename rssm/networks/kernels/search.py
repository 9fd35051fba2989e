"""The search for one subnetwork: random starts on a sample, the best of them fitted on all points.

The penalty of that fit is the strongest that dekads left out do not speak against (`rssm.networks.kernels.evidence`).
If the subnetwork then says next to nothing, so that a constant would be published as simulated, the next weaker penalty
is taken; and what does not beat the mean on dekads left out is marked as without skill.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.arithmetic import activate, residuals
from rssm.networks.kernels.codes import Status
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.curvature import Curvature, curvature_memory
from rssm.networks.kernels.evidence import DOUBT, LEAST_GAIN, LEAST_SPREAD, When, gain, leave_out, spread, strongest
from rssm.networks.kernels.lbfgs import History, history_memory, minimise
from rssm.networks.kernels.memory import Memory, zeros
from rssm.networks.kernels.pack import seeded, uniform
from rssm.networks.kernels.recipe import FLOOR, SPREAD, STEP, Recipe
from rssm.networks.kernels.varpro import F64, Points, Work

OK, NOT_CONVERGED = int(Status.OK), int(Status.NOT_CONVERGED)
NO_SKILL, FAILED = int(Status.NO_SKILL), int(Status.FAILED)


class Outcome(NamedTuple):
    """How a search ended."""

    status: int
    iterations: int  # of the final fit
    ridge: float  # penalty of the final fit
    skill: float  # 1 − squared error over that of the mean, on dekads left out; not-a-number where unknown


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
    when: When,
):
    """Fill theta and v with the best subnetwork found; returns how the search ended.

    ends  (role,): end of each role's blocks of points;  used  (input,): 0 for dropped inputs
    """
    state = seeded(memory, key)
    trial = zeros(memory, theta.shape, np.float64)
    curvature = curvature_memory(memory, theta.shape[0], theta.shape[1])
    history = history_memory(memory, theta.shape[0], theta.shape[1])
    judges = ends[0] if ends[1] > ends[0] else 0  # first block of those that judge: training, if there are no others
    best = best_start(theta, trial, v, points, ends, judges, used, state, recipe, work, curvature, history)
    ridges = penalties(memory, recipe, best)
    draw(trial, recipe.hidden, used, state)  # what is left out must be new to the fit, and theta has seen everything
    found = leave_out(memory, trial, points, ends, when, ridges, work, curvature, history)
    rank, made, converged, skill, doubt = 0, 0, False, np.nan, np.nan
    for rank in range(strongest(found), ridges.size):
        copy(theta, trial)
        made, converged = minimise(
            trial, v, points, ends[1], ridges[rank], recipe.iterations, recipe.tolerance, True, work, curvature, history
        )
        skill, doubt = gain(found, rank)
        if not np.isfinite(skill) or spread(memory, trial, v, points, ends[1], when, work) >= LEAST_SPREAD:
            break
    copy(trial, theta)
    _, squares, weight, _ = errors(theta, v, points, judges, ends[1], work)
    status = OK if converged else NOT_CONVERGED
    if not np.isfinite(squares / weight):
        status = FAILED
    elif skill + DOUBT * doubt < LEAST_GAIN:
        status = NO_SKILL
    return Outcome(status, made, ridges[rank], skill)


@compiled
def best_start(  # type: ignore[no-untyped-def]
    theta: F64, trial: F64, v: F64, points: Points, ends, judges, used: F64, state, recipe: Recipe, work: Work,
    curvature: Curvature, history: History,
):  # fmt: skip
    """Fill theta with the best of some random starts fitted on a sample; returns its mean squared error as judged."""
    best = np.inf
    blocks = min(ends[0], recipe.start_blocks)
    for _ in range(recipe.starts):
        draw(trial, recipe.hidden, used, state)
        minimise(trial, v, points, blocks, recipe.ridge, recipe.start_iterations, 0.0, False, work, curvature, history)
        _, squares, weight, _ = errors(trial, v, points, judges, ends[1], work)
        if squares < best * weight:
            best = squares / weight
            copy(trial, theta)
    return best


@compiled
def penalties(memory: Memory, recipe: Recipe, noise: float) -> F64:
    """Penalties (rank,) of the final fit that compete, the strongest first."""
    ridges = zeros(memory, (recipe.weaker + 1,), np.float64)
    ridge = recipe.noise_ridge * noise
    for rank in range(ridges.size):
        ridges[rank] = max(ridge, FLOOR)
        ridge *= STEP
    return ridges


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
