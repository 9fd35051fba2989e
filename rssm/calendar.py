"""Time: calendars of dekads, months, years, days and steps of a fixed number of days.

A step is an integer, counted from the calendar's epoch, so that arithmetic, hashing and array indices are exact;
a calendar gives it a label, its days, and back. All of it is immutable and does no I/O.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol, runtime_checkable

from rssm.errors import InputError

STATIC = "static"  # calendar of what does not change


@runtime_checkable
class Calendar(Protocol):
    """What maps, cubes and plans need to know of time."""

    @property
    def id(self) -> str:
        """Name carried by maps and cubes."""
        ...

    @property
    def steps_per_year(self) -> int | None:
        """Steps a year, None where years differ in length."""
        ...

    @property
    def seasons(self) -> int:
        """Number of different places that a step may have in its year, which a climatology keeps apart."""
        ...

    def season_of(self, step: int) -> int:
        """Place of a step in its year, from 0 on."""
        ...

    def year_of(self, step: int) -> int:
        """Year in which a step starts."""
        return self.start(step).year

    def parse(self, label: str) -> int:
        """Step of a label."""
        ...

    def label(self, step: int) -> str:
        """Label of a step."""
        ...

    def of(self, day: date) -> int:
        """Step that holds a day."""
        ...

    def start(self, step: int) -> date:
        """First day of a step."""
        ...

    def end(self, step: int) -> date:
        """Last day of a step."""
        ...

    def days(self, step: int) -> int:
        """Number of days of a step."""
        return (self.end(step) - self.start(step)).days + 1

    def dates(self, step: int) -> list[date]:
        """The days of a step."""
        first = self.start(step)
        return [first + timedelta(days=i) for i in range(self.days(step))]

    def year(self, year: int) -> range:
        """Steps that start in a year."""
        first = self.of(date(year, 1, 1))
        first += self.start(first).year < year
        return range(first, self.of(date(year, 12, 31)) + 1)

    def span(self, first: str, last: str) -> range:
        """Steps from one label to another, both included."""
        return range(self.parse(first), self.parse(last) + 1)


@dataclass(frozen=True)
class Dekads(Calendar):
    """Days 1–10, 11–20 and 21–end of each month, written `2015D10` (year, ordinal 1–36 in the year).

    Step 0 is 0000D01, so that year and dekad of the year are quotient and remainder.
    """

    id = "dekad"
    steps_per_year = 36
    seasons = 36

    def season_of(self, step: int) -> int:
        return step % 36

    def year_of(self, step: int) -> int:
        return step // 36

    def parse(self, label: str) -> int:
        found = re.fullmatch(r"(\d{4})D(\d{2})", label)
        if not found or not 1 <= int(found[2]) <= 36:
            raise InputError(f"{label!r} is not a dekad: expected the year, 'D' and 01…36, for example 2015D10.")
        return int(found[1]) * 36 + int(found[2]) - 1

    def label(self, step: int) -> str:
        return f"{step // 36:04d}D{step % 36 + 1:02d}"

    def of(self, day: date) -> int:
        return day.year * 36 + (day.month - 1) * 3 + min((day.day - 1) // 10, 2)

    def start(self, step: int) -> date:
        return date(step // 36, self.month(step), step % 3 * 10 + 1)

    def end(self, step: int) -> date:
        year, month = step // 36, self.month(step)
        return date(year, month, (10, 20, monthrange(year, month)[1])[step % 3])

    def month(self, step: int) -> int:
        """Month 1…12 of a dekad."""
        return step % 36 // 3 + 1


@dataclass(frozen=True)
class FixedDays(Calendar):
    """Steps of a fixed number of days counted from an epoch: 1 for daily data, 3 for CASM's 3-day means."""

    length: int
    epoch: date = date(2000, 1, 1)

    steps_per_year = None

    @property
    def id(self) -> str:
        """`day` or for example `3day`."""
        return "day" if self.length == 1 else f"{self.length}day"

    @property
    def seasons(self) -> int:
        return -(-366 // self.length)

    def season_of(self, step: int) -> int:
        return (self.start(step).timetuple().tm_yday - 1) // self.length

    def parse(self, label: str) -> int:
        try:
            day = date.fromisoformat(label)
        except ValueError:
            raise InputError(f"{label!r} is not a day: expected for example 2015-04-01.") from None
        step = self.of(day)
        if self.start(step) != day:
            raise InputError(f"{label}: no {self.id} step starts there; the nearest starts {self.start(step)}.")
        return step

    def label(self, step: int) -> str:
        return self.start(step).isoformat()

    def of(self, day: date) -> int:
        return (day - self.epoch).days // self.length

    def start(self, step: int) -> date:
        return self.epoch + timedelta(days=step * self.length)

    def end(self, step: int) -> date:
        return self.start(step) + timedelta(days=self.length - 1)


@dataclass(frozen=True)
class Months(Calendar):
    """Calendar months, written `2015-04`: the step of LAI and land surface temperature."""

    id = "month"
    steps_per_year = 12
    seasons = 12

    def season_of(self, step: int) -> int:
        return step % 12

    def parse(self, label: str) -> int:
        found = re.fullmatch(r"(\d{4})-(\d{2})", label)
        if not found or not 1 <= int(found[2]) <= 12:
            raise InputError(f"{label!r} is not a month: expected for example 2015-04.")
        return int(found[1]) * 12 + int(found[2]) - 1

    def label(self, step: int) -> str:
        return f"{step // 12:04d}-{step % 12 + 1:02d}"

    def of(self, day: date) -> int:
        return day.year * 12 + day.month - 1

    def start(self, step: int) -> date:
        return date(step // 12, step % 12 + 1, 1)

    def end(self, step: int) -> date:
        return self.start(step + 1) - timedelta(days=1)


@dataclass(frozen=True)
class Years(Calendar):
    """Calendar years, written `2015`: the step of land cover and vegetation fractions."""

    id = "year"
    steps_per_year = 1
    seasons = 1

    def season_of(self, step: int) -> int:
        return 0

    def parse(self, label: str) -> int:
        if not re.fullmatch(r"\d{4}", label):
            raise InputError(f"{label!r} is not a year: expected for example 2015.")
        return int(label)

    def label(self, step: int) -> str:
        return f"{step:04d}"

    def of(self, day: date) -> int:
        return day.year

    def start(self, step: int) -> date:
        return date(step, 1, 1)

    def end(self, step: int) -> date:
        return date(step, 12, 31)


@dataclass(frozen=True)
class Static(Calendar):
    """No time: the one step 0, written `static`, holds every day."""

    id = STATIC
    steps_per_year = None
    seasons = 1

    def season_of(self, step: int) -> int:
        return 0

    def parse(self, label: str) -> int:
        if label != STATIC:
            raise InputError(f"{label!r} is a time: expected {STATIC!r}, for what has none.")
        return 0

    def label(self, step: int) -> str:
        return STATIC

    def of(self, day: date) -> int:
        return 0

    def start(self, step: int) -> date:
        return date.min

    def end(self, step: int) -> date:
        return date.max


DEKADS = Dekads()
CALENDARS: dict[str, Calendar] = {
    "dekad": DEKADS,
    "month": Months(),
    "year": Years(),
    "day": FixedDays(1),
    "3day": FixedDays(3),
    STATIC: Static(),
}


@lru_cache
def spoken(calendar_id: str) -> str:
    """What a step of a calendar is called in a sentence."""
    return "3-day period" if calendar_id == "3day" else calendar_id


def days_of(label: str) -> tuple[date, date]:
    """First and last day of what a label stands for in any calendar: 2015D10, 2015-04, 2015 or 2015-04-01."""
    for name in ("dekad", "month", "year", "day"):
        calendar = CALENDARS[name]
        try:
            step = calendar.parse(label)
            return calendar.start(step), calendar.end(step)
        except (InputError, ValueError):  # ValueError: year 0
            continue
    raise InputError(
        f"{label!r} is no time: expected a dekad (2015D10), a month (2015-04), a year (2015) or a day (2015-04-01)."
    )


def runs(steps: list[int]) -> Iterator[tuple[int, int]]:
    """First and last step of each unbroken run of an ascending list."""
    start = previous = None
    for step in steps:
        if previous is None or step != previous + 1:
            if start is not None and previous is not None:
                yield start, previous
            start = step
        previous = step
    if start is not None and previous is not None:
        yield start, previous
