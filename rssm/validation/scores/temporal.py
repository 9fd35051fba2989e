"""Temporal accuracy: scores of each pixel over its steps, and their mean and median over the pixels of a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.validation.samples.record import Record
from rssm.validation.scores.groups import Kind
from rssm.validation.scores.results import Cells, Drawn, Result, each_product, of_each, of_groups
from rssm.validation.specs import Least
from rssm.validation.statistics.blocks import Blocks, blocks_touched
from rssm.validation.statistics.metrics import ANOMALY, Score, anomaly_score, scores_of
from rssm.validation.statistics.sums import F64, Sums

Pairs = Mapping[str, tuple[F64, F64]]  # "" values, ANOMALY anomalies: (sample,) of product and reference


@dataclass(frozen=True)
class Temporal:
    """Scores of pixels, each once or once in each of several groups of time.

    cells   pixels, or groups × pixels
    block   (sample,) of the cells' samples
    pixel   (cell,) its number
    many    (cell,) whether it has enough records
    scores  product → metric → score of each cell
    drawn   product → metric → (cell with many records, replicate)
    """

    cells: Cells
    block: NDArray[np.int64]
    pixel: NDArray[np.int64]
    many: NDArray[np.bool_]
    scores: dict[str, dict[str, Score]]
    drawn: dict[str, dict[str, F64]]

    @classmethod
    def of(cls, record: Record, departures: Pairs, code: NDArray[np.int64], blocks: Blocks, least: Least) -> Temporal:
        """Scores by pixel and by the group `code` of each sample.

        departures  product → its anomalies and those of the reference
        """
        pixels, of_sample = record.places
        cells = Cells.by(code, of_sample)
        steps, count = record.step[cells.samples], cells.group.size
        many = np.bincount(cells.of, minlength=count) >= least.pixel
        block = blocks.of(steps)
        if (blocks_touched(block, cells.group[cells.of], int(code.max(initial=0)) + 1) < least.blocks).all():
            many[:] = False
        scores, drawn = {}, {}
        for product, values in record.products.items():
            pairs = {
                "": (values[cells.samples], record.reference[cells.samples]),
                ANOMALY: (departures[product][0][cells.samples], departures[product][1][cells.samples]),
            }
            scores[product] = _scores(pairs, cells, least)
            drawn[product] = _drawn(pairs, steps, cells, many, blocks)
        return cls(cells, block, pixels[cells.place], many, scores, drawn)

    def of_pixels(self, least: Least) -> Iterator[Result]:
        """The scores of each pixel."""
        touched = blocks_touched(self.block, self.cells.of, self.pixel.size)
        sure = touched >= least.blocks
        for about, score in each_product(self.scores, "temporal", "pixel"):
            known = self.drawn[about.product][about.metric]
            drawn = np.full((self.pixel.size, known.shape[1]), np.nan)
            drawn[self.many & sure] = known[sure[self.many]]
            yield from of_each(about, score, self.pixel, drawn, touched)

    def of_groups(self, kind: Kind, least: Least) -> Iterator[Result]:
        """Mean and median over the pixels of each group."""
        group = np.full(self.pixel.size, -1)
        group[self.cells.of] = kind.code[self.cells.samples]
        touched = blocks_touched(self.block, group[self.cells.of], len(kind.labels))
        row = np.cumsum(self.many) - 1

        def middles(product: str, metric: str, member: NDArray[np.bool_]) -> Drawn | None:
            blocks = int(touched[group[np.argmax(member)]])
            return (middles_of(self.drawn[product][metric][row[member]]), blocks) if blocks >= least.blocks else None

        yield from of_groups(self.scores, kind, "temporal", group, middles)


def temporal(
    record: Record, departures: Pairs, kinds: Sequence[Kind], blocks: Blocks, least: Least
) -> Iterator[Result]:
    """r, RMSE, bias, ubRMSE and anomaly r of pixels, and of all groups; groups of pixels share the scores of pixels."""
    whole = Temporal.of(record, departures, np.zeros(record.step.size, np.int64), blocks, least)
    yield from whole.of_pixels(least)
    for kind in kinds:
        own = whole if kind.of_place else Temporal.of(record, departures, kind.code, blocks, least)
        yield from own.of_groups(kind, least)


def _scores(pairs: Pairs, cells: Cells, least: Least) -> dict[str, Score]:
    """All metrics of each cell."""
    sums = {name: Sums.of(*both, cells.of, cells.group.size) for name, both in pairs.items()}
    found = scores_of(sums[""], least.pixel)
    return found | {ANOMALY: anomaly_score(sums[ANOMALY], least.pixel, sums[""].n)}


def _drawn(
    pairs: Pairs, steps: NDArray[np.int64], cells: Cells, many: NDArray[np.bool_], blocks: Blocks
) -> dict[str, F64]:
    """Replicates (cell, replicate) of all metrics, of the cells that have many records."""
    inside = many[cells.of]
    of, count = (np.cumsum(many) - 1)[cells.of[inside]], int(many.sum())
    metrics = {name: blocks.metrics(x[inside], y[inside], steps[inside], of, count) for name, (x, y) in pairs.items()}
    return metrics[""] | {ANOMALY: metrics[ANOMALY]["r"]}


def middles_of(drawn: F64) -> dict[str, F64]:
    """Mean and median (replicate,) over cells (cell, replicate); a replicate may leave a cell without a value."""
    ordered = np.ascontiguousarray(drawn.T)  # numpy sorts neighbours in memory many times faster
    ordered.sort(axis=1)  # NaN comes last
    known = np.isfinite(ordered)
    count, at = known.sum(axis=1), np.arange(len(ordered))
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, np.maximum(count - 1, 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, ordered, 0).sum(axis=1) / count
    return {"mean": mean, "median": (ordered[at, low] + ordered[at, high]) / 2}
