"""Colours of maps on the page: the atlas's scales and classes, and flags as the data set's pictures have them."""

from __future__ import annotations

from matplotlib.colors import to_hex

from rssm.atlas.colours import BLACK, BLUE, CLASSES, GREEN, KINDS, ORANGE, PINK, RED, SKY, YELLOW

# of the networks that serve most cells; the others are grey
NETWORK_COLOURS = CLASSES
# of several flags of a cell the first is shown; the others, which are no fault, are only named
FLAG_COLOURS = {
    "snow_ice_observed": SKY,
    "snow_ice_inferred": "#c3def5",
    "gap_filled": ORANGE,
    "no_network": BLACK,
    "no_skill": "#7f7f7f",
    "extrapolated_inputs": RED,
    "outside_smap_range": PINK,
    "fallback_network": YELLOW,
    "rainforest": GREEN,
    "water_above_5_percent": BLUE,
    "out_of_range": PINK,
    "no_cycle": YELLOW,
}
HIDING = ("snow_ice_observed", "snow_ice_inferred")  # flags of ground that cannot be seen
RAMPS = {"moisture": "soil_moisture", "sigma": "uncertainty", "error": "difference"}
SHADES = 64


def ramps() -> dict[str, list[str]]:
    """Ramp → its colours from low to high."""
    return {name: [to_hex(KINDS[of].scale(k / (SHADES - 1))) for k in range(SHADES)] for name, of in RAMPS.items()}
