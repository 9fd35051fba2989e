"""What the jobs of figures are asked."""

from __future__ import annotations

from dataclasses import dataclass

from rssm.grid import Area
from rssm.validation.specs import Pair


@dataclass(frozen=True)
class FigureSpec:
    """The data set beside a rival; `target`: what the data set learnt from."""

    pair: Pair
    target: str
    calendar_id: str


@dataclass(frozen=True)
class MapSpec:
    """The region of a map, and of triple collocation the products."""

    area: Area
    names: tuple[str, ...] = ()
