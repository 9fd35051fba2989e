"""What is done with trained subnetworks: prediction, contributions, cross-validation."""

from __future__ import annotations

import numpy as np
import pytest

from rssm.config.training import Training
from rssm.networks.crossval import left_out, score
from rssm.networks.importance import contributions, permutation_importance
from rssm.networks.predict import predict
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.train import train_block

QUICK = Training(starts=2, start_iterations=10, iterations=30)


def by_hand() -> Subnetworks:
    """Two zones, one node: y = 0.2 + 0.1 tanh((x0 − 3) / 2) in the first; nothing in the second."""
    networks = Subnetworks.empty(chains=1, zones=2, hidden=1, inputs=2)
    networks.hidden[0, 0] = [[1.0, 0.0]]
    networks.hidden_bias[0, 0] = 0.0
    networks.output[0, 0], networks.output_bias[0, 0] = 1.0, 0.0
    networks.center[0], networks.factor[0] = [3.0, 5.0], [0.5, 0.0]
    networks.low[0], networks.high[0] = [1.0, 5.0], [5.0, 5.0]
    networks.target_center[0, 0], networks.target_factor[0, 0] = 0.2, 10.0
    networks.status[0, 0] = 0
    return networks


def test_prediction_by_hand() -> None:
    x = np.array([[3.0, 5.0, 9.0, 3.0, np.nan], [5.0, 5.0, 7.0, np.nan, 5.0]], np.float32)
    estimate, outside = predict(by_hand(), x, np.zeros(5, np.int64))
    expected = [0.2, 0.2 + 0.1 * np.tanh(1), 0.2 + 0.1 * np.tanh(3), 0.2, np.nan]  # the dropped input is no matter
    np.testing.assert_allclose(estimate[0], expected, atol=1e-6)
    np.testing.assert_array_equal(outside, [0, 0, 1, 0, 0])
    clipped, outside = predict(by_hand(), x, np.zeros(5, np.int64), "clip")
    assert clipped[0, 2] == pytest.approx(0.2 + 0.1 * np.tanh(1), abs=1e-6)
    assert np.isnan(clipped[0, 4])
    assert outside[2] == 1


def test_no_zone_and_no_subnetwork_give_nothing() -> None:
    estimate, _ = predict(by_hand(), np.full((2, 3), 3.0, np.float32), np.array([-1, 1, 0]))
    np.testing.assert_array_equal(np.isnan(estimate[0]), [True, True, False])


def test_contributions_find_the_inputs_that_matter() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(4, 2000)).astype(np.float32)
    x[3] = 1.0
    y = (2 * x[0] + x[1] + 0.1 * rng.normal(size=2000)).astype(np.float32)
    offsets = np.array([0, 2000])
    fitted = train_block(x, y[None], offsets, np.zeros(2000, np.uint8), np.ones((1, 1), np.uint64), QUICK)
    shares = contributions(fitted, x, y, offsets, seed=1)
    assert shares.sum() == pytest.approx(1)
    assert shares[0] == pytest.approx([0.8, 0.2, 0, 0], abs=0.03)  # 2² : 1²
    growth = permutation_importance(fitted, x, y, offsets, seed=1)
    assert growth[0] == pytest.approx([8, 2, 0, 0], abs=0.6)  # twice the variance that the input brings


def test_scores_by_hand() -> None:
    points, rmse, bias, ubrmse, r, r2 = score(np.array([1.0, 2.0, np.nan, 4.0]), np.array([0.0, 1.0, 5.0, 3.0]))
    assert points == 3
    assert [bias, rmse, r] == pytest.approx([1, 1, 1])
    assert ubrmse == pytest.approx(0)
    assert r2 == pytest.approx(1 - 1 / np.var([0, 1, 3]))


def test_cross_validation_sees_noise_for_what_it_is() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(3, 1600)).astype(np.float32)
    y = np.r_[x[0, :800] + 0.1 * rng.normal(size=800), rng.normal(size=800)].astype(np.float32)
    folds = rng.integers(-1, 5, 1600)
    halves = slice(800), slice(800, 1600)
    signal, noise = (score(left_out(x[:, half], y[half], folds[half], 5, 1, QUICK), y[half]) for half in halves)
    assert signal[0] + noise[0] == np.sum(folds >= 0)
    assert signal[1] == pytest.approx(0.1, abs=0.02)
    assert signal[5] > 0.95
    assert noise[5] < 0.05  # not memorised


def test_a_fold_is_not_learnt_from() -> None:
    rng = np.random.default_rng(5)
    x, folds = rng.normal(size=(3, 900)).astype(np.float32), np.arange(900) % 4 - 1
    y = (x[0] + 0.1 * rng.normal(size=900)).astype(np.float32)
    before = left_out(x, y, folds, 3, 7, QUICK)
    assert np.isnan(before[folds < 0]).all()
    changed = np.where(folds == 1, -y, np.where(folds < 0, 9, y)).astype(np.float32)
    after = left_out(x, changed, folds, 3, 7, QUICK)
    np.testing.assert_array_equal(after[folds == 1], before[folds == 1])
    assert (after[folds == 0] != before[folds == 0]).any()
