"""Collocation, worked by hand."""

import numpy as np
from numpy.testing import assert_array_equal

from rssm.rounds.collocate import collocate

A, S, J = 0, 1, 2
NEEDS = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 1], [1, 0, 0]], bool)  # A+S+J, A+S, A+J, A


def available(*sets: tuple[int, ...]) -> np.ndarray:
    """(predictor, 1 pixel, dekad): one dekad for each set of valid predictors."""
    out = np.zeros((3, 1, len(sets)), bool)
    for dekad, valid in enumerate(sets):
        out[list(valid), 0, dekad] = True
    return out


def test_the_network_of_all_valid_predictors_is_used_where_it_exists():
    out = collocate(available((A, S, J), (A, S), (A, J), (A,), (S, J), ()), NEEDS, np.ones((4, 1), bool))
    assert_array_equal(out.network, [[0, 1, 2, 3, -1, -1]])  # without A no network, as under snow
    assert not out.fallback.any()
    assert out.network.dtype == np.int16


def test_a_missing_subnetwork_falls_back_to_the_next_in_rank_that_is_valid():
    exists = np.array([[0], [0], [1], [1]], bool)  # the zone trained A+J and A only
    out = collocate(available((A, S, J), (A, S), (A, J), (A,)), NEEDS, exists)
    assert_array_equal(out.network, [[2, 3, 2, 3]])  # A+S+J → A+J, A+S → A
    assert_array_equal(out.fallback, [[True, True, False, False]])


def test_without_any_subnetwork_there_is_none_and_no_fallback():
    out = collocate(available((A, S, J)), NEEDS, np.zeros((4, 1), bool))
    assert_array_equal(out.network, [[-1]])
    assert not out.fallback.any()


def test_the_order_of_the_table_decides_not_the_number_of_predictors():
    training_first = NEEDS[[1, 0, 2, 3]]  # A+S before A+S+J
    out = collocate(available((A, S, J)), training_first, np.ones((4, 1), bool))
    assert_array_equal(out.network, [[0]])


def test_zones_differ_within_a_tile():
    valid = np.repeat(available((A, S, J)), 2, axis=1)
    out = collocate(valid, NEEDS, np.array([[1, 0], [1, 1], [1, 1], [1, 1]], bool))
    assert_array_equal(out.network, [[0], [1]])
    assert_array_equal(out.fallback, [[False], [True]])


def test_a_subnetwork_without_skill_gives_way_and_is_used_where_nothing_better_exists():
    exists = np.ones((4, 1), bool)
    skilled = np.array([[0], [1], [0], [0]], bool)  # of A+S+J, A+S, A+J, A only A+S knows anything
    out = collocate(available((A, S, J), (A, S), (A, J), (A,), (S, J)), NEEDS, exists, skilled)
    assert_array_equal(out.network, [[1, 1, 2, 3, -1]])  # A+J and A by the best-ranked that is valid
    assert_array_equal(out.fallback, [[True, False, False, False, False]])
    assert_array_equal(out.no_skill, [[False, False, True, True, False]])


def test_skill_without_a_subnetwork_is_nothing():
    exists = np.array([[0], [0], [1], [1]], bool)
    out = collocate(available((A, S, J)), NEEDS, exists, np.array([[1], [1], [0], [0]], bool))
    assert_array_equal(out.network, [[2]])
    assert_array_equal([out.fallback, out.no_skill], [[[True]], [[True]]])
