"""One world of one seed: the chain, its rivals, and their scores outside the dekads of the target from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.worlds.learners import RIDGE, UNIVERSAL
from rssm.calendar import CALENDARS, DEKADS
from rssm.config.load import validated
from rssm.config.rsssm import Rsssm
from rssm.cubes.cube import Cube
from rssm.fusion.matched import roles
from rssm.grid import grid_of
from rssm.one_process import Round, World, fused_rounds, joint_fits, make_world, matched_products, run_rounds, series
from rssm.toy.sensors import SENSORS
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.worlds.rivals import climatology
from rssm.worlds.scores import LEAST, Row, Scores, scores

KNOWN = ("paper", "null", "hidden", "drift")  # learners are compared and uncertainty is fitted in these
WORLDS = (*KNOWN, "strange")  # the last is what no method was made for
EQUAL = "equal"  # world paper in which every product has the same error for its gain: to see how error grows
ERROR = 0.05  # m³ m⁻³, its lasting part
UNCHAINED_FROM = "2007D01"  # it has nothing to say before ASCAT
UNCHAINED = {"substeps": "config/unchained/substeps.tsv", "networks": "config/unchained/networks.tsv"}
OURS = ("rsssm", "fused", "fused_joint")  # what is compared with everything else
SHARES = {"fused": 0.0, "fused_joint": 0.5}  # of the joint fit; the second is what profile `product` publishes
PLACE = ("LATITUDE", "LONGITUDE")
Series = NDArray[np.floating]


class Tables(NamedTuple):
    """Rows of the tables `skill`, `pairs` (differences of one seed) and `growth`."""

    skill: list[Row]
    pairs: list[Row]
    growth: list[Row]


def toy_settings(config: Mapping[str, Any], world: str, seed: int) -> dict[str, Any]:
    """The toy of a world; all days of a dekad are seen."""
    toy = {**(config.get("toy") or {}), "seed": seed, "days_per_dekad": 11}
    if world != EQUAL:
        return {**toy, "world": world}
    products = {name: sensor for name, sensor in SENSORS.items() if sensor.launch < 2015}
    return {**toy, "noise_of": {name: ERROR * sensor.gain / sensor.slow for name, sensor in products.items()}}


def workflow_of(config: Mapping[str, Any], root: Path, world: str, seed: int, **changes: Any) -> Rounds:
    """The workflow of a configuration in a world, with one chain; networks that can never be chosen are left out."""
    changed = {"plan": {"train": "reachable"}, "chains": 1, **changes}
    settings = {**config, **changed, "toy": toy_settings(config, world, seed)}
    run = validated(settings, "experiment")
    assert isinstance(run, Rsssm)
    return Rounds(RsssmScope(run, root))  # not judged as a user's is: some factors are in no catalogue


def experiment(config: Mapping[str, Any], root: Path, name: str, seed: int) -> Tables:
    """All tables of one world and seed; of world `equal` only the growth of error."""
    workflow = workflow_of(config, root, name, seed)
    world = make_world(workflow.scope)
    rounds = run_rounds(workflow, world)
    about = {"world": name, "seed": seed}
    if name == EQUAL:
        return Tables([], [], [about | row for row in _growth_by_round(rounds, world)])
    products = matched_products(workflow, world)
    fits, steps = joint_fits(workflow, world), world.truth.step
    together = {
        method: fused_rounds(workflow, world, rounds, products, share, fits)[1] for method, share in SHARES.items()
    }
    methods = {
        "rsssm": series(rounds, steps),
        **{method: cube.at(steps, DEKADS) for method, cube in together.items()},
        "cdf_tc": np.concatenate([zone.at(steps)[0] for zone in products]),
        "joint": np.concatenate([zone.at(steps) for zone in fits]),
        **rivals(config, root, name, seed, workflow, world),
    }
    periods = scored_periods(workflow, world)
    growth = _growth(workflow, world, rounds, methods)
    return Tables(
        [about | row for row in _skill(methods, world, periods)],
        [about | row for row in _pairs(methods, world, periods)],
        [about | row for row in growth],
    )


def rivals(
    config: Mapping[str, Any], root: Path, name: str, seed: int, workflow: Rounds, world: World
) -> dict[str, Series]:
    """Estimates of the rivals (pixel, dekad), by method."""
    period = {**(config.get("period") or {}), "first": UNCHAINED_FROM}
    unchained = workflow_of(config, root, name, seed, tables=UNCHAINED, period=period)
    placed = workflow_of(config, root, name, seed, factors=[*workflow.scope.run.factors, *PLACE])
    (outside,) = workflow.scope.plan.primaries
    target, steps = world.cubes[outside], world.truth.step
    products = {p: world.cubes[p] for p in workflow.scope.plan.sources if p in SENSORS and p != outside}
    role = roles(target, target.step, workflow.scope.run.training.split, workflow.scope.run.seed)
    return {
        "unchained": series(run_rounds(unchained, world), steps),
        "ridge2": series(run_rounds(workflow, world, RIDGE), steps),
        "universal": series(run_rounds(placed, with_place(world), UNIVERSAL), steps),
        "climatology": climatology(target, role),
        **{p: cube.values for p, cube in products.items()},
    }


def with_place(world: World) -> World:
    """The world with latitude and longitude among its variables."""
    some = world.truth
    row, column = np.divmod(some.pixel, grid_of(some.grid_id).columns)

    def cube(name: str, values: NDArray[np.integer]) -> Cube:
        return replace(some, variable=name, values=np.repeat(values.astype(np.float32)[:, None], some.step.size, 1))

    north, east = (cube(name, values) for name, values in zip(PLACE, (-row, column), strict=True))
    return replace(world, cubes={**world.cubes, north.variable: north, east.variable: east})


def scored_periods(workflow: Rounds, world: World) -> dict[str, NDArray[np.bool_]]:
    """Dekads (dekad,) before the target from outside: all of them, and those of each round."""
    steps = world.truth.step
    (outside,) = workflow.scope.plan.primaries
    before = steps < workflow.scope.plan.sources[outside].span.start
    simulated = {
        name: np.isin(steps, workflow.scope.plan.simulated(name)) & before for name in workflow.scope.plan.rounds
    }
    return {"all": np.any(list(simulated.values()), axis=0), **simulated}


def _skill(methods: Mapping[str, Series], world: World, periods: Mapping[str, NDArray[np.bool_]]) -> list[Row]:
    truth, steps, calendar = world.truth.values, world.truth.step, CALENDARS[world.truth.calendar_id]
    return [
        {"period": period, "method": method, **found._asdict()}
        for method, estimate in methods.items()
        for period, found in scores(estimate, truth, steps, periods, calendar).items()
    ]


def _pairs(methods: Mapping[str, Series], world: World, periods: Mapping[str, NDArray[np.bool_]]) -> list[Row]:
    """Scores of rsssm and fused less those of each rival, where both have an estimate."""
    truth, steps, calendar = world.truth.values, world.truth.step, CALENDARS[world.truth.calendar_id]
    rows = []
    for method, rival in product(OURS, methods):
        if rival == method:
            continue
        own, estimate = methods[method], methods[rival]
        both = np.isfinite(own) & np.isfinite(estimate)
        common = (np.where(both, values, np.nan) for values in (own, estimate))
        ours, theirs = (scores(values, truth, steps, periods, calendar) for values in common)
        for period, a in ours.items():
            b = theirs[period]
            difference = {metric: getattr(a, metric) - getattr(b, metric) for metric in Scores._fields[:-1]}
            rows.append({"period": period, "method": method, "rival": rival, **difference, "n": a.n})
    return rows


def _growth(workflow: Rounds, world: World, rounds: Mapping[str, Round], methods: Mapping[str, Series]) -> list[Row]:
    """RMSE of our methods in each round's dekads over that of the same inputs taught by the target extended back."""
    taught = run_rounds(workflow, world, teacher=world.extended)
    whole = replace(world, cubes={**world.cubes, world.extended.variable: world.extended})
    products = matched_products(workflow, whole)
    fits = joint_fits(workflow, world, joint_fits(workflow, whole))  # learnt from the target, which is no input
    steps, truth = world.truth.step, world.truth.values
    extended = {"rsssm": series(taught, steps)} | {
        method: fused_rounds(workflow, whole, taught, products, share, fits)[1].at(steps, DEKADS)
        for method, share in SHARES.items()
    }
    rows = []
    for method, (name, round_) in product(extended, rounds.items()):
        here = np.isin(steps, round_.sim.step)
        own, other, true = methods[method][:, here], extended[method][:, here], truth[:, here]
        both = np.isfinite(own) & np.isfinite(other) & np.isfinite(true)
        ratio = _rmse(own[both], true[both]) / _rmse(other[both], true[both])
        screened = {"removed": round_.removed, "variance_ratio": round_.variance_ratio} if method == "rsssm" else {}
        rows.append({"method": method, "round": name, "against": "extended", "ratio": ratio, **screened})
    return rows


def _growth_by_round(rounds: Mapping[str, Round], world: World) -> list[Row]:
    """RMSE of SIM-n over that of the first round, on pixels that all rounds simulate; its in-sample dekads left out."""
    first = next(iter(rounds.values()))
    taught = world.cubes[world.extended.variable].at(first.sim.step, DEKADS)
    unseen = np.isnan(taught).all(axis=0)
    errors = {name: round_.sim.values - world.truth.at(round_.sim.step, DEKADS) for name, round_ in rounds.items()}
    errors[next(iter(rounds))] = np.where(unseen, errors[next(iter(rounds))], np.nan)
    common = np.all([np.isfinite(error).sum(axis=1) >= LEAST for error in errors.values()], axis=0)
    rmse = {name: float(np.sqrt(np.nanmean(error[common] ** 2))) for name, error in errors.items()}
    start = next(iter(rmse.values()))
    return [
        {"method": "rsssm", "round": name, "against": "round 1", "ratio": value / start} for name, value in rmse.items()
    ]


def _rmse(a: Series, b: Series) -> float:
    return float(np.sqrt(np.mean((a.astype(np.float64) - b) ** 2)))
