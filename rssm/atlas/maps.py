"""A map: sea and land, a field with its pixels where they are, coasts, lakes, rivers, graticule, hatching, a locator.

figure = sheet(7, 4)
drawn = draw(figure.subplots(), field, area, "soil_moisture", title="Mean soil moisture", unit="m³ m⁻³", land=land)
keep_map(figure, {"soil_moisture": field}, area, out)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_rgba
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from rssm.atlas import colours
from rssm.atlas.colours import KINDS, Limits
from rssm.atlas.geography import Points, What, outlines, surfaces
from rssm.atlas.graticule import graticule
from rssm.atlas.locator import locator
from rssm.atlas.picture import stripes, warped
from rssm.atlas.projection import View, box_of, thinned
from rssm.atlas.scale_bar import colour_bar
from rssm.grid import Area

Mask = NDArray[np.bool_]
FINENESS = 200  # points of a picture per inch
WITH_RIVERS = 60.0  # degrees: boxes up to this size have rivers


@dataclass
class WorldMap:
    """A map of an area on an axis.

    land   (row, column): where the area has land; without it land is what the coasts say, and grey where no field covers it
    width  points of its pictures along the map
    seen   classes that the map shows: name → how a legend shows them
    """

    axes: Axes
    area: Area
    land: Mask | None = None
    seen: dict[str, Patch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.view = View(box_of(self.area))
        left, right, bottom, top = self.view.extent
        self.axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
        self.axes.axis("off")
        inches = self.axes.get_window_extent().width / self.axes.figure.dpi
        self.width = int(np.clip(round(inches * FINENESS, -2), 300, 2400))
        self.edge = PathPatch(Path(self.view.outline, closed=True), facecolor=colours.SEA, edgecolor="none", zorder=0)
        self.axes.add_artist(self.edge)
        if self.land is None:
            self._surfaces("land", colours.NO_VALUE, 0.5)
            self._surfaces("lakes", colours.SEA, 0.6)
            self._surfaces("islands", colours.NO_VALUE, 0.7)
        self._lines("land", colours.COAST, 0.5)
        self._lines("lakes", colours.WATER, 0.4)
        self._lines("islands", colours.WATER, 0.4)
        if max(self.view.box.width, self.view.box.height) <= WITH_RIVERS:
            self._lines("rivers", colours.WATER, 0.4)
        graticule(self.axes, self.view, self.edge)

    # -- what lies in pixels ---------------------------------------------------------------------------------------------

    def values(self, values: NDArray[np.floating], kind: str, limits: Limits, ground: bool = True) -> None:
        """A field (row, column) on a scale; where it is NaN, the ground is seen: with `ground`, land as `no value`."""
        known = np.isfinite(values)
        if ground:
            self.ground(~known)
        seen = np.ma.array(
            warped(values, self.area, self.width, np.nan), mask=~warped(known, self.area, self.width, False)
        )
        self._picture(KINDS[kind].scale(Normalize(*limits)(seen), bytes=True), 2)

    def ground(self, empty: Mask, name: str = "no value", colour: str = colours.NO_VALUE) -> None:
        """Colour land where a layer has nothing, and say so in the legend where there is such land."""
        if self.land is not None:
            self.classes(np.where(self.land & empty, 1, 0), {1: (name, colour)}, 1.5)

    def classes(self, codes: NDArray[np.integer], named: Mapping[int, tuple[str, str]], zorder: float = 2) -> None:
        """A layer of codes (row, column): code → name and colour; other codes show the ground.

        A class that occurs nowhere is not in the legend.
        """
        occur = {code: entry for code, entry in named.items() if (codes == code).any()}
        shown = warped(codes, self.area, self.width, min(named, default=0) - 1)
        picture = np.zeros((*shown.shape, 4), np.uint8)
        for code, (_, colour) in occur.items():
            picture[shown == code] = bytes_of(colour)
        if occur:
            self._picture(picture, zorder)
        for name, colour in occur.values():
            self.seen.setdefault(name, Patch(facecolor=colour, edgecolor=colours.COAST, linewidth=0.3, label=name))

    def hatch(self, where: Mask, name: str) -> None:
        """Stripes over pixels, up to their edges."""
        if not where.any():
            return
        dark = warped(where.astype(np.uint8), self.area, self.width, 0) > 0
        picture = np.zeros((*dark.shape, 4), np.uint8)
        picture[dark & stripes(dark.shape)] = bytes_of(colours.HATCHED)
        self._picture(picture, 2.5)
        self.seen[name] = Patch(facecolor="none", edgecolor=colours.HATCHED, linewidth=0, hatch="/////", label=name)

    # -- what lies at places ---------------------------------------------------------------------------------------------

    def points(self, longitude: NDArray[np.floating], latitude: NDArray[np.floating], **style: Any) -> None:
        """Points at places, drawn as `Axes.scatter` does."""
        west = self.view.box.west
        turned = west + (np.asarray(longitude, np.float64) - west) % 360
        place = self.view.paper(np.stack([turned, np.asarray(latitude, np.float64)], axis=1))
        self.axes.scatter(place[:, 0], place[:, 1], **{"zorder": 4, **style})

    def legend(self, **where: Any) -> None:
        """What the colours of the map mean, below it, if there is anything to say."""
        legend_of([self], **where)

    def locator(self) -> None:
        """A small globe in the upper right corner that shows where the map lies."""
        locator(self.axes, self.view)

    # -- how it is done --------------------------------------------------------------------------------------------------

    def _picture(self, picture: NDArray[np.uint8], zorder: float) -> None:
        image = self.axes.imshow(
            picture, extent=self.view.extent, origin="upper", interpolation="none", aspect="equal", zorder=zorder
        )
        image.set_clip_path(self.edge)

    def _lines(self, what: What, colour: str, width: float) -> None:
        self._shapes(outlines(what, self.view.box), facecolor="none", edgecolor=colour, linewidth=width, zorder=3)

    def _surfaces(self, what: What, colour: str, zorder: float) -> None:
        shapes = surfaces(what, self.view.box)
        self._shapes(shapes, facecolor=colour, edgecolor=colour, linewidth=0.3, zorder=zorder)

    def _shapes(self, lines: Sequence[Points], **style: Any) -> None:
        """Lines or surfaces as one path, which is much smaller in an SVG than a path for each."""
        if paths := [Path(line) for line in self._thinned(lines)]:
            drawn = PathPatch(Path.make_compound_path(*paths), **style)
            self.axes.add_artist(drawn)
            drawn.set_clip_path(self.edge)

    def _thinned(self, lines: Sequence[Points]) -> list[Points]:
        """Lines on paper, without points that a picture cannot tell from the one before."""
        left, right, *_ = self.view.extent
        grain = (right - left) / self.width
        return [thin for line in lines if len(thin := thinned(self.view.paper(line), grain)) > 1]


def legend_of(worlds: Sequence[WorldMap], **where: Any) -> None:
    """One legend for several maps that share their classes, at the last of them."""
    seen = {name: patch for world in worlds for name, patch in world.seen.items()}
    if seen:
        beside: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0.0, -0.06), "ncols": 3, "fontsize": 8}
        worlds[-1].axes.legend(handles=list(seen.values()), frameon=False, **{**beside, **where})


def bytes_of(colour: str) -> list[int]:
    """Red, green, blue and opacity of a colour, 0 to 255."""
    return [round(255 * part) for part in to_rgba(colour)]


def draw(
    axes: Axes,
    values: NDArray[np.floating],
    area: Area,
    kind: str,
    *,
    title: str = "",
    unit: str = "",
    limits: Limits | None = None,
    land: Mask | None = None,
    hatch: tuple[Mask, str] | None = None,
    not_tested: Mask | None = None,
    bar: bool = True,
    legend: bool = True,
) -> WorldMap:
    """Draw a field (row, column) of an area, with its scale below it.

    kind        one of `rssm.atlas.colours.KINDS`
    limits      of the scale; fitted to the values where not given (`limits_of` fits them for several maps at once)
    land        where the area has land: what of it has no value is grey
    hatch       pixels to hatch, and what it means
    not_tested  land of which nothing can be said, for example because it has too few values
    bar         whether to draw the scale
    legend      whether to say below the map what its other colours mean; `legend_of` says it once for several
    """
    world = WorldMap(axes, area, land)
    limits = limits or colours.limits_of([values], kind)
    untested = np.zeros(values.shape, bool) if not_tested is None else not_tested
    world.ground(~np.isfinite(values) & ~untested)
    world.classes(untested.astype(np.int16), {1: ("not tested", colours.NOT_TESTED)}, 1.7)
    world.values(values, kind, limits, ground=False)
    if hatch is not None:
        world.hatch(*hatch)
    if title:
        axes.set_title(title)
    if bar:
        colour_bar([axes], kind, limits, unit, colours.beyond([values], limits))
    if legend:
        world.legend()
    return world
