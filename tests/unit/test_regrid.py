"""Regridding: where a native cell lands, worked by hand, checked against another library, and on every native grid."""

from itertools import pairwise

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_allclose, assert_array_equal
from rasterio.warp import Resampling, reproject

from rssm.archive.fields import Box
from rssm.archive.grids import LATLON, NATIVE_GRIDS, whole
from rssm.grid import GRID, Region, Window
from rssm.ingest.regrid import Copy, bands, box_for, majority, plan_regrid, shares

PLACES = {
    "equator": Region(-2, 1, 28, 3),
    "75 N": Region(74, 77, 100, 3),
    "dateline": Region(60, 63, 178, 4),
    "south": Region(-60, -57, -72, 3),
}
E2, MAJOR = 0.00669437999014, 6378137.0  # WGS84


def cell_edges(grid):
    """Longitude and latitude of a native grid's edges, by the projection's own formula rather than by pyproj."""
    x = grid.transform[2] + grid.transform[0] * np.arange(grid.columns + 1)
    y = grid.transform[5] + grid.transform[4] * np.arange(grid.rows + 1)
    if grid.crs == LATLON:
        return x, y.clip(-90, 90)
    scale = np.cos(np.radians(30))
    if grid.crs == "EPSG:3410":  # a sphere
        return np.degrees(x / (6371228.0 * scale)), np.degrees(np.arcsin((y * scale / 6371228.0).clip(-1, 1)))
    scale /= np.sqrt(1 - E2 * 0.25)
    beta = np.arcsin((y * scale * MAJOR / 6371007.181**2).clip(-1, 1))  # authalic latitude
    latitude = (  # geodetic latitude, by its series
        beta
        + (E2 / 3 + 31 * E2**2 / 180 + 517 * E2**3 / 5040) * np.sin(2 * beta)
        + (23 * E2**2 / 360 + 251 * E2**3 / 3780) * np.sin(4 * beta)
        + 761 * E2**3 / 45360 * np.sin(6 * beta)
    )
    return np.degrees(x / (MAJOR * scale)), np.degrees(latitude)


def pixel_centres(window):
    step, _, west, _, height, north = GRID.transform(window)
    return west + step * (np.arange(window.columns) + 0.5), north + height * (np.arange(window.rows) + 0.5)


def field(values, box):
    """A row or column of values, spread over a box."""
    shape = box.rows.stop - box.rows.start, box.columns.stop - box.columns.start
    return np.broadcast_to(values, shape).astype(np.float32)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("grid", NATIVE_GRIDS.values(), ids=lambda grid: grid.id)
def test_a_pattern_stays_within_half_a_native_cell_of_its_place(grid, place):
    """Each cell is given its own longitude (latitude); the pixel must find its own, but for half a cell."""
    window = GRID.window(PLACES[place])
    box = box_for(grid, GRID, window)
    regrid = plan_regrid(grid, box, GRID, window)
    longitude, latitude = cell_edges(grid)
    want_x, want_y = pixel_centres(window)
    middle = want_x.mean()
    east = ((longitude[1:] + longitude[:-1]) / 2 - middle + 180) % 360 - 180  # continuous across the dateline
    half = regrid(field(-np.diff(latitude)[box.rows, None] / 2, box))  # of the cell that each pixel was given
    found_x = regrid(field(east[None, box.columns], box))
    found_y = regrid(field(((latitude[1:] + latitude[:-1]) / 2)[box.rows, None], box))
    assert not np.isnan(found_x).any()
    assert np.abs(found_x - (want_x - middle)).max() <= (longitude[1] - longitude[0]) / 2 + 1e-4
    assert (np.abs(found_y - want_y[:, None]) <= half + 1e-4).all()


@pytest.mark.parametrize("name", ["ease2_m09", "ease2_m36", "ease1_25km"])
def test_another_library_copies_the_same_cells(name):
    grid, window = NATIVE_GRIDS[name], GRID.window(Region(40, 70, 140, 40))
    values = np.arange(grid.rows * grid.columns, dtype=np.float32).reshape(grid.shape) % 9973
    ours = plan_regrid(grid, whole(grid), GRID, window)(values)
    theirs = np.full(window.shape, np.nan, np.float32)
    reproject(
        values, theirs, src_crs=grid.crs, src_transform=rasterio.Affine(*grid.transform),
        dst_crs=GRID.crs, dst_transform=rasterio.Affine(*GRID.transform(window)), resampling=Resampling.nearest,
        tolerance=0,
    )  # fmt: skip
    assert np.mean(ours == theirs) > 0.9995


def test_another_library_averages_the_same_cells():
    grid, window = NATIVE_GRIDS["latlon_0.05"], GRID.window(Region(0, 2, 10, 2))
    values = np.random.default_rng(1).random(grid.shape, np.float32)
    theirs = np.full(window.shape, np.nan, np.float32)
    reproject(
        values, theirs, src_crs=grid.crs, src_transform=rasterio.Affine(*grid.transform),
        dst_crs=GRID.crs, dst_transform=rasterio.Affine(*GRID.transform(window)), resampling=Resampling.average,
    )  # fmt: skip
    assert_allclose(plan_regrid(grid, whole(grid), GRID, window)(values), theirs, atol=1e-4)


def quarter_degree(window=None):
    """0.25° cells numbered by column around 0° E."""
    grid = NATIVE_GRIDS["latlon_0.25"]
    window = window or GRID.window(Region(0, 1, 0, 1))
    values = np.broadcast_to(np.arange(1440, dtype=np.float32), grid.shape)
    return plan_regrid(grid, whole(grid), GRID, window)(values)


def test_a_coarse_cell_is_copied_and_an_edge_belongs_to_the_east_and_south():
    # centres 0.05, 0.15 | 0.25 lies on the edge of cells 720 and 721 | 0.35, 0.45 | 0.55, 0.65 | 0.75 on an edge | …
    assert_array_equal(quarter_degree()[0], [720, 720, 721, 721, 721, 722, 722, 723, 723, 723])
    grid = NATIVE_GRIDS["latlon_0.25"]
    rows = np.broadcast_to(np.arange(720, dtype=np.float32)[:, None], grid.shape)
    found = plan_regrid(grid, whole(grid), GRID, GRID.window(Region(0, 1, 0, 1)))(rows)
    assert_array_equal(found[:, 0], [356, 356, 357, 357, 357, 358, 358, 359, 359, 359])


def test_a_window_across_the_dateline_takes_cells_from_both_sides():
    found = quarter_degree(GRID.window(Region(0, 1, 179, 2)))[0]
    assert_array_equal(found[[0, 9, 10, 19]], [1436, 1439, 0, 3])


def test_a_tenth_degree_grid_is_copied_unchanged():
    grid, window = NATIVE_GRIDS["latlon_0.1"], GRID.window(Region(-60, 80, -180, 360))
    values = np.arange(1800 * 3600, dtype=np.float32).reshape(grid.shape)
    regrid = plan_regrid(grid, whole(grid), GRID, window)
    assert isinstance(regrid, Copy)
    assert_array_equal(regrid(values), values[100:1500])


def test_valid_cells_alone_make_the_mean():
    grid, window = NATIVE_GRIDS["latlon_0.05"], Window(800, 1800, 1, 3)  # south of the equator, east of Greenwich
    values = np.full(grid.shape, np.nan, np.float32)
    values[1800:1802, 3600:3602] = [[1, 3], [np.nan, 8]]
    values[1800, 3602] = 5
    assert_allclose(plan_regrid(grid, whole(grid), GRID, window)(values), [[4, 5, np.nan]], rtol=1e-6)


def test_era5_land_nodes_are_averaged_around_a_pixel():
    grid, window = NATIVE_GRIDS["era5land"], Window(0, 1800, 1, 1)  # 80.0…79.9° N, 0…0.1° E
    values = np.zeros(grid.shape, np.float32)
    values[100:102, 1800:1802] = [[0, 4], [8, 12]]  # nodes at 80.0 and 79.9° N, 0.0 and 0.1° E
    assert plan_regrid(grid, whole(grid), GRID, window)(values)[0, 0] == pytest.approx(6, rel=5e-3)


def test_era5_land_nodes_at_180_degrees_belong_to_both_sides_of_the_dateline():
    grid = NATIVE_GRIDS["era5land"]
    values = np.zeros(grid.shape, np.float32)
    values[:, 0], values[:, 3599] = 4, 2  # nodes at 180° and 179.9° E
    for column, expected in ((3599, 3), (0, 2)):
        window = Window(800, column, 1, 1)
        assert plan_regrid(grid, whole(grid), GRID, window)(values)[0, 0] == pytest.approx(expected, rel=1e-5)


def land_cover(cells):
    """Four cells of 0.05° in the pixel south-east of (0, 0)."""
    grid = NATIVE_GRIDS["latlon_0.05"]
    values = np.full(grid.shape, np.nan, np.float32)
    values[1800:1802, 3600:3602] = cells
    return plan_regrid(grid, whole(grid), GRID, Window(800, 1800, 1, 1)), values


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([[5, 5], [5, 2]], 5),
        ([[7, 7], [3, 3]], 3),  # a tie goes to the smaller class
        ([[9, 1], [4, 12]], 1),
        ([[np.nan, np.nan], [8, np.nan]], 8),  # the majority of what is known
        ([[0, 0], [np.nan, 1]], 0),  # class 0 is a class
        ([[np.nan, np.nan], [np.nan, np.nan]], np.nan),
    ],
)
def test_a_class_needs_the_largest_share(cells, expected):
    assert_array_equal(majority(*land_cover(cells)), [[expected]])


def test_shares_of_classes_add_to_one():
    found = {number: share[0, 0] for number, share in shares(*land_cover([[5, 5], [np.nan, 2]]))}
    assert found == pytest.approx({2: 1 / 3, 5: 2 / 3}, rel=1e-3)


def test_a_coarse_class_is_copied():
    grid, window = NATIVE_GRIDS["latlon_0.5"], GRID.window(Region(0, 1, 0, 1))
    values = np.full(grid.shape, 3, np.float32)
    values[178, 361] = 7
    found = majority(plan_regrid(grid, whole(grid), GRID, window), values)
    assert_array_equal(np.unique(found), [3, 7])
    assert np.count_nonzero(found == 7) == 25


def test_bands_cover_a_window_once_and_stay_small():
    grid, window = NATIVE_GRIDS["latlon_1/112"], GRID.window(Region(-60, 80, -180, 360))
    parts = list(bands(grid, GRID, window))
    assert sum(part.rows for part, _ in parts) == 1400
    assert all(a.row + a.rows == b.row for (a, _), (b, _) in pairwise(parts))
    assert max((box.rows.stop - box.rows.start) * 40320 for _, box in parts) < 33e6
    assert len(list(bands(NATIVE_GRIDS["ease2_m09"], GRID, window))) == 1


def test_cells_beyond_a_grid_are_missing():
    """A box of two by two cells in the north-western corner of a zone: 0.5°, so five pixels."""
    grid, window = NATIVE_GRIDS["latlon_0.25"], GRID.window(Region(29, 30, 100, 1))
    found = plan_regrid(grid, Box(slice(240, 242), slice(1120, 1122)), GRID, window)(np.zeros((2, 2), np.float32))
    assert not np.isnan(found[:5, :5]).any()
    assert np.isnan(found[5:]).all() and np.isnan(found[:, 5:]).all()
