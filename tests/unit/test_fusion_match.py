"""Curves of matching and error variances, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.fusion.match import KNOTS, LEAST, curves, matched
from rssm.fusion.triple import FLOOR, UNKNOWN, error_variances

RNG = np.random.default_rng


def f32(values: object) -> np.ndarray:
    return np.asarray(values, np.float32)


def test_a_curve_undoes_a_gain_and_an_offset_and_keeps_gaps() -> None:
    truth = f32(RNG(1).uniform(0.1, 0.4, (2, 60)))
    series = 0.05 + 2 * truth
    series[0, 3] = np.nan
    out = matched(series, curves(series, truth))
    assert np.isnan(out[0, 3])
    seen = np.isfinite(series)
    assert_allclose(out[seen], truth[seen], atol=1e-3)


def test_knots_are_the_quantiles_of_common_steps() -> None:
    series, reference = f32(np.arange(44.0))[None], f32(np.arange(44.0))[None] ** 2
    series[0, -1], reference[0, 0] = np.nan, np.nan  # common: 1 … 42
    low, high = curves(series, reference)[0, :, 1:-1]
    share = np.linspace(0, 1, KNOTS)
    assert_allclose(low, np.quantile(np.arange(1.0, 43), share), rtol=1e-6)
    assert_allclose(high, np.quantile(np.arange(1.0, 43) ** 2, share), rtol=1e-6)


def test_beyond_its_quantiles_a_curve_goes_on_as_a_line_of_the_spreads() -> None:
    known = f32(np.linspace(0.1, 0.3, 41))
    reference = f32(np.full((1, 43), np.nan))
    reference[0, :41] = 2 * known
    out = matched(f32([*known, 0.4, 0.0])[None], curves(f32([*known, 0.4, 0.0])[None], reference))
    assert_allclose(out[0, 41:], [0.8, 0.0], atol=1e-6)


def test_the_lines_beyond_have_the_slope_of_the_spreads_even_where_the_curve_bends() -> None:
    known = f32(np.arange(41.0))
    series, reference = f32([*known, 43, -2])[None], f32([*known**2, np.nan, np.nan])[None]
    out = matched(series, curves(series, reference))[0]
    slope = (known**2).std() / known.std()
    assert_allclose(out[41:], [1600 + 3 * slope, -2 * slope], rtol=1e-5)
    assert_allclose(out[40], 1600, rtol=1e-6)


def test_a_saturated_value_becomes_the_mean_of_what_it_stands_for() -> None:
    series = f32(np.minimum(np.arange(41.0), 20.0))[None]  # half of the values are 20
    reference = f32(np.arange(41.0))[None]
    out = matched(series, curves(series, reference))
    assert_allclose(out[0, 20:], np.mean([20, 24, 28, 32, 36, 40]))
    assert_allclose(out[0, :17], np.arange(17.0), atol=1e-5)


@pytest.mark.parametrize(("common", "has"), [(LEAST, True), (LEAST - 1, False)])
def test_few_common_steps_give_no_curve(common: int, has: bool) -> None:
    values = f32(RNG(2).uniform(0.1, 0.4, (1, 100)))
    reference = values.copy()
    reference[0, common:] = np.nan
    assert np.isfinite(curves(values, reference)).all() == has
    assert np.isfinite(matched(values, curves(values, reference))).all() == has


def test_a_constant_series_has_no_curve_and_a_constant_reference_is_reached() -> None:
    values, constant = f32(RNG(3).uniform(0.1, 0.4, (1, 50))), f32(np.full((1, 50), 0.2))
    assert np.isnan(curves(constant, values)).all()
    assert_allclose(matched(values, curves(values, constant)), 0.2, atol=1e-6)


def test_triple_collocation_finds_the_errors_that_were_put_in() -> None:
    rng = RNG(5)
    truth = 0.08 * rng.standard_normal((50, 300))
    sd = [0.03, 0.05, 0.04]
    series = f32([truth + s * rng.standard_normal(truth.shape) for s in sd])
    assert_allclose(np.sqrt(error_variances(series, "abc")), sd, rtol=0.05)


@pytest.mark.parametrize(("algorithms", "steps", "sign"), [("aab", 100, 1), ("abc", 4, 1), ("abc", 100, -1)])
def test_where_no_triplet_is_of_use_half_of_the_variance_is_called_error(
    algorithms: str, steps: int, sign: int
) -> None:
    truth = RNG(6).standard_normal((20, 100))
    series = f32(truth + 0.5 * RNG(7).standard_normal((3, 20, 100)))
    series[2] *= sign  # one series falls when the others rise
    series[0, :, steps:] = np.nan  # 80 common points
    departures = series - np.nanmean(series, axis=2, keepdims=True)
    assert_allclose(error_variances(series, algorithms), UNKNOWN * np.nanmean(departures**2, axis=(1, 2)), rtol=1e-4)


def test_no_error_is_thought_smaller_than_the_floor_and_an_empty_series_has_none() -> None:
    truth = f32(0.1 * RNG(7).standard_normal((10, 100)))
    series = np.stack([truth, truth, truth, np.full_like(truth, np.nan)])
    found = error_variances(series, "abcd")
    departures = truth - truth.mean(axis=1, keepdims=True)
    assert_allclose(found[:3], FLOOR * (departures**2).mean(), rtol=1e-5)
    assert_array_equal(np.isnan(found), [False, False, False, True])


def test_only_points_common_to_a_triplet_count() -> None:
    rng = RNG(8)
    truth = 0.1 * rng.standard_normal((10, 200))
    series = f32([truth + 0.05 * rng.standard_normal(truth.shape) for _ in range(3)])
    series[0, :, 100:] = np.nan
    series[1, :, 100:] += 3 * f32(rng.standard_normal((10, 100)))  # where the first is not
    assert_allclose(error_variances(series, "abc")[0], error_variances(series[:, :, :100], "abc")[0], rtol=1e-4)
