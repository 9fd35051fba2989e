"""Dry-down: cases worked by hand, and a made-up Earth that dries exponentially with a known constant under known rain."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx

from rssm.analysis.dry_down.dekads import by_dekad, dekad_of, steps_in
from rssm.analysis.dry_down.find import Dry, Drying, find_dry
from rssm.analysis.dry_down.interception import intercepted, storage
from rssm.analysis.dry_down.relation import APART, relate
from rssm.analysis.dry_down.season import fit_season, longest_gap
from rssm.calendar import CALENDARS, DEKADS
from rssm.config.dry_down import DryDown, Interception

HOW, SET = Interception(), DryDown()
PHASE = 2 * np.pi * (np.arange(36) + 0.5) / 36


# -- interception --------------------------------------------------------------------------------------------------------


def test_interception_by_hand() -> None:
    # LAI 3: S = 0.935 + 0.498 · 3 − 0.00575 · 9 = 2.37725 mm, k = 0.138; 5 mm: 2.37725 (1 − exp(−0.69 / 2.37725))
    assert storage(np.array([3.0]), HOW)[0] == approx(2.37725)
    kept = intercepted(np.array([5.0, 0.0, 5.0, 5.0]), np.array([3.0, 3.0, 0.1, np.nan]), HOW)
    assert kept == approx([2.37725 * (1 - np.exp(-0.69 / 2.37725)), 0, 0, 0])
    assert kept[0] == approx(0.598887, abs=1e-6)


def test_interception_never_exceeds_rain_nor_storage() -> None:
    rain, leaves = np.meshgrid(np.geomspace(1e-3, 500, 40), np.linspace(0, 10, 21))
    kept = intercepted(rain, leaves, HOW)
    assert (kept >= 0).all() and (kept <= rain).all() and (kept <= storage(leaves, HOW) + 1e-12).all()
    assert (np.diff(kept, axis=1) >= 0).all()  # more rain, more kept
    assert (np.diff(kept[:, 5]) >= 0).all()  # more leaves, more kept
    merriam = intercepted(rain, leaves, Interception(caught=1.0))
    assert (merriam >= kept - 1e-12).all()


# -- which cases are dry -------------------------------------------------------------------------------------------------


def cases(*groups: tuple[int, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """(change, rain) of one cell from groups of (number, change, rain)."""
    number, change, rain = zip(*groups, strict=True)
    return np.repeat(change, number)[None], np.repeat(rain, number)[None]


@pytest.mark.parametrize(
    ("groups", "status", "threshold", "dry"),
    [
        ([(36, -0.01, 2.0)], Drying.OK, 10, 36),
        ([(35, -0.01, 2.0), (9, -0.01, 10.0)], Drying.TOO_FEW, np.nan, 0),  # below, not at, the threshold
        ([(40, -0.01, 1.0), (20, 0.01, 9.0)], Drying.OK, 10, 60),  # exactly twice the increases is enough
        ([(40, -0.01, 1.0), (21, 0.01, 6.5)], Drying.OK, 6, 40),  # lowered until the increases are out
        ([(40, -0.01, 1.0), (21, 0.01, 6.0)], Drying.OK, 6, 40),  # 6 mm are not less than 6
        ([(30, -0.01, 1.0), (31, 0.01, 6.5)], Drying.NO_DECLINE, np.nan, 0),  # stopped below 36 cases
        ([(40, -0.01, 0.0), (40, 0.01, 0.0)], Drying.NO_DECLINE, np.nan, 0),  # noise without rain
        ([(40, -0.01, np.nan)], Drying.NO_DATA, np.nan, 0),
        ([(30, -0.01, 1.0), (6, 0.0, 1.0)], Drying.OK, 10, 36),  # no change counts as a case, as neither up nor down
    ],
)
def test_the_threshold_is_lowered_as_in_the_article(groups, status, threshold, dry) -> None:
    found = find_dry(*cases(*groups), SET)
    assert (found.status[0], found.dry.sum()) == (status, dry)
    assert_array_equal(found.threshold, [threshold])


def test_cells_do_not_look_at_each_other() -> None:
    rng = np.random.default_rng(1)
    change, rain = rng.normal(-0.004, 0.01, (50, 300)), rng.exponential(8, (50, 300))
    together = find_dry(change, rain, SET)
    alone = [find_dry(change[k : k + 1], rain[k : k + 1], SET) for k in range(50)]
    assert_array_equal(together.threshold, np.concatenate([one.threshold for one in alone]))
    assert_array_equal(together.dry, np.concatenate([one.dry for one in alone]))
    assert len(np.unique(together.threshold[np.isfinite(together.threshold)])) > 2


# -- relation to soil moisture -------------------------------------------------------------------------------------------


def all_dry(shape: tuple[int, int]) -> Dry:
    return Dry(np.full(shape[0], 10.0), np.ones(shape, bool), np.zeros(shape[0], np.int8))


def places(level: np.ndarray) -> np.ndarray:
    """Cases in a dekad of the year each, in no order."""
    return np.random.default_rng(9).integers(0, 36, level.shape[1])


def test_exponential_drying_tells_its_constant() -> None:
    before = np.array([np.linspace(0.1, 0.4, 50)] * 2)
    constant, residual = np.array([[8.0], [30.0]]), np.array([[0.05], [0.08]])
    after = residual + (before - residual) * np.exp(-APART / constant)
    none = np.zeros(before.shape)
    found = relate(after - before, (after + before) / 2, none, none, places(before), all_dry(before.shape))
    assert_allclose(found.constant, [8, 30], rtol=1e-5)
    assert_allclose(found.residual, [0.05, 0.08], rtol=1e-5)
    assert_allclose([found.r, found.r_before], 1)


def test_rain_below_the_threshold_does_not_pass_for_slower_drying() -> None:
    rng = np.random.default_rng(6)
    before = np.linspace(0.1, 0.4, 60)[None]
    earlier, later = rng.uniform(0, 5, (2, 1, 60)) * np.linspace(0, 1, 60)  # more of it where it is wet
    after = 0.06 + (before - 0.06) * np.exp(-APART / 12) + earlier / 300 + later / 100
    found = relate(after - before, (after + before) / 2, earlier, later, places(before), all_dry(before.shape))
    assert (found.constant[0], found.residual[0]) == (approx(12, rel=1e-4), approx(0.06, rel=1e-3))
    alone = relate(after - before, (after + before) / 2, 0 * earlier, 0 * later, places(before), all_dry(before.shape))
    assert alone.constant[0] > 14


def test_dry_summers_that_dry_fast_do_not_pass_for_slow_drying() -> None:
    rng = np.random.default_rng(7)
    place = rng.integers(0, 36, 200)
    summer = (1 - np.cos(PHASE))[place] / 2
    slope = 0.9 + 0.6 * (summer - summer.mean())  # of the decline against the level
    level = 0.3 - 0.15 * summer + rng.normal(0, 0.02, 200)  # dry when drying is fast
    change = -(slope * (level - 0.05))[None]
    found = relate(change, level[None], 0 * change, 0 * change, place, all_dry((1, 200)))
    assert found.constant[0] == approx(APART / (2 * np.arctanh(0.45)), rel=0.01)
    assert found.residual[0] == approx(0.05, abs=0.005)
    assert np.polyfit(level, -change[0], 1)[0] < 0.6  # the slope of the whole year would more than double the constant


def test_noise_alone_feigns_a_relation_to_the_dekad_before_only() -> None:
    rng = np.random.default_rng(2)
    before, after = 0.2 + rng.normal(0, 0.02, (2, 200, 400))
    none = np.zeros(before.shape)
    found = relate(after - before, (after + before) / 2, none, none, places(before), all_dry(before.shape))
    assert found.r_before.mean() == approx(np.sqrt(0.5), abs=0.01)  # what the article's r > 0.8 is to be held against
    assert found.r.mean() == approx(0, abs=0.01)
    assert (found.status == Drying.NO_RELATION).mean() == approx(0.5, abs=0.12)


def test_decline_that_does_not_grow_has_no_constant() -> None:
    level = np.linspace(0.1, 0.3, 40)[None]
    for change in (np.full((1, 40), -0.01), -0.02 + 0.05 * level):
        found = relate(change, level, 0 * level, 0 * level, places(level), all_dry(level.shape))
        assert (found.status[0], np.isnan(found.constant[0])) == (Drying.NO_RELATION, True)


# -- season --------------------------------------------------------------------------------------------------------------


def fitted(decline: np.ndarray, place: np.ndarray, dry: np.ndarray | None = None):
    dry = np.ones((1, place.size), bool) if dry is None else dry
    return fit_season(-decline[None], dry, place, np.zeros(1, np.int8))


def test_the_season_of_the_drying_is_recovered() -> None:
    place = np.tile(np.arange(36), 16)
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 0.002, place.size)
    one = 0.02 + 0.008 * np.cos(PHASE - PHASE[19])
    found = fitted(one[place] + noise, place)
    assert (found.terms[0], found.status[0]) == (1, Drying.OK)
    assert found.mean[0] == approx(0.02, abs=3e-4)
    assert abs(int(found.fitted[0].argmax()) - 19) <= 1
    two = one + 0.006 * np.cos(2 * (PHASE - PHASE[5]))
    found = fitted(two[place] + noise, place)
    assert found.terms[0] == 2
    assert_allclose(found.fitted[0], two, atol=6e-4)


def test_the_mean_of_the_year_does_not_lean_to_where_cases_are() -> None:
    place = np.r_[np.tile(np.arange(36), 3), np.tile(np.arange(15, 21), 40)]
    season = 0.02 + 0.01 * np.cos(PHASE - PHASE[18])
    found = fitted(season[place], place)
    assert season[place].mean() > 0.026
    assert found.mean[0] == approx(0.02, abs=1e-6)


def test_a_quarter_of_the_year_without_a_case_has_no_season() -> None:
    for gap, status in ((8, Drying.OK), (9, Drying.TOO_SEASONAL)):
        place = np.tile(np.arange(gap, 36), 10)
        found = fitted(0.02 + 0 * place, place)
        assert found.status[0] == status
        assert np.isnan(found.mean[0]) == (status != Drying.OK)
    there = np.ones((1, 36), bool)
    there[0, [34, 35, 0, 1, 2]] = False
    assert longest_gap(there)[0] == 5  # past the turn of the year
    assert longest_gap(np.zeros((1, 36), bool))[0] == 36


# -- other calendars -----------------------------------------------------------------------------------------------------


def test_steps_of_three_days_become_dekads() -> None:
    calendar = CALENDARS["3day"]
    dekads = range(DEKADS.parse("2015D36"), DEKADS.parse("2016D02") + 1)
    steps = steps_in(dekads, calendar)
    assert {dekad_of(step, calendar) for step in steps} == set(dekads)
    assert dekad_of(steps[0] - 1, calendar) == dekads[0] - 1
    means = dict(by_dekad(((step, np.array([[float(step)]])) for step in steps), calendar))
    own = [step for step in steps if dekad_of(step, calendar) == dekads[1]]
    assert means[dekads[1]][0, 0] == np.mean(own)
