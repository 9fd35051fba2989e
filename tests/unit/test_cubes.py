"""Cubes: order of pixels, repetition over dekads, outside the span, and back to maps."""

from dataclasses import replace

import netCDF4
import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal

from rssm.calendar import CALENDARS, DEKADS, STATIC
from rssm.cubes.cube import Cube, read_cube, read_cubes, write_cube
from rssm.cubes.cut import build_cube
from rssm.cubes.place import scatter, tile_pixels
from rssm.errors import InputError
from rssm.grid import GRID, Region, Tile, Window, Zone
from rssm.maps import write_map

REGION = Region(28, 30, 100, 3)
TILE = Tile(20, 100, 10)
WINDOW = GRID.window(REGION)


@pytest.fixture(scope="module")
def land(tmp_path_factory):
    """Land in two zones: all of N29E100, and of N28E101 the pixels of its first row and of its last column."""
    mask = np.zeros((GRID.rows, GRID.columns), np.uint8)
    mask[500:510, 2800:2810] = 1
    mask[510, 2810:2820] = 1
    mask[510:520, 2819] = 1
    path = tmp_path_factory.mktemp("land") / "land.tif"
    with rasterio.open(
        path, "w", driver="GTiff", dtype="uint8", count=1, height=1400, width=3600, crs="EPSG:4326",
        transform=rasterio.Affine(0.1, 0, -180, 0, -0.1, 80),
    ) as target:  # fmt: skip
        target.write(mask, 1)
    return path


def write_steps(folder, steps, calendar="dekad", status=None, layers=("value",)):
    """One map a step: value = global pixel index + step / 1000 (+ 0.1 for every further layer)."""
    row, column = np.indices(WINDOW.shape)
    index = (row + WINDOW.row) * 3600 + column + WINDOW.column
    paths = {}
    for step in steps:
        paths[step] = folder / f"{step}.tif"
        tags = {"calendar_id": calendar, "units": "1", "status": (status or {}).get(step, "complete")}
        fields = {name: index % 1000 + step % 100 / 1000 + i * 0.1 for i, name in enumerate(layers)}
        write_map(paths[step], fields, GRID, WINDOW, tags)
    return paths


def test_pixels_stand_zone_by_zone_and_only_land(land):
    pixel, zones, start = tile_pixels(GRID.tile_zones(TILE, REGION), land, GRID)
    assert zones == ("N29E100", "N28E101")  # zones without land are left out
    assert_array_equal(start, [0, 100, 119])
    assert pixel[0] == 500 * 3600 + 2800 and pixel[99] == 509 * 3600 + 2809
    assert_array_equal(pixel[100:111], [510 * 3600 + 2810 + i for i in range(10)] + [511 * 3600 + 2819])


def test_a_tile_without_land_is_refused(land):
    with pytest.raises(InputError, match="no land in zones N10E010"):
        tile_pixels([Zone(10, 10)], land, GRID)


def test_a_cube_holds_each_pixel_at_each_step_and_survives_its_file(land, tmp_path):
    maps = write_steps(tmp_path, [72500, 72501, 72503])
    cube = build_cube(maps, TILE, REGION, land, variable="smap", grid=GRID)
    write_cube(tmp_path / "cube.nc", cube)
    again = read_cube(tmp_path / "cube.nc")
    expected = again.pixel[:, None] % 1000 + np.array([0, 1, 3]) / 1000
    assert_array_equal(again.values, expected.astype(np.float32))
    assert_array_equal(again.values, cube.values)
    assert_array_equal(again.pixel[again.zone("N28E101")], cube.pixel[100:])
    assert (again.variable, again.units, again.zones) == ("smap", "1", cube.zones)
    assert (again.calendar_id, again.grid_id, again.outside_span) == ("dekad", "wgs84_0.1", "missing")


def test_an_outside_reader_reads_a_cube(land, tmp_path):
    write_cube(
        tmp_path / "c.nc", build_cube(write_steps(tmp_path, [5]), TILE, REGION, land, variable="smap", grid=GRID)
    )
    with netCDF4.Dataset(tmp_path / "c.nc") as source:
        values = source["smap"]["values"]
        assert values.dimensions == ("pixel", "time") and values.shape == (119, 1)
        assert list(source["zone"][:]) == ["N29E100", "N28E101"]


def test_several_variables_share_a_file_and_its_pixels(land, tmp_path):
    first = build_cube(write_steps(tmp_path, [5]), TILE, REGION, land, variable="tree", grid=GRID)
    second = replace(first, variable="sand", step=np.array([0], np.int32), calendar_id=STATIC)
    write_cube(tmp_path / "c.nc", first, second)
    back = read_cubes(tmp_path / "c.nc")
    assert [(cube.variable, cube.calendar_id) for cube in back] == [("tree", "dekad"), ("sand", STATIC)]
    assert all(np.array_equal(cube.values, first.values, equal_nan=True) for cube in back)


def test_several_layers_become_chains(land, tmp_path):
    maps = write_steps(tmp_path, [5, 6], layers=("value_1", "value_2"))
    cube = build_cube(maps, TILE, REGION, land, variable="sim", layers=("value_1", "value_2"), grid=GRID)
    write_cube(tmp_path / "c.nc", cube)
    values = read_cube(tmp_path / "c.nc").values
    assert values.shape == (2, 119, 2)
    np.testing.assert_allclose(values[1] - values[0], 0.1, atol=1e-4)
    assert read_cube(tmp_path / "c.nc").at([5, 7], DEKADS).shape == (2, 119, 2)


def cube_of(calendar, labels, outside_span="missing"):
    """One pixel whose value is its position on the time axis."""
    step = [0] if calendar == STATIC else [CALENDARS[calendar].parse(label) for label in labels]
    return Cube(
        "x", "1", np.arange(len(step), dtype=np.float32)[None], np.array([0], np.int32), ("N79W180",),
        np.array([0, 1], np.int32), np.array(step, np.int32), calendar, GRID.id, outside_span,
    )  # fmt: skip


def dekads(*labels):
    return [DEKADS.parse(label) for label in labels]


def test_months_years_and_statics_are_repeated_over_their_dekads():
    months = cube_of("month", ["2015-03", "2015-04"])
    assert_array_equal(months.at(dekads("2015D09", "2015D10", "2015D12", "2015D13"), DEKADS)[0], [0, 1, 1, np.nan])
    years = cube_of("year", ["2015", "2016"])
    assert_array_equal(years.at(dekads("2015D36", "2016D01", "2014D36"), DEKADS)[0], [0, 1, np.nan])
    assert_array_equal(cube_of(STATIC, []).at(dekads("1999D01", "2018D36"), DEKADS)[0], [0, 0])


def test_nearest_year_keeps_the_season_and_says_so():
    months = cube_of(
        "month", [f"{year}-{month:02d}" for year in (2007, 2008) for month in range(1, 13)], "nearest_year"
    )
    wanted = dekads("2005D04", "2006D36", "2007D01", "2008D36", "2009D01", "2011D04")
    assert_array_equal(months.at(wanted, DEKADS)[0], [1, 11, 0, 23, 12, 13])  # February 2005 shows February 2007
    assert_array_equal(months.borrowed(wanted, DEKADS), [True, True, False, False, True, True])
    years = cube_of("year", ["2015", "2016"], "nearest_year")
    assert_array_equal(years.at(dekads("2018D01", "2003D01"), DEKADS)[0], [1, 0])


def test_a_gap_inside_the_span_stays_a_gap():
    months = cube_of("month", ["2015-01", "2015-03"], "nearest_year")
    assert np.isnan(months.at(dekads("2015D04"), DEKADS)).all()
    assert not months.borrowed(dekads("2015D04"), DEKADS).any()


def test_outside_span_can_be_refused():
    cube = cube_of("year", ["2015", "2016"], "fail")
    assert_array_equal(cube.at(dekads("2016D36"), DEKADS)[0], [1])
    with pytest.raises(InputError, match="x: 2017D01 lies outside its span"):
        cube.at(dekads("2016D36", "2017D01"), DEKADS)


def test_maps_that_say_missing_are_outside_the_span(land, tmp_path):
    maps = write_steps(tmp_path, [2015, 2016, 2017], "year", {2017: "missing"})
    cube = build_cube(maps, TILE, REGION, land, variable="tree", outside_span="nearest_year", grid=GRID)
    assert_array_equal(cube.step, [2015, 2016])
    assert_array_equal(cube.at(dekads("2017D05"), DEKADS), cube.at(dekads("2016D05"), DEKADS))


def test_a_variable_without_any_map_is_an_empty_cube_that_reads_as_missing(land, tmp_path):
    cube = build_cube(write_steps(tmp_path, [5], status={5: "missing"}), TILE, REGION, land, variable="smap", grid=GRID)
    write_cube(tmp_path / "c.nc", cube)
    again = read_cube(tmp_path / "c.nc")
    assert (
        again.values.shape == (119, 0)
        and np.isnan(again.at([5, 6], DEKADS)).all()
        and not again.borrowed([5], DEKADS).any()
    )


def test_scatter_lays_tiles_side_by_side_across_the_dateline():
    window = Window(0, 3599, 1, 2)
    out = scatter(np.array([[1.0], [2.0]], np.float32), np.array([3599]), window, GRID)
    assert_array_equal(out, [[[1, np.nan]], [[2, np.nan]]])
    outside = [1, 3600]  # east and south of the window
    scatter(np.array([[3.0, 9, 9], [4.0, 9, 9]], np.float32), np.array([0, *outside]), window, GRID, out=out)
    assert_array_equal(out, [[[1, 3]], [[2, 4]]])


def test_an_unreadable_cube_is_named(tmp_path):
    (tmp_path / "c.nc").write_bytes(b"no cube")
    with pytest.raises(InputError, match=r"c\.nc: cannot be read as cubes"):
        read_cube(tmp_path / "c.nc")
