"""Spread of filled pixels: variance of differences over a distance, and what a filled pixel adds to its donors'."""

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.product.uncertainty.spread import difference_variance, variance_filled


def test_differences_over_a_distance_by_hand():
    field = np.array([[1.0, 2.0, np.nan], [1.0, 4.0, 5.0]])
    # down: 0, 2; right: 1, 3, 1 → squares 0 4 1 9 1, mean 3
    assert difference_variance(field, 1) == approx(3)
    assert difference_variance(field, 2) == approx(16)  # only 5 − 1 is known two apart
    assert np.isnan(difference_variance(field, 5))
    assert difference_variance(field, 2, wrap=True) == approx(
        (16 + 1 + 1 + 9) / 4
    )  # around: 2−1 of row 0; 4−5 and 1−4 … of row 1


def test_a_filled_pixel_adds_the_variance_of_differences_to_that_of_its_donors():
    values = np.array([[0.1, np.nan, 0.3, 0.3]], np.float32)
    variance = np.array([[1e-4, np.nan, 3e-4, 5e-4]], np.float32)
    land, distance = np.ones((1, 4), bool), np.array([[0, 1, 0, 0]], np.int16)
    total = variance_filled(variance, values, distance, land, ~land, False)
    assert total[0, 1] == approx(2e-4 + 0)  # mean of the donors; the only known pair one apart, 0.3 and 0.3, is equal
    assert_array_equal(total[0, [0, 2, 3]], variance[0, [0, 2, 3]])
