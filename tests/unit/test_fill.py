"""Filling by outward search, worked by hand."""

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.product.values.fill import fill

N = np.nan


def of(*rows: list[float]) -> np.ndarray:
    return np.array(rows, np.float32)


def test_the_first_ring_with_values_is_averaged():
    values = of([0.1, 0.2, 0.9], [N, N, 0.9], [0.3, N, 0.9])
    out = fill(values, np.ones((3, 3), bool), np.zeros((3, 3), bool), radius=3)
    assert out.values[1, 0] == approx((0.1 + 0.2 + 0.3) / 3)  # ring 1; the 0.9 are two steps away
    assert out.values[1, 1] == approx((0.1 + 0.2 + 0.3 + 3 * 0.9) / 6)
    assert_array_equal(out.distance, [[0, 0, 0], [1, 1, 0], [0, 1, 0]])
    assert out.values.dtype == np.float32
    assert np.isnan(values[1, 0])  # the input stays


def test_only_original_values_are_used_and_the_radius_caps():
    values = of([0.1, N, N, N, N, N, 0.7])
    land, clear = np.ones((1, 7), bool), np.zeros((1, 7), bool)
    out = fill(values, land, clear, radius=2)
    assert out.values[0] == approx([0.1, 0.1, 0.1, N, 0.7, 0.7, 0.7], nan_ok=True)
    assert_array_equal(out.distance, [[0, 1, 2, -1, 2, 1, 0]])
    assert fill(values, land, clear, radius=3).values[0, 3] == approx(0.4)
    assert_array_equal(fill(values, land, clear, radius=0).values, values)


def test_sea_is_neither_filled_nor_used_nor_crossed():
    values = of([0.1, 0.5, N, N])
    land = np.array([[True, False, True, True]])
    out = fill(values, land, np.zeros((1, 4), bool), radius=3)
    assert_array_equal(out.values, values)
    assert_array_equal(out.distance, [[0, 0, -1, -1]])


def test_snow_and_water_are_neither_filled_nor_used_nor_crossed():
    values = of([0.1, N, 0.8, N, 0.3])
    blocked = np.array([[False, False, True, False, False]])
    out = fill(values, np.ones((1, 5), bool), blocked, radius=4)
    assert out.values[0] == approx([0.1, 0.1, 0.8, 0.3, 0.3])


def test_the_search_goes_round_a_lake():
    values = of([N, N, N], [N, N, N], [N, N, 0.4])
    lake = np.zeros((3, 3), bool)
    lake[1, :2] = lake[2, 1] = True
    out = fill(values, np.ones((3, 3), bool), lake, radius=9)
    # (1,2) ← 1 step; (0,1), (0,2) ← 2; (0,0) ← 3; (2,0) is shut in
    assert_array_equal(out.distance, [[3, 2, 2], [-1, -1, 1], [-1, -1, 0]])


def test_rows_may_wrap():
    values = of([0.2, 0.3, N, N, N, N])
    land, clear = np.ones((1, 6), bool), np.zeros((1, 6), bool)
    out = fill(values, land, clear, radius=2, wrap=True)
    assert_array_equal(out.distance, [[0, 0, 1, 2, 2, 1]])
    assert out.values[0] == approx([0.2, 0.3, 0.3, 0.3, 0.2, 0.2])
