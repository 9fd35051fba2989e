"""Evidence from dekads left out: how much penalty a zone needs, and whether its inputs tell anything of the target.

Points of a zone share cells and weather, so whoever has seen a dekad at one pixel half knows it at the next. Only whole
dekads left out show what a subnetwork knows of other dekads. Blocks of them are left out in turn, and small fits on a
sample of the other points, from the weakest penalty to the strongest, estimate them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.arithmetic import activate, residuals
from rssm.networks.kernels.compiled import compiled
from rssm.networks.kernels.curvature import Curvature
from rssm.networks.kernels.lbfgs import History, minimise
from rssm.networks.kernels.memory import Memory, zeros
from rssm.networks.kernels.pack import I64, Layout
from rssm.networks.kernels.recipe import FOLDS
from rssm.networks.kernels.varpro import F64, Points, Work

SAMPLE = 1  # blocks of training points
WEAKEST, NEXT = 15, 6  # iterations at the weakest penalty, and at each that follows
FEWEST = 12  # dekads left out below which there is no evidence
CLEARLY = 2.0  # standard errors by which a weaker penalty must win
WORTH = 0.1  # share of the target's variance by which it must win
DOUBT = 1.0  # standard errors that may have hidden a gain
LEAST_GAIN = 0.02  # share of the target's variance that is worth a subnetwork
LEAST_SPREAD = 0.2  # spread of estimates from dekad to dekad, over that of the target, below which they say nothing


class When(NamedTuple):
    """The time of a zone's points."""

    layout: Layout
    dekads: NDArray[np.int32]  # (point,): all points, counted from the first dekad
    folds: NDArray[np.int8]  # (dekad,): the part that it belongs to, −1 none


class Evidence(NamedTuple):
    """Squared errors on dekads left out."""

    squares: F64  # (penalty, dekad), the strongest penalty first
    mean: F64  # (dekad,): those of the mean of the points learnt from
    weight: F64  # (dekad,)


@compiled
def leave_out(  # type: ignore[no-untyped-def]
    memory: Memory,
    start: F64,
    points: Points,
    ends: I64,
    when: When,
    ridges: F64,
    work: Work,
    curvature: Curvature,
    history: History,
):
    """Evidence on penalties `ridges` (of a fit on all that is learnt from), where there are several.

    start  hidden weights that no point has been used for
    """
    found = Evidence(
        zeros(memory, (ridges.size, when.folds.size), np.float64),
        zeros(memory, (when.folds.size,), np.float64),
        zeros(memory, (when.folds.size,), np.float64),
    )
    blocks = ends[1] if ends[0] <= SAMPLE else SAMPLE
    trial, v = zeros(memory, start.shape, np.float64), zeros(memory, (start.shape[0] + 1,), np.float64)
    kept = zeros(memory, (blocks, points.w.shape[1]), np.float32)
    others = Points(points.x, points.y, kept, points.filled)
    whole = total(points.w, ends[1])
    for fold in range(FOLDS if ridges.size > 1 else 0):
        weight, target = keep_others(points, blocks, when, fold, kept)
        if weight == 0.0:
            continue
        for k in range(start.shape[0]):
            for j in range(start.shape[1]):
                trial[k, j] = start[k, j]
        for rank in range(ridges.size - 1, -1, -1):
            iterations = WEAKEST if rank == ridges.size - 1 else NEXT
            ridge = ridges[rank] * weight / whole
            minimise(trial, v, others, blocks, ridge, iterations, 0.0, False, work, curvature, history)
            judge(v, points, blocks, when, fold, work, found.squares[rank])
        compare(points, blocks, when, fold, target / weight, found)
    return found


@compiled
def total(w, blocks):  # type: ignore[no-untyped-def]
    """Σ w over the first blocks."""
    s = 0.0
    for b in range(blocks):
        for i in range(w.shape[1]):
            s += w[b, i]
    return s


@compiled
def dekad_of(when: When, b: int, i: int) -> np.int32:
    """Dekad of point i in block b."""
    position = when.layout.order[when.layout.first[b] + i]
    return when.dekads[position]


@compiled
def keep_others(points: Points, blocks: int, when: When, fold: int, kept):  # type: ignore[no-untyped-def]
    """Weights without those of a fold and of gaps; returns Σ w and Σ w y."""
    weight = target = 0.0
    for b in range(blocks):
        for i in range(when.layout.size[b]):
            own = when.folds[dekad_of(when, b, i)]
            kept[b, i] = points.w[b, i] if own != fold and own >= 0 else np.float32(0)
            weight += kept[b, i]
            target += kept[b, i] * points.y[b, i]
    return weight, target


@compiled
def judge(v: F64, points: Points, blocks: int, when: When, fold: int, work: Work, squares: F64) -> None:
    """Add the squared errors of a fold's points to their dekads; hidden values are those of the last evaluation."""
    hidden = v.size - 1
    for k in range(hidden):
        work.v[k] = v[k]
    for b in range(blocks):
        residuals(work.v, np.float32(v[hidden]), work.h[b], points.y[b], points.filled[b], work.r)
        for i in range(when.layout.size[b]):
            dekad = dekad_of(when, b, i)
            if when.folds[dekad] == fold:
                squares[dekad] += points.w[b, i] * np.float64(work.r[i]) ** 2


@compiled
def compare(points: Points, blocks: int, when: When, fold: int, mean: float, found: Evidence) -> None:
    """Add the squared errors of the mean in a fold's points, and their weight, to their dekads."""
    for b in range(blocks):
        for i in range(when.layout.size[b]):
            dekad = dekad_of(when, b, i)
            if when.folds[dekad] == fold:
                found.mean[dekad] += points.w[b, i] * (points.y[b, i] - mean) ** 2
                found.weight[dekad] += points.w[b, i]


@compiled
def difference(a: F64, b: F64, weight: F64):  # type: ignore[no-untyped-def]
    """Σ (a − b) over dekads, its standard error, and the number of dekads that have weight."""
    count, sum_, square = 0, 0.0, 0.0
    for t in range(weight.size):
        if weight[t] > 0.0:
            count += 1
            sum_ += a[t] - b[t]
            square += (a[t] - b[t]) ** 2
    spread = max(square - sum_**2 / max(count, 1), 0.0)
    return sum_, np.sqrt(spread * count / max(count - 1, 1)), count


@compiled
def sum_of(values: F64) -> float:
    """Their sum."""
    s = 0.0
    for t in range(values.size):
        s += values[t]
    return s


@compiled
def strongest(found: Evidence) -> int:
    """Rank of the strongest penalty that is not clearly worse than the best; 0 without evidence."""
    best, least = 0, np.inf
    for rank in range(found.squares.shape[0]):
        error, _, count = difference(found.squares[rank], found.mean, found.weight)
        if count < FEWEST:
            return 0
        if error < least:
            best, least = rank, error
    for rank in range(best):
        worse, doubt, _ = difference(found.squares[rank], found.squares[best], found.weight)
        if worse <= max(CLEARLY * doubt, WORTH * sum_of(found.mean)):
            return rank
    return best


@compiled
def gain(found: Evidence, rank: int):  # type: ignore[no-untyped-def]
    """1 − squared error at a penalty over that of the mean, and its standard error; not-a-number without evidence."""
    fall, doubt, count = difference(found.mean, found.squares[rank], found.weight)
    variance = sum_of(found.mean)
    if count < FEWEST or not variance > 0.0:
        return np.nan, np.nan
    return fall / variance, doubt / variance


@compiled
def spread(memory: Memory, theta: F64, v: F64, points: Points, blocks: int, when: When, work: Work) -> float:
    """Standard deviation of the estimates' means by dekad over that of the target's, of all points learnt from."""
    hidden, taken = v.size - 1, memory.taken[0]
    sums = zeros(memory, (3, when.folds.size), np.float64)  # of weights, estimates, targets
    for k in range(hidden):
        work.v[k] = v[k]
        for j in range(theta.shape[1]):
            work.weights[k, j] = theta[k, j]
    for b in range(blocks):
        activate(work.weights, points.x[b], work.h[b], points.filled[b])
        residuals(work.v, np.float32(v[hidden]), work.h[b], points.y[b], points.filled[b], work.r)
        for i in range(when.layout.size[b]):
            dekad, w, y = dekad_of(when, b, i), np.float64(points.w[b, i]), np.float64(points.y[b, i])
            sums[0, dekad] += w
            sums[1, dekad] += w * (y - work.r[i])
            sums[2, dekad] += w * y
    variance = variation(sums[0], sums[1]), variation(sums[0], sums[2])
    memory.taken[0] = taken
    return np.sqrt(variance[0] / variance[1]) if variance[1] > 0.0 else np.inf


@compiled
def variation(weight: F64, sums: F64) -> float:
    """Weighted sum of squared departures of dekads' means from the mean of all."""
    whole = mean = square = 0.0
    for t in range(weight.size):
        if weight[t] > 0.0:
            whole += weight[t]
            mean += sums[t]
            square += sums[t] ** 2 / weight[t]
    return max(square - mean**2 / max(whole, 1e-300), 0.0)
