"""All scores of a comparison, and the differences between its products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rssm.calendar import Calendar
from rssm.validation.samples.record import Record
from rssm.validation.scores.groups import Kind
from rssm.validation.scores.overall import overall
from rssm.validation.scores.results import NAN, Result, with_intervals
from rssm.validation.scores.spatial import spatial
from rssm.validation.scores.temporal import temporal
from rssm.validation.specs import Least
from rssm.validation.statistics.blocks import Blocks, p_value
from rssm.validation.statistics.status import Status


class Difference(NamedTuple):
    """A difference between two products.

    apart  first less second
    p      two-sided, of no difference; NaN where `apart` has no interval
    """

    apart: Result
    rival: str
    p: float


def evaluate(record: Record, kinds: Sequence[Kind], blocks: Blocks, calendar: Calendar, least: Least) -> list[Result]:
    """Results of all products of a record in all groups; every product has the same ones."""
    departures = {name: record.anomalies(name, calendar, least.years) for name in record.products}
    out = list(temporal(record, departures, kinds, blocks, least))
    for kind in kinds:
        out += overall(record, kind, blocks, least)
        out += spatial(record, kind, blocks, least)
    return with_intervals(out)


def differences(results: Sequence[Result], first: str, second: str) -> list[Difference]:
    """Scores, means and medians of one product less those of another, on the same samples and replicates.

    Of the bias, the difference of its amounts, whatever their signs.
    """
    theirs = {one.about: one for one in results if one.about.product == second}
    ours = (one for one in results if one.about.product == first and one.about.place < 0)
    pairs = [(one, theirs[one.about._replace(product=second)]) for one in ours]
    found = with_intervals([_difference(*pair) for pair in pairs])
    return [Difference(apart, second, NAN if apart.drawn is None else p_value(apart.drawn)) for apart in found]


def _difference(ours: Result, theirs: Result) -> Result:
    failed = next((one.status for one in (ours, theirs) if one.status != Status.OK), Status.OK)
    size = np.abs if ours.about.metric == "bias" else np.asarray
    if failed != Status.OK:
        return Result(ours.about, NAN, ours.n, failed, interval=failed)
    drawn = None if ours.drawn is None or theirs.drawn is None else size(ours.drawn) - size(theirs.drawn)
    return Result(ours.about, float(size(ours.value) - size(theirs.value)), ours.n, failed, drawn=drawn)
