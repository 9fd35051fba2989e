"""Boundary fuzzification, worked by hand."""

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.rounds.fuzzify import boundary, fuzzify


def zones(*values: list[float]) -> np.ndarray:
    """A map of constant zones."""
    return np.kron(np.array(values), np.ones((10, 10)))


def test_a_window_blends_only_the_ring_beside_an_edge():
    field = zones([0.1, 0.3])
    out = fuzzify(field)
    assert out[5, 9] == approx((6 * 0.1 + 3 * 0.3) / 9)  # 3 × 3 window: six left pixels, three right
    assert out[5, 10] == approx((3 * 0.1 + 6 * 0.3) / 9)
    assert out[0, 9] == approx((4 * 0.1 + 2 * 0.3) / 6)  # beyond the map there is nothing
    assert_array_equal(out[:, :9], field[:, :9])  # also the outer ring: the map's end is no edge
    assert_array_equal(out[:, 11:], field[:, 11:])


def test_where_four_zones_meet():
    out = fuzzify(zones([0.0, 1.0], [2.0, 3.0]))
    assert out[9, 9] == approx((4 * 0 + 2 * 1 + 2 * 2 + 1 * 3) / 9)


def test_gaps_stay_and_do_not_count():
    field = zones([0.1, 0.3])
    field[4:7, 10] = np.nan
    field[5, 8] = np.nan
    out = fuzzify(field)
    assert out[5, 9] == approx(0.1)  # only left pixels are valid in its window
    assert out[4, 9] == approx((5 * 0.1 + 1 * 0.3) / 6)
    assert_array_equal(np.isnan(out), np.isnan(field))


def test_the_seam_is_an_edge_of_a_map_round_the_earth():
    field = zones([0.1, 0.2, 0.3])
    assert_array_equal(fuzzify(field)[:, [0, -1]], field[:, [0, -1]])
    out = fuzzify(field, wrap=True)
    assert out[5, 0] == approx((6 * 0.1 + 3 * 0.3) / 9)
    assert out[5, 29] == approx((6 * 0.3 + 3 * 0.1) / 9)


def test_rows_never_wrap():
    field = zones([0.1], [0.3])
    out = fuzzify(field, wrap=True)
    assert out[0] == approx(0.1) and out[19] == approx(0.3)
    assert out[9, 5] == approx((6 * 0.1 + 3 * 0.3) / 9)


def test_a_pair_is_the_mean_across_the_edge():
    field = np.arange(20.0)[None, :].repeat(10, axis=0)
    out = fuzzify(field, method="pair", width=4)
    assert_array_equal(out[0, 8:12], [8, 9.5, 9.5, 11])
    field[3, 9] = np.nan
    assert_array_equal(fuzzify(field, method="pair")[3, 9:11], [np.nan, 10])  # nothing to pair with


def test_a_ramp_fades_with_distance():
    out = fuzzify(zones([0.0, 1.0]), method="ramp", width=4)
    assert out[5, 5:15] == approx([0, 0.125, 0.25, 0.375, 0.5, 0.5, 0.625, 0.75, 0.875, 1])


def test_a_corner_of_a_ramp_weighs_both_edges_alike():
    out = fuzzify(zones([0.0, 1.0], [2.0, 3.0]), method="ramp", width=1)
    assert out[9, 9] == approx((0.5 + 1.0) / 2)  # means across: 0.5 to the right, 1 downward


def test_the_boundary_mask_is_what_may_change():
    mask = boundary((20, 30), wrap=True)
    assert_array_equal(np.flatnonzero(mask[5]), [0, 9, 10, 19, 20, 29])
    assert_array_equal(np.flatnonzero(mask[:, 5]), [9, 10])
    assert_array_equal(np.flatnonzero(boundary((10, 20), width=2)[0]), [8, 9, 10, 11])


def test_other_zone_sizes():
    field = np.kron([[0.0, 1.0]], np.ones((5, 5)))
    assert_array_equal(np.flatnonzero(fuzzify(field, zone_pixels=5)[2] != field[2]), [4, 5])
