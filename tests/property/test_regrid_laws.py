"""Laws of regridding: constants stay, means stay within and conserve the area mean, classes are never new."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from rssm.archive.grids import LATLON, NATIVE_GRIDS, projection
from rssm.grid import GRID, Window, grid_of
from rssm.ingest.regrid import Average, box_for, majority, plan_regrid, shares

FINE = ["latlon_0.05", "latlon_1/112", "latlon_1/60", "era5land"]
windows = st.builds(
    Window,
    row=st.integers(0, GRID.rows - 12),
    column=st.integers(0, GRID.columns - 1),
    rows=st.integers(1, 12),
    columns=st.integers(1, 12),
)
grids = st.sampled_from(list(NATIVE_GRIDS))
seeds = st.integers(0, 2**32 - 1)


def planned(name, window):
    grid = NATIVE_GRIDS[name]
    box = box_for(grid, GRID, window)
    shape = box.rows.stop - box.rows.start, box.columns.stop - box.columns.start
    return plan_regrid(grid, box, GRID, window), shape


def random_field(shape, seed, gaps=0.3):
    generator = np.random.default_rng(seed)
    values = generator.random(shape, np.float32)
    values[generator.random(shape) < gaps] = np.nan
    return values


@given(grids, windows)
@settings(max_examples=100, deadline=None)
def test_a_constant_stays_everywhere(name, window):
    regrid, shape = planned(name, window)
    out = regrid(np.full(shape, 0.25, np.float32))
    assert out.shape == window.shape
    assert_allclose(out, 0.25, rtol=1e-5)


@given(grids, windows, seeds)
@settings(max_examples=100, deadline=None)
def test_no_value_lies_outside_those_given(name, window, seed):
    regrid, shape = planned(name, window)
    values = random_field(shape, seed)
    out = regrid(values)
    if not np.isnan(out).all():
        assert np.nanmin(out) >= np.nanmin(values) - 1e-6 and np.nanmax(out) <= np.nanmax(values) + 1e-6


@given(st.sampled_from([name for name in NATIVE_GRIDS if name not in FINE]), windows, seeds)
@settings(max_examples=60, deadline=None)
def test_coarse_values_are_copied_never_mixed(name, window, seed):
    regrid, shape = planned(name, window)
    values = random_field(shape, seed, gaps=0)
    assert np.isin(regrid(values), values).all()


@given(st.sampled_from(FINE), windows, seeds)
@settings(max_examples=60, deadline=None)
def test_means_conserve_the_area_mean(name, window, seed):
    """Area-weighted sum over the pixels = over the cells, where all cells that stick out of the window hold zero."""
    grid = NATIVE_GRIDS[name]
    window = Window(window.row, window.column, window.rows + 4, window.columns + 4)
    if window.row + window.rows > GRID.rows:
        window = Window(GRID.rows - window.rows, window.column, window.rows, window.columns)
    box = box_for(grid, GRID, window)
    south = grid.transform[5] + grid.transform[4] * np.arange(box.rows.start, box.rows.stop + 1)
    cell_area = -np.diff(np.sin(np.radians(south)))
    latitude = GRID.transform(window)[5] - np.arange(window.rows + 1) / 10
    pixel_area = -np.diff(np.sin(np.radians(latitude)))
    west = grid.transform[2] + grid.transform[0] * np.arange(box.columns.start, box.columns.stop)
    east = (west - GRID.transform(window)[2] + 180) % 360 - 180  # of the window's corner
    inside_x = (east > 1e-6) & (east + grid.transform[0] < window.columns / 10 - 1e-6)
    inside_y = (south[:-1] < latitude[0] - 1e-6) & (south[1:] > latitude[-1] + 1e-6)
    values = random_field((cell_area.size, west.size), seed, gaps=0) * inside_y[:, None] * inside_x
    out = plan_regrid(grid, box, GRID, window)(values.astype(np.float32))
    cells = (values * cell_area[:, None]).sum() * grid.transform[0]
    pixels = (out.astype(float) * pixel_area[:, None]).sum() / 10
    assert_allclose(pixels, cells, rtol=2e-5)


@given(st.sampled_from(["latlon_0.05", "latlon_1/112"]), windows, seeds)
@settings(max_examples=40, deadline=None)
def test_the_majority_is_a_class_of_the_pixel_and_shares_add_to_one(name, window, seed):
    regrid, shape = planned(name, window)
    values = np.floor(random_field(shape, seed, gaps=0.5) * 5)
    best = majority(regrid, values)
    layers = dict(shares(regrid, values))
    missing = np.isnan(regrid(values))
    assert_array_equal(np.isnan(best), missing)
    total = sum(layers.values(), np.zeros(window.shape, np.float32))
    assert_allclose(total[~missing], 1, rtol=1e-5)
    for number, share in layers.items():
        assert (share[best == number] > 0).all()
        assert (share[~missing] <= sum((best == k) * s for k, s in layers.items())[~missing] + 0.011).all()


@given(grids, windows, seeds)
@settings(max_examples=60, deadline=None)
def test_a_window_is_the_same_alone_and_in_a_larger_one(name, window, seed):
    """The region asked for never changes a pixel."""
    grid = NATIVE_GRIDS[name]
    rng = np.random.default_rng(seed)
    row, column = int(rng.integers(0, window.rows)), int(rng.integers(0, window.columns))
    small = Window(window.row + row, (window.column + column) % GRID.columns, 1, 1)

    def cells(box):
        """A field that depends on the cell's place on the globe alone."""
        rows = np.arange(box.rows.start, box.rows.stop)[:, None]
        columns = np.arange(box.columns.start, box.columns.stop)
        return ((rows * 7919 + columns * 104729 + seed) % 1000 / 1000).astype(np.float32)

    outs = []
    for part in (window, small):
        box = box_for(grid, GRID, part)
        outs.append(plan_regrid(grid, box, GRID, part)(cells(box)))
    assert_allclose(outs[1][0, 0], outs[0][row, column], rtol=1e-5)


@st.composite
def others(draw):
    """Another method's grid, and a window of it within 60° S … 78° N."""
    target = grid_of(
        draw(st.sampled_from(["ease2_m25", "ease2_m36", "ease2_m09", "wgs84_0.25_90_-60_-180", "wgs84_0.5"]))
    )
    top, bottom = int(target.row_at(78)) + 1, int(target.row_at(-60))
    return target, Window(
        draw(st.integers(top, bottom - 8)),
        draw(st.integers(0, target.columns - 1)),
        draw(st.integers(1, 8)),
        draw(st.integers(1, 8)),
    )


@given(grids, others(), seeds)
@settings(max_examples=150, deadline=None)
def test_other_grids_keep_constants_and_bounds(name, other, seed):
    target, window = other
    grid = NATIVE_GRIDS[name]
    box = box_for(grid, target, window)
    shape = box.rows.stop - box.rows.start, box.columns.stop - box.columns.start
    regrid = plan_regrid(grid, box, target, window)
    assert_allclose(regrid(np.full(shape, 0.25, np.float32)), np.full(window.shape, 0.25), rtol=1e-5)
    values = random_field(shape, seed, gaps=0)
    out = regrid(values)
    assert out.min() >= values.min() - 1e-6 and out.max() <= values.max() + 1e-6


@given(st.sampled_from(["latlon_0.05", "latlon_0.1", "era5land", "ease2_m09"]), st.integers(80, 480), seeds)
@settings(max_examples=40, deadline=None)
def test_rows_of_ease_grid_take_each_cell_by_the_area_they_share(name, row, seed):
    """Whole rows around the globe: the mean over equal areas of pixels is that over the areas of cells."""
    target, grid = grid_of("ease2_m25"), NATIVE_GRIDS[name]
    window = Window(row, 0, 6, target.columns)
    box = box_for(grid, target, window)
    of_row = np.random.default_rng(seed).random(box.rows.stop - box.rows.start)
    values = np.repeat(of_row[:, None], box.columns.stop - box.columns.start, axis=1).astype(np.float32)
    out = plan_regrid(grid, box, target, window)(values)
    north, south = target.row_edges(window)[[0, -1]]
    edges = _latitudes(grid)[box.rows.start : box.rows.stop + 1].clip(south, north)
    shared = -np.diff(authalic(edges))
    assert_allclose(out.mean(dtype=float), (of_row * shared).sum() / shared.sum(), rtol=2e-4)


def _latitudes(grid):
    y = grid.transform[5] + grid.transform[4] * np.arange(grid.rows + 1)
    return y if grid.crs == LATLON else projection(grid.crs).transform(0 * y, y, direction="INVERSE")[1]


def authalic(latitude):
    """What grows in proportion to area on the ellipsoid."""
    return projection("EPSG:6933").transform(0 * latitude, latitude)[1]


def test_which_grids_are_averaged_and_which_are_copied():
    kinds = {
        target: [name for name, grid in NATIVE_GRIDS.items() if _averaged(grid, grid_of(target))]
        for target in ("wgs84_0.1", "ease2_m25", "wgs84_0.25_90_-60_-180")
    }
    assert sorted(kinds["wgs84_0.1"]) == sorted(FINE)
    assert sorted(kinds["ease2_m25"]) == sorted([*FINE, "ease2_m09", "latlon_0.1"])
    assert sorted(kinds["wgs84_0.25_90_-60_-180"]) == sorted([*FINE, "era5", "ease2_m09", "latlon_0.1"])


def _averaged(grid, target):
    window = target.window(target.region(10, 11, 0, 1))
    return isinstance(plan_regrid(grid, box_for(grid, target, window), target, window), Average)
