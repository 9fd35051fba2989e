"""Laws of matching and fusing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from rssm.fusion.match import curves, matched
from rssm.fusion.season import both, season_difference
from rssm.fusion.triple import error_variances

SEEDS = st.integers(0, 2**32 - 1)


def with_gaps(rng: np.random.Generator, *shape: int, gaps: float = 0.2) -> np.ndarray:
    """Values of 0.05 … 0.5 in steps of 0.001, so that some are equal; a share is missing."""
    values = (rng.integers(50, 500, shape) / 1000).astype(np.float32)
    return np.where(rng.random(shape) < gaps, np.float32(np.nan), values)


@given(SEEDS, st.integers(20, 80))
def test_a_product_with_the_distribution_of_the_reference_stays_as_it_is(seed: int, steps: int) -> None:
    series = with_gaps(np.random.default_rng(seed), 3, steps, gaps=0)
    assert_allclose(matched(series, curves(series, series)), series, atol=1e-6)


@given(SEEDS)
def test_matching_keeps_order_and_gaps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    series, reference = with_gaps(rng, 2, 4, 90)
    out = matched(series, curves(series, reference))
    for before, after in zip(series, out, strict=True):
        assert_array_equal(np.isnan(after), np.isnan(before))
        seen = np.isfinite(before)
        assert (np.diff(after[seen][np.argsort(before[seen], kind="stable")]) >= -1e-6).all()


@given(SEEDS, st.floats(0.1, 50), st.floats(-5, 5))
def test_matching_does_not_feel_a_gain_and_an_offset(seed: int, gain: float, offset: float) -> None:
    rng = np.random.default_rng(seed)
    series, reference = with_gaps(rng, 2, 2, 90)
    changed = (gain * series.astype(np.float64) + offset).astype(np.float32)
    a, b = (matched(x, curves(x, reference)) for x in (series, changed))
    assert_allclose(a, b, atol=2e-3)


@given(SEEDS)
def test_a_pixel_does_not_depend_on_the_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    series, reference = with_gaps(rng, 2, 6, 70)
    order = rng.permutation(6)
    whole = matched(series, curves(series, reference))
    assert_array_equal(matched(series[order], curves(series[order], reference[order])), whole[order])
    assert_array_equal(matched(series[:1], curves(series[:1], reference[:1])), whole[:1])


@settings(max_examples=30)
@given(SEEDS)
def test_error_variances_do_not_depend_on_the_order_of_series_or_pixels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = 0.1 * rng.standard_normal((8, 60))
    noise, gaps = rng.standard_normal((5, 8, 60)), rng.random((5, 8, 60)) < 0.2
    series = np.where(gaps, np.nan, truth + 0.05 * noise).astype(np.float32)
    algorithms, found = list("aabcd"), error_variances(series, "aabcd")
    order, pixels = rng.permutation(5), rng.permutation(8)
    again = error_variances(series[order][:, pixels], [algorithms[i] for i in order])
    assert_allclose(again, found[order], rtol=1e-3)


@given(SEEDS, st.sampled_from([1, 3, 5]))
def test_the_mean_year_of_a_difference_is_the_mean_over_the_window(seed: int, window: int) -> None:
    rng = np.random.default_rng(seed)
    e, c = with_gaps(rng, 2, 2, 40, gaps=0.5)
    season = np.arange(40) % 9
    d, n = season_difference(e, c, season, 9, window)
    for pixel in range(2):
        for at in range(9):
            near = np.minimum((season - at) % 9, (at - season) % 9) <= window // 2
            known = (e - c)[pixel, near & np.isfinite(e[pixel]) & np.isfinite(c[pixel])]
            assert n[pixel, at] == known.size
            assert_allclose(d[pixel, at], known.mean() if known.size else np.nan, atol=1e-6)


@given(SEEDS, st.floats(0, 1), st.floats(0, 1))
def test_two_estimates_that_agree_are_their_fusion(seed: int, share: float, departures: float) -> None:
    e = with_gaps(np.random.default_rng(seed), 2, 72)
    d, _ = season_difference(e, e, np.arange(72) % 36, 36, 3)
    found = both(e, e, d[:, np.arange(72) % 36], np.float32(share), np.float32(departures))
    assert_allclose(found, e, atol=1e-6)
