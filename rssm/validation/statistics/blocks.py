"""Block bootstrap: time is cut into blocks, and replicates of the record are made of blocks drawn with replacement.

Neighbouring steps are not independent, blocks nearly are. Draws are hashes of seed, replicate and place (rssm.draws), so
every product sees the same replicates and differences between products are paired.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import ndtri, stdtrit

from rssm.draws import mix, seed_key, uniform
from rssm.validation.statistics.metrics import BASIC, metrics_of
from rssm.validation.statistics.sums import F64, Sums

LEVEL = 0.95
TOGETHER = 64  # cells at once, so that their replicates stay in the processor's cache


@dataclass(frozen=True)
class Blocks:
    """Blocks of time, and how often each replicate holds each.

    first    number of the first block: steps ÷ length
    length   steps per block
    weights  (replicate, block)
    """

    first: int
    length: int
    weights: F64

    @classmethod
    def over(cls, steps: NDArray[np.integer], length: int, replicates: int, seed: int) -> Blocks:
        """Blocks of `length` steps that cover the steps; those without any are no blocks, and are not drawn."""
        number = np.unique(np.asarray(steps, np.int64) // length)
        if not number.size:
            return cls(0, length, np.zeros((replicates, 0)))
        place = np.arange(number.size)
        key = seed_key("validation", seed)
        drawn = uniform(mix(np.uint64(key), np.arange(replicates)[:, None], place))
        at = number[(drawn * number.size).astype(np.int64)] - number[0]
        size = int(number[-1] - number[0] + 1)
        flat = at + np.arange(replicates)[:, None] * size
        weights = np.bincount(flat.ravel(), minlength=replicates * size).reshape(replicates, size)
        return cls(int(number[0]), length, weights.astype(np.float64))

    def of(self, steps: NDArray[np.integer]) -> NDArray[np.int64]:
        """Block (sample,) of each step."""
        return np.asarray(steps, np.int64) // self.length - self.first

    def metrics(
        self,
        x: NDArray[np.floating],
        y: NDArray[np.floating],
        steps: NDArray[np.integer],
        cell: NDArray[np.int64],
        cells: int,
    ) -> dict[str, F64]:
        """Metrics (cell, replicate) of the replicates of pairs (sample,), from their sums.

        Cells touch few of the blocks, so the sums of cell × block are sparse.
        """
        size = self.weights.shape[1]
        key, where = compact(cell * size + self.of(steps))
        return self.metrics_from(Sums.of(x, y, where, key.size), key // size, key % size, cells)

    def metrics_from(
        self, parts: Sums, cell: NDArray[np.int64], block: NDArray[np.int64], cells: int
    ) -> dict[str, F64]:
        """The same from sums (6, part), each of one cell and one block."""
        shape = (cells, self.weights.shape[1])
        sums = [csr_array((values, (cell, block)), shape=shape) for values in parts.values]
        out: dict[str, F64] = {name: np.empty((cells, len(self.weights))) for name in BASIC}
        for start in range(0, cells, TOGETHER):
            some = slice(start, start + TOGETHER)
            for name, values in metrics_of(
                Sums(np.stack([self.drawn(part[some]) for part in sums]), parts.shift)
            ).items():
                out[name][some] = values
        return out

    def drawn(self, sums: csr_array) -> F64:
        """Sums (cell, replicate) of replicates, from sums of cell × block.

        Sparse arrays are multiplied row by row, so that no cell's bits depend on its neighbours.
        """
        return np.asarray(sums @ np.ascontiguousarray(self.weights.T), np.float64)


def compact(key: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers (≥ 0) that occur, ascending, and which of them each is: np.unique without sorting."""
    there = np.bincount(key) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[key]


def blocks_touched(block: NDArray[np.int64], cell: NDArray[np.int64], cells: int) -> NDArray[np.int64]:
    """Number of different blocks (cell,) that the samples of each cell lie in; samples of cell −1 are left out."""
    kept, size = cell >= 0, int(block.max(initial=0)) + 1
    there = np.bincount(cell[kept] * size + block[kept], minlength=cells * size) > 0
    return np.asarray(there.reshape(cells, size).sum(axis=1), np.int64)


def settled(
    drawn: F64, value: F64 | float, blocks: NDArray[np.int64] | int, limits: tuple[float, float] = (-np.inf, np.inf)
) -> F64:
    """Replicates (…, replicate) of values (…), brought to where the values are and as wide as so few blocks ask.

    Blocks drawn twice leave a replicate fewer different dekads than the record has, and scores of few dekads are not those
    of many: r and ubRMSE come out lower. So the middle of the replicates is moved onto the value. Their spread lacks a
    block's part and takes the normal distribution's tails for Student's: it is widened by both (Hesterberg 2015).
    """
    known = np.isfinite(drawn)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, drawn, 0).sum(axis=-1) / known.sum(axis=-1)
    wide = np.vectorize(_widening, otypes=[float])(blocks)
    moved = np.asarray(value)[..., None] + (drawn - mean[..., None]) * wide[..., None]
    return np.clip(moved, *limits)


@cache
def _widening(blocks: int) -> float:
    count = max(int(blocks), 2)
    tail = (1 + LEVEL) / 2
    return float(stdtrit(count - 1, tail) / ndtri(tail) * np.sqrt(count / (count - 1)))


def interval(replicates: F64) -> tuple[F64, F64]:
    """Lower and upper end of the 95 % interval along the last axis, by percentiles; NaN replicates are left out."""
    ordered = np.sort(replicates, axis=-1)  # NaN comes last
    known = np.isfinite(ordered).sum(axis=-1)
    ends = []
    for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2):
        place = share * np.maximum(known - 1, 0)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, np.maximum(known - 1, 0))
        a, b = (np.take_along_axis(ordered, at[..., None], axis=-1)[..., 0] for at in (low, high))
        ends.append(a + (b - a) * (place - low))
    return ends[0], ends[1]


def p_value(differences: F64) -> float:
    """Two-sided p of replicates of a difference: twice the share beyond zero, never nought."""
    known = differences[np.isfinite(differences)]
    if not known.size:
        return float("nan")
    beyond = min((known <= 0).sum(), (known >= 0).sum())
    return float(min(1.0, 2 * (beyond + 1) / (known.size + 1)))
