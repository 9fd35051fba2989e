"""Merging of two substeps, worked by hand."""

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.rounds.merge import Provenance, Substep, merge, provenance_attributes

NAN = np.nan
SETS = np.array([[1, 1], [1, 0]], bool)  # A+S, A


def substep(estimate: float, network: int, rmse: tuple[float, float], needs: np.ndarray = SETS) -> Substep:
    """One pixel, one dekad; rmse of both networks in its zone."""
    return Substep(np.array([[estimate]], np.float32), np.array([[network]], np.int16), needs, np.array(rmse)[:, None])


def merged(first: Substep, second: Substep) -> tuple[float, Provenance, int]:
    out = merge(first, second)
    return float(out.estimate[0, 0]), Provenance(out.provenance[0, 0]), int(out.network[0, 0])


def test_the_only_one_there_is():
    some, none = substep(0.2, 1, (0.03, 0.04)), substep(NAN, -1, (0.03, 0.04))
    assert merged(some, none) == (approx(0.2), Provenance.FIRST_ONLY, 1)
    assert merged(none, some) == (approx(0.2), Provenance.SECOND_ONLY, 3)  # networks of the second follow two
    estimate, provenance, network = merged(none, none)
    assert np.isnan(estimate) and (provenance, network) == (Provenance.NONE, -1)


def test_the_mean_of_the_same_set_whatever_the_skill():
    # A is network 1 of the first list and network 0 of the second
    second = substep(0.4, 0, (0.01, 0.04), SETS[::-1])
    assert merged(substep(0.2, 1, (0.03, 0.04)), second) == (approx(0.3), Provenance.MEAN_OF_SAME_SET, 2)


def test_more_than_five_per_cent_lower_wins():
    first = substep(0.2, 0, (0.094, 1))
    assert merged(first, substep(0.4, 1, (1, 0.1))) == (approx(0.2), Provenance.FIRST_BETTER, 0)
    assert merged(substep(0.4, 0, (0.1, 1)), substep(0.2, 1, (1, 0.094))) == (approx(0.2), Provenance.SECOND_BETTER, 3)


def test_close_ones_are_weighted_by_inverse_mse():
    # weights 1/0.96² and 1/1: (0.2/0.9216 + 0.4)/(1/0.9216 + 1)
    out = merged(substep(0.2, 0, (0.096, 1)), substep(0.4, 1, (1, 0.1)))
    assert out == (approx((0.2 / 0.9216 + 0.4) / (1 / 0.9216 + 1), abs=1e-7), Provenance.WEIGHTED_MEAN, 0)
    assert out[0] == approx(0.29592, abs=1e-5)
    assert merged(substep(0.2, 0, (0.1, 1)), substep(0.4, 1, (1, 0.096)))[2] == 3  # named after the better


def test_an_unknown_skill_loses_and_two_unknown_are_a_plain_mean():
    known, unknown = substep(0.2, 0, (0.1, NAN)), substep(0.4, 1, (NAN, NAN))
    assert merged(known, unknown) == (approx(0.2), Provenance.FIRST_BETTER, 0)
    assert merged(substep(0.2, 0, (NAN, NAN)), unknown) == (approx(0.3), Provenance.WEIGHTED_MEAN, 0)
    perfect = substep(0.2, 0, (0, 0)), substep(0.4, 1, (0, 0))
    assert merged(*perfect) == (approx(0.3), Provenance.WEIGHTED_MEAN, 0)


def test_a_chain_that_lacks_one_estimate_takes_the_other():
    first, second = substep(0.2, 0, (0.1, 1)), substep(0.4, 1, (1, 0.1))
    chains = first._replace(estimate=np.array([0.2, NAN], np.float32).reshape(2, 1, 1))
    out = merge(chains, second._replace(estimate=np.full((2, 1, 1), 0.4, np.float32)))
    assert_array_equal(out.provenance.ravel(), [Provenance.WEIGHTED_MEAN, Provenance.SECOND_ONLY])
    assert out.estimate.ravel() == approx([0.3, 0.4])
    assert out.estimate.dtype == np.float32


def test_cf_attributes_name_every_value():
    attributes = provenance_attributes()
    assert str(attributes["flag_meanings"]).split()[4] == "first_better"
    assert_array_equal(attributes["flag_values"], range(7))
