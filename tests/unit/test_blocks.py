"""Honest splits: what is held out lies apart from what is learnt from."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from rssm.blocks import Blocks, Kind
from rssm.blocks.roles import TEST, TRAIN, UNUSED, Points, roles

YEARS = np.arange(2003, 2023)


def globe(step_degrees: float = 1.0) -> Points:
    """Points (pixel, year) on every degree."""
    latitude, longitude = (axis.ravel()[:, None] for axis in np.mgrid[-59.5:80:step_degrees, -179.5:180:step_degrees])
    return Points(np.arange(latitude.size)[:, None], latitude, longitude, YEARS[None] * 122, YEARS[None])


@pytest.mark.parametrize("kind", ["random", "space", "patches"])
def test_about_the_share_is_held_out(kind: Kind) -> None:
    found = roles(Blocks(kind, 0.2), globe(), 1)
    assert set(np.unique(found)) == {TRAIN, TEST}
    assert np.mean(found == TEST) == pytest.approx(0.2, abs=0.02)


def test_of_every_five_years_one_is_held_out_everywhere() -> None:
    found = roles(Blocks("time", 0.2), globe(), 3)
    assert_array_equal(found, np.broadcast_to(found[:1], found.shape))
    assert_array_equal((found[0] == TEST)[2:17].reshape(3, 5).sum(axis=1), 1)  # 2005 is the first of a run


def test_blocks_are_whole() -> None:
    points = globe()
    found = roles(Blocks("space", 0.2, degrees=4), points, 1)
    row, column = ((points.latitude + 90) // 4).astype(int), ((points.longitude + 180) // 4).astype(int)
    for block in (row * 100 + column == 2000 + 31, row * 100 + column == 1500 + 62):
        assert block.any()
        assert len(np.unique(found[block[:, 0]])) == 1


def test_both_leaves_unused_what_shares_a_block_or_a_year() -> None:
    points = globe()
    space, time, both = (roles(Blocks(kind, 0.2), points, 1) == TEST for kind in ("space", "time", "both"))
    found = roles(Blocks("both", 0.2), points, 1)
    assert_array_equal(found == TEST, space & time)
    assert_array_equal(found == UNUSED, space ^ time)
    assert both.any()


def test_a_buffer_keeps_what_is_learnt_away() -> None:
    points = globe()
    found = roles(Blocks("space", 0.1, degrees=5, buffer=2), points, 1)[:, 0]
    here = {(a, o): r for a, o, r in zip(points.latitude[:, 0], points.longitude[:, 0], found, strict=True)}
    assert_array_equal(found == TEST, roles(Blocks("space", 0.1, degrees=5), points, 1)[:, 0] == TEST)
    around = [(north, east) for north in (-2, 0, 2) for east in (-2, 0, 2)]
    for (latitude, longitude), role in here.items():
        if role == TEST:
            for north, east in around:
                wrapped = (longitude + east + 180) % 360 - 180
                assert here.get((latitude + north, wrapped), UNUSED) != TRAIN


def test_keys_draw_otherwise_and_any_part_draws_the_same() -> None:
    points = globe(4)
    whole = roles(Blocks("patches", 0.3), points, 1)
    assert not np.array_equal(whole, roles(Blocks("patches", 0.3), points, 2))
    part = Points(
        points.pixel[7:9], points.latitude[7:9], points.longitude[7:9], points.step[:, 3:], points.year[:, 3:]
    )
    assert_array_equal(roles(Blocks("patches", 0.3), part, 1), whole[7:9, 3:])
