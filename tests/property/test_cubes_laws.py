"""Laws of cubes: maps → cubes → maps gives the land back, whatever the tiles; files lose nothing."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rssm.calendar import CALENDARS, DEKADS, STATIC
from rssm.cubes.cube import Cube, read_cube, write_cube
from rssm.cubes.cut import build_cube
from rssm.cubes.place import scatter
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.maps import write_map

regions = st.builds(
    Region,
    south=st.integers(-60, 76),
    north=st.just(0),
    west=st.integers(-180, 179),
    degrees=st.integers(1, 4),
).map(lambda r: Region(r.south, r.south + 1 + abs(r.south) % 3, r.west, r.degrees))


def write_land(path, window, seed):
    """A random land mask inside the window, at least its first pixel."""
    mask = np.zeros((GRID.rows, GRID.columns), np.uint8)
    land = np.random.default_rng(seed).random(window.shape) < 0.4
    land[0, 0] = True
    columns = (window.column + np.arange(window.columns)) % GRID.columns
    mask[window.row : window.row + window.rows, columns] = land
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "height": 1400, "width": 3600, "compress": "deflate"}
    with rasterio.open(path, "w", transform=rasterio.Affine(0.1, 0, -180, 0, -0.1, 80), **profile) as target:
        target.write(mask, 1)
    return land


@given(regions, st.sampled_from([1, 2, 10]), st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_maps_to_cubes_to_maps_gives_the_land_back_for_any_tiles(region, degrees, seed):
    window = GRID.window(region)
    with TemporaryDirectory() as folder:
        land = write_land(f"{folder}/land.tif", window, seed)
        steps = [72000, 72001, 72005]
        fields = np.random.default_rng(seed).random((3, *window.shape), np.float32)
        fields[fields < 0.2] = np.nan
        maps = {step: f"{folder}/{step}.tif" for step in steps}
        for path, field in zip(maps.values(), fields, strict=True):
            write_map(path, {"value": field}, GRID, window, {"calendar_id": "dekad"})
        out, seen = None, 0
        for tile in GRID.tiles(region, degrees):
            try:
                cube = build_cube(maps, tile, region, f"{folder}/land.tif", variable="x", grid=GRID)
            except InputError:  # a tile without land
                continue
            write_cube(f"{folder}/cube.nc", cube)
            cube = read_cube(f"{folder}/cube.nc")
            out = scatter(cube.values.T, cube.pixel, window, GRID, out=out)
            seen += cube.pixel.size
            for name in cube.zones:
                rows, columns = np.divmod(cube.pixel[cube.zone(name)], GRID.columns)
                assert {GRID.zone_of(int(r), int(c)).name for r, c in zip(rows, columns, strict=True)} == {name}
        assert seen == land.sum()
        assert_array_equal(out, np.where(land, fields, np.nan))
        assert not list(Path(folder).glob(".*"))


@given(
    st.sampled_from(["dekad", "month", "year", STATIC]),
    st.sets(st.integers(0, 40), min_size=1),
    st.lists(st.integers(-200, 800), min_size=1, max_size=20),
    st.sampled_from(["missing", "nearest_year"]),
)
@settings(max_examples=200, deadline=None)
def test_a_dekad_shows_its_own_step_or_the_same_season_of_the_nearest_year(calendar_id, positions, offsets, outside):
    """Checked against a slow search, year by year."""
    calendar = None if calendar_id == STATIC else CALENDARS[calendar_id]
    first = calendar.of(DEKADS.start(2010 * 36)) if calendar else 0
    steps = sorted(first + position for position in positions) if calendar else [0]
    dekads = [2010 * 36 + offset for offset in offsets]
    cube = Cube(
        "x", "1", np.array([steps], np.float32), np.array([0], np.int32), ("N79W180",), np.array([0, 1], np.int32),
        np.array(steps, np.int32), calendar_id, GRID.id, outside,
    )  # fmt: skip
    for dekad, value, borrowed in zip(dekads, cube.at(dekads, DEKADS)[0], cube.borrowed(dekads, DEKADS), strict=True):
        own = calendar.of(DEKADS.start(dekad)) if calendar else 0
        shown = own
        if outside == "nearest_year" and calendar:
            while shown < steps[0]:
                shown += calendar.steps_per_year
            while shown > steps[-1]:
                shown -= calendar.steps_per_year
        assert_array_equal(value, np.float32(shown) if shown in steps else np.nan)
        assert borrowed == (shown in steps and shown != own)
