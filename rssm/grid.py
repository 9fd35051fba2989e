"""Space: pixel, zone and tile of a regular grid, behind a protocol that EASE-2 can join.

Indices are integers: row 0 is the northernmost, column 0 begins at 180° W, columns wrap at the dateline. Nothing here
needs numpy, because the workflow asks for zones and tiles at parse time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import Protocol, runtime_checkable

from rssm.errors import InputError


@runtime_checkable
class Grid(Protocol):
    """What maps and cubes need to know of space."""

    id: str
    crs: str
    rows: int
    columns: int

    def transform(self, window: Window) -> tuple[float, float, float, float, float, float]:
        """Affine transform (a, b, c, d, e, f) of a window: x = a·col + b·row + c, y = d·col + e·row + f."""
        ...


@dataclass(frozen=True)
class Window:
    """A block of pixels: `rows` × `columns` from (row, column); `column + columns` may pass the dateline."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns


@dataclass(frozen=True, order=True)
class Zone:
    """A 1° square, named by its south-west corner in whole degrees."""

    south: int
    west: int

    @property
    def name(self) -> str:
        return corner_name(self.south, self.west)


@dataclass(frozen=True, order=True)
class Tile:
    """A block of `degrees` × `degrees` zones that one job handles, named by its south-west corner."""

    south: int
    west: int
    degrees: int

    @property
    def name(self) -> str:
        return corner_name(self.south, self.west)


def corner_name(south: int, west: int) -> str:
    """`N30E100`, `S05W070`: the way zones and tiles are written."""
    return f"{'N' if south >= 0 else 'S'}{abs(south):02d}{'E' if west >= 0 else 'W'}{abs(west):03d}"


def parse_corner(name: str) -> tuple[int, int]:
    """(south, west) of a zone's or tile's name."""
    found = re.fullmatch(r"([NS])(\d{2})([EW])(\d{3})", name)
    if not found:
        raise InputError(f"{name!r} is no zone or tile: expected its south-west corner, for example N30E100.")
    south = int(found[2]) * (1 if found[1] == "N" else -1)
    west = int(found[4]) * (1 if found[3] == "E" else -1)
    return south, west


@dataclass(frozen=True)
class Region:
    """A box of whole zones: `south`…`north`, and `degrees` of longitude eastward from `west` (−180…179)."""

    south: int
    north: int
    west: int
    degrees: int

    @property
    def wraps(self) -> bool:
        """Whether the box is the whole circle, so that its western and eastern edges touch."""
        return self.degrees == 360

    def zones(self) -> list[Zone]:
        """All zones of the box, north to south, west to east as the box runs."""
        return [
            Zone(south, wrap_longitude(self.west + i))
            for south in range(self.north - 1, self.south - 1, -1)
            for i in range(self.degrees)
        ]

    def __contains__(self, zone: Zone) -> bool:
        return self.south <= zone.south < self.north and (zone.west - self.west) % 360 < self.degrees


def wrap_longitude(west: int) -> int:
    """Whole degrees brought to −180…179."""
    return (west + 180) % 360 - 180


@dataclass(frozen=True)
class LatLonGrid:
    """Regular WGS84 grid with `per_degree` pixels a degree, from `north` down to `south`.

    A pixel's global index is `row * columns + column`.
    """

    per_degree: int = 10
    north: int = 80
    south: int = -60

    @property
    def id(self) -> str:
        """`wgs84_0.1`: resolution in degrees."""
        return f"wgs84_{1 / self.per_degree:g}"

    @property
    def crs(self) -> str:
        return "EPSG:4326"

    @property
    def rows(self) -> int:
        return (self.north - self.south) * self.per_degree

    @property
    def columns(self) -> int:
        return 360 * self.per_degree

    def region(self, south: float, north: float, west: float, east: float) -> Region:
        """Box snapped outward to whole zones; `east` < `west` means across the dateline."""
        low, high = floor(south), ceil(north)
        if not self.south <= low < high <= self.north:
            raise InputError(
                f"region: latitudes {south:g}…{north:g} are not within {self.south}…{self.north}, south first."
            )
        if not (-180 <= west <= 180 and -180 <= east <= 180) or west == east:
            raise InputError(f"region: longitudes {west:g}…{east:g} are not two different ones within -180…180.")
        start = floor(west)
        degrees = ceil(east) - start if east > west else ceil(east) + 360 - start
        return Region(low, high, wrap_longitude(start), min(degrees, 360))

    def window(self, region: Region) -> Window:
        """Pixels of a region."""
        n = self.per_degree
        return Window(
            (self.north - region.north) * n,
            (region.west + 180) * n,
            (region.north - region.south) * n,
            region.degrees * n,
        )

    def zone_window(self, zone: Zone) -> Window:
        """Pixels of a zone."""
        return self.window(Region(zone.south, zone.south + 1, zone.west, 1))

    def transform(self, window: Window) -> tuple[float, float, float, float, float, float]:
        """Affine transform of a window; longitudes run on past 180° in a window across the dateline."""
        step = 1 / self.per_degree
        return (step, 0.0, window.column * step - 180, 0.0, -step, self.north - window.row * step)

    def zone_of(self, row: int, column: int) -> Zone:
        """Zone that holds a pixel."""
        n = self.per_degree
        return Zone(self.north - 1 - row // n, wrap_longitude(column // n - 180))

    def tiles(self, region: Region, degrees: int) -> list[Tile]:
        """Tiles that touch a region, in the order north to south, west to east."""
        corners = {self.tile_of(zone, degrees): None for zone in region.zones()}
        return list(corners)

    def tile_of(self, zone: Zone, degrees: int) -> Tile:
        """Tile that holds a zone; tiles are anchored at the grid's south-west corner, whatever the region."""
        south = self.south + (zone.south - self.south) // degrees * degrees
        west = -180 + (zone.west + 180) // degrees * degrees
        return Tile(south, west, degrees)

    def tile_zones(self, tile: Tile, region: Region) -> list[Zone]:
        """Zones of a tile that lie in a region, north to south, west to east."""
        souths = range(min(tile.south + tile.degrees, self.north) - 1, tile.south - 1, -1)
        wests = range(tile.west, min(tile.west + tile.degrees, 180))
        return [zone for south in souths for west in wests if (zone := Zone(south, west)) in region]


GRID = LatLonGrid()


def relative_window(inner: Window, outer: Window, columns: int) -> Window:
    """`inner` counted from the corner of `outer`, on a circle of `columns`."""
    return Window(inner.row - outer.row, (inner.column - outer.column) % columns, inner.rows, inner.columns)


def unwrapped(window: Window, columns: int) -> Iterator[tuple[slice, slice]]:
    """The one or two (global columns, columns of the window) pieces of a window that may pass the dateline."""
    first = min(window.columns, columns - window.column)
    yield slice(window.column, window.column + first), slice(0, first)
    if first < window.columns:
        yield slice(0, window.columns - first), slice(first, window.columns)
