"""Parts of a grid, by whole degrees and by pixels: zones, tiles, regions, windows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rssm.errors import InputError

CORNER = re.compile(r"([NS])(\d{2})([EW])(\d{3})")


@dataclass(frozen=True)
class Window:
    """A block of pixels: `rows` × `columns` from (row, column); `column + columns` may pass the last column."""

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
    found = CORNER.fullmatch(name)
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


def relative_window(inner: Window, outer: Window, columns: int) -> Window:
    """`inner` counted from the corner of `outer`, on a circle of `columns`."""
    return Window(inner.row - outer.row, (inner.column - outer.column) % columns, inner.rows, inner.columns)


def unwrapped(window: Window, columns: int) -> Iterator[tuple[slice, slice]]:
    """The one or two (global columns, columns of the window) pieces of a window that may pass the last column."""
    first = min(window.columns, columns - window.column)
    yield slice(window.column, window.column + first), slice(0, first)
    if first < window.columns:
        yield slice(0, window.columns - first), slice(first, window.columns)
