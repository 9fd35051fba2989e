"""Where the land pixels of an area lie: their areas, the 0.5° cells and regions that hold them, their climates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.errors import InputError
from rssm.grid import Area
from rssm.land import read_land
from rssm.product.values.sources import Maps
from rssm.validation.stations.places import CLIMATES, UNKNOWN

RADIUS = 6371.0072  # km, of the sphere with the Earth's surface
CELL = 0.5  # degrees: near the footprints of the sensors, as in the article
SOUTH, NORTH = -60, 60  # of cells: beyond, ice leaves too little
WHOLE = "all"
BELTS = {"60-90N": (60, 90), "30-60N": (30, 60), "30S-30N": (-30, 30), "30-60S": (-60, -30), "60-90S": (-90, -60)}
MAIN = {"A": "tropical", "B": "arid", "C": "temperate", "D": "cold", "E": "polar"}
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Family:
    """Regions that do not overlap.

    labels  of the regions
    code    (pixel,) which of them holds a pixel, −1 none
    """

    kind: str
    labels: tuple[str, ...]
    code: I64


class Land:
    """Land pixels of an area, in the order of its rows."""

    def __init__(self, land: str, area: Area, climate: I64 | None = None) -> None:
        """`climate` (pixel,): classes 1…30, UNKNOWN where none; None: no map tells."""
        self.area, self.window, self.grid = area, area.window, area.grid
        self.there: NDArray[np.bool_] = read_land(land, self.grid, self.window)
        self.row, self.column = np.nonzero(self.there)
        if not self.row.size:
            raise InputError(f"{land}: no land in the area that is analysed. Choose another region.")
        self.climate = np.zeros(self.row.size, np.int64) if climate is None else climate

    @classmethod
    def with_climate(cls, land: str, area: Area, maps: Sequence[str], product: str, calendar_id: str) -> Land:
        """The land with the classes of a map; `maps` are its indices, or none."""
        found = cls(land, area)
        if maps:
            field = Maps.of(maps, area.grid, CALENDARS[calendar_id]).value(product, 0, area.window)[found.there]
            known = np.nan_to_num(field, nan=UNKNOWN).astype(np.int64)
            found.climate = np.where((known > 0) & (known <= len(CLIMATES)), known, UNKNOWN)
        return found

    @cached_property
    def pixel(self) -> I64:
        """(pixel,) numbers on the whole grid."""
        row, column = self.row + self.window.row, (self.column + self.window.column) % self.grid.columns
        return (row * self.grid.columns + column).astype(np.int64)

    @cached_property
    def latitude(self) -> F64:
        """(pixel,) of centres, degrees."""
        return self.grid.row_centres(self.window).astype(np.float64)[self.row]

    @cached_property
    def longitude(self) -> F64:
        """(pixel,) of centres, degrees, −180 … 180."""
        centres = self.grid.column_centres(self.window).astype(np.float64)
        return ((centres + 180) % 360 - 180)[self.column]

    @cached_property
    def area_km2(self) -> F64:
        """(pixel,) areas on a sphere, km²."""
        return row_areas(self.area)[self.row]

    def block(self, degrees: float) -> I64:
        """(pixel,) number of the square of some degrees that holds a pixel."""
        row = np.floor((90 - self.latitude) / degrees + 1e-9).astype(np.int64)
        column = np.floor((self.longitude + 180) / degrees + 1e-9).astype(np.int64)
        return row * round(360 / degrees) + column

    @cached_property
    def cells(self) -> tuple[I64, I64]:
        """(cell,) numbers of the 0.5° cells with land between 60° S and 60° N, and (pixel,) which holds a pixel, −1 none."""
        inside = (self.latitude > SOUTH) & (self.latitude < NORTH)
        number, at = np.unique(self.block(CELL)[inside], return_inverse=True)
        code = np.full(self.row.size, -1, np.int64)
        code[inside] = at
        return number, code

    @cached_property
    def families(self) -> list[Family]:
        """All regions that hold land and are not the whole."""
        one = np.zeros(self.row.size, np.int64)
        south = (self.latitude < 0).astype(np.int64)
        belt = np.full(self.row.size, -1, np.int64)
        for at, (low, high) in enumerate(BELTS.values()):
            belt[(self.latitude > low) & (self.latitude < high)] = at
        letters = [list(MAIN).index(name[0]) for name in CLIMATES]
        main = np.where(self.climate > 0, np.array([0, *letters])[self.climate], -1)
        found = [
            Family("hemisphere", ("northern", "southern"), south),
            Family("belt", tuple(BELTS), belt),
            Family("climate", tuple(f"{letter} {name}" for letter, name in MAIN.items()), main),
            Family("class", tuple(CLIMATES), self.climate - 1),
        ]
        return [Family("whole", (WHOLE,), one), *(part for one in found if (part := _held(one)))]


def row_areas(area: Area) -> F64:
    """Areas (row,) of the pixels of an area's rows on a sphere, km²."""
    edges = np.sin(np.radians(area.grid.row_edges(area.window))).astype(np.float64)
    return RADIUS**2 * np.radians(area.grid.column_step) * (edges[:-1] - edges[1:])


def _held(family: Family) -> Family | None:
    """The regions of a family that hold pixels; None where one holds all of them, or none any."""
    there = np.unique(family.code[family.code >= 0])
    if not there.size or (there.size == 1 and (family.code >= 0).all()):
        return None
    order = np.full(len(family.labels) + 1, -1, np.int64)
    order[there] = np.arange(there.size)
    return Family(family.kind, tuple(family.labels[at] for at in there), order[family.code])


def cell_centres(number: I64) -> tuple[F64, F64]:
    """Latitudes and longitudes (cell,) of the centres of 0.5° cells, degrees."""
    columns = round(360 / CELL)
    row, column = (number // columns).astype(np.float64), (number % columns).astype(np.float64)
    return 90 - (row + 0.5) * CELL, (column + 0.5) * CELL - 180
