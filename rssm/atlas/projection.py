"""From longitude and latitude to a map: an equal-area projection that fits the box, its outline and its graticule.

The globe, and what is nearly as wide, is drawn in Equal Earth; a large region in Lambert's azimuthal equal-area projection
about its middle; a small box with straight meridians and parallels, true to scale along its middle latitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rssm.atlas.geography import Box, Points

if TYPE_CHECKING:
    from pyproj import Proj

    from rssm.grid import Area

WIDE, TALL = 150.0, 100.0  # degrees from which a box is drawn as the globe is
SMALL = 12.0  # degrees of latitude, or as long along a parallel, up to which a box has straight edges
ALONG = 181  # points along an edge or a line of the graticule
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60)  # degrees between lines of a graticule


def box_of(area: Area) -> Box:
    """The outer edges of an area's pixels."""
    window = area.window
    columns, rows = area.grid.column_edges(window), area.grid.row_edges(window)
    return Box(float(columns[0]), float(columns[-1]), float(rows[-1]), float(rows[0]))


def shape_of(area: Area) -> float:
    """Height over width of an area's map."""
    return View(box_of(area)).shape


@dataclass(frozen=True)
class View:
    """A box of the Earth on paper; x and y in metres."""

    box: Box

    @cached_property
    def name(self) -> str:
        """`eqearth`, `laea` or `eqc`, as PROJ calls projections."""
        box = self.box
        if box.width >= WIDE or box.height >= TALL:
            return "eqearth"
        along = box.width * cos(radians((box.south + box.north) / 2))
        return "laea" if max(box.height, along) > SMALL else "eqc"

    @cached_property
    def projection(self) -> Proj:
        from pyproj import Proj

        middle, latitude = (self.box.west + self.box.east) / 2, (self.box.south + self.box.north) / 2
        along = {"eqearth": "", "laea": f" +lat_0={latitude}", "eqc": f" +lat_ts={latitude}"}[self.name]
        return Proj(f"+proj={self.name} +lon_0={middle}{along} +over")

    def paper(self, points: Points) -> Points:
        """x, y (point, 2) of longitudes and latitudes (point, 2)."""
        return np.stack(self.projection(points[:, 0], points[:, 1]), axis=1)

    def earth(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitudes and latitudes of places on paper; longitudes run on past 180° as those of the box do."""
        longitude, latitude = self.projection(x, y, inverse=True)
        if self.name == "laea":  # there alone they do not run on
            middle = (self.box.west + self.box.east) / 2
            longitude = (longitude - middle + 180) % 360 - 180 + middle
        return longitude, latitude

    def parallel(self, latitude: float) -> Points:
        """A parallel from west to east (point, 2), degrees."""
        return np.stack([np.linspace(self.box.west, self.box.east, ALONG), np.full(ALONG, latitude)], axis=1)

    def meridian(self, longitude: float) -> Points:
        """A meridian from south to north (point, 2), degrees."""
        return np.stack([np.full(ALONG, longitude), np.linspace(self.box.south, self.box.north, ALONG)], axis=1)

    @cached_property
    def outline(self) -> Points:
        """The box's edge on paper, closed."""
        return self.paper(self.edge)

    @property
    def edge(self) -> Points:
        """The box's edge (point, 2), degrees, closed."""
        sides = self.parallel(self.box.south), self.meridian(self.box.east)
        back = self.parallel(self.box.north)[::-1], self.meridian(self.box.west)[::-1]
        return np.concatenate([*sides, *back])

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top of the outline."""
        (left, bottom), (right, top) = self.outline.min(axis=0), self.outline.max(axis=0)
        return float(left), float(right), float(bottom), float(top)

    @property
    def shape(self) -> float:
        """Height over width on paper."""
        left, right, bottom, top = self.extent
        return (top - bottom) / (right - left)

    def meridians(self, most: int) -> list[float]:
        """Longitudes of the graticule, at most so many."""
        return _marks(self.box.west, self.box.east, most)

    def parallels(self, most: int) -> list[float]:
        """Latitudes of the graticule, at most so many."""
        return _marks(self.box.south, self.box.north, most)


def thinned(line: Points, grain: float) -> Points:
    """A line (point, 2) brought to a raster of `grain`, without points that repeat."""
    at = np.round(line / grain)
    kept = np.concatenate([[True], (at[1:] != at[:-1]).any(axis=1)])
    return np.asarray(at[kept] * grain)


def _marks(low: float, high: float, most: int) -> list[float]:
    """Round degrees within two ends."""
    gap = next((step for step in STEPS if (high - low) / step <= most), STEPS[-1])
    first, last = np.ceil(low / gap - 1e-6), np.floor(high / gap + 1e-6)
    return [round(float(k * gap), 6) for k in np.arange(first, last + 1)]


def degrees(value: float, letters: str) -> str:
    """`10°W` of −10 and `EW`, `170°W` of 190."""
    turned = (value + 180) % 360 - 180 if letters == "EW" else value
    if letters == "EW" and abs(turned) == 180:
        return "180°"
    return f"{abs(turned):g}°{letters[0] if turned > 0 else letters[1] if turned < 0 else ''}"
