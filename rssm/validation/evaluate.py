"""All scores of a comparison, and the differences between its products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rssm.calendar import Calendar
from rssm.validation.blocks import Blocks, interval, p_value
from rssm.validation.groups import Kind
from rssm.validation.overall import overall
from rssm.validation.record import Record
from rssm.validation.results import NAN, Result
from rssm.validation.spatial import spatial
from rssm.validation.specs import Least
from rssm.validation.status import Status
from rssm.validation.temporal import temporal


class Difference(NamedTuple):
    """A score of one product less that of another on the same samples; of the bias, difference of its amounts.

    p  two-sided, of no difference; NaN, as are (low, high), where `interval` is not OK
    """

    first: Result
    second: Result
    value: float
    low: float
    high: float
    p: float
    status: Status
    interval: Status


def evaluate(record: Record, kinds: Sequence[Kind], blocks: Blocks, calendar: Calendar, least: Least) -> list[Result]:
    """Results of all products of a record in all groups; every product has the same ones."""
    departures = {name: record.anomalies(name, calendar, least.years) for name in record.products}
    out = list(temporal(record, departures, kinds, blocks, least))
    for kind in kinds:
        out += overall(record, kind, blocks, least)
        out += spatial(record, kind, blocks, least)
    return out


def differences(results: Sequence[Result], first: str, second: str) -> Iterator[Difference]:
    """Paired differences of all overall scores, means and medians."""
    theirs = {result.about: result for result in results if result.about.product == second}
    for ours in results:
        if ours.about.product == first and ours.about.place < 0:
            yield difference(ours, theirs[ours.about._replace(product=second)])


def difference(ours: Result, theirs: Result) -> Difference:
    """One paired difference: both were drawn from the same blocks."""
    failed = next((result.status for result in (ours, theirs) if result.status != Status.OK), Status.OK)
    if failed != Status.OK:
        return Difference(ours, theirs, NAN, NAN, NAN, NAN, failed, failed)
    value = float(amount(ours, ours.value) - amount(theirs, theirs.value))
    if ours.drawn is None or theirs.drawn is None:
        return Difference(ours, theirs, value, NAN, NAN, NAN, failed, Status.TOO_FEW_BLOCKS)
    drawn = amount(ours, ours.drawn) - amount(theirs, theirs.drawn)
    low, high = interval(drawn)
    return Difference(ours, theirs, value, float(low), float(high), p_value(drawn), failed, Status.OK)


def amount(result: Result, value: Any) -> Any:
    """What is compared: of a bias its size, whatever its sign."""
    return np.abs(value) if result.about.metric == "bias" else value
