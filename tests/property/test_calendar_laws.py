"""What holds for every calendar and every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssm.calendar import CALENDARS, STATIC, FixedDays, days_of

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
years = st.integers(1990, 2060)
of_time = pytest.mark.parametrize(
    "calendar", [c for c in CALENDARS.values() if c.id != STATIC] + [FixedDays(5)], ids=str
)


@pytest.mark.parametrize("name", CALENDARS)
@given(day=days)
def test_the_step_of_a_day_holds_it_and_its_label_leads_back(name, day):
    calendar = CALENDARS[name]
    step = calendar.of(day)
    assert calendar.start(step) <= day <= calendar.end(step)
    assert calendar.parse(calendar.label(step)) == step
    assert calendar.id == name


@of_time
@given(day=days)
def test_steps_follow_each_other_without_gap_or_overlap(calendar, day):
    step = calendar.of(day)
    assert calendar.start(step + 1) == calendar.end(step) + timedelta(days=1)
    assert calendar.days(step) == len(calendar.dates(step))


@of_time
@given(year=years)
def test_a_year_holds_the_steps_that_start_in_it(calendar, year):
    steps = calendar.year(year)
    assert {calendar.start(step).year for step in steps} == {year}
    assert calendar.start(steps[0] - 1).year < year < calendar.start(steps[-1] + 1).year
    assert calendar.steps_per_year in (None, len(steps))


@of_time
@given(year=years)
def test_year_and_season_of_a_step_agree_with_its_first_day(calendar, year):
    steps = calendar.year(year)
    assert {calendar.year_of(step) for step in steps} == {year}
    seasons = [calendar.season_of(step) for step in steps]
    assert seasons == sorted(set(seasons)) and 0 <= seasons[0] <= seasons[-1] < calendar.seasons
    if calendar.steps_per_year:
        assert seasons == list(range(calendar.seasons))


@of_time
@given(day=days)
def test_the_days_of_a_label_begin_with_its_step(calendar, day):
    step = calendar.of(day)
    first, last = days_of(calendar.label(step))
    assert first == calendar.start(step) and last <= calendar.end(step)
