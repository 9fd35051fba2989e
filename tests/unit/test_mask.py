"""Snow and ice, worked by hand."""

import numpy as np
from numpy.testing import assert_array_equal

from rssm.product.values.mask import SnowIce, mask, mostly_frozen, snow_ice


def test_more_than_half_of_the_observed_years():
    # (year, dekad of year, pixel): four years, one dekad, four pixels
    frozen = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]], bool)[:, None]
    observed = np.array([[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 0, 0]], bool)[:, None]
    # 3 of 4; 2 of 4; 1 of 3 (what is not observed does not count); none observed
    assert_array_equal(mostly_frozen(frozen, observed), [[True, False, False, False]])


def test_in_its_era_ascat_decides_alone():
    reported, usual = np.array([True, True, False, False]), np.array([True, False, True, False])
    out = snow_ice(reported, True, usual, np.full(4, 10), np.full(4, 10))
    assert_array_equal(out.observed, reported)
    assert not out.inferred.any()


def test_before_ascat_the_usual_state_stands_unless_most_days_were_thawed():
    usual = np.array([True, True, True, True, False])
    thawed, judged = np.array([6, 5, 0, 2, 0]), np.array([10, 10, 10, 3, 10])
    out = snow_ice(np.ones(5, bool), False, usual, thawed, judged)
    assert_array_equal(out.inferred, [False, True, True, False, False])  # half is not most
    assert not out.observed.any()


def test_without_a_freeze_thaw_record_the_usual_state_stands():
    out = snow_ice(np.array([False]), False, np.array([True]), np.array([0]), np.array([0]))
    assert_array_equal(out.inferred, [True])


def test_dekads_on_both_sides_of_the_joint():
    era = np.array([[False], [True]])
    both = np.ones((2, 3), bool)
    out = snow_ice(both, era, both, np.zeros((2, 3), int), np.zeros((2, 3), int))
    assert_array_equal(out.inferred, ~era & both)
    assert_array_equal(out.observed, era & both)


def test_masked_values_go_and_others_stay():
    values = np.array([0.1, 0.2, 0.3], np.float32)
    out = mask(values, SnowIce(np.array([True, False, False]), np.array([False, True, False])))
    assert_array_equal(out, np.float32([np.nan, np.nan, 0.3]))
    assert out.dtype == np.float32
