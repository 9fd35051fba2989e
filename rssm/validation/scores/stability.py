"""Stability: do scores drift over the years, and do they jump where rounds or sensors change?

The drift is Theil and Sen's slope of yearly scores. A jump is looked for in the scores of dekads, less their mean season,
averaged over blocks of time on either side of the joint: Welch's t-test of the block means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau, theilslopes, ttest_ind

from rssm.calendar import CALENDARS, Calendar
from rssm.tsv import write_tsv
from rssm.validation.scores.results import NAN
from rssm.validation.scores.table import read_table
from rssm.validation.specs import ScoresSpec
from rssm.validation.statistics.blocks import LEVEL
from rssm.validation.statistics.status import Status
from rssm.validation.statistics.sums import F64

LEAST_YEARS, LEAST_BLOCKS = 5, 4
ABOUT = ("comparison", "product", "reference", "pattern", "statistic", "metric")


class Change(NamedTuple):
    """A slope (per decade) or a step, its 95 % interval and two-sided p; NaN where the status is not OK."""

    value: float
    low: float
    high: float
    p: float
    n: int
    status: Status


def stability(scores: Sequence[str], spec: ScoresSpec, out: Sequence[str]) -> None:
    """Write the table of slopes of all yearly scores, and that of steps at all joints."""
    table, calendar = read_table(scores[0], "scores"), CALENDARS[spec.calendar_id]
    columns = [*ABOUT, *Change._fields]
    yearly = table["kind"] == "year"
    slopes = [
        (*about, *_cells(slope(table["group"][at].astype(float), table["value"][at])))
        for about, at in _by(table, yearly)
    ]
    write_tsv(out[0], columns, slopes, "Theil-Sen slopes of yearly scores, per decade.")
    dekads = (table["statistic"] == "dekad") & (table["status"] == Status.OK.word)
    steps = []
    for about, at in _by(table, dekads):
        when = np.array([calendar.parse(label) for label in table["place"][at]], np.int64)
        for label, joint in sorted(spec.joints.items(), key=lambda one: one[1]):
            change = step_at(when, table["value"][at], joint, calendar, spec.window, spec.bootstrap.block)
            steps.append((label, calendar.label(joint), *about, *_cells(change)))
    write_tsv(
        out[1], ["joint", "first", *columns], steps, "Steps of the scores of dekads at joints: after less before."
    )


def slope(years: F64, values: F64) -> Change:
    """Slope per decade of yearly scores; NaN are left out."""
    known = np.isfinite(values)
    n = int(known.sum())
    if n < LEAST_YEARS:
        return Change(NAN, NAN, NAN, NAN, n, Status.TOO_FEW_YEARS)
    if np.ptp(values[known]) == 0:
        return Change(NAN, NAN, NAN, NAN, n, Status.CONSTANT)
    found = theilslopes(values[known], years[known], LEVEL)
    p = kendalltau(years[known], values[known]).pvalue
    return Change(10 * found.slope, 10 * found.low_slope, 10 * found.high_slope, float(p), n, Status.OK)


def step_at(steps: NDArray[np.int64], values: F64, joint: int, calendar: Calendar, years: int, block: int) -> Change:
    """Mean after a joint less the mean before it, within some years of it.

    The mean season is that of both sides, of the places in the year that both have.
    """
    start = calendar.start(joint)
    first, last = (calendar.of(start.replace(year=start.year + k, day=1)) for k in (-years, years))
    near = (steps >= first) & (steps < last)
    steps, values = steps[near], values[near]
    season, after = np.array([calendar.season_of(int(step)) for step in steps], np.int64), steps >= joint
    both = np.isin(season, np.intersect1d(season[after], season[~after]))
    steps, values, season, after = steps[both], values[both], season[both], after[both]
    usual = [
        np.bincount(season[side], values[side], calendar.seasons)
        / np.bincount(season[side], minlength=calendar.seasons).clip(1)
        for side in (after, ~after)
    ]
    left = values - (usual[0] + usual[1])[season] / 2
    sides = [_block_means(left[side], (steps[side] - joint) // block) for side in (after, ~after)]
    n = min(len(side) for side in sides)
    if n < LEAST_BLOCKS:
        return Change(NAN, NAN, NAN, NAN, n, Status.TOO_FEW_BLOCKS)
    if all(np.ptp(side) == 0 for side in sides):
        return Change(NAN, NAN, NAN, NAN, n, Status.CONSTANT)
    test = ttest_ind(*sides, equal_var=False)
    low, high = test.confidence_interval(LEVEL)
    return Change(float(sides[0].mean() - sides[1].mean()), float(low), float(high), float(test.pvalue), n, Status.OK)


def _block_means(values: F64, block: NDArray[np.int64]) -> F64:
    _, at, count = np.unique(block, return_inverse=True, return_counts=True)
    return np.asarray(np.bincount(at, values) / count, np.float64) if count.size else np.zeros(0)


def _by(table: dict[str, Any], chosen: NDArray[np.bool_]) -> Iterator[tuple[tuple[str, ...], NDArray[np.int64]]]:
    """Rows of each comparison, product and score."""
    rows = np.flatnonzero(chosen)
    groups: dict[tuple[str, ...], list[int]] = {}
    for at, key in zip(rows.tolist(), zip(*(table[name][rows] for name in ABOUT), strict=True), strict=True):
        groups.setdefault(key, []).append(at)
    for key, of_key in groups.items():
        yield key, np.array(of_key)


def _cells(change: Change) -> list[Any]:
    """As text; None where there is no number."""
    numbers = [None if value != value else f"{value:.6g}" for value in change[:4]]
    return [*numbers, change.n, change.status.word]
