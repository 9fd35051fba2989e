"""Trends: by hand, beside pymannkendall and scipy, on noise that lasts, on trends that are known."""

from __future__ import annotations

import numpy as np
import pymannkendall
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx
from scipy.stats import theilslopes

from rssm.analysis.statistics.trend import Trend, false_discovery, trends


def one(values: list[float], least: int = 4, **more: str) -> Trend:
    return trends(np.array(values)[:, None], least, **more)


def lasting(rho: float, years: int, series: int, rng: np.random.Generator) -> np.ndarray:
    """Noise of the first order."""
    noise = rng.normal(size=(years, series))
    for k in range(1, years):
        noise[k] = rho * noise[k - 1] + np.sqrt(1 - rho**2) * noise[k]
    return noise


def test_four_values_by_hand() -> None:
    """1, 3, 2, 5: slopes 2, 1/2, 4/3, −1, 1, 3; S = 4; its variance 4 · 3 · 13 / 18."""
    found = one([1, 3, 2, 5], correlation="none")
    assert found.slope[0] == approx((1 + 4 / 3) / 2)
    z = (4 - 1) / np.sqrt(4 * 3 * 13 / 18)
    assert found.p[0] == approx(pymannkendall.original_test([1, 3, 2, 5]).p)
    assert z == approx(pymannkendall.original_test([1, 3, 2, 5]).z)


@pytest.mark.parametrize(("years", "some"), [(10, 1), (16, 3), (40, 10)])
def test_series_without_gaps_have_the_numbers_of_pymannkendall_and_scipy(years: int, some: int) -> None:
    values = lasting(0.9, years, 40, np.random.default_rng(years))
    values[:, :15] = np.round(2 * values[:, :15])  # with ties
    plain, widened = trends(values, 4, 0.05, "none"), trends(values, 4, 0.05, "hamed_rao")
    wider = 0
    for k, series in enumerate(values.T):
        original, sen = pymannkendall.original_test(series), theilslopes(series)
        assert (plain.slope[k], plain.p[k]) == (approx(original.slope), approx(original.p))
        assert (plain.low[k], plain.high[k]) == (approx(sen.low_slope), approx(sen.high_slope))
        with np.errstate(invalid="ignore"):
            modified = pymannkendall.hamed_rao_modification_test(series)
        factor = modified.var_s / original.var_s
        wider += factor > 1
        assert widened.widened[k] == approx(max(factor, 1.0))
        assert widened.p[k] == approx(modified.p if factor > 1 else original.p)
    assert wider >= some  # or the last two lines would say nothing


def test_a_gap_is_left_out_and_time_goes_on() -> None:
    whole = np.arange(12.0)
    whole[[3, 7]] = np.nan
    found = one(whole.tolist(), correlation="none")
    assert (found.slope[0], found.n[0]) == (approx(1.0), 10)
    assert found.p[0] == approx(pymannkendall.original_test(whole).p)
    assert np.isnan(one(whole.tolist(), least=11).slope[0])


def test_a_series_that_never_changes_has_no_trend() -> None:
    found = one([0.2] * 12)
    assert (found.slope[0], found.p[0]) == (0.0, 1.0)
    assert np.isnan(one([np.nan] * 12).p[0])


@given(st.integers(0, 2**32 - 1), st.integers(6, 24), st.floats(-3, 3))
def test_a_slope_that_is_added_is_found_and_a_turned_series_falls(seed: int, years: int, slope: float) -> None:
    x = lasting(0.5, years, 1, np.random.default_rng(seed))[:, 0]
    before, after = one(x.tolist()), one((x + slope * np.arange(years)).tolist())
    assert after.slope[0] == approx(before.slope[0] + slope, abs=1e-9)
    turned = one((-x).tolist())
    assert (turned.slope[0], turned.low[0], turned.p[0]) == (
        approx(-before.slope[0], abs=1e-9),
        approx(-before.high[0], abs=1e-9),
        approx(before.p[0]),
    )


def test_how_many_series_are_told_at_once_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(2).normal(size=(16, 50))
    values[values > 1.5] = np.nan
    whole = trends(values, 6)
    monkeypatch.setattr("rssm.analysis.statistics.trend.TOGETHER", 500)
    for name in Trend.__dataclass_fields__:
        assert_array_equal(getattr(trends(values, 6), name), getattr(whole, name))


@pytest.mark.parametrize(("rho", "none", "ar1"), [(0.0, 0.04, 0.03), (0.4, 0.15, 0.07), (0.6, 0.25, 0.10)])
def test_noise_that_lasts_is_seldom_called_a_trend(rho: float, none: float, ar1: float) -> None:
    """The table of docs/analysis.md: sixteen years, 5 % expected."""
    noise = lasting(rho, 16, 6000, np.random.default_rng(5))
    assert (trends(noise, 6, 0.05, "none").p < 0.05).mean() == approx(none, abs=0.015)
    assert (trends(noise, 6, 0.05, "ar1").p < 0.05).mean() == approx(ar1, abs=0.015)


def test_a_known_trend_lies_within_its_interval() -> None:
    values = 0.02 * np.arange(16)[:, None] / 10 + 0.01 * lasting(0.3, 16, 4000, np.random.default_rng(7))
    found = trends(values, 6)
    assert found.slope.mean() * 10 == approx(0.02, abs=0.001)
    assert ((found.low <= 0.002) & (found.high >= 0.002)).mean() == approx(0.95, abs=0.02)


def test_false_discoveries_by_hand() -> None:
    """Of p 0.01, 0.02, 0.03, 0.5 at 0.05: limits 0.0125, 0.025, 0.0375, 0.05; the third passes, so the first three do."""
    p = np.array([0.5, 0.03, np.nan, 0.01, 0.02])
    assert_array_equal(false_discovery(p, 0.05), [False, True, False, True, True])
    assert not false_discovery(np.array([0.2, 0.9]), 0.05).any()
    assert not false_discovery(np.full(3, np.nan), 0.05).any()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.floats(0.01, 0.5))
def test_what_is_significant_has_the_lowest_p_and_no_single_test_is_laxer(values: list[float], share: float) -> None:
    p = np.array(values)
    found = false_discovery(p, share)
    if found.any():
        assert p[found].max() <= share
        assert (p[~found] > p[found].max()).all()
    bonferroni = p <= share / p.size
    assert (found | ~bonferroni).all()


def test_a_map_of_noise_is_seldom_significant_and_a_map_with_a_trend_is() -> None:
    rng = np.random.default_rng(3)
    noise = [false_discovery(trends(rng.normal(size=(16, 200)), 6).p, 0.1).any() for _ in range(60)]
    assert np.mean(noise) <= 0.2
    half = rng.normal(size=(16, 400))
    half[:, :200] += np.arange(16)[:, None]
    found = false_discovery(trends(half, 6).p, 0.1)
    assert found[:200].mean() > 0.99
    assert found[200:].sum() / found.sum() < 0.12
    assert_allclose(found[:200].sum(), 200, atol=2)
