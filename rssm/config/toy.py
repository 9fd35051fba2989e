"""Settings of the toy Earth: which world, how strong its errors, how much of its archive to write."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rssm.config.section import Section

WorldKind = Literal["paper", "null", "hidden", "drift", "strange"]
Multiplier = Annotated[float, Field(ge=0, le=10)]


STATION_YEARS = 10  # from the second of the soil on, within which stations at several depths measure


class Toy(Section):
    """A synthetic truth and archives of it in the products' own formats; nothing here describes the real Earth."""

    seed: int = Field(1, ge=0, lt=2**32, description="Number that fixes every random field; no unit.")
    world: WorldKind = Field(
        "paper",
        description="paper: errors depend on the nine quality factors; null: they do not; hidden: paper, plus causes "
        "that no factor shows (of somo: irrigation and groundwater that forcing does not see); drift: paper, plus drifting sensors and a drought outside the training range; strange: paper, "
        "plus sensors that saturate, gains that swing with the season, heavy-tailed errors and one product wrong for two years.",
    )
    bias: Multiplier = Field(1.0, description="Multiplier of every product's systematic error; no unit.")
    noise: Multiplier = Field(1.0, description="Multiplier of every product's random error; no unit.")
    noise_of: dict[str, Multiplier] = Field(
        default_factory=dict, description="Further multiplier of one product's random error, by product id; no unit."
    )
    hidden: Multiplier = Field(
        1.0, description="Multiplier of interference, roughness and shared errors in world hidden; no unit."
    )
    drift: float = Field(0.04, ge=-0.5, le=0.5, description="Drift scale of sensors in world drift, m³ m⁻³ per decade.")
    drought: tuple[int, int] = Field(
        (2005, 2006), description="First and last calendar year of the drought in world drift."
    )
    drought_depth: float = Field(
        0.75, ge=0, le=1, description="Share of the rain that the drought takes away in world drift; no unit."
    )
    soil_from: int = Field(
        1996,
        ge=1940,
        le=2100,
        description="Calendar year in which soil of several layers begins, which runs on from year to year from there; earlier "
        "years have none (method somo).",
    )
    days_per_dekad: int = Field(
        1,
        ge=1,
        le=11,
        description="Days of every dekad (of every step of three days, where a product has maps of these) that get files, counted from its first; of precipitation each stands for its share of all days; days.",
    )
    products: tuple[str, ...] | None = Field(
        None,
        description="Product ids whose archives are written; null: all of the catalogue. Others that the run needs are "
        "looked for below inputs.root.",
    )
