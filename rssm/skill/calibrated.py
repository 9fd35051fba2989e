"""Does the stated uncertainty hold on worlds it was not fitted on? σ = c(round, land cover) · √(V + R)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.product.uncertainty import (
    LEVELS,
    calibrate,
    chain_variance,
    coverage,
    crps_gaussian,
    residual_variance,
    total_sigma,
)
from rssm.rounds.estimates import Estimates
from rssm.skill.chain import make_world, run_rounds
from rssm.skill.experiment import Row, workflow_of

CLASSES = 17  # of land cover
BLOCKS = 20.0  # held-out blocks behind a subnetwork's error, and the weight of its stratum's mean
CHAINS = 8


class Errors(NamedTuple):
    """Points outside the target's dekads: error of the estimate and √(V + R), m³ m⁻³; round and land-cover class."""

    error: NDArray[np.floating]
    sigma: NDArray[np.floating]
    round_: NDArray[np.integer]
    cover: NDArray[np.integer]


def errors(config: Mapping[str, Any], root: Path, name: str, seed: int) -> Errors:
    """Errors of the control chain against the truth in one world, with the spread of the chains."""
    workflow = workflow_of(config, root, name, seed, chains=CHAINS)
    scope = workflow.scope
    assert scope.run.toy is not None
    world = make_world(scope, scope.run.toy)
    begin = scope.plan.sources[scope.plan.primaries[0]].span.start
    parts = []
    for number, round_ in enumerate(run_rounds(workflow, world).values()):
        values, steps = round_.sim.values, round_.sim.step
        before = steps < begin
        variance = chain_variance(values)
        residual = _residual(round_.estimates, variance)
        error = values[0] - world.truth.at(steps)
        cover = np.nan_to_num(world.cubes["LANDCOVER"].at(steps)).astype(np.int64)
        valid = np.isfinite(error) & before
        sigma = total_sigma(variance, residual)
        parts.append((error[valid], sigma[valid], np.full(valid.sum(), number), cover[valid]))
    return Errors(*(np.concatenate(field) for field in zip(*parts, strict=True)))


def _residual(estimates: Estimates, variance: NDArray[np.floating]) -> NDArray[np.float64]:
    """R (pixel, dekad): held-out error of the subnetwork used, beyond the chains' mean variance where it was used."""
    networks, zones = estimates.mse.shape
    key = estimates.network.astype(np.int64) * zones + estimates.zone_of_pixel()[:, None]
    used = (estimates.network >= 0) & np.isfinite(variance)
    total = np.bincount(key[used], variance[used], networks * zones)
    count = np.bincount(key[used], minlength=networks * zones)
    mean = np.divide(total, count, out=np.zeros(total.shape), where=count > 0)
    stratum = np.repeat(np.arange(networks), zones)
    every = residual_variance(estimates.mse.ravel(), mean, np.full(mean.shape, BLOCKS), stratum, BLOCKS)
    return np.where(estimates.network >= 0, every[np.maximum(key, 0)], np.nan)


def table(fitted: Sequence[Errors], judged: Sequence[Errors], rounds: Sequence[str]) -> list[Row]:
    """Coverage and CRPS by round and land cover on worlds apart from those that c was fitted on."""
    known, unseen = (Errors(*(np.concatenate(field) for field in zip(*many, strict=True))) for many in (fitted, judged))
    groups = len(rounds) * CLASSES
    at = [part.round_ * CLASSES + part.cover for part in (known, unseen)]
    c = calibrate(known.error, known.sigma, at[0], groups)
    sigma = c[at[1]] * unseen.sigma
    constant = float(calibrate(known.error, np.ones(known.error.size), np.zeros(known.error.size, int), 1)[0])
    crps = crps_gaussian(unseen.error, sigma), crps_gaussian(unseen.error, constant)
    rows = []
    for name, group in [(f"{r}/all", unseen.round_ == i) for i, r in enumerate(rounds)] + [
        (f"{rounds[g // CLASSES]}/{g % CLASSES}", at[1] == g) for g in np.unique(at[1])
    ]:
        n = int(group.sum())
        if n < 1000:
            continue
        covered = coverage(unseen.error[group], sigma[group], np.zeros(n, int), 1)[0]
        shares = {f"within_{round(100 * level)}": float(share) for level, share in zip(LEVELS, covered, strict=True)}
        scores = {"crps": float(crps[0][group].mean()), "crps_constant": float(crps[1][group].mean())}
        mean = {"sigma": float(sigma[group].mean()), "rmse": float(np.sqrt((unseen.error[group] ** 2).mean()))}
        rows.append({"round": name.split("/")[0], "cover": name.split("/")[1], **shares, **scores, **mean, "n": n})
    return rows
