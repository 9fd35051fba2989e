"""Pixels, zones and tiles, worked by hand."""

from __future__ import annotations

import pytest

from rssm.errors import InputError
from rssm.grid import GRID, Grid, Region, Tile, Window, Zone, corner_name, parse_corner, relative_window, unwrapped


def test_the_grid_is_the_papers():
    assert (GRID.rows, GRID.columns, GRID.id) == (1400, 3600, "wgs84_0.1")
    assert isinstance(GRID, Grid)


def test_a_region_is_snapped_outward_to_whole_zones():
    region = GRID.region(south=38.2, north=41.9, west=-1.5, east=0.5)
    assert region == Region(38, 42, -2, 3)
    assert GRID.window(region) == Window(380, 1780, 40, 30)


def test_a_region_may_cross_the_dateline():
    region = GRID.region(south=-20, north=-15, west=175, east=-175)
    assert region.degrees == 10
    assert [zone.west for zone in region.zones()[:10]] == [175, 176, 177, 178, 179, -180, -179, -178, -177, -176]
    assert [tile.name for tile in GRID.tiles(region, 10)] == ["S20E170", "S20W180"]
    assert list(unwrapped(GRID.window(region), GRID.columns)) == [
        (slice(3550, 3600), slice(0, 50)),
        (slice(0, 50), slice(50, 100)),
    ]


def test_the_whole_circle_wraps():
    assert GRID.region(-60, 80, -180, 180).wraps
    assert not GRID.region(-60, 80, -180, 179).wraps


@pytest.mark.parametrize("box", [(10, 5, 0, 1), (-61, 0, 0, 1), (0, 81, 0, 1), (0, 1, 5, 5), (0, 1, -181, 5)])
def test_what_is_no_region_is_refused(box):
    with pytest.raises(InputError, match="region"):
        GRID.region(*box)


@pytest.mark.parametrize(("south", "west", "name"), [(30, 100, "N30E100"), (-5, -70, "S05W070"), (0, 0, "N00E000")])
def test_zones_are_named_by_their_south_west_corner(south, west, name):
    assert corner_name(south, west) == name
    assert parse_corner(name) == (south, west)


def test_a_tile_is_anchored_at_the_grids_corner_whatever_the_region():
    assert GRID.tile_of(Zone(39, -3), 10) == Tile(30, -10, 10)
    assert GRID.tile_of(Zone(-60, -180), 10) == Tile(-60, -180, 10)
    assert GRID.tile_of(Zone(79, 179), 3) == Tile(78, 177, 3)


def test_a_tile_holds_only_zones_of_the_region():
    region = GRID.region(39, 42, -3, 0)
    tiles = GRID.tiles(region, 10)
    assert [tile.name for tile in tiles] == ["N40W010", "N30W010"]
    assert [zone.name for zone in GRID.tile_zones(tiles[1], region)] == ["N39W003", "N39W002", "N39W001"]


def test_windows_are_counted_from_each_others_corner_across_the_dateline():
    outer = GRID.window(GRID.region(-20, -15, 175, -175))
    inner = GRID.zone_window(Zone(-16, -180))
    assert relative_window(inner, outer, GRID.columns) == Window(0, 50, 10, 10)


def test_rows_run_from_north_to_south():
    assert GRID.transform(Window(400, 1800, 10, 10)) == pytest.approx((0.1, 0, 0, 0, -0.1, 40))
    assert GRID.zone_of(400, 1800) == Zone(39, 0)
