"""Settings of analysis: what the data set is held beside, and when a trend or a second term of a season counts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rssm.config.dry_down import DryDown
from rssm.config.section import Section
from rssm.config.texts import Name


class Trends(Section):
    """Trends of annual means, and of months without their season."""

    years: int = Field(10, ge=6, description="Years that a pixel's trend needs; years.")
    significance: float = Field(
        0.05,
        gt=0,
        lt=1,
        description="Level of a single test; 1.",
    )
    correlation: Literal["ar1", "hamed_rao", "none"] = Field(
        "ar1",
        description="How serial correlation widens Mann and Kendall's test: ar1: as of a first-order process with the "
        "series' own lag 1; hamed_rao: by every autocorrelation that is no chance (Hamed and Rao 1998), of which sixteen "
        "years show few; none: not.",
    )
    false_discoveries: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="Share of false ones among the trends that a map calls significant (Benjamini and Hochberg). Twice "
        "the level of a single test suits fields whose pixels are alike (Wilks 2016); 1.",
    )


class Season(Section):
    """The mean year as a Fourier series, at 0.5°, 60° S to 60° N."""

    precipitation: Name | None = Field(
        "IMERG", description="Product of precipitation whose season is held beside it; null: none."
    )
    gain: float = Field(
        0.05,
        ge=0,
        le=1,
        description="By how much a second term must raise adjusted R² to be taken, besides lowering BIC; 1.",
    )
    adjusted_r2: float = Field(
        0.1, ge=0, le=1, description="Fits below this adjusted R² are compared with no other, as in the article; 1."
    )


class Analysis(Section):
    """Means, series, trends and seasons of the data set."""

    reference: tuple[Name, ...] = Field(
        ("GLDAS", "ERA5-LAND", "GLEAM-A", "CCI"),
        description="Products of soil moisture: the first of them that the archive holds is analysed beside the data set; "
        "empty: none.",
    )
    climate: Name | None = Field(
        "KOPPEN",
        description="Product of the catalogue that holds Köppen-Geiger classes 1 to 30, for regional series; null: none.",
    )
    filled: bool = Field(False, description="Whether values count with which gaps were filled from their neighbours.")
    error_degrees: int = Field(
        5,
        ge=1,
        le=90,
        description="Errors count as one and the same within blocks this wide, and as independent between them; degrees.",
    )
    trends: Trends | None = Field(Trends(), description="Trends; null: none.")
    season: Season | None = Field(Season(), description="The mean year; null: none.")
    dry_down: DryDown | None = Field(DryDown(), description="Drying of the surface without rain; null: none.")
