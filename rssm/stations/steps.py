"""From records of any hour to means of steps, and from sensors to pixels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.stations.sensors import Records


@dataclass(frozen=True)
class Days:
    """The days of a period.

    first   day of it
    step    (day,) position of the step that holds each day
    needed  (step,) days with a record that a mean needs
    """

    first: np.datetime64
    step: NDArray[np.intp]
    needed: NDArray[np.intp]

    @classmethod
    def of(cls, calendar: Calendar, steps: Sequence[int], least: int) -> Days:
        """`least` days are needed, or all of a shorter step."""
        length = np.array([calendar.days(step) for step in steps], np.intp)
        first = np.datetime64(calendar.start(steps[0]), "D")
        return cls(first, np.repeat(np.arange(length.size), length), np.minimum(length, least))

    def number(self, time: NDArray[np.datetime64]) -> NDArray[np.intp]:
        """Which day of the period each time falls on: below 0 or beyond the last outside it."""
        return (time.astype("M8[D]") - self.first).astype(np.intp)


class Means(NamedTuple):
    """Means (step,) of a sensor, NaN without one, and the records behind them."""

    value: NDArray[np.float64]
    records: NDArray[np.intp]


def joined(parts: Sequence[Records]) -> Records:
    """Records of several files of one sensor as one, in the order of time."""
    flags = tuple(sorted({flag for part in parts for flag in part.flags}))
    places = [np.array([flags.index(flag) for flag in part.flags], np.intp) for part in parts]
    time = np.concatenate([part.time for part in parts])
    order = np.argsort(time, kind="stable")
    flag = np.concatenate([place[part.flag] for place, part in zip(places, parts, strict=True)])
    return Records(time[order], np.concatenate([part.value for part in parts])[order], flag[order], flags)


def is_good(records: Records, flags: Collection[str]) -> NDArray[np.bool_]:
    """Records with a value and a good flag."""
    good = np.array([flag in flags for flag in records.flags], bool)
    return good[records.flag] & np.isfinite(records.value)


def screened(records: Records, days: Days, flags: Collection[str]) -> tuple[NDArray[np.bool_], list[tuple[str, int]]]:
    """Which records count, and how many do not and why; each is counted once, in this order of reasons.

    records  in the order of time
    """
    left = np.ones(records.time.size, bool)
    number = days.number(records.time)
    reasons = [
        ("outside the period", (number < 0) | (number >= days.step.size)),
        ("the same time twice", np.concatenate([[False], np.diff(records.time) == np.timedelta64(0)])[: left.size]),
        ("no value", ~np.isfinite(records.value)),
        *((f"flag {name}", records.flag == at) for at, name in enumerate(records.flags) if name not in flags),
        ("outside 0 to 1 m3 m-3", (records.value < 0) | (records.value > 1)),
    ]
    counted = []
    for reason, bad in reasons:
        counted.append((reason, int(np.count_nonzero(left & bad))))
        left &= ~bad
    return left, [(reason, count) for reason, count in counted if count]


def step_means(time: NDArray[np.datetime64], value: NDArray[np.float64], days: Days) -> tuple[Means, tuple[int, int]]:
    """Means over the days of each step of the means of each day; and steps, with their records, that have too few days.

    A day counts once however often it was measured, so that an outage does not shift a mean towards the hours around it.
    """
    number, n_steps = days.number(time), days.needed.size
    count = np.bincount(number, minlength=days.step.size)
    total = np.bincount(number, value, minlength=days.step.size)
    measured = count > 0
    daily, step = total[measured] / count[measured], days.step[measured]
    n_days = np.bincount(step, minlength=n_steps)
    records = np.bincount(step, count[measured], minlength=n_steps).astype(np.intp)
    mean = np.full(n_steps, np.nan)
    enough = n_days >= days.needed
    mean[enough] = np.bincount(step, daily, minlength=n_steps)[enough] / n_days[enough]
    few = (n_days > 0) & ~enough
    return Means(mean, np.where(enough, records, 0)), (int(np.count_nonzero(few)), int(records[few].sum()))


class PixelMeans(NamedTuple):
    """Means (pixel, step), NaN without one, records and sensors behind them."""

    value: NDArray[np.float32]
    records: NDArray[np.int32]
    sensors: NDArray[np.int16]


def pixel_means(means: Sequence[Means], position: Sequence[int], shape: tuple[int, int]) -> PixelMeans:
    """Means of the sensors in each pixel, each weighing the same, as the article has it.

    position  of each sensor's pixel; sensors come in an order that does not depend on where their files lie
    shape     pixels, steps
    """
    total = np.zeros(shape)
    records, sensors = np.zeros(total.shape, np.int32), np.zeros(total.shape, np.int16)
    for at, mean in zip(position, means, strict=True):
        there = ~np.isnan(mean.value)
        total[at, there] += mean.value[there]
        records[at] += mean.records.astype(np.int32)
        sensors[at] += there
    with np.errstate(invalid="ignore"):
        return PixelMeans((total / sensors).astype(np.float32), records, sensors)
