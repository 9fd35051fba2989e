"""The chain in one process, on the tiny plan: two zones, two rounds, three networks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from bench.worlds.learners import RIDGE
from rssm.calendar import DEKADS
from rssm.config.load import read_yaml
from rssm.one_process import Round, World, fused_rounds, joint_fits, make_world, matched_products, run_rounds, series
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.rounds import Rounds

ROOT = Path(__file__).resolve().parents[2]
LATE = {"period": {"first": "2014D19", "last": "2016D36"}}


def workflow(**changes: Any) -> Rounds:
    config, _ = read_yaml(ROOT / "config/tiny.yaml")
    return Rounds(scope_of({**config, **LATE, "chains": 1, "toy": {"days_per_dekad": 3}, **changes}, ROOT))


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(workflow().scope)


@pytest.fixture(scope="module")
def rounds(world: World) -> dict[str, Round]:
    return run_rounds(workflow(), world)


def test_the_target_from_outside_begins_with_its_span_and_its_extension_with_the_world(world: World) -> None:
    target = world.cubes["SMAP_E"]
    begin = int(np.flatnonzero(np.isfinite(target.values).any(axis=0))[0])
    assert target.step[begin] == workflow().scope.plan.sources["SMAP_E"].span.start
    assert np.isfinite(world.extended.values[:, :begin]).any()
    assert_array_equal(world.extended.values[:, begin:], target.values[:, begin:])


def test_each_round_simulates_its_dekads_and_errs_less_than_its_predictor(
    world: World, rounds: dict[str, Round]
) -> None:
    plan = workflow().scope.plan
    for name, round_ in rounds.items():
        assert_array_equal(round_.sim.step, plan.simulated(name))
        truth, predictor = (cube.at(round_.sim.step, DEKADS) for cube in (world.truth, world.cubes["ASCAT-SWI"]))
        both = np.isfinite(round_.sim.values) & np.isfinite(truth)
        assert both.mean() > 0.5
        rmse = [np.sqrt(np.mean((values - truth)[both] ** 2)) for values in (round_.sim.values, predictor)]
        assert rmse[0] < 0.9 * rmse[1]


def test_a_screened_target_lies_within_what_the_target_from_outside_ever_was(
    world: World, rounds: dict[str, Round]
) -> None:
    outside = world.cubes["SMAP_E"].values
    seen = np.isfinite(outside)
    low, high = np.where(seen, outside, np.inf).min(axis=1), np.where(seen, outside, -np.inf).max(axis=1)
    pixel, dekad = np.nonzero(np.isfinite(rounds["1"].target.values))
    values = rounds["1"].target.values[pixel, dekad]
    assert np.all((values >= low[pixel]) & (values <= high[pixel]))
    assert 0 < rounds["1"].removed < 0.2
    assert 0.5 < rounds["1"].variance_ratio < 1.01


def test_a_teacher_changes_the_later_rounds_only(world: World, rounds: dict[str, Round]) -> None:
    taught = run_rounds(workflow(), world, teacher=world.extended)
    assert_array_equal(taught["1"].sim.values, rounds["1"].sim.values)
    assert not np.array_equal(taught["2"].sim.values, rounds["2"].sim.values, equal_nan=True)


def test_the_control_of_several_chains_is_the_run_with_one(world: World, rounds: dict[str, Round]) -> None:
    chained = run_rounds(workflow(chains=3), world)
    for name, round_ in rounds.items():
        assert_array_equal(chained[name].sim.values[0], round_.sim.values)
        assert_array_equal(chained[name].target.values[0], round_.target.values)
        spread = chained[name].sim.values.std(axis=0)
        assert 0.002 < spread[np.isfinite(spread)].mean() < 0.1


def test_another_learner_takes_the_place_of_the_subnetworks(world: World, rounds: dict[str, Round]) -> None:
    other = run_rounds(workflow(), world, RIDGE)
    assert_array_equal(np.isfinite(other["1"].sim.values), np.isfinite(rounds["1"].sim.values))
    both = np.isfinite(other["1"].sim.values)
    assert np.corrcoef(other["1"].sim.values[both], rounds["1"].sim.values[both])[0, 1] > 0.9


def test_rounds_follow_each_other_in_one_series(world: World, rounds: dict[str, Round]) -> None:
    whole = series(rounds, world.truth.step)
    assert_array_equal(whole[:, np.searchsorted(world.truth.step, rounds["2"].sim.step)], rounds["2"].sim.values)
    missing = ~np.isin(world.truth.step, [*rounds["1"].sim.step, *rounds["2"].sim.step])
    assert np.isnan(whole[:, missing]).all()


def test_products_and_rounds_fuse_to_one_series(world: World, rounds: dict[str, Round]) -> None:
    products = matched_products(workflow(), world)
    found, cube = fused_rounds(workflow(), world, rounds, products)
    assert_array_equal(cube.step, np.concatenate([r.sim.step for r in rounds.values()][::-1]))
    assert {name for zone in products for name in zone.products} == {"ASCAT-SWI", "SMOS-IC"}
    own, c = series(rounds, cube.step), np.concatenate([zone.at(cube.step)[0] for zone in products])
    assert (np.isfinite(cube.values) == (np.isfinite(own) | np.isfinite(c))).mean() > 0.99  # blending aside
    truth = world.truth.at(cube.step, DEKADS)
    both = np.isfinite(own) & np.isfinite(c) & np.isfinite(truth) & np.isfinite(cube.values)
    error = {n: np.sqrt(np.mean((v - truth)[both] ** 2)) for n, v in {"e": own, "c": c, "f": cube.values}.items()}
    assert error["f"] < min(error["e"], error["c"])
    assert found.estimates.names[-1] == "MATCHED"


def test_the_joint_fit_has_the_share_that_is_configured(world: World, rounds: dict[str, Round]) -> None:
    products, truth = matched_products(workflow(), world), world.truth
    fits = joint_fits(workflow(), world)
    plain, half = (fused_rounds(workflow(fusion={"joint": share}), world, rounds, products)[1] for share in (0, 0.5))
    assert_array_equal(fused_rounds(workflow(), world, rounds, products, 0.5, fits)[1].values, half.values)
    joint = np.concatenate([fit.at(half.step) for fit in fits])
    alone = np.concatenate([fit.at(half.step) for fit in joint_fits(workflow(), world, fits)])
    seen = np.isfinite(world.cubes["SMAP_E"].at(half.step, DEKADS))
    assert_array_equal(alone[~seen], joint[~seen])  # learnt from the target, and the target not looked at
    assert (alone[seen] != joint[seen]).mean() > 0.5  # points of the target that only test are no looks
    truth_there = truth.at(half.step, DEKADS)
    both = np.isfinite(plain.values) & np.isfinite(joint) & np.isfinite(truth_there) & np.isfinite(half.values)
    error = {
        name: np.sqrt(np.mean((values - truth_there)[both] ** 2))
        for name, values in {"f": plain.values, "j": joint, "half": half.values}.items()
    }
    assert both.mean() > 0.5 and error["half"] < max(error["f"], error["j"])


def test_the_first_chain_of_the_fusion_is_that_of_one_chain(world: World) -> None:
    made = []
    for count in (1, 2):
        how = workflow(chains=count)
        made.append(fused_rounds(how, world, run_rounds(how, world), matched_products(how, world))[1].values)
    assert_array_equal(made[0], made[1][0])
    spread = np.abs(made[1][1] - made[1][0])
    assert 1e-3 < np.nanmean(spread) < 0.1
