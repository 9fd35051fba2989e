"""Honest splits: which points are held out, by hashes of where and when they are, the same for all who ask.

Neighbours in space and time share weather and errors. A point that is held out at random has its twin among those learnt
from; a block of some degrees, or a whole year, has not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["random", "time", "space", "both", "patches"]


@dataclass(frozen=True)
class Blocks:
    """How points are held out.

    kind     random: points; time: years; space: blocks; both: what lies in a held-out block and in a held-out year,
             while what lies in one of them goes unused; patches: each block in each year drawn by itself
    share    of points, blocks, patches; of every 1 / share spells of years one is held out
    degrees  side of a block
    years    that are held out together
    buffer   degrees around a held-out block that go unused
    """

    kind: Kind
    share: float
    degrees: float = 3.0
    years: int = 1
    buffer: float = 0.0
