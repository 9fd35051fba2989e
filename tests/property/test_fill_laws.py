"""Laws of filling."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.product.values import fill as module
from rssm.product.values.fill import fill

Map = tuple[np.ndarray, np.ndarray, np.ndarray, int]


@st.composite
def maps(draw: st.DrawFn) -> Map:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    values = rng.random(shape).astype(np.float32)
    values[rng.random(shape) < draw(st.sampled_from([0.1, 0.5, 0.9]))] = np.nan
    sea, snow = (rng.random(shape) < draw(st.sampled_from([0, 0.3])) for _ in range(2))
    return values, ~sea, snow, draw(st.integers(0, 5))


def search(values: np.ndarray, open_land: np.ndarray, pixel: tuple[int, int], radius: int) -> tuple[int, float]:
    """The definition for one missing pixel, step by step."""
    reached, front = {pixel}, {pixel}
    for ring in range(1, radius + 1):
        front = {
            (y, x)
            for a, b in front
            for y in range(max(a - 1, 0), min(a + 2, values.shape[0]))
            for x in range(max(b - 1, 0), min(b + 2, values.shape[1]))
            if open_land[y, x]
        } - reached
        reached |= front
        donors = [float(values[p]) for p in front if not np.isnan(values[p])]
        if donors:
            return ring, sum(donors) / len(donors)
    return -1, np.nan


@settings(max_examples=100, deadline=None)
@given(maps())
def test_it_is_the_stepwise_search_from_every_missing_pixel(case: Map):
    values, land, snow, radius = case
    out = fill(values, land, snow, radius)
    for pixel in np.ndindex(values.shape):
        if not np.isnan(values[pixel]):
            assert (out.values[pixel], out.distance[pixel]) == (values[pixel], 0)
        elif not land[pixel] or snow[pixel]:
            assert np.isnan(out.values[pixel]) and out.distance[pixel] == -1
        else:
            ring, mean = search(values, land & ~snow, pixel, radius)
            assert out.distance[pixel] == ring
            assert out.values[pixel] == approx(mean, rel=1e-6, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(maps())
def test_on_open_land_a_ring_is_a_square(case: Map):
    values, _, _, radius = case
    out = fill(values, np.ones(values.shape, bool), np.zeros(values.shape, bool), radius)
    known = np.argwhere(~np.isnan(values))
    for pixel in np.argwhere(np.isnan(values)):
        rings = abs(known - pixel).max(axis=1)
        nearest = rings.min(initial=99)
        assert out.distance[tuple(pixel)] == (nearest if nearest <= radius else -1)
        if nearest <= radius:
            donors = values[tuple(known[rings == nearest].T)]
            assert donors.min() <= out.values[tuple(pixel)] <= donors.max()


@settings(max_examples=40, deadline=None)
@given(maps(), st.integers(1, 8))
def test_neither_chunks_nor_where_a_round_map_is_cut_matter(case: Map, shift: int):
    values, land, snow, radius = (np.pad(x, ((0, 0), (0, 11))) if isinstance(x, np.ndarray) else x for x in case)
    out = fill(values, land, snow, radius, wrap=True)
    rolled = fill(*(np.roll(x, shift, axis=1) for x in (values, land, snow)), radius, wrap=True)
    for a, b in zip(rolled[:2], out[:2], strict=True):
        assert_array_equal(a, np.roll(b, shift, axis=1))
    cells = module.CELLS
    try:
        module.CELLS = 1  # one pixel at a time
        single = fill(values, land, snow, radius, wrap=True)
    finally:
        module.CELLS = cells
    for a, b in zip(single[:2], out[:2], strict=True):
        assert_array_equal(a, b)


@given(maps(), st.floats(0, 1, width=32))
def test_a_constant_map_is_filled_with_its_constant(case: Map, constant: float):
    values, land, snow, radius = case
    out = fill(np.where(np.isnan(values), np.nan, np.float32(constant)), land, snow, radius)
    assert set(np.unique(out.values[~np.isnan(out.values)])) <= {np.float32(constant)}
