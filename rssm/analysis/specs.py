"""What the jobs of analysis are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rssm.grid import Area

Correlation = Literal["ar1", "hamed_rao", "none"]


@dataclass(frozen=True)
class YearSpec:
    """A year of a product, reduced.

    climate        product that holds classes of climate; empty: none
    filled         whether filled values of the data set count
    error_degrees  width of the blocks within which errors count as one
    """

    area: Area
    calendar_id: str
    climate: str = ""
    filled: bool = False
    error_degrees: int = 5


@dataclass(frozen=True)
class MeansSpec:
    """All years of a product of soil moisture, joined; `span`: first and last step of the period."""

    area: Area
    calendar_id: str
    span: tuple[int, int]


@dataclass(frozen=True)
class TrendSpec:
    """Which trends are stated, and when one is significant.

    years              that a pixel's trend needs
    significance       of a single test
    correlation        how serial correlation counts
    false_discoveries  share of false ones among the significant ones of a map
    """

    area: Area
    calendar_id: str
    years: int = 10
    significance: float = 0.05
    correlation: Correlation = "ar1"
    false_discoveries: float = 0.1


@dataclass(frozen=True)
class SeasonSpec:
    """How the mean year is fitted.

    gain         of adjusted R² that a second term needs
    adjusted_r2  that a fit needs to be compared with another
    climate      product that holds classes of climate; empty: none
    """

    area: Area
    calendar_id: str
    gain: float = 0.05
    adjusted_r2: float = 0.1
    climate: str = ""


@dataclass(frozen=True)
class TablesSpec:
    """The products of the tables, and sentences about what is left out.

    name, reference, precipitation  products; empty: none
    """

    area: Area
    calendar_id: str
    name: str
    reference: str = ""
    precipitation: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class FigureSpec:
    """What a figure shows: products as in the tables."""

    area: Area
    calendar_id: str
    name: str
    reference: str = ""
    precipitation: str = ""
