"""Laws of the range screen."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.rounds.screen import screen, variance_ratio

moisture = st.floats(0, 1, width=32) | st.just(np.nan)
maps = arrays(np.float32, (4, 6), elements=moisture)
limits = arrays(np.float32, 6, elements=moisture)


@given(maps, limits, limits)
def test_what_stays_is_unchanged_and_in_range_and_the_counts_add_up(sim, low, high):
    target, removed = screen(sim, low, high)
    kept = ~np.isnan(target)
    assert_array_equal(target[kept], sim[kept])
    assert ((target >= low) & (target <= high))[kept].all()
    assert kept.sum() + removed == (~np.isnan(sim)).sum()
    again, none = screen(target, low, high)
    assert_array_equal(again, target)
    assert none == 0


@given(maps, limits, limits, st.floats(0, 0.5))
def test_a_wider_range_keeps_at_least_as_much(sim, low, high, wider):
    narrow, _ = screen(sim, low, high)
    wide, _ = screen(sim, low - wider, high + wider)
    assert not (np.isnan(wide) & ~np.isnan(narrow)).any()


@given(maps)
def test_the_variance_ratio_is_that_of_numpy(sim):
    before = sim.astype("f8")
    after = np.where(before > 0.3, np.nan, before)
    ratio = variance_ratio(before, after)
    for pixel in range(len(sim)):
        b, a = (x[pixel][~np.isnan(x[pixel])] for x in (before, after))
        if len(a) > 1 and b.var() > 1e-12:
            assert ratio[pixel] == approx(a.var(ddof=1) / b.var(ddof=1))
