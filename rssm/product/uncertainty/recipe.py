"""Total uncertainty from the chains and from held-out error, calibrated: σ = c · s₀ · (√(V + R) / s₀)^b, less in dry soil.

V  variance between chains, what perturbed targets, inputs and samples do to the estimate through all rounds
R  residual variance, what blocked validation sees beyond V; taken per subnetwork, drawn toward its stratum's mean where
   the validation sample is small, and with that of the simulations it learnt from: held-out error is measured against
   the targets, so what these err by has to be added, round by round
b  how far errors follow √(V + R): 1 if they grow in proportion to it, 0 if they do not depend on it (σ is constant)
c  one factor per round and stratum
Of dry soil it is σ · √(x / dry), x the soil moisture, if the table of factors says below which x soil is dry.
b, c and dry are fitted on worlds (or held-out years) that they are not judged on, then frozen; s₀ = 0.05 m³ m⁻³ only makes c
a pure number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVELS = (0.5, 0.68, 0.9)
NORMAL = tuple(NormalDist().inv_cdf((1 + level) / 2) for level in LEVELS)  # half-widths of its central intervals, in σ
TYPICAL = 0.05  # s₀, m³ m⁻³
DRIEST = 1 / 3  # of `dry`: the soil below it errs by no less


def chain_variance(estimates: NDArray[np.floating]) -> NDArray[np.float64]:
    """V (...) of estimates (chain, ...): sample variance of the valid chains.

    With one chain V is 0, and all error is left to R; NaN where no chain has a value.
    """
    n = np.count_nonzero(~np.isnan(estimates), axis=0)
    mean = np.nansum(estimates, axis=0, dtype=np.float64) / np.maximum(n, 1)
    squares = np.nansum((estimates - mean) ** 2, axis=0)
    return np.where(n > 0, squares / np.maximum(n - 1, 1), np.nan)


def residual_variance(
    mse: NDArray[np.floating],
    variance: NDArray[np.floating],
    n: NDArray[np.number],
    stratum: NDArray[np.integer],
    prior: float = 100.0,
) -> NDArray[np.float64]:
    """R of each subnetwork: max(MSE − V, 0), shrunk toward the mean of its stratum.

    mse, variance  (subnetwork,): blocked MSE, and mean V at the same points; NaN where not evaluated
    n              (subnetwork,): independent points behind the MSE (blocks rather than pixels)
    stratum        (subnetwork,): 0, 1, …, for example network × land cover
    prior          points that the stratum's mean weighs; a stratum without any takes the mean of all
    """
    excess = np.maximum(np.asarray(mse, np.float64) - variance, 0)
    weight = np.where(np.isnan(excess), 0, n)
    excess = np.nan_to_num(excess)
    points = np.bincount(stratum, weight)
    total = np.bincount(stratum, weight * excess)
    overall = total.sum() / points.sum() if points.any() else np.nan
    mean = np.divide(total, points, out=np.full(total.shape, overall), where=points > 0)[stratum]
    return mean + weight / (weight + prior) * (excess - mean)


def inherited_variance(shares: NDArray[np.floating], residual: NDArray[np.floating]) -> NDArray[np.float64]:
    """What targets add to R (network, zone): the residual variance of the rounds that taught, by their share.

    shares    (network, round): share of a network's training dekads that each earlier round gave; the rest came from
              outside, whose error is in V
    residual  (round, zone): mean residual variance of what a round simulated; NaN takes the mean of the other zones
    """
    known = np.where(np.isnan(residual), 0, residual)
    count = np.count_nonzero(~np.isnan(residual), axis=1, keepdims=True)
    mean = known.sum(axis=1, keepdims=True) / np.maximum(count, 1)
    return np.asarray(shares @ np.where(np.isnan(residual), mean, residual), np.float64)


def total_sigma(
    variance: ArrayLike, residual: ArrayLike, c: ArrayLike = 1.0, power: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """σ = c · s₀ · (√(V + R) / s₀)^power, in the units of the estimate; with power 1 it is c · √(V + R)."""
    total = np.asarray(variance, np.float64) + np.asarray(residual, np.float64)
    return np.asarray(np.asarray(c) * TYPICAL * (total / TYPICAL**2) ** (np.asarray(power) / 2), np.float64)


def damped(moisture: ArrayLike, dry: ArrayLike) -> NDArray[np.float64]:
    """What is left of σ in dry soil: its variance shrinks with soil moisture, as no soil is drier than dry.

    moisture, dry  m³ m⁻³; 1 where moisture is more than dry, or dry is 0
    """
    moisture, dry = np.asarray(moisture, np.float64), np.asarray(dry, np.float64)
    ratio = np.divide(moisture, dry, out=np.ones(np.broadcast_shapes(moisture.shape, dry.shape)), where=dry > 0)
    return np.asarray(np.sqrt(np.clip(ratio, DRIEST, 1)), np.float64)


def information(
    error: NDArray[np.floating], spread: NDArray[np.floating], group: NDArray[np.integer], groups: int
) -> float:
    """b, within 0 … 1: the power of spread that makes normal errors likeliest, each group with a scale of its own.

    error, spread  (point,): estimate − truth, and √(V + R); points without either are left out
    group          (point,): 0 … groups − 1, rounds for example
    """
    known = ~np.isnan(error) & (spread > 0)
    square, log, member = np.square(error[known], dtype=np.float64), np.log(spread[known] / TYPICAL), group[known]

    def slope(b: float) -> float:
        """Growth of the negative log-likelihood with b, at the best scales."""
        scaled = square * np.exp(-2 * b * log)
        total, tilted = (np.bincount(member, part, groups) for part in (scaled, scaled * log))
        n = np.bincount(member, minlength=groups)
        return float(log.sum() - np.sum(n * np.divide(tilted, total, out=np.zeros(groups), where=total > 0)))

    low, high = 0.0, 1.0
    if not log.size or slope(low) >= 0:
        return low
    if slope(high) <= 0:
        return high
    for _ in range(12):  # the likelihood has one peak; 1/4096 is closer than worlds agree
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return (low + high) / 2


def calibrate(
    error: NDArray[np.floating],
    sigma: NDArray[np.floating],
    group: NDArray[np.integer],
    groups: int,
    enough: int = 100,
) -> NDArray[np.float64]:
    """c of each group (round × stratum): scales sigma so that 68 % of the errors lie within its interval.

    The middle interval, not the mean square, is matched: a few wild errors then cannot widen all intervals.

    error, sigma  (point,): estimate − truth, and σ with c = 1; points without either are left out
    group         (point,): 0 … groups − 1; one with fewer than `enough` points takes the c of all points
    """
    known = ~np.isnan(error) & (sigma > 0)
    ratio = np.abs(error[known], dtype=np.float64) / sigma[known]
    member = group[known]
    if not len(ratio):
        return np.ones(groups)
    c = np.full(groups, np.quantile(ratio, LEVELS[1]))
    for g in np.flatnonzero(np.bincount(member, minlength=groups) >= enough):
        c[g] = np.quantile(ratio[member == g], LEVELS[1])
    return c / NORMAL[1]


def half_widths(error: NDArray[np.floating], sigma: NDArray[np.floating]) -> tuple[float, ...]:
    """Half of each interval of `LEVELS` in σ, where errors are not normal: in proportion to that of 68 %, which is as of `NORMAL`.

    error, sigma  (point,): estimate − truth, and σ; points without either are left out, and without any it is `NORMAL`
    """
    known = ~np.isnan(error) & (sigma > 0)
    if not known.any():
        return NORMAL
    ends = np.quantile(np.abs(error[known], dtype=np.float64) / sigma[known], LEVELS)
    return tuple((ends / ends[1] * NORMAL[1]).tolist())


def coverage(
    error: NDArray[np.floating],
    sigma: NDArray[np.floating],
    group: NDArray[np.integer],
    groups: int,
    widths: Sequence[ArrayLike] = NORMAL,
) -> NDArray[np.float64]:
    """Share of errors within the stated intervals (group, level); NaN for a group without points.

    widths  half of each interval, in σ: one number or one of each point
    """
    known = ~(np.isnan(error) | np.isnan(sigma))
    member = group[known]
    n = np.bincount(member, minlength=groups)
    within = [(np.abs(error) <= np.asarray(width) * sigma)[known] for width in widths]
    covered = [np.bincount(member, inside, minlength=groups) for inside in within]
    shape = (groups, len(widths))
    return np.divide(np.transpose(covered), n[:, None], out=np.full(shape, np.nan), where=n[:, None] > 0)


def crps_gaussian(error: ArrayLike, sigma: ArrayLike) -> NDArray[np.float64]:
    """Continuous ranked probability score of normal forecasts, in the units of the error; lower is better.

    With sigma → 0 it becomes the absolute error. The rival with a constant σ is the same with a scalar.
    """
    error, sigma = np.asarray(error, np.float64), np.maximum(np.asarray(sigma, np.float64), 1e-12)
    z = error / sigma
    erf = np.asarray(np.frompyfunc(math.erf, 1, 1)(z / math.sqrt(2)), np.float64)  # 2Φ(z) − 1
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return error * erf + sigma * (2 * density - 1 / math.sqrt(math.pi))
