"""Laws of stations' means: they are what a loop over days makes of the records, and no record is lost on the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rssm.calendar import CALENDARS
from rssm.stations.sensors import Records
from rssm.stations.steps import Days, Means, joined, pixel_means, screened, step_means
from rssm.validation.stations.places import mean_annual_maximum

START = datetime(2015, 1, 25)
FLAGS = ("G", "D01", "C03")
one = st.tuples(
    st.integers(0, 24 * 20),  # hours after START
    st.one_of(st.just(np.nan), st.floats(-0.2, 1.2)),
    st.sampled_from(FLAGS),
)
archives = st.lists(st.lists(one, max_size=40), min_size=1, max_size=3)
calendars = st.sampled_from(["dekad", "3day", "day", "month"])


def records(rows) -> Records:
    """Records of a file."""
    flags = tuple(sorted({flag for _, _, flag in rows}))
    time = np.array([START + timedelta(hours=hour) for hour, _, _ in rows], "M8[s]")
    flag = np.array([flags.index(flag) for _, _, flag in rows], np.intp)
    return Records(time, np.array([value for _, value, _ in rows], float), flag, flags)


def period(name):
    calendar = CALENDARS[name]
    return calendar, range(calendar.of(date(2015, 1, 28)), calendar.of(date(2015, 2, 10)) + 1)


@given(archives, calendars, st.integers(1, 6))
def test_means_are_those_of_a_loop_over_days_and_every_record_counts_once(files, name, least):
    calendar, steps = period(name)
    days = Days.of(calendar, steps, least)
    whole = joined([records(rows) for rows in files])
    counts, reasons = screened(whole, days, {"G"})
    means, (few, behind) = step_means(whole.time[counts], whole.value[counts], days)
    assert means.records.sum() + behind + sum(count for _, count in reasons) == sum(map(len, files))

    by_day: dict[date, list[float]] = {}
    for time, value in zip(whole.time[counts].tolist(), whole.value[counts].tolist(), strict=True):
        assert 0 <= value <= 1
        by_day.setdefault(time.date(), []).append(value)
    left = 0
    for at, step in enumerate(steps):
        daily = [np.mean(by_day[day]) for day in calendar.dates(step) if day in by_day]
        enough = len(daily) >= min(least, calendar.days(step))
        left += bool(daily) and not enough
        assert np.isnan(means.value[at]) if not enough else np.isclose(means.value[at], np.mean(daily), rtol=1e-12)
    assert few == left


@given(archives, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter_where_no_time_stands_twice(files, random):
    rows = list({hour: (hour, value, flag) for hour, value, flag in chain.from_iterable(files)}.values())
    days = Days.of(*period("dekad"), 1)

    def means(parts):
        whole = joined([records(part) for part in parts])
        counts, _ = screened(whole, days, {"G"})
        return step_means(whole.time[counts], whole.value[counts], days)[0].value

    expected = means([rows])
    random.shuffle(rows)
    np.testing.assert_array_equal(means([rows[::2], rows[1::2]]), expected)


@given(
    st.lists(st.lists(st.one_of(st.just(np.nan), st.floats(0, 1)), min_size=3, max_size=3), min_size=1, max_size=6),
    st.data(),
)
def test_a_pixel_has_the_mean_of_its_sensors(values, data):
    position = data.draw(st.lists(st.integers(0, 1), min_size=len(values), max_size=len(values)))
    means = [Means(np.array(value), np.isfinite(value) * 2) for value in values]
    found = pixel_means(means, position, (2, 3))
    for pixel in (0, 1):
        own = np.array([value for value, at in zip(values, position, strict=True) if at == pixel]).reshape(-1, 3)
        there = np.isfinite(own).sum(axis=0)
        assert found.sensors[pixel].tolist() == there.tolist()
        assert found.records[pixel].tolist() == (2 * there).tolist()
        expected = [
            np.mean(column[np.isfinite(column)]) if n else np.nan for column, n in zip(own.T, there, strict=True)
        ]
        np.testing.assert_allclose(found.value[pixel], expected, rtol=1e-6, atol=1e-7)


@given(st.lists(st.tuples(st.integers(2003, 2006), st.one_of(st.just(np.nan), st.floats(0, 1))), max_size=12))
def test_water_is_the_mean_of_the_largest_of_each_year(rows):
    years, values = [year for year, _ in rows], np.array([value for _, value in rows], np.float32).reshape(-1, 1)
    largest = [max(own) for year in set(years) if (own := [v for y, v in rows if y == year and not np.isnan(v)])]
    (found,) = mean_annual_maximum(years, values)
    assert np.isnan(found) if not largest else np.isclose(found, np.mean(largest), rtol=1e-5, atol=1e-7)
