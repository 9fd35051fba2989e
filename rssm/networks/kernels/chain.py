"""One subnetwork: the target of one chain packed and fitted by the recipe's method, its weights and its scores."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rssm.networks.kernels.arithmetic import F32
from rssm.networks.kernels.blocks import GROUP
from rssm.networks.kernels.codes import Status
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.evidence import When
from rssm.networks.kernels.memory import Memory, zeros
from rssm.networks.kernels.pack import I64, center_and_factor, pack_target
from rssm.networks.kernels.recipe import Recipe
from rssm.networks.kernels.search import FAILED, Outcome, errors, search
from rssm.networks.kernels.traingd import descend
from rssm.networks.kernels.varpro import F64, Points, Work, workspace

TOO_FEW_TRAINING, CONSTANT_TARGET = int(Status.TOO_FEW_TRAINING), int(Status.CONSTANT_TARGET)


class Fit(NamedTuple):
    """A subnetwork in scaled units, its target's scaling, and how well it does."""

    outcome: Outcome
    theta: F64  # (hidden, input): weights, the bias last; padded
    v: F64  # (hidden + 1,): output weights, the bias last; padded
    center: float
    factor: float
    scores: F64  # (role, 3): points, RMSE, R²


@compiled
def no_fit(memory: Memory, hidden: int, inputs: int):  # type: ignore[no-untyped-def]
    """Room for theta, v and the scores of a fit, padded."""
    nodes = (hidden + GROUP - 1) // GROUP * GROUP
    theta = zeros(memory, (nodes, (inputs + 2) // 2 * 2), np.float64)
    v, scores = zeros(memory, (nodes + 1,), np.float64), zeros(memory, (3, 3), np.float64)
    scores.fill(np.nan)
    return theta, v, scores


@compiled
def score(theta: F64, v: F64, points: Points, ends: I64, work: Work, factor: float, scores: F64) -> None:
    """Fill points, RMSE (in the target's unit) and R² of each role."""
    begin = 0
    for role in range(3):
        count, squares, weight, total = errors(theta, v, points, begin, ends[role], work)
        scores[role, 0] = count
        if weight > 0.0:
            scores[role, 1] = np.sqrt(squares / weight) / factor
            scores[role, 2] = 1.0 - squares / total if total > 0.0 else np.nan
        begin = ends[role]


def fitter(method: Any, ranged: int) -> Any:
    """A kernel that fits a chain by a method (`search`, `descend`); ranged: how the target is scaled (`center_and_factor`).

    A kernel each, because one that chose between them would run slower.
    """

    @compiled
    def fit(  # type: ignore[no-untyped-def]
        memory: Memory,
        x: F32,
        y: F32,
        weights: F32,
        when: When,
        learning: int,
        used: F64,
        key: np.uint64,
        recipe: Recipe,
    ):
        """Fit the target y (point,) of one chain on packed inputs x; `used` (input,) is 0 for dropped inputs."""
        layout = when.layout
        theta, v, scores = no_fit(memory, recipe.hidden, used.size)
        center, factor, _, _, count = center_and_factor(y, layout.order, learning, ranged)
        if count < recipe.least:
            return Fit(Outcome(TOO_FEW_TRAINING, 0, 0.0, np.nan), theta, v, center, factor, scores)
        if factor == 0.0:
            return Fit(Outcome(CONSTANT_TARGET, 0, 0.0, np.nan), theta, v, center, factor, scores)
        target, weight = pack_target(memory, y, weights, layout, learning, center, factor)
        points = Points(x, target, weight, layout.filled)
        work = workspace(memory, points, theta.shape[0])
        outcome = method(memory, theta, v, points, layout.ends, used, key, recipe, work, when)
        if outcome.status != FAILED:
            score(theta, v, points, layout.ends, work, factor, scores)
        return Fit(outcome, theta, v, center, factor, scores)

    return fit


fit_chain, descend_chain = fitter(search, 0), fitter(descend, 1)
