"""Native grids, the boxes that regions need of them, and where a file's axes lie on them."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import NATIVE_GRIDS, box_of, centres, whole
from rssm.archive.readers.axes import Axis, Misfit, place, place_axis, read_box
from rssm.config.catalogue import GridId

GRIDS = sorted(NATIVE_GRIDS.values(), key=lambda grid: grid.id)
grids = st.sampled_from(GRIDS)


def test_the_catalogue_names_the_grids_that_exist() -> None:
    assert set(get_args(GridId)) == set(NATIVE_GRIDS)


@pytest.mark.parametrize(
    ("grid", "corners"),
    [
        # corners of whole grids as their agencies publish them (metres or degrees)
        ("ease2_m09", (-17367530.45, 7314540.83, 17367530.45, -7314540.83)),
        ("ease2_m36", (-17367530.45, 7314540.83, 17367530.45, -7314540.83)),
        ("ease2_m25", (-17367530.45, 7307375.92, 17367530.45, -7307375.92)),
        ("ease1_25km", (-17334193.54, 7344784.83, 17334193.54, -7344784.83)),
        ("latlon_0.25", (-180, 90, 180, -90)),
        ("latlon_0.25_gldas", (-180, 90, 180, -60)),
        ("latlon_0.1", (-180, 90, 180, -90)),
        ("latlon_0.05", (-180, 90, 180, -90)),
        ("latlon_0.5", (-180, 90, 180, -90)),
        ("latlon_1/112", (-180.004464, 80.004464, 179.995536, -59.995536)),
        ("era5land", (-180.05, 90.05, 179.95, -90.05)),
    ],
)
def test_grids_span_what_their_agencies_say(grid: str, corners: tuple[float, ...]) -> None:
    found = NATIVE_GRIDS[grid]
    a, _, c, _, e, f = found.transform
    own = c, f, c + a * found.columns, f + e * found.rows
    assert own == pytest.approx(corners, abs=0.02 if found.crs != "EPSG:4326" else 1e-5)


def test_box_of_a_region_by_hand() -> None:
    assert box_of(NATIVE_GRIDS["latlon_0.25"], 100, 30, 110, 40) == Box(slice(200, 240), slice(1120, 1160))
    assert box_of(NATIVE_GRIDS["latlon_0.25"], 100, 30, 110, 40, margin=2) == Box(slice(198, 242), slice(1118, 1162))
    assert box_of(NATIVE_GRIDS["era5land"], 100, 30, 101, 31) == Box(slice(590, 601), slice(2800, 2811))
    assert box_of(NATIVE_GRIDS["latlon_0.25_gldas"], 0, -80, 10, -70).rows == slice(599, 600)  # below the grid: one row


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.id)
def test_a_region_across_the_dateline_takes_all_columns(grid: NativeGrid) -> None:
    for west, east in ((170, -170), (170, 190)):
        assert box_of(grid, west, 0, east, 10).columns == slice(0, grid.columns)
    assert box_of(grid, -180, -90, 180, 90) == whole(grid)


@given(grids, st.floats(-179.9, 170), st.floats(0.1, 9), st.floats(-59, 75), st.floats(0.1, 4))
def test_a_box_holds_every_cell_whose_centre_lies_in_the_region(
    grid: NativeGrid, west: float, width: float, south: float, height: float
) -> None:
    box = box_of(grid, west, south, west + width, south + height)
    longitude, latitude = centres(grid, whole(grid))
    inside = np.flatnonzero((longitude > west) & (longitude < west + width))
    if inside.size:
        assert box.columns.start <= inside[0] and inside[-1] < box.columns.stop
    inside = np.flatnonzero((latitude > south) & (latitude < south + height))
    if inside.size:
        assert box.rows.start <= inside[0] and inside[-1] < box.rows.stop
    assert 0 <= box.rows.start < box.rows.stop <= grid.rows
    assert 0 <= box.columns.start < box.columns.stop <= grid.columns


# -- axes ----------------------------------------------------------------------------------------------------------


@given(
    st.integers(4, 30),
    st.data(),
)
def test_pieces_bring_every_cell_to_its_place(cells: int, data: st.DataObject) -> None:
    """Whatever the direction, the cut and the origin: cell g of the grid gets the file's value for g."""
    count = data.draw(st.integers(1, cells))
    circle = data.draw(st.booleans())
    direction = data.draw(st.sampled_from((1, -1)))
    low = data.draw(st.integers(0, cells - 1 if circle else cells - count))
    held = [(low + i) % cells for i in range(count)]
    if direction < 0:
        held.reverse()
    axis = Axis(held[0], count, direction, cells if circle else 0)
    start = data.draw(st.integers(0, cells - 1))
    stop = data.draw(st.integers(start + 1, cells))
    box = Box(slice(0, 1), slice(start, stop))
    stored = np.array([held], float)
    out = read_box(lambda r, c: stored[r, c], Axis(0, 1), axis, box, np.nan)
    expected = [g if g in held else np.nan for g in range(start, stop)]
    np.testing.assert_array_equal(out[0], expected)


def test_axes_of_a_file_are_placed_by_hand() -> None:
    quarter = NATIVE_GRIDS["latlon_0.25"]
    rows, columns, grid = place(quarter, np.arange(0.125, 360, 0.25), np.arange(-89.875, 90, 0.25), degrees=True)
    assert (rows.first, rows.direction, columns.first, columns.count, grid) == (719, -1, 720, 1440, quarter)
    rows, columns, grid = place(quarter, np.array([100.125, 100.375]), np.array([40.125]), degrees=True)
    assert (rows.first, rows.count, columns.first, columns.count) == (199, 1, 1120, 2)


def test_a_file_whose_centres_lie_on_the_corners_shifts_the_grid_by_half_a_cell() -> None:
    tenth = NATIVE_GRIDS["latlon_0.1"]
    x, y = np.arange(-1800, 1800) / 10, np.arange(800, -600, -1) / 10
    rows, columns, grid = place(tenth, x, y, degrees=True)
    assert grid.id != tenth.id and grid.shape == tenth.shape
    longitude, latitude = centres(grid, whole(grid))
    assert (longitude[columns.first] - x[0]) % 360 == pytest.approx(0) and latitude[rows.first] == pytest.approx(80)


def test_latitudes_of_a_projected_grid_are_its_rows() -> None:
    grid = NATIVE_GRIDS["ease2_m25"]
    to_degrees = Transformer.from_crs("EPSG:6933", "EPSG:4326", always_xy=True)
    a, _, c, _, e, f = grid.transform
    x, y = c + a * (np.arange(1388) + 0.5), f + e * (np.arange(584) + 0.5)
    longitude = np.asarray(to_degrees.transform(x, np.zeros_like(x))[0], np.float32)
    latitude = np.asarray(to_degrees.transform(np.zeros_like(y), y)[1], np.float32)
    rows, columns, placed = place(grid, longitude, latitude[::-1], degrees=True)
    assert (rows.first, rows.direction, columns.first, placed) == (583, -1, 0, grid)


@pytest.mark.parametrize(
    ("positions", "why"),
    [
        ([0.0, 2.0, 4.0], "steps of 2 cells"),
        ([0.0, 1.0, 3.0], "steps"),
        ([0.0, np.nan, 2.0], "missing values"),
        ([8.0, 9.0, 10.0], "beyond the edge"),
        (list(range(11)), "11 cells along an axis of 10"),
    ],
)
def test_axes_that_are_not_the_grids_are_refused(positions: list[float], why: str) -> None:
    with pytest.raises(Misfit, match=why):
        place_axis(np.array(positions, float), 10, circle=False)
