"""What the job that draws a year is asked."""

from __future__ import annotations

from dataclasses import dataclass

from rssm.config.toy import Toy
from rssm.grid import Area


@dataclass(frozen=True)
class QuicklookSpec:
    """Where the data set is; of a toy run the toy Earth, whose truth is drawn beside the estimate.

    soil  layer of the toy's soil that the data set tells of, counted from 0; None: the surface that sensors see
    """

    area: Area
    toy: Toy | None
    soil: int | None = None
