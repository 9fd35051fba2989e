"""What holds for every region and every tile size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rssm.grid import GRID, Zone, parse_corner

latitudes = st.floats(-60, 80)
longitudes = st.floats(-180, 180)


@st.composite
def regions(draw):
    south, north = sorted(draw(st.tuples(latitudes, latitudes).filter(lambda pair: pair[1] != pair[0])))
    west, east = draw(st.tuples(longitudes, longitudes).filter(lambda pair: pair[1] != pair[0]))
    return GRID.region(south, north, west, east), (south, north, west, east)


@given(regions())
def test_a_region_holds_its_box(case):
    region, (south, north, west, east) = case
    assert region.south <= south
    assert north <= region.north
    assert (west - region.west) % 360 <= region.degrees
    assert (east - region.west) % 360 <= region.degrees
    assert region.north - south - (north - south) < 1 + 1e-9


@given(regions(), st.integers(1, 20))
def test_tiles_cut_a_region_into_its_zones(case, degrees):
    region, _ = case
    parts = [zone for tile in GRID.tiles(region, degrees) for zone in GRID.tile_zones(tile, region)]
    assert sorted(parts) == sorted(region.zones())
    assert len(set(parts)) == len(parts)


@given(st.integers(-60, 79), st.integers(-180, 179))
def test_a_zones_window_leads_back_to_it(south, west):
    zone = Zone(south, west)
    window = GRID.zone_window(zone)
    corners = [(window.row, window.column), (window.row + 9, window.column + 9)]
    assert {GRID.zone_of(row, column) for row, column in corners} == {zone}
    assert Zone(*parse_corner(zone.name)) == zone
