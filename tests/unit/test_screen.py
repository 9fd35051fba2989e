"""The range screen, worked by hand."""

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.rounds.screen import screen, variance_ratio

NAN = np.nan


def test_values_outside_the_range_of_their_pixel_are_dropped():
    sim = np.array([[0.10, 0.20, 0.30], [0.10, NAN, 0.30]], np.float32)  # two dekads, three pixels
    low, high = np.array([0.05, 0.25, 0.10]), np.array([0.15, 0.35, 0.25])
    target, removed = screen(sim, low, high)
    assert_array_equal(target, np.float32([[0.10, NAN, NAN], [0.10, NAN, NAN]]))
    assert removed == 3  # 0.20 below, 0.30 above twice; what was missing is not removed
    assert target.dtype == np.float32


def test_the_ends_of_the_range_belong_to_it():
    target, removed = screen(np.array([0.1, 0.3]), np.array([0.1, 0.1]), np.array([0.3, 0.3]))
    assert_array_equal(target, [0.1, 0.3])
    assert removed == 0


def test_no_range_no_target():
    target, removed = screen(np.array([0.1]), np.array([NAN]), np.array([NAN]))
    assert np.isnan(target[0]) and removed == 1


def test_a_cube_of_pixels_by_dekads():
    sim = np.array([[0.1, 0.9], [0.2, 0.3]])
    target, removed = screen(sim, np.zeros((2, 1)), np.full((2, 1), 0.5))
    assert_array_equal(target, [[0.1, NAN], [0.2, 0.3]])
    assert removed == 1


def test_variance_ratio_of_a_trimmed_flood():
    before = np.array([[0.1, 0.2, 0.3, 0.6], [0.2, 0.2, 0.2, 0.2], [0.1, NAN, NAN, 0.3]])
    after = before.copy()
    after[0, 3] = after[2, 3] = NAN
    ratio = variance_ratio(before, after)
    # of 0.1 0.2 0.3: 0.01; of all four (mean 0.3): (0.04 + 0.01 + 0 + 0.09)/3
    assert ratio[0] == approx(0.01 / (0.14 / 3))
    assert np.isnan(ratio[1:]).all()  # nothing varied; one value left
    assert variance_ratio(before.T, after.T, axis=0)[0] == approx(ratio[0])
