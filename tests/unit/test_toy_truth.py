"""The truth: independent of region and period, and physically sensible."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.config.toy import Toy
from rssm.grid import GRID, Area
from rssm.toy import truth
from rssm.toy.truth import Earth, monthly


def area(south: float, north: float, west: float, east: float) -> Area:
    return Area(GRID.id, GRID.region(south, north, west, east))


DEMO = area(39, 42, -2, 1)
ALL_LAND = np.ones((GRID.rows, GRID.columns), bool)


@pytest.fixture(scope="module")
def earth() -> Earth:
    return Earth(Toy(), DEMO)


@pytest.mark.parametrize(
    ("big", "small"),
    [
        (DEMO, area(40, 41, -1, 0)),
        (area(-18, -15, 178, -178), area(-17, -16, -180, -179)),
        (area(77, 80, 10, 13), area(78, 79, 11, 12)),
    ],
)
def test_values_do_not_depend_on_the_region(big: Area, small: Area) -> None:
    one, other = Earth(Toy(), big), Earth(Toy(), small)
    row = other.patch.row - one.patch.row
    column = (other.patch.column - one.patch.column) % GRID.columns
    part = (..., slice(row, row + other.patch.rows), slice(column, column + other.patch.columns))
    for name in ("moisture", "temperature", "rain", "snow"):
        assert_array_equal(getattr(one.year(2011), name)[part], getattr(other.year(2011), name))
    for name in ("land", "sand", "tree", "relief", "water"):
        assert_array_equal(getattr(one.geography, name)[part], getattr(other.geography, name))


def test_a_longer_spin_up_changes_nothing_that_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    north = Earth(Toy(), area(60, 61, 30, 31), ALL_LAND)
    usual = north.year(2010)
    monkeypatch.setattr(truth, "SPIN_UP", 153)  # from 1 August
    apart = abs(truth.simulate(north.toy, north.geography, 2010).moisture - usual.moisture).max(axis=0)
    no_glacier = usual.temperature.max(axis=0) > 284
    assert no_glacier.mean() > 0.3 and 0 < apart[no_glacier].max() < 0.01


def test_the_seed_changes_the_weather_but_not_the_coast() -> None:
    one, other = Earth(Toy(seed=1), DEMO), Earth(Toy(seed=2), DEMO)
    assert_array_equal(one.geography.land, other.geography.land)
    assert np.corrcoef(one.year(2010).moisture.ravel(), other.year(2010).moisture.ravel())[0, 1] < 0.8


def test_moisture_dries_exponentially_and_rain_fills_it(earth: Earth) -> None:
    land, shape = earth.geography, (12, *earth.patch.shape)
    heat = np.full(shape, 286, np.float32)  # here one day of drying takes 1 / (9 · (0.6 + 1.6 clay) / …) of the rest
    rain = np.zeros(shape, np.float32)
    rain[6] = 10
    moisture, snow = truth._bucket(land, heat, rain, np.zeros(shape, np.float32))
    left = moisture - (0.02 + 0.12 * land.clay)
    scale = np.clip(9 * (0.6 + 1.6 * land.clay) / (1 + 0.5 * land.tree), 2.5, 30)
    assert_allclose(left[3], left[2] * np.exp(-1 / scale), rtol=1e-4)
    below = moisture[6] < 0.02 + 0.12 * land.clay + 0.12 + 0.35 * land.clay  # did not reach field capacity
    assert_allclose((left[6] - left[5] * np.exp(-1 / scale))[below], 10 / 50, rtol=1e-3)
    assert snow.max() == 0


def test_snow_falls_in_the_cold_and_melts_into_the_soil(earth: Earth) -> None:
    shape = (4, *earth.patch.shape)
    heat = np.full(shape, 270, np.float32)
    heat[3] = 273.15 + 1
    rain = np.zeros(shape, np.float32)
    rain[0] = 2
    moisture, snow = truth._bucket(earth.geography, heat, rain, rain)
    assert_allclose(snow[:, 0, 0], [2, 2, 2, 0])  # 3 mm K⁻¹ day⁻¹ could melt more than there is
    assert (moisture[3] > moisture[2]).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_demo_has_coast_desert_and_forest(seed: int) -> None:
    earth = Earth(Toy(seed=seed), DEMO)
    land = earth.geography.land[earth.inner]
    wet = earth.geography.wetness[earth.inner][land]
    zones = land.reshape(3, 10, 3, 10).sum(axis=(1, 3))
    assert 0.6 < land.mean() < 0.95 and zones.min() > 20
    assert wet.min() < 0.15 and wet.max() > 0.55


def test_fields_are_within_their_bounds(earth: Earth) -> None:
    land, year = earth.geography, earth.year(2012)
    assert year.days == 366
    assert (year.moisture > 0.02).all() and (year.moisture <= land.porosity).all()
    assert (land.sand + land.clay <= 1).all() and (land.tree + land.nontree <= 1.001).all()
    assert 0.05 < year.moisture.std(axis=0).mean() < 0.15
    leaves = earth.leaf_area(2012)
    assert leaves.min() > 0 and leaves.max() <= 7 and (leaves[6].mean() > 2 * leaves[0].mean())
    assert year.moisture.dtype == np.float32


def test_the_drought_of_world_drift_leaves_its_years_drier_than_any_other() -> None:
    plain, drift = Earth(Toy(), DEMO), Earth(Toy(world="drift"), DEMO)
    assert_array_equal(plain.year(2010).moisture, drift.year(2010).moisture)
    lowest = min(plain.year(y).moisture.mean() for y in range(2003, 2019))
    assert drift.year(2006).moisture.mean() < 0.75 * lowest


def test_monthly_means_by_hand() -> None:
    days = np.arange(365, dtype=np.float32)[:, None, None]
    means = monthly(days, 2011)[:, 0, 0]
    assert_allclose(means[[0, 1, 11]], [15, 31 + 13.5, 334 + 15])
    assert date(2011, 12, 31).timetuple().tm_yday == 365


def test_the_land_mask_given_is_the_land_seen() -> None:
    mask = np.zeros((GRID.rows, GRID.columns), bool)
    mask[395:405, 1785:1795] = True  # 39.5…40.5° N, 1.5…0.5° W
    earth = Earth(Toy(), DEMO, mask)
    seen = earth.geography.land[earth.inner]
    assert seen.sum() == 100 and seen[15:25, 5:15].all()
