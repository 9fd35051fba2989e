"""What the sensors make of the truth: the paper's signs, the gaps, and the kinds of world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.config.toy import Toy
from rssm.grid import GRID, Area
from rssm.toy.footprint import Footprint
from rssm.toy.observe import Overpasses, observe
from rssm.toy.sensors import SENSORS
from rssm.toy.truth import Earth


def area(south: float, north: float, west: float, east: float) -> Area:
    return Area(GRID.id, GRID.region(south, north, west, east))


DEMO = area(39, 42, -2, 1)
ALL_LAND = np.ones((GRID.rows, GRID.columns), bool)


def look(product: str, land: np.ndarray | None = None, year: int = 2012, **toy: object) -> tuple[Overpasses, Earth]:
    earth = Earth(Toy.model_validate(toy), DEMO, land)
    truth = earth.year(year)
    return observe(earth, product, np.arange(truth.first, truth.first + 360, 4)), earth


def errors(seen: Overpasses, earth: Earth) -> np.ndarray:
    """Retrieval − truth of the footprint, mean over overpasses (row, column)."""
    footprint = Footprint(seen.cells, earth.patch, seen.sensor.footprint, earth.geography.land)
    truth = footprint(earth.year(2012).moisture[seen.days - earth.year(2012).first])
    with np.errstate(invalid="ignore"):
        apart = seen.screened - truth[:, None]
    there = ~np.isnan(apart)
    return np.where(there, apart, 0).sum(axis=(0, 1)) / np.maximum(there.sum(axis=(0, 1)), 1)


@pytest.mark.parametrize("product", SENSORS)
def test_without_bias_and_noise_a_sensor_sees_the_truth_of_its_footprint(product: str) -> None:
    seen, earth = look(product, bias=0, noise=0)
    footprint = Footprint(seen.cells, earth.patch, seen.sensor.footprint, earth.geography.land)
    truth = footprint(earth.year(2012).moisture[seen.days - earth.year(2012).first])
    got = ~np.isnan(seen.value)
    assert got.any()
    assert_allclose(seen.value[got], np.broadcast_to(truth[:, None], got.shape)[got], atol=2e-6)


@pytest.mark.parametrize(("product", "sign"), [("AMSR2-LPRM-X", 1), ("AMSR-E-LPRM-X", 1), ("AMSR2-JAXA", -1)])
def test_vegetation_wets_lprm_and_dries_jaxa(product: str, sign: int) -> None:
    seen, earth = look(product, ALL_LAND, noise=0)
    veg = (1 - np.exp(-0.5 * seen.leaves)).mean(axis=0)
    got = (~np.isnan(seen.screened)).any(axis=(0, 1))
    assert sign * np.corrcoef(errors(seen, earth)[got], veg[got])[0, 1] > 0.4


def test_in_world_null_errors_know_nothing_of_the_factors() -> None:
    """Every cell has one straight line from truth to retrieval, whatever leaves and heat do, in every year."""
    lines = []
    for year in (2012, 2015):
        seen, earth = look("AMSR2-LPRM-X", ALL_LAND, year, noise=0, world="null")
        footprint = Footprint(seen.cells, earth.patch, seen.sensor.footprint, earth.geography.land)
        truth = footprint(earth.year(year).moisture[seen.days - earth.year(year).first])[:, None]
        for cell in [(3, 3), (6, 9), (11, 4)]:
            free = seen.value[(..., *cell)] > 0.006  # not missing, and not held at the lowest value
            x = np.broadcast_to(truth, seen.value.shape)[(..., *cell)][free]
            slope, start = np.polyfit(x, seen.value[(..., *cell)][free], 1)
            assert_allclose(seen.value[(..., *cell)][free], start + slope * x, atol=2e-5)
            lines.append((slope, start))
    assert_allclose(lines[:3], lines[3:], atol=1e-4)


def test_lprm_parameters_step_at_whole_degrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the parameters add jumps between neighbours across the edges of zones, and hardly within them."""
    seen, _ = look("AMSR2-LPRM-X", ALL_LAND, noise=0)
    monkeypatch.setitem(SENSORS, "AMSR2-LPRM-X", replace(SENSORS["AMSR2-LPRM-X"], steps=0.0))
    flat, _ = look("AMSR2-LPRM-X", ALL_LAND, noise=0)
    part = np.nanmean(np.where(flat.value > 0.006, seen.value - flat.value, np.nan)[:, 0], axis=0)
    inside = slice(1, -1)
    edge = np.floor(seen.cells.longitude[0, 1:]) != np.floor(seen.cells.longitude[0, :-1])
    jump = abs(np.diff(part, axis=1))[inside]
    assert jump[:, edge].mean() > 3 * jump[:, ~edge].mean()


def test_tmi_sees_nothing_beyond_40_degrees() -> None:
    seen, _ = look("TMI-LPRM-X")
    beyond = abs(seen.cells.latitude[:, 0]) > 40
    assert beyond.any() and not seen.seen[:, :, beyond].any()
    assert seen.seen[:, :, ~beyond].any() and np.isnan(seen.value[:, :, beyond]).all()


def test_smos_is_lost_over_asia_and_others_are_not() -> None:
    earth = Earth(Toy(), area(35, 37, 100, 102), ALL_LAND)
    days = np.arange(earth.year(2012).first + 120, earth.year(2012).first + 240)
    share = {}
    for product in ("SMOS-IC", "AMSR2-JAXA"):
        seen = observe(earth, product, days)
        share[product] = (~np.isnan(seen.value)).sum() / seen.seen.sum()
    assert share["SMOS-IC"] < 0.15 and share["AMSR2-JAXA"] > 0.8


@pytest.mark.parametrize("product", SENSORS)
def test_swaths_wander_so_that_a_dekad_covers_the_region(product: str) -> None:
    earth = Earth(Toy(), area(30, 33, 10, 13), ALL_LAND)
    first = earth.year(2012).first
    seen = observe(earth, product, np.arange(first, first + 200)).seen
    assert 0.1 < seen.mean() < 0.8
    ten = seen.any(axis=1).reshape(20, 10, -1).any(axis=1)
    assert ten.mean() > 0.97


def test_days_and_regions_are_observed_alike_alone_and_together() -> None:
    wide, narrow = Earth(Toy(), DEMO), Earth(Toy(), area(40, 41, -1, 0))
    first = wide.year(2012).first
    for product in ("SMAP_E", "AMSR2-LPRM-X", "FY-3B-NSMC", "SMOS-IC"):
        one = observe(wide, product, np.arange(first + 100, first + 120))
        other = observe(narrow, product, np.arange(first + 104, first + 108))
        rows, columns = np.isin(one.cells.rows, other.cells.rows), np.isin(one.cells.columns, other.cells.columns)
        assert_array_equal(one.value[4:8][:, :, rows][..., columns], other.value)


def test_world_drift_adds_what_its_table_says() -> None:
    plain, _ = look("AMSR2-JAXA", year=2014)
    drifting, _ = look("AMSR2-JAXA", year=2014, world="drift", drift=0.1)
    got = ~np.isnan(plain.value) & (plain.value > 0.02)
    assert_allclose((drifting.value - plain.value)[got], 0.4 * 0.1 * (2014 - 2012) / 10, atol=1e-6)
    plain, drifting = look("SMAP_E", year=2014)[0], look("SMAP_E", year=2014, world="drift")[0]
    assert_array_equal(plain.value, drifting.value)


def test_in_world_hidden_lprm_products_err_together_and_smap_errs() -> None:
    def extra(product: str) -> np.ndarray:
        one, other = look(product, ALL_LAND, noise=0)[0], look(product, ALL_LAND, noise=0, world="hidden")[0]
        free = (one.value > 0.006) & (other.value > 0.006)
        return np.where(free, other.value - one.value, np.nan)[:, 0]

    first, second = extra("AMSR2-LPRM-X"), extra("WindSat-LPRM-X")
    both = ~np.isnan(first) & ~np.isnan(second)
    assert np.corrcoef(first[both], second[both])[0, 1] > 0.95
    jaxa, smap = extra("AMSR2-JAXA"), extra("SMAP_E")
    assert 0.01 < np.nanstd(jaxa) < 0.06 and 0.01 < np.nanstd(smap) < 0.06


def test_noise_of_one_product_alone() -> None:
    usual, quiet = look("AMSR2-JAXA")[0], look("AMSR2-JAXA", noise_of={"AMSR2-JAXA": 0})[0]
    other = look("AMSR-E-JAXA", noise_of={"AMSR2-JAXA": 0})[0]
    assert np.nanstd(quiet.value - usual.value) > 0.03
    assert_array_equal(other.value, look("AMSR-E-JAXA")[0].value)
    assert quiet.error.max() == 0 and usual.error.min() > 0.03
