"""Does the stated uncertainty hold on worlds it was not fitted on? The recipe is `rssm.product.uncertainty.recipe`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import rasterio
from numpy.typing import NDArray

from bench.worlds.experiment import workflow_of
from rssm.calendar import DEKADS
from rssm.config.product import ROLES
from rssm.cubes.cube import Cube
from rssm.cubes.place import window_index
from rssm.fusion.fused import by_round
from rssm.one_process import World, fused_rounds, make_world, matched_products, run_rounds
from rssm.product.uncertainty.calibration import ANY, Calibration, Factor
from rssm.product.uncertainty.recipe import (
    LEVELS,
    NORMAL,
    calibrate,
    chain_variance,
    coverage,
    crps_gaussian,
    damped,
    half_widths,
    information,
    inherited_variance,
    residual_variance,
    total_sigma,
)
from rssm.product.uncertainty.spread import mean_by_subnetwork
from rssm.product.values.mask import mostly_frozen, snow_ice
from rssm.product.values.snow_climatology import FROZEN
from rssm.rounds.estimates import Estimates
from rssm.rounds.specs import MATCHED
from rssm.toy.composites import FROST, cold
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.worlds.scores import Row

CLASSES = 18  # of land cover, 0 unknown
CHAINS = 8
BLOCKS = 10.0  # held-out blocks behind a subnetwork's error: on the toy about so many
ENOUGH = 1000  # points of a stratum in a world that make it count there, and of a cell that is listed
PRIOR = 2.0  # worlds that a round's factor weighs beside that of one of its strata
SUMS = ("n", *(f"within_{round(100 * p)}" for p in LEVELS), "crps", "crps_constant", "crps_round", "sigma", "mse")


class Points(NamedTuple):
    """Points (point,) of one world before the target from outside begins, without those that the data set hides.

    error      of the control chain's estimate, m³ m⁻³
    variance   V between chains, residual R of the subnetwork used and of what taught it, m⁶ m⁻⁶
    moisture   the estimate, m³ m⁻³
    round_     number of the round, from 0; cover: land-cover class
    """

    error: NDArray[np.float32]
    variance: NDArray[np.float32]
    residual: NDArray[np.float32]
    moisture: NDArray[np.float32]
    round_: NDArray[np.int8]
    cover: NDArray[np.int8]


class Fit(NamedTuple):
    """What is frozen, its rows as `write_calibration` takes them, and the rivals: one constant σ, and one per round.

    widths  half-widths of the intervals of `LEVELS` in dry soil, in σ; elsewhere they are `NORMAL`
    """

    calibration: Calibration
    rows: list[tuple[str, str, Factor, int]]
    widths: tuple[float, ...]
    constant: float
    constants: NDArray[np.float64]


def points(config: Mapping[str, Any], root: Path, kind: str, seed: int, noise: float) -> dict[str, Points]:
    """Points of a world by estimate: chain, fused; noise multiplies every product's random error."""
    toy = {**(config.get("toy") or {}), "noise": noise}
    workflow = workflow_of({**config, "toy": toy}, root, kind, seed, chains=CHAINS)
    scope = workflow.scope
    world = make_world(scope)
    rounds = run_rounds(workflow, world)
    fused, whole = fused_rounds(workflow, world, rounds, matched_products(workflow, world))
    world = replace(world, truth=_shown(scope, world.truth))
    parts = by_round(fused.estimates, [round_.estimates for round_ in rounds.values()])
    chain = [(round_.sim.values, round_.estimates) for round_ in rounds.values()]
    both = {"chain": chain, "fused": [(whole.at(part.step, DEKADS), part) for part in parts]}
    return {name: _points(scope, world, estimates) for name, estimates in both.items()}


def _shown(scope: RsssmScope, truth: Cube) -> Cube:
    """The truth where the data set has values: without snow and ice, as far as it can know of them."""
    assert scope.run.toy is not None
    with rasterio.open(scope.land) as file:
        land = file.read(1) == 1
    _, position = window_index(truth.pixel, scope.area.window, scope.grid)
    steps, season = truth.step, truth.step % DEKADS.seasons
    found = cold(scope.run.toy, scope.area, steps.tolist(), DEKADS, land)
    snow, thawed = (found[name].reshape(len(steps), -1)[:, position] for name in FROST)
    reported, era = snow >= FROZEN, (steps >= scope.span(ROLES["snow"])[0])[:, None]
    mostly = np.zeros_like(reported)
    for k in range(DEKADS.seasons):
        years = reported[era[:, 0] & (season == k)]
        mostly[season == k] = mostly_frozen(years, np.ones_like(years))
    hidden = snow_ice(reported, era, mostly, (thawed > 0.5).astype(np.int8), np.ones(thawed.shape, np.int8))
    return replace(truth, values=np.where((hidden.observed | hidden.inferred).T, np.float32(np.nan), truth.values))


def _points(scope: RsssmScope, world: World, rounds: Sequence[tuple[NDArray[np.float32], Estimates]]) -> Points:
    """Points of one estimate, from its values (chain, pixel, dekad) as on maps, and how they were made, by round."""
    begin = scope.plan.sources[scope.plan.primaries[0]].span.start
    parts, taught = [], np.full((len(scope.plan.rounds), len(world.truth.zones)), np.nan)
    for number, (name, (values, estimates)) in enumerate(zip(scope.plan.rounds, rounds, strict=True)):
        steps, variance = estimates.step, chain_variance(values)
        of_subnetwork = _residual(scope, estimates, variance, taught[:number])
        residual = of_subnetwork[estimates.network, estimates.zone_of_pixel()[:, None]]
        residual = np.where(estimates.network >= 0, residual, np.nan)
        teaches = np.isin(steps, list(scope.plan.target_steps(f"SIM-{name}T")))
        mean, count = mean_by_subnetwork(np.where(teaches, residual, np.nan), estimates)
        taught[number] = np.sum(mean * count, axis=0) / np.where(count.any(axis=0), count.sum(axis=0), np.nan)
        error = values[0] - world.truth.at(steps, DEKADS)
        cover = np.nan_to_num(world.cubes["LANDCOVER"].at(steps, DEKADS))
        valid = np.isfinite(error) & np.isfinite(variance + residual) & (steps < begin)
        fields = (error, variance, residual, values[0], np.full(error.shape, number), cover)
        parts.append([field[valid] for field in fields])
    types = (*[np.float32] * 4, np.int8, np.int8)
    whole = zip(zip(*parts, strict=True), types, strict=True)
    return Points(*(np.concatenate(field).astype(kind) for field, kind in whole))


def _residual(
    scope: RsssmScope, estimates: Estimates, variance: NDArray[np.floating], taught: NDArray[np.floating]
) -> NDArray[np.float64]:
    """R (network, zone): held-out error beyond the chains' spread, and what the targets' rounds err by.

    taught   (round, zone): mean R of the rounds before
    """
    mean, _ = mean_by_subnetwork(variance, estimates)
    networks, zones = estimates.mse.shape
    prior = scope.run.product.uncertainty.prior
    stratum = np.repeat(np.arange(networks), zones)
    blocks = np.full(stratum.size, BLOCKS)
    own = residual_variance(estimates.mse.ravel(), mean.ravel(), blocks, stratum, prior).reshape(networks, zones)
    before = scope.plan.rounds[: len(taught)]
    shares = [[0.0] * len(before) if n == MATCHED else scope.plan.shares(n, before) for n in estimates.names]
    return own + inherited_variance(np.array(shares), taught)


def fit(worlds: Sequence[Points], rounds: Sequence[str], dry: float = 0.0) -> Fit:
    """b, c of each round and stratum, and half-widths of intervals in dry soil.

    Points of one world err alike, so what counts is in how many worlds a stratum was seen: with few of them its factor
    is drawn toward its round's.

    dry  soil moisture below which σ is damped, m³ m⁻³
    """
    error, variance, residual, moisture, round_, cover = (np.concatenate(field) for field in zip(*worlds, strict=True))
    plain, error = error, error / damped(moisture, dry)
    stratum = round_.astype(np.int64) * CLASSES + cover
    groups = len(rounds) * CLASSES
    b = information(error, total_sigma(variance, residual), round_, len(rounds))
    sigma = total_sigma(variance, residual, 1.0, b)
    everywhere = float(calibrate(error, sigma, np.zeros(error.size, int), 1)[0])
    by_round = calibrate(error, sigma, round_, len(rounds))
    own = calibrate(error, sigma, stratum, groups)
    begins = np.cumsum([0, *(each.error.size for each in worlds)])
    of_worlds = (np.bincount(stratum[a:b], minlength=groups) for a, b in pairwise(begins))
    seen = np.sum([n >= ENOUGH for n in of_worlds], axis=0)
    of_round = np.repeat(by_round, CLASSES)
    c = of_round * np.where(seen > 0, own / of_round, 1) ** (seen / (seen + PRIOR))
    n, n_round = np.bincount(stratum, minlength=groups), np.bincount(round_, minlength=len(rounds))
    rows = [(ANY, ANY, Factor(everywhere, b, dry), error.size)]
    for number, name in enumerate(rounds):
        rows.append((name, ANY, Factor(float(by_round[number]), b, dry), int(n_round[number])))
        classes = np.flatnonzero(seen.reshape(-1, CLASSES)[number])
        at = number * CLASSES + classes
        rows += [(name, str(k), Factor(float(c[g]), b, dry), int(n[g])) for k, g in zip(classes, at, strict=True)]
    below = moisture < dry
    one = np.ones(error.size)
    return Fit(
        Calibration({(r, s): factor for r, s, factor, _ in rows}, "fitted"),
        rows,
        half_widths(error[below], (c[stratum] * sigma)[below]),
        float(calibrate(plain, one, np.zeros(error.size, int), 1)[0]),
        calibrate(plain, one, round_, len(rounds)),
    )


def intervals(widths: Sequence[float], dry: float) -> str:
    """What the head of a table, and with it every file, says of intervals: one more line, or nothing without dry soil."""
    if not dry:
        return ""
    levels = ", ".join(f"{100 * level:.0f}" for level in LEVELS)
    of_dry, usual = (", ".join(f"{width:.2f}" for width in each) for each in (widths, NORMAL))
    return f"\n{levels} % of errors lie within {usual} sigma, in soil drier than {dry} m3 m-3 within {of_dry} sigma."


def judged(points: Points, fit: Fit, rounds: Sequence[str]) -> NDArray[np.float64]:
    """Sums over the points of a world by round and stratum (round, stratum, one of SUMS)."""
    out = np.zeros((len(rounds), CLASSES, len(SUMS)))
    for number, name in enumerate(rounds):
        here = points.round_ == number
        error, cover = points.error[here], points.cover[here]
        c, b, dry = fit.calibration.over(name, cover)
        sigma = total_sigma(points.variance[here], points.residual[here], c, b) * damped(points.moisture[here], dry)
        scores = [crps_gaussian(error, s) for s in (sigma, fit.constant, fit.constants[number])]
        below = points.moisture[here] < dry
        widths = [np.where(below, of_dry, usual) for of_dry, usual in zip(fit.widths, NORMAL, strict=True)]
        n = np.bincount(cover, minlength=CLASSES)[:, None]
        within = n * np.nan_to_num(coverage(error, sigma, cover, CLASSES, widths))
        others = [np.bincount(cover, part, CLASSES) for part in (*scores, sigma, error.astype(np.float64) ** 2)]
        out[number] = np.concatenate([n, within, np.transpose(others)], axis=1)
    return out


def table(found: Mapping[tuple[str, int, float], NDArray[np.float64]], rounds: Sequence[str]) -> list[Row]:
    """Coverage and CRPS by round and land cover; found: sums of `judged` by world, seed and noise.

    Of all together, of each world, seed and level of noise, and of each world at each level.
    """
    names = {key: tuple(map(str, key)) for key in found}
    worlds, seeds, noises = ([*dict.fromkeys(column)] for column in zip(*names.values(), strict=True))
    every = [(ANY, ANY, ANY), *((w, ANY, ANY) for w in worlds), *((ANY, s, ANY) for s in seeds)]
    every += [*((ANY, ANY, n) for n in noises), *((w, ANY, n) for w in worlds for n in noises)]
    rows: list[Row] = []
    for which in every:
        chosen = [key for key, name in names.items() if all(w in (ANY, n) for w, n in zip(which, name, strict=True))]
        sums = np.sum([found[key] for key in chosen], axis=0)
        about = dict(zip(("world", "seed", "noise"), which, strict=True))
        for number, name in enumerate(rounds):
            cells = {ANY: sums[number].sum(axis=0)} | {str(k): sums[number, k] for k in range(CLASSES)}
            rows += [
                about | {"round": name, "cover": k} | _means(cell) for k, cell in cells.items() if cell[0] >= ENOUGH
            ]
    return rows


def _means(sums: NDArray[np.float64]) -> Row:
    """Means of a cell, the root of the mean squared error, and the number of points."""
    mean = dict(zip(SUMS, (sums / sums[0]).tolist(), strict=True))
    mse = mean.pop("mse")
    return {**mean, "rmse": float(np.sqrt(mse)), "n": int(sums[0])}
