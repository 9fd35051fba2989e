"""Scores by hand, intervals, and the judgement of expectations."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pytest import approx

from bench.worlds.run import interval, judge, summarise
from rssm.calendar import DEKADS
from rssm.worlds.scores import departures, score

STEPS = 2003 * 36 + np.arange(72)


def test_scores_of_a_biased_estimate_by_hand() -> None:
    truth = 0.2 + 0.1 * np.sin(np.arange(72) * 0.7)[None]
    estimate = truth + 0.03
    estimate[0, 5] = np.nan
    found = score(estimate, truth, STEPS, np.ones(72, bool), DEKADS)
    assert found.n == 71
    assert (found.rmse, found.bias) == approx((0.03, 0.03))
    assert found.ubrmse == approx(0, abs=1e-8)
    assert (found.r, found.anomaly_r) == approx((1, 1))


def test_only_chosen_dekads_and_pixels_with_enough_of_them_count() -> None:
    truth = np.tile(0.2 + 0.1 * np.sin(np.arange(72)), (2, 1))
    estimate = truth.copy()
    estimate[0, 36:] += 1  # not chosen
    estimate[1, 14:] = np.nan  # too few
    found = score(estimate, truth, STEPS, np.arange(72) < 36, DEKADS)
    assert (found.n, found.rmse) == approx((36, 0))
    assert np.isnan(score(estimate[1:], truth[1:], STEPS, np.arange(72) < 36, DEKADS).r)


def test_departures_of_a_pure_season_vanish_but_for_the_window() -> None:
    season = np.arange(72) % 36 < 18
    left = departures(np.where(season, 0.1, 0.3)[None], np.arange(72) % 36, 36)
    assert_allclose(left[0, [5, 25, 41]], 0, atol=1e-12)
    assert_allclose(left[0, 17], 0.1 - (0.1 + 0.1 + 0.3) / 3)


@given(st.floats(-0.1, 0.1), st.integers(0, 5))
def test_ubrmse_and_r_do_not_feel_an_offset(offset: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, noise = rng.uniform(0.1, 0.4, (2, 3, 72))
    a, b = (score(truth + 0.1 * noise + shift, truth, STEPS, np.ones(72, bool), DEKADS) for shift in (0, offset))
    assert (a.ubrmse, a.r, a.anomaly_r) == approx((b.ubrmse, b.r, b.anomaly_r), rel=1e-6)


def test_the_interval_of_five_differences_by_hand() -> None:
    mean, low, high = interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert mean == 3
    assert (low, high) == approx((3 - 2.7764 * np.sqrt(2.5 / 5), 3 + 2.7764 * np.sqrt(2.5 / 5)), rel=1e-4)


def test_an_expectation_is_judged_by_the_whole_interval() -> None:
    metrics = {"r": 0.0, "rmse": 0.0, "bias": 0.0, "anomaly_r": 0.0, "n": 9}
    about = {"world": "paper", "period": "all", "method": "rsssm", "rival": "cdf_tc"}
    pairs = [{**about, **metrics, "seed": s, "ubrmse": u} for s, u in enumerate((-0.004, -0.003, -0.005))]
    (row,) = [row for row in judge(summarise(pairs)) if row["metric"] == "ubrmse"]
    assert (row["expect"], row["came"], row["held"]) == ("lower", "lower", True)
    pairs[0]["ubrmse"] = 0.02
    (row,) = [row for row in judge(summarise(pairs)) if row["metric"] == "ubrmse"]
    assert (row["came"], row["held"]) == ("tie", False)
