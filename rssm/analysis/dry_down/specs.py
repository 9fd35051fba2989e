"""What the jobs of the dry-down are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rssm.grid import Area
from rssm.spec import Settings

if TYPE_CHECKING:
    from rssm.config.dry_down import DryDown, Interception
else:
    DryDown = Interception = Settings


@dataclass(frozen=True)
class DryYearSpec:
    """A year on cells.

    covered  share of a cell's land that needs a value in both dekads
    leaves   product of the leaf area index, and its year that serves this one; empty: none
    filled   whether values count with which gaps of the data set were filled
    """

    area: Area
    calendar_id: str
    covered: float
    leaves: tuple[str, int]
    interception: Interception
    filled: bool = False


@dataclass(frozen=True)
class DryDownSpec:
    """What counts as dry; `product`: whose soil moisture dries."""

    product: str
    area: Area
    settings: DryDown


@dataclass(frozen=True)
class GroupsSpec:
    """How cells are grouped, and sentences about what is left out.

    climate    product that holds classes of climate; empty: none
    threshold  that was tried first, mm
    """

    area: Area
    calendar_id: str
    climate: str
    left_out: tuple[str, ...]
    threshold: float
