"""Native cells and footprints: right places, and means that keep what they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from rssm.archive.grids import NATIVE_GRIDS
from rssm.config.toy import Toy
from rssm.grid import GRID, Area, Region
from rssm.toy.footprint import Footprint, axes, cells
from rssm.toy.truth import Earth

ALL_LAND = np.ones((GRID.rows, GRID.columns), bool)
COARSE = [name for name in NATIVE_GRIDS if name != "latlon_1/112"]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(list(NATIVE_GRIDS)),
    st.integers(-60, 77),
    st.integers(1, 3),
    st.integers(-180, 179),
    st.integers(1, 4),
)
def test_cells_cover_the_region(grid_id: str, south: int, tall: int, west: int, wide: int) -> None:
    found = cells(grid_id, Area(GRID.id, Region(south, south + tall, west, wide)))
    latitude, longitude = axes(grid_id)
    assert_allclose(found.latitude[:, 0], latitude[found.rows], atol=0.05)  # mean of edges against the centre
    turn = (found.longitude[0] - longitude[found.columns] + 180) % 360 - 180
    assert_allclose(turn, 0, atol=1e-3)
    height = found.tall.mean() / 10
    if grid_id != "latlon_1/112" or south + tall < 80:
        assert found.latitude[0, 0] > south + tall - height / 2
    assert found.latitude[-1, 0] <= south + height / 2  # equal where the native grid ends
    from_west = (longitude[found.columns] - west + 180) % 360 - 180
    step = found.wide / 10
    assert -2.1 * step < from_west[0] < step / 2 and from_west[-1] > wide - step / 2
    pieces = found.pieces()
    assert_array_equal(np.concatenate([np.arange(p.start, p.stop) for p, _ in pieces]), found.columns)
    assert len(pieces) <= 2


@pytest.mark.parametrize("grid_id", COARSE)
@pytest.mark.parametrize("box", [(39, 42, -2, 1), (-18, -16, 179, -179), (70, 72, 30, 32)])
def test_constant_and_gradient_survive_a_footprint(grid_id: str, box: tuple[float, ...]) -> None:
    earth = Earth(Toy(), Area(GRID.id, GRID.region(*box)), ALL_LAND)
    found = cells(grid_id, earth.area)
    look = Footprint(found, earth.patch, 40, np.ones(earth.patch.shape, bool))
    assert_allclose(look(np.full((2, *earth.patch.shape), 0.3, np.float32)), 0.3, rtol=1e-5)
    slope = np.broadcast_to(earth.geography.latitude, earth.patch.shape).astype(np.float32)
    inside = abs(found.latitude[:, 0] - (box[0] + box[1]) / 2) < (box[1] - box[0]) / 2
    assert_allclose(look(slope)[inside].mean(axis=1), found.latitude[inside, 0], atol=0.06)


def test_sea_does_not_enter_the_mean() -> None:
    earth = Earth(Toy(), Area(GRID.id, GRID.region(39, 42, -2, 1)))
    land = np.zeros(earth.patch.shape, bool)
    land[:, :25] = True
    look = Footprint(cells("latlon_0.25", earth.area), earth.patch, 25, land)
    field = np.where(land, 0.2, 9).astype(np.float32)
    assert_allclose(look(field)[look.land > 0], 0.2, rtol=1e-5)
    assert look.land.min() == 0 and look.land.max() == 1
    assert_allclose(look(field)[look.land == 0], 0)


def test_a_cell_mean_by_hand() -> None:
    """0.25° cells that begin on a tenth hold two whole pixels and half of another, each way."""
    earth = Earth(Toy(), Area(GRID.id, GRID.region(40, 41, 0, 1)))
    field = np.zeros(earth.patch.shape, np.float32)
    field[10, 10] = 1  # the pixel at the region's north-west corner
    look = Footprint(cells("latlon_0.25", earth.area), earth.patch, 1, np.ones(earth.patch.shape, bool))
    mean = look(field)
    at = np.argwhere(mean > 0)
    assert len(at) == 1
    assert_allclose(mean[tuple(at[0])], 1 / 2.5**2, rtol=1e-5)
    assert_allclose([look.cells.latitude[at[0][0], 0], look.cells.longitude[0, at[0][1]]], [40.875, 0.125])


def test_the_whole_circle_has_no_seam() -> None:
    earth = Earth(Toy(), Area(GRID.id, Region(10, 11, -180, 360)))
    look = Footprint(cells("ease2_m25", earth.area), earth.patch, 43, np.ones(earth.patch.shape, bool))
    turn = np.cos(np.radians(np.broadcast_to(earth.geography.longitude, earth.patch.shape))).astype(np.float32)
    assert_allclose(look(turn)[3], np.cos(np.radians(look.cells.longitude[0])), atol=2e-3)
