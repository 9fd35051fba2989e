"""The scale of a map, or of several that share one: its ends, its unit, and whether values lie beyond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from rssm.atlas.colours import KINDS, Limits

MONTHS = "JFMAMJJASOND"


def colour_bar(
    axes: Sequence[Axes],
    kind: str,
    limits: Limits,
    label: str,
    extend: str = "neither",
    beside: bool = False,
    within: Axes | None = None,
) -> None:
    """Draw a scale below maps, or on their right.

    extend  as `rssm.atlas.colours.beyond` says it
    within  an axis that the scale fills, instead of room that it takes from the maps
    """
    mappable = ScalarMappable(Normalize(*limits), KINDS[kind].scale)
    figure, where = axes[0].figure, "right" if beside else "bottom"
    if within:
        bar = figure.colorbar(mappable, cax=within, extend=extend, orientation="vertical" if beside else "horizontal")
    else:
        shrink, aspect = (0.8, 25) if beside else (0.6, 35)
        bar = figure.colorbar(
            mappable, ax=list(axes), extend=extend, location=where, pad=0.02, shrink=shrink, aspect=aspect
        )
    bar.outline.set_linewidth(0.5)
    if kind == "season":
        width = (limits[1] - limits[0]) / 12
        bar.set_ticks((limits[0] + width * (np.arange(12) + 0.5)).tolist(), labels=list(MONTHS))
        bar.ax.tick_params(length=0)
    bar.set_label(label, fontsize=8)
    bar.ax.tick_params(labelsize=8)
