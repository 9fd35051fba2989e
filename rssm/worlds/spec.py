"""What the jobs are asked that score a toy Earth's run."""

from __future__ import annotations

from dataclasses import dataclass

from rssm.config.toy import Toy
from rssm.config.training import Split
from rssm.grid import Area

Spans = tuple[tuple[int, int], ...]  # (first, last) steps


@dataclass(frozen=True)
class ScoreSpec:
    """The truth, and what is scored against it.

    steps       first and last step of the run, in the calendar `calendar_id`
    target      product that teaches the first round
    algorithms  of the soil-moisture products, by name
    periods     name → first and last step scored
    split       of the points that rivals are tuned on, drawn with `seed`
    """

    toy: Toy
    area: Area
    calendar_id: str
    steps: tuple[int, int]
    target: str
    algorithms: dict[str, str]
    periods: dict[str, tuple[int, int]]
    split: Split
    seed: int


@dataclass(frozen=True)
class TiledScoreSpec:
    """The truth, and what of a data set of tiles is scored against it.

    tables    table of the data set → layer of the toy's soil that it tells of, None for the surface
    periods   name → steps that are scored
    products  that are scored beside the tables of the surface
    """

    toy: Toy
    area: Area
    calendar_id: str
    tables: dict[str, int | None]
    periods: dict[str, Spans]
    products: tuple[str, ...]
