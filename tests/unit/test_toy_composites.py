"""Composites without files: what they hold, and single products good for something but not for all."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import DEKADS
from rssm.config.toy import Toy
from rssm.grid import GRID, Area
from rssm.toy.composites import cold, composite, generate
from rssm.toy.observe import observe
from rssm.toy.sensors import SENSORS
from rssm.toy.truth import Earth


def area(south: float, north: float, west: float, east: float) -> Area:
    return Area(GRID.id, GRID.region(south, north, west, east))


DEMO = area(39, 42, -2, 1)
FACTORS = {
    "LAI-VGT",
    "LAI-PROBAV",
    "LAI-GLASS",
    "WATER",
    "LST",
    "LANDCOVER",
    "TREE",
    "NONTREE",
    "TOPOGRAPHY",
    "SAND",
    "CLAY",
}


@pytest.fixture(scope="module")
def three_years() -> dict[str, np.ndarray]:
    return generate(Toy(days_per_dekad=11), DEMO, DEKADS.span("2012D01", "2014D36"), DEKADS)


def test_everything_is_there_in_one_shape(three_years: dict[str, np.ndarray]) -> None:
    assert set(three_years) == {*SENSORS, *FACTORS, "POROSITY", "TRUTH"}
    sea = np.isnan(three_years["TRUTH"][0])
    for name, field in three_years.items():
        assert field.shape == (108, 30, 30) and field.dtype == np.float32, name
        assert np.isnan(field[:, sea]).all(), name
    assert not np.isnan(three_years["TRUTH"][:, ~sea]).any()


@pytest.mark.parametrize("world", ["paper", "null", "hidden", "drift"])
def test_single_predictors_correlate_with_the_truth_by_half_to_eight_tenths(world: str) -> None:
    maps = generate(Toy(days_per_dekad=11, world=world), DEMO, DEKADS.span("2012D01", "2014D36"), DEKADS)
    truth = maps["TRUTH"]
    for product in [name for name in SENSORS if name != "SMAP_E"]:
        both = ~np.isnan(maps[product]) & ~np.isnan(truth)
        r = [
            np.corrcoef(maps[product][both[:, i, j], i, j], truth[both[:, i, j], i, j])[0, 1]
            for i in range(1, 30, 3)
            for j in range(1, 30, 3)
            if both[:, i, j].sum() > 50
        ]
        assert 0.4 < np.median(r) < 0.87, product


def test_a_part_of_period_and_region_is_the_same_to_the_last_bit(three_years: dict[str, np.ndarray]) -> None:
    part = generate(Toy(days_per_dekad=11), area(40, 41, -1, 0), DEKADS.span("2013D05", "2013D09"), DEKADS)
    for name, field in part.items():
        assert_array_equal(field, three_years[name][40:45, 10:20, 10:20], name)


def test_cold_ground_is_what_most_days_of_a_dekad_say() -> None:
    steps = DEKADS.span("2013D01", "2013D12")
    snow, thawed = cold(Toy(), DEMO, steps, DEKADS).values()
    earth = Earth(Toy(), DEMO)
    truth, look = earth.year(2013), earth.look("latlon_0.1", 25)
    row, column = (
        int(abs(c - x).argmin()) for c, x in ((look.cells.latitude[:, 0], 40.35), (look.cells.longitude[0], -1.15))
    )
    frozen = np.array([look.nearest(truth.frozen[d : d + 10])[:, row, column].mean() for d in (0, 10, 20)])
    under = np.array([(look(truth.snow[d : d + 10])[:, row, column] > 5).mean() for d in (0, 10, 20)])
    assert_array_equal(snow[:3, 16, 8], (frozen > 0.5) | (under > 0.5))  # pixel 40.35° N, 1.15° W
    assert snow[:3].mean() > 0 and snow[:3].mean() > snow[-3:].mean()
    assert thawed[:3].mean() < thawed[-3:].mean() and thawed.min() >= 0 and thawed.max() <= 1


def test_spans_cut_products_off() -> None:
    spans = {"SMAP_E": ("2015D10", None), "TMI-LPRM-X": ("1997D34", "2015D09")}
    maps = generate(Toy(days_per_dekad=11), DEMO, DEKADS.span("2015D08", "2015D11"), DEKADS, spans)
    assert_array_equal(np.isnan(maps["SMAP_E"]).all(axis=(1, 2)), [True, True, False, False])
    assert_array_equal(np.isnan(maps["TMI-LPRM-X"]).all(axis=(1, 2)), [False, False, True, True])


def test_a_composite_is_the_mean_of_its_overpasses_by_hand() -> None:
    earth = Earth(Toy(days_per_dekad=3), DEMO)
    step = DEKADS.parse("2013D20")
    maps = composite(earth, "AMSR2-LPRM-X", [step], DEKADS)
    seen = observe(earth, "AMSR2-LPRM-X", DEKADS.start(step).toordinal() + np.arange(3))
    row = int(abs(seen.cells.latitude[:, 0] - 40.375).argmin())
    column = int(abs(seen.cells.longitude[0] + 1.125).argmin())
    values = seen.screened[:, :, row, column]
    values = values[~np.isnan(values)]
    assert len(values) > 1
    assert_allclose(maps[0, 16, 8], values.mean(), rtol=1e-5)  # pixel 40.35° N, 1.15° W


def test_a_finer_run_may_share_the_truth_of_a_coarser_grid() -> None:
    region, steps, toy = GRID.region(40, 41, -2, -1), list(DEKADS.span("2016D18", "2016D18")), Toy(days_per_dekad=11)
    fine, coarse = (
        generate(toy, Area(grid, region), steps, DEKADS, land=np.ones(shape, bool), truth_grid="wgs84_0.25")
        for grid, shape in (("wgs84_0.1", (1400, 3600)), ("wgs84_0.25", (560, 1440)))
    )
    holds = np.array([0, 0, 1, 1, 1, 2, 2, 3, 3, 3])  # the third centre lies on an edge: south and east of it
    for name in ("TRUTH", "LANDCOVER", "SAND"):
        assert_array_equal(fine[name][0], coarse[name][0][holds][:, holds], err_msg=name)
    apart = [0, 1, 3, 4]  # centres within one cell of 0.25°, and within several of 9 km
    wide, narrow = (np.unique(fine[name][0][np.ix_(apart, apart)]) for name in ("AMSR2-LPRM-X", "SMAP_E"))
    assert len(wide) == 4 and len(narrow) == 16
