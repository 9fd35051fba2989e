"""Dekads and their siblings, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from rssm.calendar import CALENDARS, DEKADS, Calendar, runs
from rssm.errors import InputError


def test_a_dekad_label_means_days_one_to_ten_eleven_to_twenty_and_the_rest():
    spring = DEKADS.parse("2015D10")
    assert (DEKADS.start(spring), DEKADS.end(spring)) == (date(2015, 4, 1), date(2015, 4, 10))
    assert DEKADS.label(spring) == "2015D10"
    assert DEKADS.month(spring) == 4


@pytest.mark.parametrize(("label", "days"), [("2015D06", 8), ("2016D06", 9), ("2015D03", 11), ("2015D12", 10)])
def test_the_third_dekad_ends_with_the_month(label, days):
    assert DEKADS.days(DEKADS.parse(label)) == days


def test_a_year_has_36_dekads_that_hold_all_its_days():
    steps = DEKADS.year(2016)
    assert [DEKADS.label(steps[0]), DEKADS.label(steps[-1])] == ["2016D01", "2016D36"]
    assert sum(DEKADS.days(step) for step in steps) == 366


def test_the_paper_has_576_dekads():
    assert len(DEKADS.span("2003D01", "2018D36")) == 576


@pytest.mark.parametrize("label", ["2015D00", "2015D37", "2015d10", "2015-10", "15D10", ""])
def test_what_is_no_dekad_is_refused_with_an_example(label):
    with pytest.raises(InputError, match="2015D10"):
        DEKADS.parse(label)


def test_months_years_and_days_are_written_the_usual_way():
    day = date(2015, 12, 31)
    labels = {name: calendar.label(calendar.of(day)) for name, calendar in CALENDARS.items()}
    assert labels["month"] == "2015-12"
    assert labels["year"] == "2015"
    assert labels["day"] == "2015-12-31"


def test_three_day_steps_count_from_their_epoch():
    three = CALENDARS["3day"]
    assert three.start(0) == date(2000, 1, 1)
    assert three.of(date(2000, 1, 3)) == 0
    assert three.of(date(2000, 1, 4)) == 1
    with pytest.raises(InputError, match="nearest starts 2000-01-01"):
        three.parse("2000-01-02")


def test_every_calendar_keeps_the_protocol():
    assert all(isinstance(calendar, Calendar) for calendar in CALENDARS.values())


def test_runs_are_first_and_last_of_unbroken_steps():
    assert list(runs([1, 2, 4, 5, 6, 9])) == [(1, 2), (4, 6), (9, 9)]
    assert list(runs([])) == []
