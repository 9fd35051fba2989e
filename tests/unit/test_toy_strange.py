"""World strange: each of its four troubles shows where it should, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import DEKADS
from rssm.config.toy import Toy
from rssm.grid import GRID, Area
from rssm.toy.composites import generate
from rssm.toy.noise import normal
from rssm.toy.observe import Overpasses, observe
from rssm.toy.sensors import MIDDLE, SENSORS
from rssm.toy.strange import KNEE, SWING, WRONG_GAIN, WRONG_OFFSET, heavy, saturated, swing, wrong
from rssm.toy.truth import Earth

DEMO = Area(GRID.id, GRID.region(39, 42, -2, 1))
ALL_LAND = np.ones((GRID.rows, GRID.columns), bool)
SOUND = 2010  # a year in which no product of seed 1 is wrong


def look(product: str, year: int = SOUND, **toy: object) -> tuple[Overpasses, np.ndarray]:
    """Overpasses of world strange and the truth of their footprints (day, row, column)."""
    earth = Earth(Toy.model_validate({"world": "strange", **toy}), DEMO, ALL_LAND)
    truth = earth.year(year)
    days = np.arange(truth.first, truth.first + 360, 4)
    seen = observe(earth, product, days)
    return seen, seen.look(truth.moisture[days - truth.first])


def line(seen: Overpasses, truth: np.ndarray, chosen: np.ndarray) -> tuple[float, float]:
    """Slope and start of the retrievals of the first pass over the truth."""
    value = seen.value[:, 0]
    chosen = chosen & (value > 0.006)
    slope, start = np.polyfit(truth[chosen], value[chosen], 1)
    return float(slope), float(start)


def test_what_is_answered_bends_at_the_knee_and_ends_lower_under_leaves_and_at_short_wavelengths() -> None:
    truth = np.linspace(0.02, 0.6, 59, dtype=np.float32)
    bare, dense = np.zeros_like(truth), np.full_like(truth, 0.9)
    x, lband = SENSORS["AMSR2-LPRM-X"], SENSORS["SMOS-IC"]
    for leaves in (bare, dense):
        got = saturated(truth, leaves, x)
        assert_allclose(got[truth <= KNEE], truth[truth <= KNEE], rtol=1e-6)
        assert (np.diff(got) > 0).all() and (got <= truth).all()
        assert got[-1] - got[-11] < 0.1 * 0.1  # a tenth of the truth's 0.1 m³ m⁻³ is left
    assert saturated(truth, dense, x)[-1] < saturated(truth, bare, x)[-1] < saturated(truth, bare, lband)[-1]


def test_sensors_lose_their_slope_in_wet_soil() -> None:
    seen, truth = look("SMOS-IC", noise=0, bias=0)
    dry, _ = line(seen, truth, truth < KNEE - 0.02)
    wet, _ = line(seen, truth, truth > KNEE + 0.08)
    assert 0.7 < dry < 1.3 and wet < 0.75 * dry


@pytest.mark.parametrize("product", [name for name in SENSORS if name != "SMAP_E"])
def test_gains_swing_with_the_season(product: str) -> None:
    days = np.arange(733_000, 733_000 + 4 * 365)
    gain = swing(product, days)
    assert_allclose([gain.min(), gain.max(), gain.mean()], [1 - SWING, 1 + SWING, 1], atol=2e-3)
    assert_allclose(gain[: 2 * 365], swing(product, days + 1461)[: 2 * 365], atol=5e-3)  # the same in every year
    seen, truth = look(product, noise=0, bias=0)
    high = swing(product, seen.days) > 1
    dry = (truth < KNEE) & ~np.isnan(seen.value[:, 0])
    strong, _ = line(seen, truth, dry & high[:, None, None])
    weak, _ = line(seen, truth, dry & ~high[:, None, None])
    assert strong > weak + 0.5 * SWING


def test_the_target_swings_not_and_is_never_wrong() -> None:
    assert_array_equal(swing("SMAP_E", np.arange(733_000, 733_400)), 1)
    assert all(product != "SMAP_E" for seed in range(200) for product, _ in wrong(seed))


def test_heavy_errors_have_unit_variance_and_far_outliers() -> None:
    standard = normal(3, "tail", np.arange(2_000_000))
    got = heavy(standard)
    assert_allclose([got.mean(), got.var()], [0, 1], atol=0.02)
    assert_array_equal(np.argsort(got[:100]), np.argsort(standard[:100]))
    assert (abs(got) > 5).mean() > 1e-3  # of normal values 6e-7


def test_errors_of_products_have_heavy_tails_in_this_world_alone() -> None:
    def kurtosis(world: str) -> float:
        product = "AMSR2-JAXA"
        noisy, quiet = (look(product, world=world, noise=noise)[0].value for noise in (1, 0))
        free = (noisy > 0.006) & (quiet > 0.006)
        error = (noisy - quiet)[free]
        return float(np.mean((error - error.mean()) ** 4) / error.var() ** 2)

    assert kurtosis("paper") < 3.6 and kurtosis("strange") > 6


def test_one_product_is_wrong_for_two_years_in_a_row_within_its_flight() -> None:
    found = {seed: sorted(wrong(seed), key=lambda at: at[1]) for seed in range(60)}
    for (product, first), (other, second) in found.values():
        assert product == other and second == first + 1
        assert max(SENSORS[product].launch, 2003) < first <= SENSORS[product].launch + 8
    assert len({years[0][0] for years in found.values()}) > 6
    (product, year), _ = found[1]
    seen, truth = look(product, year, noise=0, bias=0)
    dry, start = line(seen, truth, truth < KNEE)
    assert abs(dry - WRONG_GAIN) < 0.5 * WRONG_GAIN
    assert_allclose(start + dry * MIDDLE, MIDDLE + WRONG_OFFSET, atol=0.03)
    after, _ = look(product, year + 2, noise=0, bias=0)
    assert np.nanmean(seen.value) > np.nanmean(after.value) + 0.04


def test_the_truth_is_that_of_the_other_worlds_and_products_still_know_it() -> None:
    steps = DEKADS.span("2012D01", "2013D36")
    paper, strange = (
        generate(Toy(world=world, days_per_dekad=11), DEMO, steps, DEKADS) for world in ("paper", "strange")
    )
    assert_array_equal(paper["TRUTH"], strange["TRUTH"])
    truth = strange["TRUTH"].reshape(len(steps), -1)
    for product in [name for name in SENSORS if name != "SMAP_E"]:
        values = strange[product].reshape(len(steps), -1)
        r = []
        for pixel in range(5, truth.shape[1], 23):
            both = ~np.isnan(values[:, pixel]) & ~np.isnan(truth[:, pixel])
            if both.sum() > 40:
                r.append(np.corrcoef(values[both, pixel], truth[both, pixel])[0, 1])
        assert 0.3 < np.median(r) < 0.87, product


def test_days_and_regions_are_observed_alike_alone_and_together() -> None:
    toy = Toy(world="strange")
    wide, narrow = Earth(toy, DEMO), Earth(toy, Area(GRID.id, GRID.region(40, 41, -1, 0)))
    first = wide.year(2014).first
    for product in ("SMAP_E", "AMSR2-LPRM-X"):  # the latter is wrong in this year of seed 1
        one = observe(wide, product, np.arange(first + 100, first + 120))
        other = observe(narrow, product, np.arange(first + 104, first + 108))
        rows, columns = np.isin(one.cells.rows, other.cells.rows), np.isin(one.cells.columns, other.cells.columns)
        assert_array_equal(one.value[4:8][:, :, rows][..., columns], other.value)
