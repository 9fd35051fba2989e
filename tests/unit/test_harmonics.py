"""Seasonal cycles: known ones are found, bounds hold, gaps and neighbours do not matter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from rssm.harmonics import fit

DAYS = np.arange(0.0, 5 * 365.25, 3)
SOIL = {"amplitude": (0.0, 0.4), "offset": (0.0, 0.6)}
SCAN = (365.0, 365.25, 365.5, 365.75, 366.0)
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "casm_seasonal.npz"


def series(seed: int = 1, n: int = 5, gaps: float = 0.4) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * DAYS / 365.25
    waves = rng.uniform(-0.1, 0.1, (n, 2))
    values = 0.25 + waves[:, :1] * np.cos(angle) + waves[:, 1:] * np.sin(angle) + rng.normal(0, 0.04, (n, DAYS.size))
    return np.where(rng.random(values.shape) < gaps, np.nan, values)


@given(st.floats(0, 0.1), st.floats(-3.14, 3.14), st.floats(0.15, 0.45), st.integers(40, 200))
def test_a_wave_with_gaps_is_found(size: float, phase: float, offset: float, n: int) -> None:
    wave = offset + size * np.sin(2 * np.pi * DAYS / 365.25 + phase)
    values = np.where(np.random.default_rng(n).permutation(DAYS.size) < n, wave, np.nan)
    assert_allclose(fit(values[None], DAYS, **SOIL).at(DAYS)[0], wave, atol=1e-6)


def test_two_harmonics_find_what_one_leaves() -> None:
    wave = 0.2 + 0.1 * np.sin(2 * np.pi * DAYS / 365.25) + 0.03 * np.cos(4 * np.pi * DAYS / 365.25)
    one, two = (fit(wave[None], DAYS, **SOIL, harmonics=n).at(DAYS)[0] for n in (1, 2))
    assert_allclose(two, wave, atol=1e-6)
    assert np.abs(one - wave).max() > 0.02


def test_bounds_hold_what_passes_them() -> None:
    wide = 0.1 + 0.6 * np.sin(2 * np.pi * DAYS / 365.25)
    high = 0.7 + 0.1 * np.sin(2 * np.pi * DAYS / 365.25)
    found = fit(np.stack([wide, high]), DAYS, **SOIL)
    assert_allclose(np.hypot(*found.waves.T), [0.4, 0.1], atol=2e-3)
    assert_allclose(found.offset, [0.1, 0.6], atol=2e-3)
    calm = fit(np.full((1, DAYS.size), 280.0), DAYS, amplitude=(1, 40), offset=(150, 370))
    assert np.hypot(*calm.waves[0]) == pytest.approx(1)  # K: as published, none is smaller


def test_few_values_give_their_median() -> None:
    values = np.full((3, DAYS.size), np.nan)
    values[0, :39] = np.arange(39) / 100
    values[1, :40] = np.arange(40) / 100
    found = fit(values, DAYS, **SOIL)
    assert_array_equal(found.count, [39, 40, 0])
    assert_array_equal(found.waves[[0, 2]], 0)
    assert found.offset[0] == 0.19
    assert np.isnan(found.offset[2])
    assert found.waves[1].any()


def test_shrinkage_draws_the_wave_to_nothing() -> None:
    values = series(n=1)
    sizes = [np.hypot(*fit(values, DAYS, **SOIL, shrinkage=weight).waves[0]) for weight in (0, 50, 1e6)]
    assert sizes[0] > sizes[1] > 100 * sizes[2]


def test_a_series_has_the_same_bits_in_any_company() -> None:
    values = series(n=9)
    whole = fit(values, DAYS, **SOIL, periods=SCAN)
    for part in (slice(0, 1), slice(3, 8)):
        found = fit(values[part], DAYS, **SOIL, periods=SCAN)
        assert_array_equal(found.waves, whole.waves[part])
        assert_array_equal(found.offset, whole.offset[part])


def test_the_scan_ends_where_the_bounded_search_does() -> None:
    if not REFERENCE.is_file():
        pytest.skip("the folder of reference numbers is not beside this checkout")
    with np.load(REFERENCE) as made:
        days, values, theirs = made["t"], made["y"], made["fit"]
    ours = fit(values, days, **SOIL, periods=SCAN).at(days)
    off = np.nanmax(np.abs(ours - theirs), axis=1)
    squares, their_squares = (np.nansum((values - curve) ** 2, axis=1) for curve in (ours, theirs))
    stuck = off > 0.002  # the search for four numbers can end on the bound of the phase, beside the best fit
    assert stuck.sum() <= 1
    assert np.all(squares[stuck] < their_squares[stuck])
    assert np.median(off) < 1e-4
    linear = np.nanmax(np.abs(fit(values, days, **SOIL).at(days) - theirs), axis=1)
    assert np.median(linear) < 0.002
    assert linear.max() < 0.005  # where their period left 365.25 days
