"""Laws of merging."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from rssm.rounds.merge import Provenance, Substep, merge

MIRROR = np.array([0, 2, 1, 3, 5, 4, 6])  # what each provenance is called when the substeps change places


@st.composite
def rounds(draw: st.DrawFn) -> tuple[Substep, Substep]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    chains, pixels, dekads = draw(st.integers(1, 3)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    needs = np.unpackbits(np.arange(1, 4, dtype=np.uint8)[:, None], axis=1)[:, -2:].astype(bool)

    def substep() -> Substep:
        network = rng.integers(-1, 3, (pixels, dekads)).astype(np.int16)
        estimate = np.where(network < 0, np.nan, rng.random((chains, pixels, dekads))).astype(np.float32)
        estimate[rng.random(estimate.shape) < 0.1] = np.nan
        rmse = 0.05 + 0.003 * rng.random((3, pixels)) * draw(st.sampled_from([0, 1, 5]))
        rmse[rng.random(rmse.shape) < 0.1] = np.nan
        return Substep(estimate, network, rng.permutation(needs), rmse)

    return substep(), substep()


@settings(max_examples=150, deadline=None)
@given(rounds())
def test_within_the_two_and_a_gap_only_where_both_have_one(substeps):
    first, second = substeps
    out = merge(first, second)
    low, high = np.fmin(first.estimate, second.estimate), np.fmax(first.estimate, second.estimate)
    assert_array_equal(np.isnan(out.estimate), np.isnan(low))
    assert not (out.estimate < low).any() and not (out.estimate > high).any()
    assert_array_equal(out.provenance == Provenance.NONE, np.isnan(out.estimate))
    assert_array_equal(out.network == -1, np.isnan(out.estimate))
    assert out.network.max() < len(first.needs) + len(second.needs)


@settings(max_examples=100, deadline=None)
@given(rounds())
def test_changing_places_changes_names_only(substeps):
    first, second = substeps
    out, swapped = merge(first, second), merge(second, first)
    assert_allclose(swapped.estimate, out.estimate, rtol=2e-7)
    assert_array_equal(MIRROR[swapped.provenance], out.provenance)


@settings(max_examples=100, deadline=None)
@given(rounds())
def test_chains_and_pixels_alone_or_together_give_the_same_bits(substeps):
    first, second = substeps
    whole = merge(first, second)
    for chain in range(len(first.estimate)):
        alone = merge(*(s._replace(estimate=s.estimate[chain]) for s in substeps))
        for part, all_chains in zip(alone, whole, strict=True):
            assert_array_equal(part, all_chains[chain])
    pixels = np.s_[:1]
    few = [Substep(s.estimate[:, pixels], s.network[pixels], s.needs, s.rmse[:, pixels]) for s in substeps]
    for part, tile in zip(merge(*few), whole, strict=True):
        assert_array_equal(part, tile[:, pixels])


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_merging_a_substep_with_itself_changes_nothing(substeps):
    first, _ = substeps
    out = merge(first, first)
    assert_array_equal(out.estimate, first.estimate)
    assert set(np.unique(out.provenance)) <= {Provenance.NONE, Provenance.MEAN_OF_SAME_SET}
