"""Settings of the dry-down: what counts as dry, and how much rain leaves keep from the ground."""

from __future__ import annotations

from pydantic import Field

from rssm.config.section import Section
from rssm.config.texts import Name


class Interception(Section):
    """Rain that leaves keep, by the modified Merriam model; the article names it without numbers (docs/dry-down.md)."""

    storage: tuple[float, float, float] = Field(
        (0.935, 0.498, -0.00575),
        description="Most that leaves hold: a + b·LAI + c·LAI², von Hoyningen-Huene's a, b and c; mm.",
    )
    caught: float = Field(
        0.046, ge=0, le=1, description="Share of a first drop that a leaf area index of 1 catches, Aston's number; 1."
    )
    bare: float = Field(0.1, ge=0, description="Leaf area index up to which nothing is caught; 1.")


class DryDown(Section):
    """Drying of the surface while next to no rain reaches it (section 2.4 of the article)."""

    rain: Name = Field("IMERG", description="Product of the catalogue that holds precipitation in mm a day.")
    leaves: tuple[Name, ...] = Field(
        ("LAI-PROBAV", "LAI-VGT", "LAI-GLASS"),
        min_length=1,
        description="Products that hold the leaf area index. The first that covers a year serves it; where none does, the nearest "
        "year of the one that comes nearest.",
    )
    interception: Interception = Field(Interception(), description="Rain that leaves keep.")
    threshold: float = Field(
        10.0, gt=0, description="Effective precipitation of two dekads below which they count as dry, at first; mm."
    )
    lowered: float = Field(1.0, gt=0, description="Step by which the threshold is lowered; mm.")
    ratio: float = Field(
        2.0, gt=0, description="Decreases that there must be for every increase, or the threshold is lowered; 1."
    )
    cases: int = Field(
        36, ge=3, description="Dry pairs of dekads that a cell needs, or it is left out; pairs of dekads."
    )
    covered: float = Field(
        0.5, gt=0, le=1, description="Share of a cell's land pixels that need a value in both dekads; 1."
    )
