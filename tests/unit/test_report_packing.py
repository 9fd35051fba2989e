"""Packing of maps for the page: bits in are bits out, cells stand for their pixels."""

from __future__ import annotations

import zlib
from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rssm.report.cells import Cells
from rssm.report.packing import MISSING, coarser, packed, quantised, unpacked, values_of


@given(arrays(np.uint16, array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_what_goes_in_comes_out(numbers):
    assert np.array_equal(unpacked(packed(numbers), len(numbers)), numbers)


def test_a_packed_map_is_known_bit_by_bit():
    # differences 5, -2 | 1, 0 are 10, 3 | 2, 0 by zigzag; low bytes first, then high ones
    planes = zlib.decompress(b64decode(packed(np.array([[5, 3], [6, 3]], np.uint16))))
    assert list(planes) == [10, 3, 2, 0, 0, 0, 0, 0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_values_are_off_by_half_a_step_at_most(values):
    field = np.array(values, np.float32)
    assert np.abs(values_of(quantised(field, 0.001), 0.001) - field).max() <= 0.0005 + 1e-6


def test_gaps_stay_gaps_and_nothing_becomes_one():
    numbers = quantised(np.array([np.nan, -0.2, 100.0], np.float32), 0.001)
    assert numbers.tolist() == [MISSING, 0, MISSING - 1]
    assert np.isnan(values_of(numbers, 0.001)).tolist() == [True, False, False]
    assert coarser(numbers).tolist() == [MISSING, 0, (MISSING - 1) // 2]


@pytest.fixture
def cells():
    """Two cells of 2 × 2 pixels, the second with one pixel of land; the third is sea; a row is left over below."""
    land = np.array([[1, 1, 1, 0, 0], [1, 1, 0, 0, 0], [0, 1, 0, 0, 0]], bool)
    return Cells.of(land, 2)


def test_cells_hold_land_and_are_in_order(cells):
    assert cells.shape == (2, 3)
    assert cells.number.tolist() == [0, 1, 3]
    assert cells.mask.tolist() == [[True, True, False], [True, False, False]]


def test_a_cell_stands_for_its_land_pixels(cells):
    field = np.array([[0.1, 0.2, np.nan, 9, 9], [np.nan, 0.3, 9, 9, 9], [9, 0.7, 9, 9, 9]], np.float32)
    assert np.allclose(cells.mean(field), [0.2, np.nan, 0.7], equal_nan=True)
    codes = np.array([[2, 2, 3, 0, 0], [1, 3, 0, 0, 0], [0, 1, 0, 0, 0]], np.int16)
    assert cells.most(codes, 4).tolist() == [2, 3, 1]
    flags = np.array([[1, 1, 4, 0, 0], [6, 0, 0, 0, 0], [0, 32768, 0, 0, 0]], np.uint16)
    assert cells.half(flags).tolist() == [1, 4, 32768]


def test_cells_of_one_pixel_are_the_pixels():
    land = np.array([[1, 0], [1, 1]], bool)
    whole = Cells.of(land, 1)
    field = np.array([[0.1, np.nan], [0.2, 0.3]], np.float32)
    assert whole.mean(field).tolist() == field[land].tolist()
