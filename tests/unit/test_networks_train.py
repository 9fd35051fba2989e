"""Training: the kernel against plain numpy, learning what can be learnt, and every degenerate zone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.draws import seed_key
from rssm.networks.kernels.codes import Status
from rssm.networks.predict import predict
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.train import train_block
from tests.unit import reference

SETTINGS = Training(starts=2, start_iterations=10, iterations=30)


def zone(points: int, seed: int = 0, inputs: int = 5, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """x (input, point) and y (point,), a curved function of the first two inputs."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(inputs, points)).astype(np.float32)
    y = np.tanh(x[0]) + 0.3 * x[1] ** 2 + noise * rng.normal(size=points)
    return x, y.astype(np.float32)


def roles(points: int) -> NDArray[np.uint8]:
    """70 % training, 15 % validation, 15 % test."""
    return np.searchsorted([14, 17], np.arange(points) % 20, side="right").astype(np.uint8)


def fit(x: np.ndarray, y: np.ndarray, settings: Training = SETTINGS, **options: object) -> Subnetworks:
    """A single zone, a single chain."""
    keys = np.array([[seed_key(0, 0, "NN", "zone")]], np.uint64)
    offsets = np.array([0, y.shape[-1]])
    return train_block(x, np.atleast_2d(y), offsets, roles(y.shape[-1]), keys, settings, **options)  # type: ignore[arg-type]


def status(x: np.ndarray, y: np.ndarray) -> Status:
    """How a zone ends; whatever it is, nothing that is not finite gets out of a subnetwork."""
    fitted = fit(x, y)
    finite = all(np.isfinite(fitted.arrays()[name]).all() for name in ("hidden", "output", "output_bias", "rmse"))
    code = Status(int(fitted.status[0, 0]))
    assert finite == code.usable
    estimate, _ = predict(fitted, x, np.zeros(x.shape[1], np.int64))
    whole = np.isfinite(x[fitted.factor[0] != 0]).all(axis=0)
    assert np.isfinite(estimate[0, whole]).all() == code.usable or not whole.any()
    return code


def test_a_curved_function_is_learnt_down_to_its_noise() -> None:
    fitted = fit(*zone(3000))
    assert fitted.status[0, 0] == Status.OK
    np.testing.assert_array_equal(fitted.points[0, 0], [2100, 450, 450])
    assert fitted.rmse[0, 0] == pytest.approx([0.1] * 3, abs=0.012)
    assert (fitted.r2[0, 0] > 0.97).all()


def test_scores_are_those_of_the_predictions() -> None:
    x, y = zone(500)
    fitted = fit(x, y)
    estimate, _ = predict(fitted, x, np.zeros(500, np.int64))
    for role in range(3):
        part = roles(500) == role
        error = estimate[0, part] - y[part]
        assert fitted.rmse[0, 0, role] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-4)
        assert fitted.r2[0, 0, role] == pytest.approx(1 - np.mean(error**2) / y[part].var(), rel=1e-4)


def test_the_kernel_follows_the_reference() -> None:
    x, y = zone(1500, inputs=6)
    x[3] = 4.0  # constant: dropped
    for settings in (Training(starts=1, start_iterations=3, iterations=4), Training(hidden=9, starts=2)):
        fitted = fit(x, y, settings)
        theta, v, iterations = reference.fit(x, y, roles(1500), int(seed_key(0, 0, "NN", "zone")), settings)
        estimate, _ = predict(fitted, x, np.zeros(1500, np.int64))
        expected = reference.apply(theta, v, x, y, roles(1500))
        if settings.iterations == 4:
            assert fitted.iterations[0, 0] == iterations == 4
            np.testing.assert_allclose(estimate[0], expected, atol=2e-3)
        test = roles(1500) == 2
        rmse = [np.sqrt(np.mean((e[test] - y[test]) ** 2)) for e in (estimate[0], expected)]
        assert rmse[0] == pytest.approx(rmse[1], rel=0.02)


def test_the_gradient_of_the_reference_is_that_of_its_cost() -> None:
    rng = np.random.default_rng(2)
    x, y, w = rng.normal(size=(80, 4)), rng.normal(size=80), rng.uniform(0.5, 2, 80)
    theta = rng.normal(size=(3, 5))
    cost, gradient, _ = reference.evaluate(theta, x, y, w, ridge=0.7)
    for k, j in ((0, 0), (2, 4), (1, 2)):
        step = np.zeros_like(theta)
        step[k, j] = 1e-5
        slope = (reference.evaluate(theta + step, x, y, w, 0.7)[0] - cost) / 1e-5
        assert gradient[k, j] == pytest.approx(slope, rel=1e-3, abs=1e-6)


def test_gradient_descent_follows_its_reference_and_falls_behind() -> None:
    x, y = zone(600, inputs=3)
    slow = fit(x, y, Training(method="traingd"))
    estimate, _ = predict(slow, x, np.zeros(600, np.int64))
    expected = reference.traingd(x, y, roles(600), int(seed_key(0, 0, "NN", "zone")), hidden=7)
    np.testing.assert_allclose(estimate[0], expected, atol=5e-3)
    assert slow.rmse[0, 0, 2] > fit(x, y).rmse[0, 0, 2]


def test_too_few_points() -> None:
    assert status(*zone(99)) == Status.TOO_FEW_POINTS
    assert status(*zone(100)).usable
    assert status(*zone(0)) == Status.TOO_FEW_POINTS


def test_missing_points_do_not_count() -> None:
    x, y = zone(150)
    x[2, :30] = np.nan
    y[25:55] = np.nan
    assert status(x, y) == Status.TOO_FEW_POINTS
    y[:] = np.nan
    assert status(x, y) == Status.TOO_FEW_POINTS


def test_too_few_in_the_training_part() -> None:
    x, y = zone(200)
    labels = np.full(200, 2, np.uint8)
    labels[:39] = 0
    fitted = train_block(x, y[None], np.array([0, 200]), labels, np.ones((1, 1), np.uint64), SETTINGS)
    assert fitted.status[0, 0] == Status.TOO_FEW_TRAINING


def test_without_points_that_judge_or_test() -> None:
    x, y = zone(200)
    labels = np.zeros(200, np.uint8)
    fitted = train_block(x, y[None], np.array([0, 200]), labels, np.ones((1, 1), np.uint64), SETTINGS)
    assert fitted.usable.all()
    np.testing.assert_array_equal(fitted.points[0, 0], [200, 0, 0])
    assert np.isnan(fitted.rmse[0, 0, 1:]).all()


def test_constant_target_and_constant_inputs() -> None:
    x, y = zone(300)
    assert status(x, np.full_like(y, 0.25)) == Status.CONSTANT_TARGET
    assert status(np.ones_like(x), y) == Status.NO_INPUT
    x[2:] = 7.0
    fitted = fit(x, y)
    np.testing.assert_array_equal(fitted.dropped[0], [False, False, True, True, True])
    assert fitted.r2[0, 0, 2] > 0.9


def test_a_dropped_input_may_be_missing_later() -> None:
    x, y = zone(300)
    x[2] = 7.0
    fitted = fit(x, y)
    at = np.zeros(300, np.int64)
    there, _ = predict(fitted, x, at)
    x[2] = np.nan
    np.testing.assert_array_equal(predict(fitted, x, at)[0], there)


def test_hard_inputs_end_with_a_status() -> None:
    x, y = zone(400)
    assert status(np.concatenate([x, x, x]), y).usable  # collinear
    assert status(x + np.float32(1e4), y).usable
    assert status(np.round(x * 3), np.round(y)).usable
    outlier = y.copy()
    outlier[17] = 1e4 * y.std()
    assert status(x, outlier).usable
    assert status(np.repeat(x[:, :4], 100, axis=1), np.repeat(y[:4], 100)).usable
    assert status(x * np.float32(1e30), y * np.float32(1e30)).usable
    assert status(x * np.float32(1e-30), y * np.float32(1e-30)).usable
    assert status(x * np.float32(1e37), y * np.float32(1e37)).usable


def test_chains_learn_their_own_targets_and_share_the_inputs() -> None:
    x, y = zone(1000)
    targets = np.stack([y, -y, y])
    targets[2, :950] = np.nan
    keys = np.array([[seed_key(0, chain, "NN", "zone")] for chain in range(3)], np.uint64)
    three = train_block(x, targets, np.array([0, 1000]), roles(1000), keys, SETTINGS)
    np.testing.assert_array_equal(three.usable[:, 0], [True, True, False])
    assert three.status[2, 0] == Status.TOO_FEW_POINTS
    one = train_block(x, targets[1:2], np.array([0, 1000]), roles(1000), keys[1:2], SETTINGS)
    np.testing.assert_array_equal(three.hidden[1], one.hidden[0])
    same = train_block(np.stack([x] * 3), targets, np.array([0, 1000]), roles(1000), keys, SETTINGS)
    np.testing.assert_array_equal(three.hidden, same.hidden)


def test_weights_of_zero_are_points_left_out() -> None:
    x, y = zone(1000)
    spoilt = y.copy()
    spoilt[:100] += 5.0
    weights = np.ones((1, 1000), np.float32)
    weights[0, :100] = 0.0
    assert fit(x, spoilt, weights=weights).rmse[0, 0, 2] > 0.5  # test points always count
    clean = roles(1000)[100:] == 2
    estimate, _ = predict(fit(x, spoilt, weights=weights), x, np.zeros(1000, np.int64))
    assert np.sqrt(np.mean((estimate[0, 100:] - y[100:])[clean] ** 2)) < 0.15
