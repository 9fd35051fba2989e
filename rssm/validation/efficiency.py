"""Training efficiency: how like the data set is to its target over all pixels, in and out of sample (Fig. 4).

A year's job leaves sums of each step and the counts behind a density plot; both add up over years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.files import Kind
from rssm.tsv import write_tsv
from rssm.validation.samples.fields import Fields, fields
from rssm.validation.scores.results import NAN
from rssm.validation.specs import EfficiencySpec, Span
from rssm.validation.statistics.blocks import Blocks, blocks_touched, interval, settled
from rssm.validation.statistics.metrics import LIMITS, scores_of, with_r2
from rssm.validation.statistics.status import Status
from rssm.validation.statistics.sums import NAMES, Sums

LIKENESS = Kind("likeness of two products")
EDGES = np.linspace(0, 0.6, 121)  # m³ m⁻³, of the density plot; what lies beyond counts in the outermost cells
COLUMNS = ("sample", "metric", "value", "low", "high", "pairs", "steps", "status", "interval")


@dataclass(frozen=True)
class Likeness:
    """A product beside its target.

    step     (step,)
    sums     (6, step) of all pixels: x is the product, y the target
    density  (2, x, y) pairs by value, out of sample and in sample
    """

    step: NDArray[np.int64]
    sums: Sums
    density: NDArray[np.int64]


def efficiency(
    year: str, product: Sequence[str], target: Sequence[str], spec: EfficiencySpec, out: Sequence[str]
) -> None:
    """Write sums and density of a year: indices of maps or years of the data set, of both."""
    grid, calendar, window = spec.area.grid, CALENDARS[spec.calendar_id], spec.area.window
    steps, sums = [], []
    density = np.zeros((2, EDGES.size - 1, EDGES.size - 1), np.int64)
    ours = fields(product, window, grid, calendar, spec.filled)
    for step, x, y in _together(ours, fields(target, window, grid, calendar)):
        steps.append(step)
        sums.append(Sums.of(x.ravel(), y.ravel(), np.zeros(x.size, np.int64), 1).values[:, 0])
        density[int(within(step, spec.learnt))] += _density(x, y)
    values = np.stack(sums, axis=1) if sums else np.zeros((6, 0))
    write_likeness(out[0], Likeness(np.array(steps, np.int64), Sums(values), density), spec)


def _together(ours: Fields, theirs: Fields) -> Iterator[tuple[int, NDArray[np.float32], NDArray[np.float32]]]:
    """The steps that both have; both ascend, and one map of each is in memory."""
    other = next(theirs, None)
    for step, x in ours:
        while other is not None and other[0] < step:
            other = next(theirs, None)
        if other is not None and other[0] == step:
            yield step, x, other[1]


def efficiency_table(years: Sequence[str], spec: EfficiencySpec, out: Sequence[str]) -> None:
    """Write the scores in and out of sample, all and of each year; and the density of all years."""
    parts = [read_likeness(path) for path in years]
    step = np.concatenate([part.step for part in parts])
    sums = Sums(np.concatenate([part.sums.values for part in parts], axis=1))
    calendar, boot = CALENDARS[spec.calendar_id], spec.bootstrap
    learnt = np.array([within(int(at), spec.learnt) for at in step], bool)
    year = np.array([calendar.year_of(int(at)) for at in step], np.int64)
    chosen = {"all": np.ones(step.size, bool), "in_sample": learnt, "out_of_sample": ~learnt}
    chosen |= {str(one): year == one for one in np.unique(year)}
    blocks = Blocks.over(step, boot.block, boot.replicates, boot.seed)
    rows = [row for label, of in chosen.items() for row in _rows(label, step[of], sums.at(of), blocks, spec)]
    about = f"{spec.product} (x) beside its target {spec.target} (y), all pixels at once; in sample: steps learnt from."
    write_tsv(out[0], COLUMNS, rows, about)
    write_likeness(out[1], Likeness(step, sums, np.sum([part.density for part in parts], axis=0)), spec)


def within(step: int, spans: Sequence[Span]) -> bool:
    """Whether a step lies in one of some spans."""
    return any(first <= step <= last for first, last in spans)


def _rows(
    label: str, step: NDArray[np.int64], sums: Sums, blocks: Blocks, spec: EfficiencySpec
) -> Iterator[tuple[Any, ...]]:
    """Scores of some steps at once, as rows of COLUMNS."""
    cell = np.zeros(step.size, np.int64)
    scores = with_r2(scores_of(sums.by(cell, 1), 2))
    touched = int(blocks_touched(blocks.of(step), cell, 1)[0])
    sure = touched >= spec.least.blocks
    drawn = blocks.metrics_from(sums, cell, blocks.of(step), 1) if sure else {}
    for metric, (value, (status,), n) in scores.items():
        known, ends = status == Status.OK, np.full((2, 1), NAN)
        if known and sure:
            again = drawn["r"] ** 2 if metric == "r2" else drawn[metric]
            ends = np.stack(interval(settled(again, value, touched, LIMITS[metric])))
        numbers = (None if number != number else f"{number:.6g}" for number in (value[0], *ends[:, 0]))
        words = (Status(status).word, Status(status if not known or sure else Status.TOO_FEW_BLOCKS).word)
        yield (label, metric, *numbers, int(n[0]), step.size, *words)


def _density(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.int64]:
    """Pairs by value (x, y)."""
    both, last = np.isfinite(x) & np.isfinite(y), EDGES.size - 2
    at = [((values[both] - EDGES[0]) / (EDGES[1] - EDGES[0])).astype(np.int64).clip(0, last) for values in (x, y)]
    return np.bincount(at[0] * (last + 1) + at[1], minlength=(last + 1) ** 2).reshape(last + 1, last + 1)


def write_likeness(path: str, likeness: Likeness, spec: EfficiencySpec) -> None:
    """Write the file."""
    with LIKENESS.created(path) as file:
        file.setncatts({"product": spec.product, "target": spec.target, "calendar_id": spec.calendar_id})
        file.shift = likeness.sums.shift
        for name, size in {"step": likeness.step.size, "sample": 2, "x": EDGES.size - 1, "y": EDGES.size - 1}.items():
            file.createDimension(name, size)
        file.createVariable("step", "i8", ("step",))[:] = likeness.step
        for name, values in zip(NAMES, likeness.sums.values, strict=True):
            file.createVariable(f"sum_{name}", "f8", ("step",))[:] = values
        for name in ("x", "y"):
            axis = file.createVariable(name, "f8", (name,))
            axis.setncatts({"units": "m3 m-3", "long_name": "middle of a cell of the density"})
            axis[:] = (EDGES[:-1] + EDGES[1:]) / 2
        counts = file.createVariable("density", "i8", ("sample", "x", "y"), zlib=True)
        counts.long_name = "pairs by value, out of sample and in sample"
        counts[:] = likeness.density


def read_likeness(path: str) -> Likeness:
    """Read the file."""
    with LIKENESS.opened(path) as file:
        values = np.stack([file[f"sum_{name}"][:] for name in NAMES])
        return Likeness(file["step"][:], Sums(values, float(file.shift)), file["density"][:])
