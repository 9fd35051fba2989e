"""3σ denoising, worked by hand."""

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.ingest.denoise import denoise


def zone(*values: float) -> np.ndarray:
    """One zone holding these values, the rest missing."""
    pixels = np.full(100, np.nan, np.float32)
    pixels[: len(values)] = values
    return pixels.reshape(10, 10)


def test_an_outlier_among_equal_values_goes():
    # 11 values: mean 1/11, s² = (10·(1/11)² + (10/11)²)/10 = 1/11; (10/11)² = 0.826 > 9/11 = 0.818
    out = denoise(zone(*[0.0] * 10, 1.0), 10)
    assert_array_equal(out.values, zone(*[0.0] * 10))
    assert (out.removed, out.untested) == (1, 0)


def test_among_ten_values_none_can_stand_out_and_the_zone_is_counted():
    # n = 10: the farthest possible is (n − 1)/√n = 2.846 standard deviations
    field = zone(*[0.0] * 9, 1.0)
    out = denoise(field, 10)
    assert_array_equal(out.values, field)
    assert (out.removed, out.untested) == (0, 1)


def test_the_limit_is_the_sample_standard_deviation_of_the_zone():
    # 99 pixels ±0.01 about 0.2 (s = 0.01) and one x: kept at 0.2 + 0.028, removed at 0.2 + 0.035
    base = 0.2 + 0.01 * np.resize([1.0, -1.0], 99)
    for x, removed in ((0.228, 0), (0.235, 1)):
        pixels = np.append(base, x)
        assert (abs(x - pixels.mean()) > 3 * pixels.std(ddof=1)) == bool(removed)
        assert denoise(pixels.reshape(10, 10), 10).removed == removed


def test_the_deviation_is_that_of_a_sample():
    # (10/11)² / ((10·0.064² + 10/11) / 10) = 2.95²; with n instead of n − 1 it would be 3.09²
    assert denoise(zone(*[0.064, -0.064] * 5, 1.0), 10).removed == 0


def test_zones_and_maps_are_judged_apart_and_counted_per_map():
    noisy, plain = zone(*[0.0] * 99, 1.0), zone(*[1.0] * 100)
    maps = np.stack([np.hstack([noisy, plain]), np.hstack([plain, zone()]), np.hstack([zone(0.3), noisy])])
    out = denoise(maps, 10)
    assert_array_equal(out.removed, [1, 0, 1])
    assert_array_equal(out.untested, [0, 0, 1])  # an empty zone is not an untested one
    assert np.isnan(out.values[0, 9, 9]) and out.values[0, 9, 19] == 1
    assert maps[0, 9, 9] == 1  # the input stays


def test_one_pass_only():
    # two outliers of different size: the larger hides the smaller, and statistics are not taken again
    field = zone(*[0.0] * 50, *[0.01] * 48, 0.3, 10.0)
    once = denoise(field, 10)
    assert once.removed == 1 and np.nanmax(once.values) == approx(0.3)
    assert denoise(once.values, 10).removed == 1


def test_other_zone_sizes_and_limits():
    field = np.zeros((8, 8))
    field[0, 0] = 1  # in a zone of 4 × 4: (n − 1)/√n = 3.75
    assert denoise(field, zone_pixels=4).removed == 1
    assert denoise(field, zone_pixels=4, sigma=3.75).removed == 0
