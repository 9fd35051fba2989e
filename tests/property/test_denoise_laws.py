"""Laws of 3σ denoising."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rssm.grid import GRID, Region, grid_of
from rssm.ingest.denoise import denoise, denoise_zones


@st.composite
def maps(draw: st.DrawFn) -> np.ndarray:
    """A map of some zones with heavy tails and gaps."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (10 * draw(st.integers(1, 3)), 10 * draw(st.integers(1, 3)))
    field = 0.2 + 0.05 * rng.standard_t(2, shape)
    field[rng.random(shape) < draw(st.sampled_from([0, 0.3, 0.9, 1]))] = np.nan
    return field.astype(draw(st.sampled_from(["f4", "f8"])))


@settings(max_examples=60, deadline=None)
@given(maps())
def test_what_is_removed_is_what_the_definition_says(field):
    out = denoise(field, 10)
    for y in range(0, field.shape[0], 10):
        for x in range(0, field.shape[1], 10):
            box = np.s_[y : y + 10, x : x + 10]
            pixels = field[box].astype("f8")
            if np.count_nonzero(~np.isnan(pixels)) > 10:
                far = abs(pixels - np.nanmean(pixels)) > 3 * np.nanstd(pixels, ddof=1)
                pixels[far] = np.nan
            assert_array_equal(out.values[box], pixels.astype(field.dtype))
    assert out.values.dtype == field.dtype


@settings(max_examples=40, deadline=None)
@given(maps())
def test_zones_alone_or_together_give_the_same_bits_and_the_counts_add_up(field):
    whole = denoise(field, 10)
    rows = [denoise(band, 10) for band in np.split(field, field.shape[0] // 10)]
    parts = [
        [denoise(z, 10) for z in np.split(band, field.shape[1] // 10, axis=1)]
        for band in np.split(field, field.shape[0] // 10)
    ]
    assert_array_equal(np.vstack([r.values for r in rows]), whole.values)
    assert_array_equal(np.block([[p.values for p in band] for band in parts]), whole.values)
    assert sum(p.removed for band in parts for p in band) == whole.removed
    assert np.isnan(whole.values).sum() - np.isnan(field).sum() == whole.removed


@given(st.floats(-1e3, 1e3), st.integers(0, 99))
def test_a_constant_zone_is_untouched(value, missing):
    field = np.full(100, value)
    field[:missing] = np.nan
    assert denoise(field.reshape(10, 10), 10).removed == 0


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["ease2_m09", "ease2_m25", "wgs84_0.25", "wgs84_0.3125_80_-60_-180", "wgs84_0.1"]),
    st.integers(-60, 70),
    st.sampled_from([-180, 0, 178]),
    st.integers(0, 2**32 - 1),
)
def test_zones_of_any_grid_are_judged_as_if_each_stood_alone(name, south, west, seed):
    grid, region = grid_of(name), Region(south, south + 3, west, 4)
    rng = np.random.default_rng(seed)
    field = (0.2 + 0.05 * rng.standard_t(2, grid.window(region).shape)).astype("f4")
    field[rng.random(field.shape) < 0.2] = np.nan
    before = field.copy()
    out = denoise_zones(field, grid, region)
    (rows, columns), removed = grid.zone_edges(region), 0
    for top, bottom in itertools.pairwise(rows):
        for left, right in itertools.pairwise(columns):
            pixels = field[top:bottom, left:right].astype("f8")
            n = np.count_nonzero(~np.isnan(pixels))
            if n - 1 > 3 * np.sqrt(n):
                far = abs(pixels - np.nanmean(pixels)) > 3 * np.nanstd(pixels, ddof=1)
                removed += np.count_nonzero(far)
                pixels[far] = np.nan
            assert_array_equal(out.values[top:bottom, left:right], pixels.astype("f4"))
    assert out.removed == removed
    assert_array_equal(field, before)


def test_zones_of_whole_pixels_give_the_same_bits_either_way():
    region = Region(30, 33, 100, 4)
    field = np.random.default_rng(1).standard_t(2, GRID.window(region).shape).astype("f4")
    assert_array_equal(denoise_zones(field, GRID, region).values, denoise(field, 10).values)
