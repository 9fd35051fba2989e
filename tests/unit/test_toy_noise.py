"""Random fields: pure functions of seed, stream, place and time."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rssm.grid import GRID
from rssm.toy.noise import Patch, bits, normal, smooth, uniform

DAYS = np.arange(733_000, 733_020)


def test_bits_depend_on_every_counter_and_on_the_stream() -> None:
    first = bits(1, "a", 5, 7)
    for other in (bits(2, "a", 5, 7), bits(1, "b", 5, 7), bits(1, "a", 7, 5), bits(1, "a", 5, -7)):
        assert first[0] != other[0]
    assert_array_equal(bits(1, "a", np.arange(6), 7)[5:], first)


def test_uniform_and_normal_have_their_moments() -> None:
    flat, bell = uniform(3, "u", np.arange(100_000)), normal(3, "n", np.arange(100_000))
    assert flat.min() >= 0 and flat.max() < 1
    assert abs(flat.mean() - 0.5) < 0.004 and abs(flat.var() - 1 / 12) < 0.002
    assert abs(bell.mean()) < 0.015 and abs(bell.std() - 1) < 0.01
    assert abs(np.corrcoef(bell[1:], bell[:-1])[0, 1]) < 0.015


@settings(max_examples=25, deadline=None)
@given(
    st.integers(-5, 1300), st.integers(0, 3599), st.integers(0, 30), st.integers(0, 30), st.sampled_from([2, 6, 20, 60])
)
def test_a_part_of_a_window_is_equal_to_the_last_bit(
    row: int, column: int, down: int, right: int, spacing: int
) -> None:
    big = smooth(1, "field", Patch(row, column, 50, 50, GRID), spacing, DAYS, 12)
    small = smooth(1, "field", Patch(row + down, column + right, 9, 11, GRID), spacing, DAYS[4:7], 12)
    assert_array_equal(big[4:7, down : down + 9, right : right + 11], small)


def test_the_dateline_is_no_seam() -> None:
    across = smooth(1, "field", Patch(300, 3590, 5, 20, GRID), 20)
    assert_array_equal(across[:, 10:], smooth(1, "field", Patch(300, 0, 5, 10, GRID), 20))
    assert_array_equal(across[:, 10:], smooth(1, "field", Patch(300, 3600, 5, 10, GRID), 20))
    assert abs(np.diff(across, axis=1)).max() < 0.5  # smooth over the seam as elsewhere


def test_smooth_has_unit_variance_between_the_knots_too() -> None:
    field = smooth(4, "field", Patch(0, 0, GRID.rows, 900, GRID), 10)
    by_phase = [field[:, phase::10].std() for phase in range(10)]
    assert min(by_phase) > 0.95 and max(by_phase) < 1.05


def test_without_knots_in_time_days_are_independent() -> None:
    daily = smooth(1, "rain", Patch(0, 0, 40, 3600, GRID), 20, DAYS)
    slow = smooth(1, "rain", Patch(0, 0, 40, 3600, GRID), 20, DAYS, 12)
    assert abs(np.corrcoef(daily[3].ravel(), daily[4].ravel())[0, 1]) < 0.25
    assert np.corrcoef(slow[3].ravel(), slow[4].ravel())[0, 1] > 0.85
