"""Laws of 3σ denoising."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rssm.ingest.denoise import denoise


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
