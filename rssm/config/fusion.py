"""Settings of the fusion of the rounds with all products matched to the target."""

from __future__ import annotations

from pydantic import Field

from rssm.config.section import Section


class Fusion(Section):
    """F = season + departure from it: each a weighted mean of the chain of rounds and of the matched products.

    Of F and the joint fit of target and products a weighted mean is published.
    """

    season: float = Field(
        1.0,
        ge=0,
        le=1,
        description="Share of the chain in the season, the rest is that of the matched products; where the chain has no skill"
        " they give all of it; no unit.",
    )
    departures: float = Field(
        0.25, ge=0, le=1, description="Share of the chain in departures from the season; no unit."
    )
    departures_of_round: dict[str, float] = Field(
        default_factory=dict, description="Share of the chain in departures where it differs in a round: round → share."
    )
    window: int = Field(3, ge=1, le=9, description="Dekads of the year that a season averages; dekads.")
    joint: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of the joint fit of target and products in the published estimate, the rest is that of the fusion;"
        " 0: it is not made; no unit.",
    )
    evidence: bool = Field(
        True,
        description="In zones where held-out years of the target (training.split.held_out_years) show that chain or matched"
        " products alone are clearly better than their fusion, the weights of the first round move there; those of earlier"
        " rounds, whose networks learn from no such target, stay.",
    )
