"""What holds for every grid, every region and every tile size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rssm.errors import InputError
from rssm.grid import GRID, EaseGrid, LatLonGrid, Region, Tile, Zone, grid_of, parse_corner, unwrapped

EASE = [EaseGrid(kilometres) for kilometres in (9, 25, 36)]
latitudes = st.floats(-60, 80)
longitudes = st.floats(-180, 180)
laws = settings(max_examples=60, deadline=None)


@st.composite
def regular(draw) -> LatLonGrid:
    """A grid of some step whose edges need not lie on whole degrees."""
    columns = draw(st.sampled_from([360, 480, 720, 900, 1000, 1440, 3600]))
    step = 360 / columns
    north = draw(st.integers(int(40 / step), int(90 / step))) * step
    south = north - draw(st.integers(int(60 / step), int((90 + north) / step))) * step
    return LatLonGrid(step, north, south, draw(st.sampled_from([-180.0, -180 - step / 2, -180 + 0.3 * step, 0.0])))


grids = st.one_of(st.sampled_from([GRID, grid_of("wgs84_0.25_90_-60_-180"), *EASE]), regular())


@st.composite
def regions(draw):
    south, north = sorted(draw(st.tuples(latitudes, latitudes).filter(lambda pair: pair[1] != pair[0])))
    west, east = draw(st.tuples(longitudes, longitudes).filter(lambda pair: pair[1] != pair[0]))
    return GRID.region(south, north, west, east), (south, north, west, east)


@st.composite
def placed(draw):
    """A grid and a region of it, which may cross the dateline."""
    grid = draw(grids)
    whole = grid.everywhere
    south = draw(st.integers(whole.south, whole.north - 1))
    north = draw(st.integers(south + 1, min(whole.north, south + 12)))
    return grid, Region(south, north, draw(st.integers(-180, 179)), draw(st.sampled_from([1, 2, 7, 20, 360])))


@given(regions())
def test_a_region_holds_its_box(case):
    region, (south, north, west, east) = case
    assert region.south <= south
    assert north <= region.north
    assert (west - region.west) % 360 <= region.degrees
    assert (east - region.west) % 360 <= region.degrees
    assert region.north - south - (north - south) < 1 + 1e-9


@laws
@given(placed(), st.integers(1, 20))
def test_tiles_cut_a_region_into_its_zones(case, degrees):
    grid, region = case
    parts = [zone for tile in grid.tiles(region, degrees) for zone in grid.tile_zones(tile, region)]
    assert sorted(parts) == sorted(region.zones())
    assert len(set(parts)) == len(parts)
    assert all(grid.tile_of(zone, degrees) in [Tile(t.south, t.west, degrees) for t in grid.tiles(region, degrees)]
               for zone in parts[:3])  # fmt: skip


@laws
@given(placed())
def test_every_pixel_of_a_region_lies_in_exactly_one_of_its_zones(case):
    grid, region = case
    window = grid.window(region)
    seen = np.zeros((window.rows, grid.columns), int)
    for zone in region.zones():
        part = grid.zone_window(zone)
        for columns, _ in unwrapped(part, grid.columns):
            seen[part.row - window.row : part.row - window.row + part.rows, columns] += 1
    there = np.zeros(grid.columns, bool)
    there[(window.column + np.arange(window.columns)) % grid.columns] = True
    assert (seen == there).all()


@laws
@given(placed())
def test_zone_edges_are_those_of_the_zones_windows(case):
    grid, region = case
    window, (rows, columns) = grid.window(region), grid.zone_edges(region)
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (0, window.rows, 0, window.columns)
    for number, zone in enumerate(region.zones()[:: max(region.degrees // 3, 1)]):
        part = grid.zone_window(zone)
        i, j = region.north - 1 - zone.south, (zone.west - region.west) % 360
        assert (rows[i + 1] - rows[i], columns[j + 1] - columns[j]) == part.shape, number
        assert part.row == window.row + rows[i] and part.column == (window.column + columns[j]) % grid.columns


@laws
@given(placed(), st.integers(0, 2**32 - 1))
def test_a_pixel_lies_in_the_zone_of_its_centre(case, seed):
    grid, region = case
    window = grid.window(region)
    latitude, longitude = grid.row_centres(window), grid.column_centres(window)
    for row, column in np.random.default_rng(seed).integers(window.shape, size=(10 if window.rows else 0, 2)):
        zone = grid.zone_of(window.row + int(row), (window.column + int(column)) % grid.columns)
        assert zone in region
        assert zone.south - 1e-6 <= latitude[row] <= zone.south + 1 + 1e-6
        assert (longitude[column] - zone.west + 1e-6) % 360 <= 1 + 2e-6
        assert grid.pixel(longitude[column], latitude[row])[0] == window.row + row


@laws
@given(placed())
def test_edges_are_monotone_and_lie_around_their_centres(case):
    grid, region = case
    window = grid.window(region)
    rows, columns = grid.row_edges(window), grid.column_edges(window)
    assert (len(rows), len(columns)) == (window.rows + 1, window.columns + 1)
    assert (np.diff(rows) < 0).all() and (np.diff(columns) > 0).all()
    for edges, centres in ((rows[::-1], grid.row_centres(window)[::-1]), (columns, grid.column_centres(window))):
        assert (edges[:-1] < centres).all() and (centres < edges[1:]).all()


@given(st.integers(-60, 79), st.integers(-180, 179))
def test_a_zones_window_leads_back_to_it(south, west):
    zone = Zone(south, west)
    window = GRID.zone_window(zone)
    corners = [(window.row, window.column), (window.row + 9, window.column + 9)]
    assert {GRID.zone_of(row, column) for row, column in corners} == {zone}
    assert Zone(*parse_corner(zone.name)) == zone


@pytest.mark.parametrize(
    "name", ["wgs84_0.1", "wgs84_0.25", "wgs84_0.25_90_-60_-180", "ease2_m09", "ease2_m25", "ease2_m36"]
)
def test_a_grids_id_leads_back_to_it(name):
    assert grid_of(name).id == name


@pytest.mark.parametrize("name", ["wgs84_0.7", "wgs84_0.25_90_-60.1_-180", "ease2_m12", "wgs84_2"])
def test_what_is_no_grid_is_refused(name):
    with pytest.raises(InputError, match=name):
        grid_of(name)
