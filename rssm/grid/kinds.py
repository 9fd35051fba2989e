"""The two kinds of grid: regular in longitude and latitude, and EASE-Grid 2.0, whose rows grow toward the poles.

Edges need numpy and pyproj, which are imported when edges are asked for: a plan asks for zones and tiles only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, ClassVar

from rssm.errors import InputError
from rssm.grid.base import NUDGE, Grid, Transform
from rssm.grid.zones import Region, Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class LatLonGrid(Grid):
    """Regular WGS84 grid of `step` degrees, from the outer edges `north` and `west` on."""

    step: float = 0.1
    north: float = 80
    south: float = -60
    west: float = -180

    @property
    def id(self) -> str:
        """`wgs84_0.1`, with its edges where they are not 80° N, 60° S, 180° W: `wgs84_0.25_90_-60_-180`."""
        edges = (self.north, self.south, self.west)
        return f"wgs84_{self.step:.10g}" + (
            "" if edges == (80, -60, -180) else "".join(f"_{edge:.10g}" for edge in edges)
        )

    @property
    def crs(self) -> str:
        return "EPSG:4326"

    @property
    def rows(self) -> int:
        return round((self.north - self.south) / self.step)

    @property
    def columns(self) -> int:
        return round(360 / self.step)

    @property
    def column_step(self) -> float:
        return self.step

    @property
    def zone_pixels(self) -> int:
        n = round(1 / self.step)
        aligned = abs(n * self.step - 1) < NUDGE and not any(edge % 1 for edge in (self.north, self.west))
        return n if aligned else super().zone_pixels

    def transform(self, window: Window) -> Transform:
        return (
            self.step,
            0.0,
            window.column * self.step + self.west,
            0.0,
            -self.step,
            self.north - window.row * self.step,
        )

    def row_edges(self, window: Window) -> NDArray[np.floating]:
        import numpy as np

        return self.north - window.row * self.step - self.step * np.arange(window.rows + 1)

    def row_at(self, latitude: float) -> float:
        return (self.north - latitude) / self.step


@dataclass(frozen=True)
class EaseGrid(Grid):
    """EASE-Grid 2.0, global and cylindrical, in cells of about `kilometres`, as NSIDC defines them."""

    kilometres: int = 25

    _CELLS: ClassVar = {
        9: (9008.055210146, 1624, 3856),
        25: (25025.2600081, 584, 1388),
        36: (36032.22084058, 406, 964),
    }  # m, rows, columns

    @property
    def id(self) -> str:
        return f"ease2_m{self.kilometres:02d}"

    @property
    def crs(self) -> str:
        return "EPSG:6933"

    @property
    def cell(self) -> float:
        """Side of a cell, metres."""
        return self._CELLS[self.kilometres][0]

    @property
    def rows(self) -> int:
        return self._CELLS[self.kilometres][1]

    @property
    def columns(self) -> int:
        return self._CELLS[self.kilometres][2]

    @cached_property
    def _latitudes(self) -> NDArray[np.floating]:
        """Latitudes (row + 1,) of the edges of all rows."""
        import numpy as np

        return self._latitude(np.arange(self.rows + 1))

    def _latitude(self, row: NDArray[np.number]) -> NDArray[np.floating]:
        """Latitudes of row coordinates."""
        import numpy as np

        y = self.cell * (self.rows / 2 - row)
        return np.asarray(projection(self.crs).transform(np.zeros_like(y), y, direction="INVERSE")[1])

    @property
    def west(self) -> float:
        return -180

    @property
    def north(self) -> float:
        return float(self._latitudes[0])

    @property
    def south(self) -> float:
        return float(self._latitudes[-1])

    def transform(self, window: Window) -> Transform:
        left, top = (window.column - self.columns / 2) * self.cell, (self.rows / 2 - window.row) * self.cell
        return (self.cell, 0.0, left, 0.0, -self.cell, top)

    def row_edges(self, window: Window) -> NDArray[np.floating]:
        return self._latitudes[window.row : window.row + window.rows + 1]

    def row_centres(self, window: Window) -> NDArray[np.floating]:
        import numpy as np

        return self._latitude(np.arange(window.row, window.row + window.rows) + 0.5)  # halfway in metres, not degrees

    def row_at(self, latitude: float) -> float:
        if not self.south < latitude < self.north:
            return 0.0 if latitude >= self.north else float(self.rows)
        return self.rows / 2 - float(projection(self.crs).transform(0, latitude)[1]) / self.cell


@lru_cache
def projection(crs: str):  # type: ignore[no-untyped-def]
    """Longitude, latitude (degrees) → x, y (metres) of a projected grid."""
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


GRID = LatLonGrid()


@lru_cache
def grid_of(name: str) -> Grid:
    """The grid that bears an id: `wgs84_0.1`, `wgs84_0.25_90_-60_-180`, `ease2_m25`."""
    ease = re.fullmatch(r"ease2_m(09|25|36)", name)
    if ease:
        return EaseGrid(int(ease[1]))
    number = r"-?\d+(?:\.\d+)?"
    regular = re.fullmatch(rf"wgs84_({number})(?:_({number})_({number})_({number}))?", name)
    if not regular or not 0 < float(regular[1]) <= 1:
        raise InputError(
            f"grid {name!r}: expected ease2_m09, ease2_m25, ease2_m36, or wgs84_STEP (80° N to 60° S) or"
            " wgs84_STEP_NORTH_SOUTH_WEST in degrees, for example wgs84_0.25_90_-60_-180."
        )
    step, *edges = (float(text) for text in regular.groups() if text is not None)
    grid = LatLonGrid(step, *edges)
    if any(abs(length / step - round(length / step)) > NUDGE for length in (360, grid.north - grid.south)):
        raise InputError(f"grid {name!r}: 360° and its height are not whole numbers of steps.")
    return grid


@dataclass(frozen=True)
class Area:
    """A part of a grid that a job works on: the grid's id and the region."""

    grid_id: str
    region: Region

    @property
    def grid(self) -> Grid:
        return grid_of(self.grid_id)

    @property
    def window(self) -> Window:
        return self.grid.window(self.region)
