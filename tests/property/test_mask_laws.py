"""Laws of the snow and ice mask."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from rssm.product.values.mask import mostly_frozen, snow_ice

years = arrays(bool, (5, 2, 6))
layer = arrays(bool, 6)
days = arrays(np.int64, 6, elements=st.integers(0, 10))


@given(years, years, st.permutations(range(5)))
def test_the_usual_state_knows_no_order_of_years_and_is_a_strict_majority(frozen, observed, order):
    usual = mostly_frozen(frozen, observed)
    assert_array_equal(mostly_frozen(frozen[order], observed[order]), usual)
    usually_thawed = mostly_frozen(~frozen, observed)
    assert not (usual & usually_thawed).any()
    ties = 2 * (frozen & observed).sum(0) == observed.sum(0)
    assert_array_equal(usual | usually_thawed, ~ties)


@given(layer, layer, layer, days, days)
def test_the_two_grounds_exclude_each_other_and_only_frozen_pixels_are_masked(reported, era, usual, thawed, more):
    out = snow_ice(reported, era, usual, thawed, thawed + more)
    assert not (out.observed & out.inferred).any()
    assert not (out.observed & ~reported).any() and not (out.inferred & ~usual).any()
    warmer = snow_ice(reported, era, usual, thawed + 1, thawed + more + 1)
    assert not (warmer.inferred & ~out.inferred).any()  # one more thawed day never freezes
