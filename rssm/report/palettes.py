"""Colours of maps on the page: the atlas's scales and classes, and flags as the data set's pictures have them."""

from __future__ import annotations

from matplotlib.colors import to_hex

from rssm.atlas.colours import BLACK, BLUE, CLASSES, GREEN, KINDS, ORANGE, PINK, RED, SKY, YELLOW
from rssm.product.values.flags import Flag

# of the networks that serve most cells; the others are grey
NETWORK_COLOURS = CLASSES
# of several flags of a cell the first is shown; the others, which are no fault, and those of other methods are only named
FLAG_COLOURS = {
    Flag.SNOW_ICE_OBSERVED.meaning: SKY,
    Flag.SNOW_ICE_INFERRED.meaning: "#c3def5",
    Flag.GAP_FILLED.meaning: ORANGE,
    Flag.NO_NETWORK.meaning: BLACK,
    Flag.NO_SKILL.meaning: "#7f7f7f",
    Flag.EXTRAPOLATED_INPUTS.meaning: RED,
    Flag.OUTSIDE_SMAP_RANGE.meaning: PINK,
    Flag.FALLBACK_NETWORK.meaning: YELLOW,
    Flag.RAINFOREST.meaning: GREEN,
    Flag.WATER_ABOVE_5_PERCENT.meaning: BLUE,
}
RAMPS = {"moisture": "soil_moisture", "sigma": "uncertainty", "error": "difference"}
SHADES = 64


def ramps() -> dict[str, list[str]]:
    """Ramp → its colours from low to high."""
    return {name: [to_hex(KINDS[of].scale(k / (SHADES - 1))) for k in range(SHADES)] for name, of in RAMPS.items()}
