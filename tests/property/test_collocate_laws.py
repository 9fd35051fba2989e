"""Laws of collocation."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from rssm.rounds.collocate import collocate


@st.composite
def tiles(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    predictors, networks, pixels, dekads = (draw(st.integers(1, 4)) for _ in range(4))
    return (
        draw(arrays(bool, (predictors, pixels, dekads))),
        draw(arrays(bool, (networks, predictors))),
        draw(arrays(bool, (networks, pixels))),
    )


@settings(max_examples=150)
@given(tiles())
def test_it_is_the_first_of_the_list_that_is_valid_and_exists(tile):
    available, needs, exists = tile
    out = collocate(available, needs, exists)
    for pixel, dekad in np.ndindex(out.network.shape):
        valid = [n for n in range(len(needs)) if available[needs[n], pixel, dekad].all()]
        usable = [n for n in valid if exists[n, pixel]]
        assert out.network[pixel, dekad] == (usable[0] if usable else -1)
        assert out.fallback[pixel, dekad] == (bool(usable) and usable[0] != valid[0])


@settings(max_examples=60)
@given(tiles(), st.data())
def test_pixels_are_independent_and_more_subnetworks_never_worsen_the_rank(tile, data):
    available, needs, exists = tile
    order = data.draw(st.permutations(range(available.shape[1])))
    out = collocate(available, needs, exists)
    shuffled = collocate(available[:, order], needs, exists[:, order])
    assert_array_equal(shuffled.network, out.network[order])
    assert_array_equal(shuffled.fallback, out.fallback[order])

    full = collocate(available, needs, np.ones_like(exists))
    assert not full.fallback.any()
    chosen = out.network >= 0
    assert (full.network[chosen] >= 0).all()
    assert (full.network[chosen] <= out.network[chosen]).all()


@settings(max_examples=150)
@given(tiles(), st.data())
def test_skill_comes_before_rank_and_takes_no_estimate_away(tile, data):
    available, needs, exists = tile
    skilled = data.draw(arrays(bool, exists.shape))
    out, all_alike = collocate(available, needs, exists, skilled), collocate(available, needs, exists)
    assert_array_equal(out.network >= 0, all_alike.network >= 0)
    for pixel, dekad in np.ndindex(out.network.shape):
        usable = [n for n in range(len(needs)) if available[needs[n], pixel, dekad].all() and exists[n, pixel]]
        good = [n for n in usable if skilled[n, pixel]]
        assert out.network[pixel, dekad] == (good or usable or [-1])[0]
        assert out.no_skill[pixel, dekad] == (bool(usable) and not good)
    assert not all_alike.no_skill.any()
