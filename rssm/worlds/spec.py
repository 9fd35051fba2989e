"""What the job that scores a toy Earth's run is asked."""

from __future__ import annotations

from dataclasses import dataclass

from rssm.config.toy import Toy
from rssm.config.training import Split
from rssm.grid import Area


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
