"""Laws of the chains' random numbers: a pixel and dekad get the same bits whatever else is asked for."""

from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rssm.draws import seed_key
from rssm.rounds.perturb import (
    block_counts,
    input_error,
    regional_noise,
    resample_residuals,
    target_error,
)

Draw = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
DRAWS: dict[str, Draw] = {
    "noise": lambda row, col, dekads: regional_noise(5, row, col, dekads, 3, 0.5),
    "target": lambda row, col, dekads: target_error(5, row, col, dekads, 0.02, 0.03),
    "input": lambda row, col, dekads: input_error(5, 6, row, col, dekads, 0.04),
    "counts": lambda row, col, dekads: block_counts(5, row, col, dekads),
}


@st.composite
def tiles(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Land pixels (scattered), dekads, and a choice of each."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pixels = draw(st.integers(1, 40))
    row, col = rng.integers(0, 1400, pixels), rng.integers(0, 3600, pixels)
    dekads = 2003 * 36 + np.arange(draw(st.integers(1, 50)))
    some = np.flatnonzero(rng.random(pixels) < 0.5)
    when = np.flatnonzero(rng.random(len(dekads)) < 0.5)
    return row, col, dekads, some if len(some) else np.array([0]), when if len(when) else np.array([0])


@settings(max_examples=40, deadline=None)
@given(tiles(), st.sampled_from(sorted(DRAWS)))
def test_a_part_of_a_tile_gets_the_bits_of_the_whole(tile, name):
    row, col, dekads, some, when = tile
    whole = DRAWS[name](row, col, dekads)
    assert_array_equal(DRAWS[name](row[some], col[some], dekads[when]), whole[np.ix_(some, when)])


@settings(max_examples=40, deadline=None)
@given(tiles(), st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=3))
def test_several_keys_at_once_give_the_bits_of_one_after_the_other(tile, keys):
    row, col, dekads, *_ = tile
    at = (row, col, dekads)
    assert_array_equal(regional_noise(keys, *at), [regional_noise(key, *at) for key in keys])
    assert_array_equal(target_error(keys, *at, 0.02, 0.03), [target_error(key, *at, 0.02, 0.03) for key in keys])
    assert_array_equal(
        input_error(keys, keys[::-1], *at, 0.04),
        [input_error(key, other, *at, 0.04) for key, other in zip(keys, keys[::-1], strict=True)],
    )


@settings(max_examples=40, deadline=None)
@given(tiles())
def test_residuals_of_a_part_are_those_of_the_whole(tile):
    row, col, dekads, some, when = tile
    residual = np.sin(np.arange(row.size * dekads.size)).reshape(row.size, dekads.size)
    residual[residual < -0.5] = np.nan
    wanted = dekads + 300
    whole = resample_residuals(9, residual, row, col, dekads, wanted)
    part = resample_residuals(9, residual[some], row[some], col[some], dekads, wanted[when])
    assert_array_equal(part, whole[np.ix_(some, when)])
    for pixel in range(row.size):  # nothing is made up
        assert set(whole[pixel]) <= set(residual[pixel]) | {0.0}


@given(st.integers(0, 2**63), st.integers(0, 7), st.integers(0, 7))
def test_chains_differ_and_repeat(seed, chain, other):
    draws = [
        regional_noise(seed_key(seed, "chain", k), np.array([3]), np.array([4]), np.arange(5)) for k in (chain, other)
    ]
    assert np.array_equal(*draws) == (chain == other)
