"""The kernels of training: from a zone's points to its subnetworks, one for every chain.

A zone is packed once for all its chains. A few random starts are tried on a sample of the training points and judged
by the validation points; the best one is then fitted on training and validation points together, under a ridge
penalty. Test points are never learnt from.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.arithmetic import F32
from rssm.networks.kernels.chain import TOO_FEW_TRAINING, Fit, descend_chain, fit_chain
from rssm.networks.kernels.codes import Status
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.evidence import When
from rssm.networks.kernels.memory import begin
from rssm.networks.kernels.pack import I64, Scaler, fit_scaler, lay_out, pack_inputs, valid_points
from rssm.networks.kernels.recipe import Recipe
from rssm.networks.kernels.search import NO_SKILL, NOT_CONVERGED
from rssm.networks.kernels.varpro import F64

NO_INPUT = int(Status.NO_INPUT)


class Results(NamedTuple):
    """The arrays of `rssm.networks.subnetworks.Subnetworks`, in their order."""

    hidden: F32
    hidden_bias: F32
    output: F32
    output_bias: F32
    center: F64
    factor: F64
    low: F32
    high: F32
    target_center: F64
    target_factor: F64
    points: NDArray[np.int32]
    rmse: F32
    r2: F32
    iterations: NDArray[np.int32]
    ridge: F32
    dekad_r2: F32
    status: NDArray[np.int8]


class Zones(NamedTuple):
    """What is learnt from; arguments of `rssm.networks.train.train_block`, x with its axis of chains."""

    x: F32
    y: F32
    weights: F32
    labels: NDArray[np.uint8]
    offsets: I64
    keys: NDArray[np.uint64]
    dekads: NDArray[np.int32]
    folds: NDArray[np.int8]


@compiled
def train_zone(scratch: NDArray[np.uint8], z: int, zones: Zones, recipe: Recipe, out: Results) -> None:
    """Fill the results of zone z; where there are too few points they stay as they are, see `Subnetworks.empty`."""
    memory = begin(scratch)
    x, y = zones.x, zones.y
    order, counts, valid = valid_points(memory, zones, recipe, zones.offsets[z], zones.offsets[z + 1])
    if most(valid) < recipe.min_points:
        return
    if counts[0] < recipe.least:
        mark(out, z, TOO_FEW_TRAINING)
        return
    layout, learning = lay_out(memory, order, counts), counts[0] + counts[1]
    scaler = Scaler(out.center[z], out.factor[z], out.low[z], out.high[z])
    if not fit_scaler(x[0], order, learning, recipe.descend, scaler):
        mark(out, z, NO_INPUT)
        return
    when = When(layout, zones.dekads, zones.folds)
    before = memory.taken[0]
    packed = pack_inputs(memory, x[0], layout, scaler)
    after = memory.taken[0]
    for k in range(y.shape[0]):
        if valid[k] < recipe.min_points:
            continue
        if k > 0 and x.shape[0] > 1:
            memory.taken[0] = before
            packed = pack_inputs(memory, x[k], layout, scaler)
        memory.taken[0] = after
        weights, key = zones.weights[k], zones.keys[k, z]
        if recipe.descend:
            fit = descend_chain(memory, packed, y[k], weights, when, learning, scaler.factor, key, recipe)
        else:
            fit = fit_chain(memory, packed, y[k], weights, when, learning, scaler.factor, key, recipe)
        keep(fit, k, z, out)


@compiled
def most(counts: I64) -> int:
    """The largest."""
    largest = counts[0]
    for count in counts:
        largest = max(largest, count)
    return largest


@compiled
def mark(out: Results, z: int, status: int) -> None:
    """No chain has a subnetwork in zone z."""
    for k in range(out.status.shape[0]):
        out.status[k, z] = status


@compiled
def keep(fit: Fit, k: int, z: int, out: Results) -> None:
    """Put the fit of chain k in zone z into its place."""
    outcome = fit.outcome
    out.status[k, z], out.iterations[k, z] = outcome.status, outcome.iterations
    if outcome.status > NOT_CONVERGED and outcome.status != NO_SKILL:
        return
    inputs = out.hidden.shape[3]
    for i in range(out.hidden.shape[2]):
        for j in range(inputs):
            out.hidden[k, z, i, j] = fit.theta[i, j]
        out.hidden_bias[k, z, i] = fit.theta[i, inputs]
        out.output[k, z, i] = fit.v[i]
    out.ridge[k, z], out.dekad_r2[k, z] = outcome.ridge, outcome.skill
    out.output_bias[k, z] = fit.v[fit.v.size - 1]
    out.target_center[k, z], out.target_factor[k, z] = fit.center, fit.factor
    for role in range(3):
        out.points[k, z, role] = np.int32(fit.scores[role, 0])
        out.rmse[k, z, role], out.r2[k, z, role] = fit.scores[role, 1], fit.scores[role, 2]
