"""Uncertainty, worked by hand."""

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.product.uncertainty.recipe import (
    NORMAL,
    calibrate,
    chain_variance,
    coverage,
    crps_gaussian,
    damped,
    half_widths,
    information,
    inherited_variance,
    residual_variance,
    total_sigma,
)

N = np.nan


def test_variance_between_chains():
    estimates = np.array([[0.1, 0.1, N, N], [0.2, N, N, 0.4], [0.3, 0.3, N, N]], np.float32)
    assert chain_variance(estimates) == approx([0.01, 0.02, N, 0.0], nan_ok=True)
    assert_array_equal(chain_variance(np.array([[0.2, N]])), [0, N])  # one chain tells nothing of spread


def test_residual_variance_is_the_excess_of_the_error_shrunk_by_sample_size():
    mse = np.array([0.05, 0.02, 0.01, N])
    variance = np.array([0.01, 0.01, 0.02, 0.01])
    n = np.array([300, 100, 100, 50])
    out = residual_variance(mse, variance, n, np.zeros(4, int), prior=100)
    # excess 0.04, 0.01, 0 (not negative); mean (300·0.04 + 100·0.01 + 0)/500 = 0.026
    assert out[0] == approx(0.026 + 300 / 400 * (0.04 - 0.026))
    assert out[1] == approx((0.026 + 0.01) / 2)
    assert out[2] == approx(0.026 / 2)
    assert out[3] == approx(0.026)  # not evaluated


def test_strata_are_apart_and_an_empty_one_takes_the_mean_of_all():
    out = residual_variance(
        np.array([0.04, 0.02, N]), np.zeros(3), np.array([100, 100, 0]), np.array([0, 1, 2]), prior=100
    )
    assert out == approx([0.04, 0.02, 0.03])
    assert np.isnan(residual_variance(np.array([N]), np.array([N]), np.array([0]), np.array([0]))).all()


def test_total_uncertainty():
    assert total_sigma(np.array([0.0009, N]), 0.0016, 2.0) == approx([0.1, N], nan_ok=True)
    # √(V + R) = 0.1 is twice what is typical: with power 1/2 σ is √2 times 0.05, with power 0 it is 0.05
    assert total_sigma(0.0064, 0.0036, [1.0, 1.0, 3.0], [0.5, 0.0, 0.0]) == approx([0.05 * 2**0.5, 0.05, 0.15])


def test_the_variance_of_dry_soil_shrinks_with_its_moisture_down_to_a_third() -> None:
    moisture = np.array([0.3, 0.1, 0.05, 0.01, -0.02, N])
    assert damped(moisture, 0.1) == approx([1, 1, 0.5**0.5, 3**-0.5, 3**-0.5, N], nan_ok=True)
    assert_array_equal(damped(moisture, 0.0), 1)  # bit for bit what it was, whatever the moisture
    assert damped(0.05, np.array([0.0, 0.1, 0.2])) == approx([1, 0.5**0.5, 3**-0.5])


def test_what_taught_errs_by_is_inherited_by_its_share() -> None:
    # two networks: one learnt from outside alone, one a quarter from round 1 and half from round 2; three zones
    shares = np.array([[0, 0], [0.25, 0.5]])
    residual = np.array([[0.0004, 0.0008, N], [0.0010, 0.0012, 0.0014]])
    out = inherited_variance(shares, residual)
    assert_array_equal(out[0], 0)
    assert out[1] == approx([0.0006, 0.0008, 0.00085])  # round 1 simulated nothing in the last zone: its mean, 0.0006
    assert_array_equal(inherited_variance(np.zeros((2, 0)), np.zeros((0, 3))), np.zeros((2, 3)))


def test_the_power_is_one_where_errors_follow_the_spread_and_zero_where_they_do_not() -> None:
    spread = np.tile([0.02, 0.08], 2000)
    normal = np.array([1.0, 1.0, -1.0, -1.0] * 1000)
    group = np.repeat([0, 1], 2000)
    assert information(3 * normal * spread, spread, group, 2) == 1
    assert information(0.05 * normal, spread, group, 2) == approx(0, abs=1e-3)
    # the scale differs between groups, the power does not: errors grow by half where the spread grows fourfold
    scale = np.where(group == 0, 1.0, 5.0)
    assert information(scale * normal * spread**0.25, spread, group, 3) == approx(0.25, abs=1e-3)
    assert information(np.full(3, N), np.ones(3), np.zeros(3, int), 1) == 0


def test_calibration_matches_the_middle_interval_of_each_group():
    # |error|/σ = 1, 2, … 101: 68 % lie within 69, the normal interval is 0.99446 σ
    error = np.r_[np.arange(1.0, 102) * 0.01, np.full(200, 0.02), np.full(5, 9.0), N]
    sigma = np.r_[np.full(101, 0.01), np.full(200, 0.02), np.full(5, 0.01), 0.01]
    group = np.r_[np.zeros(101, int), np.ones(200, int), np.full(6, 2)]
    c = calibrate(error, sigma, group, groups=4)
    assert c[0] == approx(69 / 0.994458, rel=1e-6)
    assert c[1] == approx(1 / 0.994458, rel=1e-6)
    ratio = np.abs(error[:-1]) / sigma[:-1]
    assert c[2:] == approx(np.quantile(ratio, 0.68) / 0.994458, rel=1e-6)  # too few, and none: of all points
    assert_array_equal(calibrate(error * N, sigma, group, groups=2), [1, 1])


def test_coverage_counts_errors_within_the_intervals_of_the_normal_law():
    # half widths: 0.6745, 0.9945, 1.6449 σ
    error = 0.1 * np.array([0.67, -0.68, 0.99, -1.0, 1.64, 1.65, 5.0, -0.1, N, 0.0])
    out = coverage(error, np.full(10, 0.1), np.array([0] * 8 + [1, 2]), groups=4)
    assert out[0] == approx([2 / 8, 4 / 8, 6 / 8])
    assert out[2] == approx([1, 1, 1])
    assert np.isnan(out[[1, 3]]).all()


def test_intervals_may_be_wider_or_narrower_than_those_of_the_normal_law_point_by_point() -> None:
    error, sigma = np.array([0.1, -0.1, 0.3, N]), np.full(4, 0.1)
    widths = [np.array([1.1, 0.9, 2.0, 9.0]), 1.5, np.array([0.5, 0.5, 3.5, 9.0])]
    assert coverage(error, sigma, np.zeros(4, int), 1, widths)[0] == approx([1 / 3, 2 / 3, 1 / 3])


def test_half_widths_are_in_proportion_to_what_holds_a_half_two_thirds_and_nine_tenths_of_errors() -> None:
    assert approx([0.6745, 0.9945, 1.6449], abs=1e-4) == NORMAL
    error = np.array([*np.arange(0, 1.01, 0.01), 5.0, N]) * np.tile([1, -1], 52)[:103]
    sigma = np.array([*np.full(101, 0.5), 0.0, 1.0])  # |error| / σ = 0, 0.02, … 2
    assert half_widths(error, sigma) == approx(np.array([1.0, 1.36, 1.8]) * NORMAL[1] / 1.36)
    assert half_widths(error, 3 * sigma) == approx(half_widths(error, sigma))  # c sets the scale
    assert half_widths(error[-2:], sigma[-2:]) == NORMAL


def test_crps_of_a_normal_forecast():
    # at the centre: σ(√2 − 1)/√π = 0.23369 σ; one σ off: 0.60244 σ; without spread: the absolute error
    assert crps_gaussian(0, 1) == approx(0.2336950, abs=1e-6)
    assert crps_gaussian([2.0, -2.0], 2.0) == approx([1.204881, 1.204881], abs=1e-5)
    assert crps_gaussian([0.3, -0.3, 0.0], 0.0) == approx([0.3, 0.3, 0.0], abs=1e-9)
    assert np.isnan(crps_gaussian([N], 1.0)).all()
