"""Laws of uncertainty."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from pytest import approx

from rssm.product.uncertainty.recipe import (
    NORMAL,
    calibrate,
    chain_variance,
    coverage,
    crps_gaussian,
    information,
    inherited_variance,
    residual_variance,
    total_sigma,
)

seeds = st.integers(0, 2**32 - 1)
small = st.floats(0, 0.1)


@given(arrays(np.float64, (6, 4), elements=st.floats(0, 1)), st.permutations(range(6)), st.floats(-1, 1))
def test_the_variance_knows_neither_order_nor_offset_and_is_numpys(estimates, order, offset):
    variance = chain_variance(estimates)
    assert_allclose(variance, estimates.var(axis=0, ddof=1), atol=1e-12)
    assert_allclose(chain_variance(estimates[order] + offset), variance, atol=1e-12)


@given(arrays(np.float64, 12, elements=small), arrays(np.float64, 12, elements=small), seeds, st.floats(1, 1e4))
def test_shrinking_keeps_within_the_range_of_the_stratum_and_large_samples_keep_their_own(mse, variance, seed, prior):
    rng = np.random.default_rng(seed)
    n, stratum = rng.integers(1, 1000, 12), rng.integers(0, 3, 12)
    excess = np.maximum(mse - variance, 0)
    out = residual_variance(mse, variance, n, stratum, prior)
    for s in np.unique(stratum):
        own = excess[stratum == s]
        assert own.min() - 1e-12 <= out[stratum == s].min() and out[stratum == s].max() <= own.max() + 1e-12
    assert_allclose(residual_variance(mse, variance, n * 10**9, stratum, prior), excess, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(0.2, 5))
def test_calibration_finds_the_scale_and_coverage_confirms_it_on_other_points(seed, scale):
    rng = np.random.default_rng(seed)
    sigma = rng.uniform(0.01, 0.1, (2, 20000)).astype(np.float32)
    error = (scale * sigma * rng.standard_normal(sigma.shape)).astype(np.float32)
    group = rng.integers(0, 2, sigma.shape)
    c = calibrate(error[0], sigma[0], group[0], 2)
    assert c == approx([scale, scale], rel=0.06)
    stated = coverage(error[1], c[group[1]] * sigma[1], group[1], 2)
    assert stated == approx(np.array([[0.5, 0.68, 0.9]] * 2), abs=0.03)


@settings(max_examples=30, deadline=None)
@given(seeds, st.floats(0, 1), st.floats(0.2, 5))
def test_the_power_is_found_whatever_the_scales_of_groups_and_spread(seed, power, scale):
    rng = np.random.default_rng(seed)
    variance, group = rng.uniform(1e-4, 1e-2, 20000), rng.integers(0, 2, 20000)
    error = total_sigma(variance, 0.0, np.array([1.0, scale])[group], power) * rng.standard_normal(20000)
    found = information(error, np.sqrt(variance), group, 2)
    assert 0 <= found <= 1 and found == approx(power, abs=0.05)
    assert information(error, scale * np.sqrt(variance), group, 2) == approx(found, abs=1e-3)


@given(arrays(np.float64, (2, 4), elements=small), seeds)
def test_what_is_inherited_is_no_more_than_the_worst_teacher_and_grows_with_its_share(residual, seed):
    shares = np.random.default_rng(seed).dirichlet(np.ones(3), 5)[:, :2]  # the rest came from outside
    inherited = inherited_variance(shares, residual)
    assert (inherited >= 0).all() and (inherited <= residual.max(axis=0) + 1e-12).all()
    assert (inherited_variance(np.minimum(2 * shares, 1), residual) >= inherited - 1e-12).all()


@given(seeds, st.floats(0.5, 2))
def test_calibration_is_scale_free_and_coverage_exact_where_it_was_fitted(seed, factor):
    rng = np.random.default_rng(seed)
    sigma, error = rng.uniform(0.01, 0.1, 1001), rng.standard_t(3, 1001) * 0.05
    group = np.zeros(1001, int)
    c = calibrate(error, sigma, group, 1)
    assert_allclose(calibrate(error, factor * sigma, group, 1) * factor, c)
    assert coverage(error, c[0] * sigma * (1 + 1e-9), group, 1, NORMAL[1:2])[0, 0] == approx(0.68, abs=0.002)


@settings(deadline=None)
@given(st.floats(-0.5, 0.5), st.floats(0.005, 0.3))
def test_crps_is_the_integral_of_its_definition(error, sigma):
    from math import erf

    x = np.linspace(-4, 4, 40001)  # estimate 0, truth −error
    law = np.array([0.5 * (1 + erf(v / sigma / 2**0.5)) for v in x[::20]])
    integral = np.trapezoid((law - (x[::20] >= -error)) ** 2, x[::20])
    assert crps_gaussian(error, sigma) == approx(integral, abs=3e-3)


@given(st.floats(0.01, 1), st.floats(0.3, 3))
def test_crps_is_best_for_the_true_spread(true, wrong):
    levels = (np.arange(2000) + 0.5) / 2000
    from statistics import NormalDist

    errors = np.array([NormalDist(0, true).inv_cdf(p) for p in levels])
    assert crps_gaussian(errors, true).mean() <= crps_gaussian(errors, true * wrong).mean() + 1e-6 * true
