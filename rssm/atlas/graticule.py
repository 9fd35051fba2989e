"""Meridians and parallels of a map, and their degrees along its western and southern edges."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from rssm.atlas.projection import View, degrees

LINE, EDGE = "#777777", "#333333"
SIZE = 7  # points, of letters
PER_INCH = 1.8, 2.5  # meridians and parallels at most


def graticule(axes: Axes, view: View, edge: Patch) -> None:
    """Draw the graticule within an edge, and the edge itself."""
    inches = axes.get_window_extent().width / axes.figure.dpi
    left, right, *_ = view.extent
    along = np.ptp(view.paper(view.parallel(view.box.south))[:, 0]) / (right - left) * inches  # where longitudes stand
    east, north = (int(np.clip(n, 2, 6)) for n in (PER_INCH[0] * along, PER_INCH[1] * inches * view.shape))
    meridians, parallels = view.meridians(east), view.parallels(north)
    lines = [view.paper(view.meridian(at)) for at in meridians] + [view.paper(view.parallel(at)) for at in parallels]
    drawn = LineCollection(lines, colors=LINE, linewidths=0.3, linestyles=(0, (1, 3)), zorder=3.2)
    axes.add_artist(drawn)
    drawn.set_clip_path(edge)
    axes.add_artist(
        PathPatch(Path(view.outline, closed=True), facecolor="none", edgecolor=EDGE, linewidth=0.6, zorder=5)
    )
    for at in _apart(meridians, view.box.west, view.box.width):
        _label(axes, view, (at, view.box.south), degrees(at, "EW"), (0, -3), ("center", "top"))
    for at in parallels:
        _label(axes, view, (view.box.west, at), degrees(at, "NS"), (-3, 0), ("right", "center"))


def _apart(marks: list[float], west: float, width: float) -> list[float]:
    """Marks without the one that closes a circle."""
    return [at for at in marks if not (width >= 360 and at >= west + 360)]


def _label(
    axes: Axes, view: View, place: tuple[float, float], text: str, offset: tuple[int, int], align: tuple[str, str]
) -> None:
    x, y = view.paper(np.array([place]))[0]
    axes.annotate(
        text, (x, y), offset, textcoords="offset points", ha=align[0], va=align[1], fontsize=SIZE, annotation_clip=False
    )
