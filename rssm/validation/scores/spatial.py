"""Spatial accuracy: scores of each dekad over its pixels, and their mean and median over the dekads of a group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rssm.validation.samples.record import Record
from rssm.validation.scores.groups import ALL, Kind
from rssm.validation.scores.results import Cells, Drawn, Result, each_product, of_each, of_groups
from rssm.validation.specs import Least
from rssm.validation.statistics.blocks import Blocks
from rssm.validation.statistics.metrics import scores_of
from rssm.validation.statistics.sums import F64, Sums


def spatial(record: Record, kind: Kind, blocks: Blocks, least: Least) -> Iterator[Result]:
    """r, RMSE, bias and ubRMSE. A single dekad has no interval: its pixels all lie in one block of time."""
    times, of_sample = record.times
    cells = Cells.by(kind.code, of_sample)
    y = record.reference[cells.samples]
    scores = {
        product: scores_of(Sums.of(values[cells.samples], y, cells.of, cells.group.size), least.dekad)
        for product, values in record.products.items()
    }
    block = blocks.of(times[cells.place])

    def middles(product: str, metric: str, member: NDArray[np.bool_]) -> Drawn | None:
        touched = np.unique(block[member]).size
        if touched < least.blocks:
            return None
        return weighed_middles(scores[product][metric].value[member], blocks.weights[:, block[member]]), touched

    if kind.name == ALL:
        for about, score in each_product(scores, "spatial", "dekad"):
            yield from of_each(about, score, times[cells.place])
    yield from of_groups(scores, kind, "spatial", cells.group, middles)


def weighed_middles(values: F64, weights: F64) -> dict[str, F64]:
    """Mean and median (replicate,) of values (cell,), each of which a replicate holds so many times (replicate, cell)."""
    order = np.argsort(values)
    values, weights = values[order], weights[:, order]
    running = weights.cumsum(axis=1)
    total = running[:, -1]
    last = len(values) - 1
    low, high = np.ceil(total / 2) - 1, np.floor(total / 2)  # places of the middle two, from 0 on
    at = [np.minimum((running <= place[:, None]).sum(axis=1), last) for place in (low, high)]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = weights @ values / total
    return {"mean": mean, "median": np.where(total > 0, (values[at[0]] + values[at[1]]) / 2, np.nan)}
