"""What judges CASM on toy Earths: rivals that find what is there to find, scores of known errors."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from bench.casm.experiment import differences, joints, skill, trend
from bench.casm.rivals import back_in_time, matched, regression, season
from bench.casm.world import CALENDAR, CHANNELS, GRID, World, span
from rssm.cubes.cube import Cube

PIXELS = (200 * GRID.columns + np.arange(700, 704)).astype(np.int32)
STEPS = np.arange(span("AMSR-E")[0], span("SMOS")[1] + 1)


@pytest.fixture(scope="module")
def world() -> World:
    """Soil without a season, and brightness that falls with its moisture in proportion, without any error."""
    rng = np.random.default_rng(1)
    truth = (0.25 + 0.05 * rng.standard_normal((PIXELS.size, STEPS.size))).astype(np.float32)
    start = np.array([0, PIXELS.size], np.int32)

    def cube(name: str, sensor: str, values: np.ndarray) -> Cube:
        here = (span(sensor)[0] <= STEPS) & (span(sensor)[1] >= STEPS)
        steps = STEPS[here].astype(np.int32)
        return Cube(name, "", values[:, here], PIXELS, ("N40E000",), start, steps, CALENDAR.id, GRID.id)

    cubes = {"SMAP": [cube("SMAP_E", "SMAP", truth)]}
    for sensor, names in CHANNELS.items():
        slopes = range(100, 100 + 20 * len(names), 20)
        cubes[sensor] = [
            cube(name, sensor, 270 - slope * truth + rng.normal(0, 1e-3, truth.shape).astype(np.float32))
            for name, slope in zip(names, slopes, strict=True)
        ]
    return World(cubes, STEPS, truth, truth)


def test_regression_finds_what_is_in_proportion(world: World) -> None:
    found = back_in_time(regression, world)
    assert np.isfinite(found).all()
    assert np.corrcoef(found.ravel(), world.truth.ravel())[0, 1] > 0.999


def test_matching_finds_what_rises_with_it(world: World) -> None:
    found = back_in_time(matched, world)
    assert np.corrcoef(found.ravel(), world.truth.ravel())[0, 1] > 0.98


def test_scores_tell_known_errors(world: World) -> None:
    drifting = (world.truth + 0.02 * (STEPS - STEPS[0]) * 3 / 3652.5).astype(np.float32)
    assert trend(world, drifting) == pytest.approx(0.02, rel=1e-3)
    stepped = (world.truth + 0.01 * (span("SMOS")[0] <= STEPS)).astype(np.float32)
    first, second = joints(world, "casm", stepped)
    assert first["step"] == pytest.approx(0.01, abs=1e-6)
    assert second["step"] == pytest.approx(0.01 * 34 / 243, abs=1e-4)  # two years before it reach back past the first
    assert_allclose(first["variance"], 1, atol=0.05)


def test_differences_are_paired(world: World) -> None:
    better = [{"world": "paper", "seed": 1} | row for row in skill(world, "casm", world.truth)]
    worse = [{"world": "paper", "seed": 1} | row for row in skill(world, "cycle", season(world))]
    found = differences(better + worse, ("ubrmse",))
    assert found["paper", "all", "casm", "cycle", "ubrmse"] == pytest.approx([-0.05], abs=0.003)
