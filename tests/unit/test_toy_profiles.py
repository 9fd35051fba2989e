"""The toy's soil of three layers: continuous over years, the same whatever region is asked for; its reanalysis is another model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from rssm.config.toy import Toy
from rssm.errors import InputError
from rssm.grid import Area, grid_of
from rssm.toy.profiles import days_of_year, model_soil, model_weather, model_years, true_layer, true_years
from rssm.toy.soil import Column, column, moisten, start
from rssm.toy.truth import Earth, drought_of
from rssm.toy.weather import weather

GRID = grid_of("wgs84_0.25_90_-60_-180")
LAND = np.ones((GRID.rows, GRID.columns), bool)


def earth(world: str = "paper", west: int = -102, **settings: object) -> Earth:
    toy = Toy.model_validate({"world": world, "soil_from": 2000, **settings})
    return Earth(toy, Area(GRID.id, GRID.region(38, 40, west, -98)), LAND)


def soil(of: Earth, last: int) -> np.ndarray:
    """(layer, day, row, column) of all years."""
    return np.concatenate([water for _, water in true_years(of.toy, of.geography, last)], axis=1)


def test_a_year_goes_on_where_the_year_before_ended() -> None:
    water = soil(earth(), 2001)
    steps = np.abs(np.diff(water[2], axis=0)).mean(axis=(1, 2))  # of the deepest layer, by day
    turn = days_of_year(2000).size - 1
    assert steps[turn] <= steps[turn - 20 : turn + 20].max()


def test_deep_layers_remember_longer() -> None:
    water = soil(earth(), 2002)[:, 366:]
    late, early = water[:, 30:], water[:, :-30]
    kept = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(early, late, strict=True)]
    assert kept[0] < kept[1]
    assert kept[0] < kept[2]


def test_values_do_not_depend_on_the_region() -> None:
    wide, narrow = soil(earth(west=-102), 2000), soil(earth(west=-100), 2000)
    assert_array_equal(wide[..., -12:], narrow[..., -12:])  # the margin of the east is the same


def test_values_do_not_depend_on_how_far_one_goes() -> None:
    assert_array_equal(soil(earth(), 2001)[:, :366], soil(earth(), 2000))


def test_water_stays_within_pores() -> None:
    of = earth()
    water = soil(of, 2000)
    assert water.min() > 0
    assert (water <= of.geography.porosity + 1e-6).all()


def test_the_reanalysis_is_another_model() -> None:
    of = earth()
    ((air, water),) = true_years(of.toy, of.geography, 2000)
    ((other, model),) = model_years(of.toy, of.geography, 2000)
    assert 0.5 < np.corrcoef(air.rain.ravel(), other.rain.ravel())[0, 1] < 0.95
    assert float(other.rain.mean() / air.rain.mean()) != pytest.approx(1, abs=0.01)
    assert 0.3 < np.median(alike(water[0], model[0])) < 0.97


def alike(water: np.ndarray, other: np.ndarray) -> list[float]:
    """Correlations in some pixels of soil moisture (day, row, column)."""
    return [float(np.corrcoef(water[:, row, 5], other[:, row, 5])[0, 1]) for row in range(16)]


def test_the_soil_of_the_reanalysis_errs_whatever_its_rain_and_more_the_deeper() -> None:
    of = earth()
    seen = [weather for weather, _ in true_years(of.toy, of.geography, 2002)]
    state, years = start(model_soil(of.geography), of.geography), []
    for air in seen:
        water, state = moisten(model_soil(of.geography), air, state)
        years.append(water)
    model, water = np.concatenate(years, axis=1)[:, 366:], soil(of, 2002)[:, 366:]
    surface, below = np.median(alike(water[0], model[0])), np.median(alike(water[2], model[2]))
    assert below < surface < 0.98
    assert 0.2 < below < 0.85


def test_a_full_surface_sheds_rain_and_thirsty_roots_leave_water() -> None:
    of = earth()
    plain = column(of.geography, (100.0, 200.0, 200.0), (0.45, 0.35, 0.2))
    (air, water), *_ = true_years(of.toy, of.geography, 2000)

    def mean(soil: Column) -> float:
        return float(moisten(soil, air, start(soil, of.geography))[0].mean())

    assert mean(plain) == pytest.approx(float(water.mean()), rel=1e-6)
    assert mean(replace(plain, sheds=0.5)) < mean(plain)
    assert mean(replace(plain, thirst=0.3)) < mean(plain)


def test_hidden_water_wets_soil_that_forcing_does_not_show() -> None:
    plain, hidden = earth(), earth("hidden")
    assert soil(hidden, 2000).mean() > soil(plain, 2000).mean()
    assert_array_equal(
        model_weather(plain.toy, plain.geography, 2000).rain, model_weather(hidden.toy, hidden.geography, 2000).rain
    )


def test_a_drought_takes_rain_in_its_years_only() -> None:
    of = earth("drift", drought=[2001, 2001], drought_depth=0.75)
    dry = weather(of.toy.seed, drought_of(of.toy), of.geography, days_of_year(2001))
    wet = weather(of.toy.seed, (2001, 2001, 0.0), of.geography, days_of_year(2001))
    assert dry.rain.sum() == pytest.approx(wet.rain.sum() / 4, rel=1e-4)
    assert drought_of(earth().toy)[2] == 0


def test_soil_before_its_first_year_is_refused() -> None:
    of = earth()
    with pytest.raises(InputError, match="soil_from: 2000 comes after 1999"):
        next(iter(true_years(of.toy, of.geography, 1999)))


def test_a_layer_on_some_days_is_that_of_the_years() -> None:
    of = earth()
    days = [date(2000, 3, 1), date(2001, 1, 2)]
    found = true_layer(of.toy, of.area, 1, days)
    rows, columns = of.inner
    both = [water for _, water in true_years(of.toy, Earth(of.toy, of.area).geography, 2001)]
    assert_array_equal(found, np.stack([both[0][1, 60], both[1][1, 1]])[:, rows, columns])
