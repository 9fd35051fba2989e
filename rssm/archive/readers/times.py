"""Times in CF files: when each map of a file is, and which of them belong to which day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile
from rssm.archive.listing import ALWAYS, Found
from rssm.archive.readers.decode import filled, is_missing, text_of
from rssm.archive.readers.netcdf import Variable, Variables, coordinate_of, kind_of, units_of
from rssm.archive.readers.statements import Interval, Said, check_times
from rssm.config.catalogue import Product

_SECONDS: dict[str, float] = {
    **dict.fromkeys(("nanosecond", "nsec", "ns"), 1e-9),
    **dict.fromkeys(("microsecond", "microsec", "us"), 1e-6),
    **dict.fromkeys(("millisecond", "millisec", "msec", "ms"), 1e-3),
    **dict.fromkeys(("second", "sec", "s"), 1),
    **dict.fromkeys(("minute", "min"), 60),
    **dict.fromkeys(("hour", "hr", "h"), 3600),
    **dict.fromkeys(("day", "d"), 86400),
    "week": 7 * 86400,
}
_SINCE = re.compile(r"(\w+?)s? since (\d{1,4})-(\d{1,2})-(\d{1,2})(?:[t ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})\S*)?)?.*")
_NO_LEAP = ("noleap", "365_day")
_FOREIGN = ("360_day", "all_leap", "366_day", "none")
_FIRST, _LAST = np.datetime64("0002-01-01", "s"), np.datetime64("9998-12-31", "s")  # of what a datetime holds


@dataclass(frozen=True)
class Clock:
    """When the maps of a file are: a moment of each, to the second, and its (start, end) where the file has bounds."""

    stamps: NDArray[np.datetime64]
    bounds: NDArray[np.datetime64] | None = None

    def moments(self) -> list[datetime]:
        stamps: list[datetime] = self.stamps.astype(object).tolist()
        return stamps

    def intervals(self) -> Iterator[Interval]:
        if self.bounds is not None:
            yield from (tuple(pair) for pair in self.bounds.astype(object).tolist())

    def days(self, product: Product, named: bool) -> list[date]:
        """The day that each map is of; `named`: the file's name holds a date too.

        Bounds are believed before stamps: of a day its middle counts, of longer steps the first day.
        """
        stamps = self.stamps
        if self.bounds is not None and (self.bounds[:, 0] < self.bounds[:, 1]).all():
            start, end = self.bounds[:, 0], self.bounds[:, 1]
            stamps = start + (end - start) // 2 if product.step == "day" else start
        elif product.stamp == "after" and not named:
            stamps = stamps - np.timedelta64(1, "D")
        elif product.stamp == "end":
            stamps = stamps - np.timedelta64(1, "s")
        days: list[date] = stamps.astype("datetime64[D]").astype(object).tolist()
        return days


def clock_of(there: Variables, variable: Variable, at: int | None) -> Clock | None:
    """Times along the dimension `at` of a variable, or the only one of a file without; None where it says none.

    A single time in terms that are not known here counts as none.
    """
    if at is None:
        names = [f"{variable.group}{name}" for name in ("time", "valid_time")] + ["time", "valid_time"]
        coordinate = next((there[name] for name in names if name in there and there[name].shape in ((), (1,))), None)
    else:
        coordinate = time_along(there, variable, variable.dimensions[at])
    if coordinate is None or " since " not in units_of(coordinate):
        return None
    try:
        stamps = np.atleast_1d(times_of(coordinate))
    except UnknownTerms:
        if np.prod(coordinate.shape) == 1:
            return None
        raise
    return Clock(stamps, _bounds(there, coordinate, stamps.size))


def time_along(there: Variables, variable: Variable, dimension: str) -> Variable | None:
    """The variable of times along a dimension: its coordinate, or another that counts since a date."""
    coordinate = coordinate_of(there, variable, dimension)
    if coordinate is not None and kind_of(coordinate) == "t":
        return coordinate
    others = (other for other in there.values() if other.dimensions == (dimension,))
    return next((other for other in others if " since " in units_of(other)), None)


def _bounds(there: Variables, coordinate: Variable, count: int) -> NDArray[np.datetime64] | None:
    """(map, 2) moments from the bounds that a coordinate names, if there are such."""
    name = text_of(coordinate.attributes.get("bounds", ""))
    bounds = next((there[path] for path in (f"{coordinate.group}{name}", name) if name and path in there), None)
    if bounds is None or np.prod(bounds.shape) != 2 * count:
        return None
    try:
        moments = times_of(bounds, like=coordinate).reshape(count, 2)
    except BadFile:
        return None
    return moments


def maps_of_days(
    product: Product, found: Found, said: Said, clock: Clock | None, count: int, first: date, last: date
) -> list[tuple[date, list[int]]]:
    """Days from `first` to `last` that a file of `count` maps holds, each with the places of its maps.

    Of a file with one map and a date in its name the name decides: agencies stamp first, middle or last moments.
    """
    named = (found.start, found.end) != ALWAYS
    whole = named or product.step == "static"
    check_times(found, clock.moments() if clock else (), clock.intervals() if clock else (), said)
    if count == 1 and whole:
        return [(found.start, [0])]
    if count == 0:
        return []
    if clock is None:
        expected = "a variable of time" if named else f"a variable of time, or {{date:…}} in {product.id}.files"
        raise BadFile(f"holds {count} maps without their times" if count > 1 else "says no time", expected)
    if clock.stamps.size < count:
        raise BadFile(f"has {clock.stamps.size} times for {count} maps", "as many")
    moments, counts = np.unique(clock.stamps, return_counts=True)
    if counts.max() > 1:
        raise BadFile(f"holds the time {moments[counts.argmax()]} more than once", "each time once")
    days: dict[date, list[int]] = {}
    for index, day in enumerate(clock.days(product, named)[:count]):  # a map may lack the last times
        if first <= day <= last:
            days.setdefault(day, []).append(index)
    return sorted(days.items())


def weight_of(product: Product, times: int) -> int:
    """Weight of the mean of some times among others of its day: hours that lie in two files count one by one."""
    return times if product.stamp == "end" else 1


class UnknownTerms(BadFile):
    """Times in a unit or calendar that is not known here."""


def times_of(coordinate: Variable, gaps: bool = False, like: Variable | None = None) -> NDArray[np.datetime64]:
    """Times of a variable, to the second; a `julian` calendar is taken for the common one, as IMERG means it.

    gaps   whether places may be without a time (NaT)
    like   the variable that says unit and calendar, where bounds do not
    """
    units = units_of(coordinate) or (units_of(like) if like else "")
    parts = _SINCE.fullmatch(units)
    unit = _SECONDS.get(parts[1]) if parts else None
    if parts is None or unit is None:
        raise UnknownTerms(f"gives time in {units!r}", "seconds, minutes, hours or days since a date")
    calendar = text_of((like or coordinate).attributes.get("calendar", "")).lower()
    if calendar in _FOREIGN:
        raise UnknownTerms(f"counts time in the calendar {calendar!r}", "a calendar of real days")
    year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups()[1:])
    numbers = np.asarray(coordinate[...])
    missing = is_missing(numbers, filled(coordinate.attributes))
    seconds = np.where(missing, np.nan, numbers.astype(np.float64) * unit)
    missing |= ~(np.abs(seconds) < 1e11)
    seconds = np.where(missing, 0, seconds)
    try:
        epoch = np.datetime64(f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}", "s")
    except ValueError:
        raise BadFile(f"gives time in {units!r}", "a real date") from None
    times = epoch + np.round(seconds).astype("timedelta64[s]")
    if calendar in _NO_LEAP:
        times = _without_leap_days(epoch, np.round(seconds).astype(np.int64))
    missing |= ~((times > _FIRST) & (times < _LAST))
    if missing.any() and not gaps:
        raise BadFile("has missing or impossible times", "a time for every map")
    return np.where(missing, np.datetime64("NaT"), times)


def _without_leap_days(epoch: Any, seconds: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Moments so many seconds after another, in a calendar whose years all have 365 days."""
    year: Any = epoch.astype("datetime64[Y]")
    since = (epoch - year.astype("datetime64[s]")).astype(np.int64) + seconds
    if epoch >= year.astype("datetime64[M]") + 2:  # March or later
        since -= 86400 * _is_leap(year)
    years, rest = np.divmod(since, 365 * 86400)
    leap_day = _is_leap(year + years) & (rest >= 59 * 86400)
    return (year + years).astype("datetime64[s]") + (rest + 86400 * leap_day).astype("timedelta64[s]")


def _is_leap(year: Any) -> Any:
    """Which years have 366 days."""
    return ((year + 1).astype("datetime64[D]") - year.astype("datetime64[D]")).astype(int) == 366
