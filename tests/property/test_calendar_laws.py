"""What holds for every calendar and every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssm.calendar import CALENDARS

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize("name", CALENDARS)
@given(day=days)
def test_the_step_of_a_day_holds_it_and_its_label_leads_back(name, day):
    calendar = CALENDARS[name]
    step = calendar.of(day)
    assert calendar.start(step) <= day <= calendar.end(step)
    assert calendar.parse(calendar.label(step)) == step


@pytest.mark.parametrize("name", CALENDARS)
@given(day=days)
def test_steps_follow_each_other_without_gap_or_overlap(name, day):
    calendar = CALENDARS[name]
    step = calendar.of(day)
    assert calendar.start(step + 1) == calendar.end(step) + timedelta(days=1)
    assert calendar.days(step) == len(calendar.dates(step))


@pytest.mark.parametrize("name", CALENDARS)
@given(year=st.integers(1990, 2060))
def test_a_year_holds_the_steps_that_start_in_it(name, year):
    calendar = CALENDARS[name]
    steps = calendar.year(year)
    assert {calendar.start(step).year for step in steps} == {year}
    assert calendar.start(steps[0] - 1).year < year < calendar.start(steps[-1] + 1).year
    assert calendar.steps_per_year in (None, len(steps))
