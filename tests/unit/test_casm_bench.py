"""What judges CASM on toy Earths: rivals that find what is there to find, scores of known errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from bench.casm.averaged import area_means, scored, shared_days, weighted
from bench.casm.experiment import differences, joints, skill, trend
from bench.casm.networks import NORTH, PRODUCT, SIDE, SOUTH, behind, blocks, compared, together
from bench.casm.rivals import back_in_time, matched, regression, season
from bench.casm.world import CALENDAR, CHANNELS, GRID, World, span
from rssm.blocks import Blocks
from rssm.calendar import DEKADS
from rssm.cubes.cube import Cube
from rssm.grid import Area, Region, grid_of

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


def test_steps_and_dekads_share_days() -> None:
    steps = np.array([CALENDAR.parse("2015-08-07"), CALENDAR.parse("2015-08-10")])  # 7–9 August, 10–12 August
    dekads = np.array(DEKADS.span("2015D22", "2015D23"))  # 1–10 August, 11–20 August
    days = shared_days(steps, dekads)
    assert days.tolist() == [[3, 0], [1, 2]]
    of_steps = weighted(np.array([[0.1, 0.4]], np.float32), days.T)
    assert_allclose(of_steps, [[0.1, (0.1 + 2 * 0.4) / 3]], rtol=1e-6)
    gap = weighted(np.array([[0.1, np.nan]], np.float32), days)
    assert_allclose(gap, [[0.1, np.nan]], rtol=1e-6)


def test_pixels_of_a_tenth_of_a_degree_become_means_of_cells() -> None:
    region = Region(40, 42, -4, 2)
    area = Area("wgs84_0.1", region)
    grid, window = grid_of(area.grid_id), area.window
    rows, columns = np.mgrid[: window.rows, : window.columns]
    pixels = ((rows + window.row) * grid.columns + (columns + window.column)).ravel()
    plane = np.repeat(grid.row_centres(window), window.columns).astype(np.float32)[:, None]
    found = area_means(np.concatenate([plane, np.ones_like(plane)], axis=1), pixels, area)
    cells = GRID.window(region)
    assert found.shape == (cells.rows * cells.columns, 2)
    assert_allclose(found[:, 1], 1, rtol=1e-6)
    inner = found[:, 0].reshape(cells.rows, cells.columns)[1:-1]  # cells on the edge reach beyond the region
    assert_allclose(inner, np.broadcast_to(GRID.row_centres(cells)[1:-1, None], inner.shape), atol=0.01)


def test_methods_are_scored_where_all_have_values(world: World) -> None:
    half = world.truth.copy()
    half[:, ::2] = np.nan
    chosen = {"smos": (span("AMSR-E")[1] < STEPS) & (span("SMAP")[0] > STEPS)}
    rows = scored({"casm": world.truth, "rsssm": half}, world.truth, season(world), STEPS, chosen, "")
    assert {row["n"] for row in rows} == {PIXELS.size * int(np.count_nonzero(chosen["smos"][1::2]))}
    assert [row["residual_r"] for row in rows] == pytest.approx([1, 1]) and rows[0]["trend"] == pytest.approx(
        0, abs=1e-9
    )


def test_blocks_lie_apart_and_more_of_them_hold_fewer() -> None:
    few, many = blocks(4), blocks(12)
    assert many[:4] == few and len({(region.south, region.west) for region in many}) == 12
    assert all(region.south >= SOUTH and region.north <= NORTH and region.degrees == SIDE for region in many)


def test_sizes_are_judged_on_places_put_together(world: World) -> None:
    lands = together([world, world])
    assert lands.truth.shape == (2 * PIXELS.size, STEPS.size)
    assert all(cube.pixel.size == len(cube.values) == 2 * PIXELS.size for each in lands.cubes.values() for cube in each)
    random = Blocks("random", 0.2)  # of two years of overlap and one block patches may hold out all
    settings = replace(PRODUCT, hidden=(16, 16, 16), epochs=20, share=1.0, batch=64, held_out=random)
    smos, amsre = compared(lands, settings, "3 × 16", 1)
    assert smos["residual_r"] > 0.98 and amsre["residual_r"] > 0.98 and smos["error"] < 0.01
    large = smos | {"method": "4 × 128", "residual_r": 1.0}
    assert behind(smos, [smos, large]) == pytest.approx(1 - smos["residual_r"])
