"""Rivals and other learners, on series whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from bench.worlds.learners import apply_ridge, fit_ridge, quadratic
from rssm.config.training import Training
from rssm.cubes.cube import Cube
from rssm.networks.samples import Samples
from rssm.worlds.rivals import climatology


@pytest.fixture
def rng() -> np.random.Generator:
    """Numbers of a test's own: they depend on no other test."""
    return np.random.default_rng(5)


def cube(name: str, values: np.ndarray) -> Cube:
    """Values (pixel, dekad) in one zone, from the first dekad of 2003 on."""
    pixels = np.arange(len(values), dtype=np.int32)
    step = (2003 * 36 + np.arange(values.shape[1])).astype(np.int32)
    start = np.array([0, len(values)], np.int32)
    return Cube(name, "m3 m-3", values.astype(np.float32), pixels, ("N79W180",), start, step, "dekad", "wgs84_0.1")


def test_a_climatology_is_the_mean_year() -> None:
    season = 0.2 + 0.1 * np.sin(2 * np.pi * np.arange(36) / 36)
    target = cube("SMAP_E", np.tile(season, (3, 4)))
    role = np.zeros(target.values.shape, np.uint8)
    role[:, 100:] = 1
    assert_allclose(climatology(target, role), target.values, atol=1e-6)


def test_the_quadratic_ridge_learns_a_quadratic_exactly_enough(rng: np.random.Generator) -> None:
    x = rng.uniform(-1, 1, (2, 3000)).astype(np.float32)
    y = 0.3 + 0.1 * x[0] - 0.05 * x[0] * x[1] + 0.02 * x[1] ** 2
    where = np.arange(3000, dtype=np.int32)
    samples = Samples(x, y[None].astype(np.float32), np.array([0, 3000]), where % 10, where % 13, where // 20)
    model = fit_ridge(samples, ["N79W180"], "NN", Training(), 1)
    assert model.usable.all()
    value, beyond = apply_ridge(model, x, np.zeros(3000, np.int64))
    assert_allclose(value[0], y, atol=2e-4)
    outside = (model.low[0] > x.T) | (model.high[0] < x.T)  # test points may lie beyond what was learnt
    assert_allclose(beyond, outside.mean(axis=1))
    assert np.count_nonzero(beyond) < 30


def test_features_of_two_inputs_by_hand() -> None:
    assert_allclose(quadratic(np.array([[2.0], [3.0]]))[:, 0], [2, 3, 4, 6, 9, 1])


def test_too_few_points_make_no_ridge() -> None:
    few = np.zeros(99, np.int32)
    x = np.ones((1, 99), np.float32)
    samples = Samples(x, x, np.array([0, 99]), few, few, few)
    assert not fit_ridge(samples, ["N79W180"], "NN", Training(), 1).usable.any()
