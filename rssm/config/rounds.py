"""Settings of what happens between networks and maps: fuzzification, merging, screening, chains."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rssm.config.section import Section


class Fuzzify(Section):
    """Blending across the edges of zones, on mosaicked maps."""

    method: Literal["window", "pair", "ramp", "none"] = Field(
        "window",
        description="window: mean of the 3 × 3 window for the ring of pixels on either side of an edge; pair: mean of the "
        "two pixels across the edge; ramp: linear blend over `width` pixels; none. Not from the article.",
    )
    width: int = Field(1, ge=1, le=5, description="Pixels on either side of an edge that `ramp` blends; pixels.")


class Merge(Section):
    """Integration of two substeps that simulate the same dekads (3-1 with 3-2, 4-1 with 4-2)."""

    margin: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Relative difference of held-out RMSE from which the better subnetwork wins alone; below it the two are "
        "averaged, weighted by 1/MSE; no unit. Not from the article.",
    )


class Screen(Section):
    """What of SIM-n may teach the next round."""

    min_dekads: int = Field(
        20,
        ge=2,
        description="Fewest dekads of the target that give a pixel a range; pixels with fewer teach nothing; dekads.",
    )
    sigma: float = Field(3.0, gt=0, description="Denoising threshold per map and zone; standard deviations.")


class Rounds(Section):
    """Everything between the subnetworks' estimates and the next round's target."""

    fuzzify: Fuzzify = Field(Fuzzify(), description="Boundary fuzzification.")
    merge: Merge = Field(Merge(), description="Integration of two substeps of one round.")
    screen: Screen = Field(Screen(), description="From SIM-n to SIM-nT.")
