"""Skill of the networks of a round: residual variance by hand, what rounds teach, and the table on a window."""

from dataclasses import replace

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.grid import GRID, Region
from rssm.networks import store
from rssm.networks.subnetworks import Subnetworks
from rssm.product.specs import HeldOutSpec
from rssm.product.uncertainty.held_out import FIELDS, Skill, held_out_skill, read_skill, write_skill
from rssm.rounds.estimates import Estimates, write_estimates


def small_network(path, network, zones, mse, points):
    """A network file of which only the scores matter."""
    trained = Subnetworks.empty(1, len(zones), 7, 1)
    trained.rmse[0, :, 2], trained.r2[0, :, 2], trained.points[0, :, 2] = np.sqrt(mse), 0.5, points
    store.write(path, trained, ["ASCAT-SWI"], zones, {"network": network, "tile": "N40E000"})


def test_residual_variance_is_what_held_out_error_exceeds_the_spread_by(tmp_path):
    # one zone of two pixels, three dekads, two chains ±0.01 apart from their mean: V = 2 · 0.01² where A is used
    value = np.full((2, 2, 3), 0.2, np.float32) + np.array([0.01, -0.01], np.float32)[:, None, None]
    row = GRID.north * GRID.zone_pixels - 405
    estimates = Estimates(
        value=value,
        network=np.array([[0, 0, 0], [0, 0, -1]], np.int16),
        flags=np.zeros((2, 3), np.uint8),
        merged=np.zeros((2, 3), np.uint8),
        names=("A", "B"),
        mse=np.zeros((2, 1), np.float32),
        step=np.arange(3, dtype=np.int32),
        pixel=np.array([row * 3600 + 1800, row * 3600 + 1801], np.int32),
        zones=("N40E000",),
        zone_start=np.array([0, 2], np.int32),
    )
    write_estimates(tmp_path / "tile.nc", estimates)
    small_network(tmp_path / "A.nc", "A", ["N40E000"], 0.0009, 108)
    small_network(tmp_path / "B.nc", "B", ["N40E000"], 0.0016, 0)
    files = [str(tmp_path / "tile.nc")], [str(tmp_path / f"{n}.nc") for n in "AB"], [], []
    spec = HeldOutSpec(("A", "B"), ((), ()), (0, 1), 108, 1.0, "LANDCOVER", GRID.id, "dekad")
    held_out_skill("1", *files, [], spec, [str(tmp_path / "1.nc")])
    table = read_skill(tmp_path / "1.nc")
    assert table.fields["variance"][:, 0] == approx([0.0002, 0], rel=1e-5)
    assert table.fields["blocks"][:, 0] == approx([1, 0])
    # A alone in its stratum: the mean is its own; B has no block, so it takes the mean of all
    assert table.fields["residual"][:, 0] == approx([0.0007, 0.0007], rel=1e-5)
    assert table.fields["r2"][:, 0] == approx([0.5, 0.5])
    assert len(table.files) == 64
    assert table.fields["lessons"][:, 0] == approx([4, 0])  # not the third dekad
    # the next round: half of B's targets came from this one, whose mean R in the zone is 0.0007; none of A's
    held_out_skill(
        "2", *files, [str(tmp_path / "1.nc")], replace(spec, shares=((0,), (0.5,))), [str(tmp_path / "2.nc")]
    )
    second = read_skill(tmp_path / "2.nc")
    assert second.fields["residual"][:, 0] == approx([0.0007, 0.0007 + 0.00035], rel=1e-5)
    assert table.behind == {} and second.behind == {"1": table.files}
    # the third learnt from the second alone: the first stands behind it all the same; who taught nothing does not
    before = [str(tmp_path / f"{n}.nc") for n in "12"]
    for shares, behind in (([0, 1], {"1", "2"}), ([1, 0], {"1"}), ([0, 0], set())):
        held_out_skill("3", *files, before, replace(spec, shares=(shares, shares)), [str(tmp_path / "3.nc")])
        assert set(read_skill(tmp_path / "3.nc").behind) == behind


def test_a_rounds_error_in_a_zone_is_that_of_its_subnetworks_as_often_as_they_were_used():
    fields = {"residual": [[1, 5, np.nan], [4, np.nan, 2]], "lessons": [[30, 10, 0], [10, 7, 0]]}
    table = Skill(("A", "B"), ("a", "b", "c"), {k: np.array(v, np.float32) for k, v in fields.items()}, "")
    assert table.taught(["b", "a", "c", "other"]) == approx([5, 1.75, np.nan, np.nan], nan_ok=True)


def test_skill_lies_on_the_zones_of_a_window_across_the_dateline(tmp_path):
    fields = {name: np.array([[1, 2, 3]], np.float32) for name in FIELDS}
    write_skill(tmp_path / "1.nc", Skill(("A",), ("N10E179", "N10W180", "S05E000"), fields, "0" * 64))
    laid = read_skill(tmp_path / "1.nc").over(Region(10, 12, 179, 2), "mse", ["B", "A"])
    assert_array_equal(laid[1], [[np.nan, np.nan], [1, 2]])  # northern row first
    assert np.isnan(laid[[0, 2]]).all()  # B is not in the table; the last row is `no network`
