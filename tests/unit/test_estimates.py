"""Estimates on disk, and two substeps that become one series, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rssm.errors import InputError
from rssm.rounds.estimates import FALLBACK, OUTSIDE, Estimates, read_estimates, write_estimates
from rssm.rounds.join import joined
from rssm.rounds.merge import Provenance

PREDICTORS = {"NN3-1-1": ["A", "S"], "NN3-2-1": ["A", "S", "T"]}


def estimates(name: str, steps: range, value: float, rmse: float = 0.03) -> Estimates:
    """Two pixels of one zone; nothing is known of the second in the last dekad."""
    values = np.full((1, 2, len(steps)), value, np.float32)
    network = np.zeros((2, len(steps)), np.int16)
    values[0, 1, -1], network[1, -1] = np.nan, -1
    zero = np.zeros(network.shape, np.uint8)
    pixel, start = np.array([3600, 3601], np.int32), np.array([0, 2], np.int32)
    mse = np.array([[rmse**2]], np.float32)
    return Estimates(values, network, zero, zero, (name,), mse, np.array(steps, np.int32), pixel, ("N79W180",), start)


def test_what_is_written_is_read_back_whole_or_by_dekads(tmp_path):
    made = replace(estimates("NN1", range(100, 180), 0.25), flags=np.full((2, 80), FALLBACK | OUTSIDE, np.uint8))
    write_estimates(tmp_path / "e.nc", made)
    back = read_estimates(tmp_path / "e.nc")
    np.testing.assert_array_equal(back.value, made.value)
    assert (back.names, back.zones) == (made.names, made.zones)
    part = read_estimates(tmp_path / "e.nc", range(110, 112))
    assert part.step.tolist() == [110, 111]
    assert part.value.shape == (1, 2, 2)


def test_held_out_error_follows_the_network_used():
    found = estimates("NN1", range(3), 0.2, rmse=0.05).held_out_mse()
    np.testing.assert_allclose(found, [[0.0025, 0.0025, 0.0025], [0.0025, 0.0025, np.nan]], rtol=1e-6)


def test_substeps_of_different_dekads_stand_side_by_side_in_time():
    late, early = estimates("NN1-1-1", range(10, 12), 0.3), estimates("NN1-2-1", range(8, 10), 0.1)
    whole = joined([late, early], {}, 0.05)
    assert whole.step.tolist() == [8, 9, 10, 11]
    np.testing.assert_allclose(whole.value[0, 0], [0.1, 0.1, 0.3, 0.3])
    assert whole.names == ("NN1-1-1", "NN1-2-1")
    assert whole.network[0].tolist() == [1, 1, 0, 0]
    assert whole.network[1].tolist() == [1, -1, 0, -1]


def test_substeps_of_the_same_dekads_are_merged_by_held_out_skill():
    first, second = estimates("NN3-1-1", range(4), 0.2, 0.04), estimates("NN3-2-1", range(4), 0.3, 0.02)
    whole = joined([first, second], PREDICTORS, 0.05)
    np.testing.assert_allclose(whole.value[0, 0], 0.3)
    assert set(whole.merged[0].tolist()) == {Provenance.SECOND_BETTER}
    assert [whole.names[n] for n in whole.network[0]] == ["NN3-2-1"] * 4
    alike = joined([first, replace(second, mse=first.mse)], PREDICTORS, 0.05)
    np.testing.assert_allclose(alike.value[0, 0], 0.25)
    assert np.isnan(alike.value[0, 1, -1])


def test_dekads_that_overlap_in_part_are_refused():
    with pytest.raises(InputError, match="share 1 dekads"):
        joined([estimates("NN1", range(3), 0.2), estimates("NN2", range(2, 5), 0.2)], {}, 0.05)
