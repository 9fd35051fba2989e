"""Results: one number each, with the sureness it has and the reason where it has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.validation.scores.groups import ALL, Kind
from rssm.validation.statistics.blocks import compact, interval, settled
from rssm.validation.statistics.metrics import LIMITS, Score
from rssm.validation.statistics.status import Status
from rssm.validation.statistics.sums import F64

NAN = float("nan")
Scores = Mapping[str, Mapping[str, Score]]  # product → metric → score of each cell
Drawn = tuple[Mapping[str, F64], int]  # statistic → replicates, and of how many blocks
Middles = Callable[[str, str, NDArray[np.bool_]], Drawn | None]


class About(NamedTuple):
    """What a number is of.

    pattern    overall, temporal (over pixels) or spatial (over dekads)
    statistic  value; mean or median over pixels or dekads; pixel or dekad: of one, `place`
    place      number of the pixel, or step; −1 where neither is meant
    """

    product: str
    kind: str
    group: str
    pattern: str
    statistic: str
    place: int
    metric: str


class Result(NamedTuple):
    """A number.

    n         pairs behind it; of a mean or median, pixels or dekads
    interval  status of (low, high), the 95 % interval
    drawn     (replicate,) where there is an interval and something may be paired with it
    """

    about: About
    value: float
    n: int
    status: Status
    low: float = NAN
    high: float = NAN
    interval: Status = Status.TOO_FEW_BLOCKS
    drawn: F64 | None = None


class Cells(NamedTuple):
    """Groups × places (pixels or dekads) that hold samples.

    samples  (sample,) those in any group
    of       (sample,) the cell of each of them
    group, place  (cell,)
    """

    samples: NDArray[np.int64]
    of: NDArray[np.int64]
    group: NDArray[np.int64]
    place: NDArray[np.int64]

    @classmethod
    def by(cls, code: NDArray[np.int64], place: NDArray[np.int64]) -> Cells:
        """Cells of samples by their group, −1 for none, and their place."""
        samples = np.flatnonzero(code >= 0)
        size = int(place.max(initial=0)) + 1
        key, of = compact(code[samples] * size + place[samples])
        return cls(samples, of, key // size, key % size)


def result(about: About, value: float, n: int, status: Status, drawn: F64 | None, blocks: int = 0) -> Result:
    """A result whose interval is still to be found, from replicates of so many blocks; without them there is none."""
    if status != Status.OK:
        return Result(about, NAN, n, status, interval=status)
    if drawn is None:
        return Result(about, value, n, status)
    return Result(about, value, n, status, drawn=settled(drawn, value, blocks, LIMITS[about.metric]))


def with_intervals(results: Sequence[Result]) -> list[Result]:
    """The results with the intervals of their replicates, found all at once."""
    out = list(results)
    drawn = {at: found.drawn for at, found in enumerate(out) if found.drawn is not None}
    if drawn:
        ends = interval(np.stack(list(drawn.values())))
        for at, low, high in zip(drawn, *(end.tolist() for end in ends), strict=True):
            if low == low:
                out[at] = out[at]._replace(low=low, high=high, interval=Status.OK)
    return out


def of_each(
    about: About,
    score: Score,
    places: NDArray[np.int64],
    drawn: F64 | None = None,
    blocks: NDArray[np.int64] | int = 0,
) -> Iterator[Result]:
    """The score of each pixel or dekad.

    drawn   (cell, replicate), NaN throughout where there are too few blocks
    blocks  (cell,)
    """
    low, high = np.full((2, len(places)), NAN)
    if drawn is not None:
        low, high = interval(settled(drawn, score.value, blocks, LIMITS[about.metric]))
    for cell, place in enumerate(places):
        status = Status(score.status[cell])
        sure = Status.OK if np.isfinite(low[cell]) else Status.TOO_FEW_BLOCKS
        ends = (float(low[cell]), float(high[cell]), sure) if status == Status.OK else (NAN, NAN, status)
        yield Result(about._replace(place=int(place)), float(score.value[cell]), int(score.n[cell]), status, *ends)


def of_groups(scores: Scores, kind: Kind, pattern: str, group: NDArray[np.int64], drawn: Middles) -> Iterator[Result]:
    """Mean and median of each group, over the cells that have a score of every product: products differ by their values.

    group  (cell,) −1 for none
    drawn  replicates of mean and median over some cells, from product, metric and the cells; None: too few blocks

    Where no cell has a score, the status is that of most cells.
    """
    first = next(iter(scores.values()))
    shared = {
        metric: np.logical_and.reduce([of[metric].status == Status.OK for of in scores.values()]) for metric in first
    }
    for product, metrics in scores.items():
        for metric, score in metrics.items():
            for number, label in enumerate(kind.labels):
                here = group == number
                member = here & shared[metric]
                about = About(product, kind.name, label, pattern, "mean", -1, metric)
                if not member.any():
                    lacking = score.status[here & (score.status != Status.OK)]
                    why = Status(int(np.bincount(lacking).argmax())) if lacking.size else Status.NO_OVERLAP
                    yield from (result(about._replace(statistic=name), NAN, 0, why, None) for name in MIDDLES)
                    continue
                again = drawn(product, metric, member)
                for name, middle in MIDDLES.items():
                    value, count = float(middle(score.value[member])), int(member.sum())
                    known, blocks = (None, 0) if again is None else (again[0][name], again[1])
                    yield result(about._replace(statistic=name), value, count, Status.OK, known, blocks)


MIDDLES: Mapping[str, Callable[[F64], np.floating]] = {"mean": np.mean, "median": np.median}


def each_product(scores: Scores, pattern: str, statistic: str) -> Iterator[tuple[About, Score]]:
    """Every score of every product, and what it is of."""
    for product, metrics in scores.items():
        for metric, score in metrics.items():
            yield About(product, ALL, ALL, pattern, statistic, -1, metric), score
