"""Flags on the sheet of a year: of several flags of a pixel the first is shown, the rest are only named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.patches import Patch
from numpy.typing import NDArray

from rssm.atlas.colours import BLACK, BLUE, GREEN, NOTHING_TO_SAY, ORANGE, PINK, RED, SKY, YELLOW, class_colours
from rssm.atlas.maps import WorldMap
from rssm.layer import Layer
from rssm.product.values.flags import Flag

SNOW = (Flag.SNOW_ICE_OBSERVED.meaning, Flag.SNOW_ICE_INFERRED.meaning)
# in the order in which they are shown; flags that are in neither list come last, in colours of their own
SHOWN: dict[str, tuple[str, str]] = {
    Flag.SNOW_ICE_OBSERVED.meaning: ("snow or ice, observed", SKY),
    Flag.SNOW_ICE_INFERRED.meaning: ("snow or ice, inferred", "#c3def5"),
    Flag.GAP_FILLED.meaning: ("gap filled", ORANGE),
    Flag.NO_NETWORK.meaning: ("no network", BLACK),
    Flag.NO_SKILL.meaning: ("no skill", "#7f7f7f"),
    Flag.EXTRAPOLATED_INPUTS.meaning: ("extrapolated inputs", RED),
    Flag.OUTSIDE_SMAP_RANGE.meaning: ("outside SMAP range", PINK),
    Flag.FALLBACK_NETWORK.meaning: ("fallback network", YELLOW),
    Flag.RAINFOREST.meaning: ("rainforest", GREEN),
    Flag.WATER_ABOVE_5_PERCENT.meaning: ("water above 5 %", BLUE),
}
# no faults: only named
NAMED = (
    Flag.BOUNDARY_BLENDED.meaning,
    Flag.IN_TRAINING_PERIOD.meaning,
    Flag.MEAN_OF_TWO_NETWORKS.meaning,
    Flag.MATCHED_ONLY.meaning,
    Flag.CHAIN_ONLY.meaning,
)


class Look(NamedTuple):
    """A flag, and how it is drawn."""

    bit: int
    name: str
    colour: str


def looks(layer: Layer) -> list[Look]:
    """Flags of a layer that are drawn, first those that win."""
    known = [Look(layer.bit(meaning), *look) for meaning, look in SHOWN.items() if layer.bit(meaning)]
    own = [(bit, _words(said)) for bit, said in layer.bits if said not in SHOWN and said not in NAMED]
    colours = class_colours([name for _, name in own]) if own else {}
    return known + [Look(bit, name, colours[name]) for bit, name in own]


def draw_flags(
    worlds: Iterable[WorldMap], layer: Layer, fields: Sequence[NDArray[np.integer]], land: NDArray[np.bool_]
) -> list[Patch]:
    """Draw a row of flags with the share of land that has each; what else the legend says."""
    on_land = np.concatenate([field[land] for field in fields])
    share = {bit: float(np.mean(on_land & bit == bit)) if on_land.size else 0.0 for bit, _ in layer.bits}
    shown = looks(layer)
    for world, field in zip(worlds, fields, strict=True):
        code = np.zeros(field.shape, np.int16)
        for k, look in reversed(list(enumerate(shown, 1))):
            code[field & look.bit == look.bit] = k
        named = {k: (f"{look.name}: {_percent(share[look.bit])}", look.colour) for k, look in enumerate(shown, 1)}
        world.classes(np.where(land & (code == 0), 1, 0), {1: ("none of these", NOTHING_TO_SAY)})
        world.classes(code, named, 2.1)
    drawn = {look.bit for look in shown}
    unseen = [
        f"{_words(said)}: {_percent(share[bit])}" for bit, said in layer.bits if bit not in drawn and share[bit] > 0
    ]
    return [Patch(color="none", label=text) for text in (["not shown:", *unseen] if unseen else [])]


def _words(meaning: str) -> str:
    return meaning.replace("_", " ")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"
