"""A small map of the world that shows where a map lies."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from rssm.atlas.colours import COAST, NO_VALUE, RED, SEA
from rssm.atlas.geography import Box, surfaces
from rssm.atlas.projection import WIDE, View, thinned

WORLD = Box(-180, 180, -60, 84)
GRAIN = 1e5  # metres: what a small picture shows
SEEN = 10.0  # degrees: smaller boxes are shown as a point of this size


def locator(axes: Axes, view: View, at: tuple[float, float, float, float] = (0.72, 1.02, 0.28, 0.2)) -> None:
    """Draw it beside a map that does not show most of the world itself.

    at  in shares of the axis: left, bottom, width, height
    """
    if view.box.width >= WIDE:
        return
    world, inset = View(WORLD), axes.inset_axes(at)
    left, right, bottom, top = world.extent
    inset.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", anchor="E")
    inset.axis("off")
    inset.add_artist(PathPatch(Path(world.outline, closed=True), facecolor=SEA, edgecolor=COAST, linewidth=0.4))
    land = [thinned(world.paper(shape), GRAIN) for shape in surfaces("land", WORLD)]
    inset.add_artist(PathPatch(Path.make_compound_path(*map(Path, land)), facecolor=NO_VALUE, edgecolor="none"))
    box = view.box
    for turn in (-360, 0, 360):
        west, east = max(box.west + turn, -180), min(box.east + turn, 180)
        if west < east:
            edge = world.paper(View(Box(west, east, box.south, box.north)).edge)
            inset.add_artist(PathPatch(Path(edge, closed=True), facecolor="none", edgecolor=RED, linewidth=1))
    if max(box.width, box.height) < SEEN:
        middle = world.paper(np.array([[((box.west + box.east) / 2 + 180) % 360 - 180, (box.south + box.north) / 2]]))
        inset.scatter(middle[:, 0], middle[:, 1], s=25, facecolors="none", edgecolors=RED, linewidths=1)
