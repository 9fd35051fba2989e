"""What maps, cubes and plans need to know of space, whatever the kind of grid.

The rows of a grid have one latitude and its columns one longitude. Indices are integers: row 0 is the northernmost,
column 0 the westernmost, columns wrap. A zone holds the pixels whose centres lie in it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from functools import cached_property
from math import ceil, floor
from typing import TYPE_CHECKING

from rssm.errors import InputError
from rssm.grid.zones import Region, Tile, Window, Zone, wrap_longitude

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Transform = tuple[float, float, float, float, float, float]
NUDGE = 1e-6  # of a pixel: how far arithmetic may put a centre or an edge beside its place


class Grid(ABC):
    """All arithmetic of a grid, from what its kind says of itself.

    id             name that maps and cubes carry; `grid_of` finds the grid by it
    crs            coordinate reference system of `transform`
    rows, columns  numbers of pixels
    north, south   outer edges, degrees
    west           outer edge of column 0, degrees
    """

    @property
    @abstractmethod
    def id(self) -> str: ...

    @property
    @abstractmethod
    def crs(self) -> str: ...

    @property
    @abstractmethod
    def rows(self) -> int: ...

    @property
    @abstractmethod
    def columns(self) -> int: ...

    @property
    @abstractmethod
    def north(self) -> float: ...

    @property
    @abstractmethod
    def south(self) -> float: ...

    @property
    @abstractmethod
    def west(self) -> float: ...

    @abstractmethod
    def transform(self, window: Window) -> Transform:
        """Affine transform (a, b, c, d, e, f) of a window: x = a·col + b·row + c, y = d·col + e·row + f.

        x runs on eastward in a window that passes the last column.
        """

    @abstractmethod
    def row_edges(self, window: Window) -> NDArray[np.floating]:
        """Latitudes (row + 1,) of the edges of a window's rows, north to south, degrees."""

    @abstractmethod
    def row_at(self, latitude: float) -> float:
        """Row coordinate of a latitude: k where the northern edge of row k lies."""

    @property
    def column_step(self) -> float:
        """Width of a column, degrees."""
        return 360 / self.columns

    @property
    def zone_pixels(self) -> int:
        """Pixels along the side of a zone; only of grids whose pixels and zones share their edges."""
        raise InputError(f"grid {self.id}: its zones are not whole numbers of pixels, which this step needs.")

    def column_edges(self, window: Window) -> NDArray[np.floating]:
        """Longitudes (column + 1,) of the edges of a window's columns, west to east, degrees; they run on past 180°."""
        import numpy as np

        return window.column * self.column_step + self.west + self.column_step * np.arange(window.columns + 1)

    def row_centres(self, window: Window) -> NDArray[np.floating]:
        """Latitudes (row,) of the centres of a window's rows, degrees."""
        edges = self.row_edges(window)
        return (edges[1:] + edges[:-1]) / 2

    def column_centres(self, window: Window) -> NDArray[np.floating]:
        """Longitudes (column,) of the centres of a window's columns, degrees; they run on past 180°."""
        edges = self.column_edges(window)
        return (edges[1:] + edges[:-1]) / 2

    def region(self, south: float, north: float, west: float, east: float) -> Region:
        """Box snapped outward to whole zones; `east` < `west` means across the dateline."""
        low, high = floor(south), ceil(north)
        lowest, highest = self.everywhere.south, self.everywhere.north
        if not lowest <= low < high <= highest:
            raise InputError(f"region: latitudes {south:g}…{north:g} are not within {lowest}…{highest}, south first.")
        if not (-180 <= west <= 180 and -180 <= east <= 180) or west == east:
            raise InputError(f"region: longitudes {west:g}…{east:g} are not two different ones within -180…180.")
        start = floor(west)
        degrees = ceil(east) - start if east > west else ceil(east) + 360 - start
        return Region(low, high, wrap_longitude(start), min(degrees, 360))

    @cached_property
    def everywhere(self) -> Region:
        """The box of all zones."""
        return Region(max(floor(self.south + NUDGE), -90), min(ceil(self.north - NUDGE), 90), -180, 360)

    def window(self, region: Region) -> Window:
        """Pixels whose centres lie in a region."""
        top, bottom = (self._first_row(latitude) for latitude in (region.north, region.south))
        left, right = (self._first_column(region.west + east) for east in (0, region.degrees))
        return Window(top, left % self.columns, bottom - top, self.columns if region.wraps else right - left)

    def zone_window(self, zone: Zone) -> Window:
        """Pixels of a zone."""
        return self.window(Region(zone.south, zone.south + 1, zone.west, 1))

    def zone_edges(self, region: Region) -> tuple[list[int], list[int]]:
        """Rows and columns, counted in the region's window, where its zones begin, and where the last ones end."""
        souths = range(region.north, region.south - 1, -1)
        rows = [self._first_row(latitude) for latitude in souths]
        columns = [self._first_column(region.west + east) for east in range(region.degrees + 1)]
        return [row - rows[0] for row in rows], [column - columns[0] for column in columns]

    def _first_row(self, latitude: float) -> int:
        """First row whose centre lies south of a latitude, or on it where zones begin."""
        return min(max(ceil(self.row_at(latitude) - 0.5 - NUDGE), 0), self.rows)

    def _first_column(self, longitude: float) -> int:
        """First column whose centre lies on a longitude or east of it, counted on past the last column."""
        return ceil((longitude - self.west) / self.column_step - 0.5 - NUDGE)

    def pixel(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Row and column of the pixel that holds a place; one on an edge belongs south or east of it."""
        row = min(floor(round(self.row_at(latitude), 6)), self.rows - 1)
        return row, floor(round((longitude - self.west) / self.column_step, 6)) % self.columns

    @cached_property
    def _zone_rows(self) -> dict[int, int]:
        """Southern edge of each belt of zones → its first row, north to south."""
        return {
            south: self._first_row(south + 1)
            for south in range(self.everywhere.north - 1, self.everywhere.south - 1, -1)
        }

    @cached_property
    def _zone_columns(self) -> dict[int, int]:
        """Western edge of each meridional belt of zones → its first column, counted from that at 180° W."""
        return {west: self._first_column(west) for west in range(-180, 180)}

    def zone_of(self, row: int, column: int) -> Zone:
        """Zone that holds a pixel."""
        souths, rows = zip(*self._zone_rows.items(), strict=True)
        wests, columns = zip(*self._zone_columns.items(), strict=True)
        place = (column - columns[0]) % self.columns + columns[0]
        return Zone(souths[bisect_left(rows, row + 1) - 1], wests[bisect_left(columns, place + 1) - 1])

    def tiles(self, region: Region, degrees: int) -> list[Tile]:
        """Tiles that touch a region, in the order north to south, west to east."""
        corners = {self.tile_of(zone, degrees): None for zone in region.zones()}
        return list(corners)

    def tile_of(self, zone: Zone, degrees: int) -> Tile:
        """Tile that holds a zone; tiles are anchored at the grid's south-west corner, whatever the region."""
        low = self.everywhere.south
        south = low + (zone.south - low) // degrees * degrees
        west = -180 + (zone.west + 180) // degrees * degrees
        return Tile(south, west, degrees)

    def tile_zones(self, tile: Tile, region: Region) -> list[Zone]:
        """Zones of a tile that lie in a region, north to south, west to east."""
        souths = range(min(tile.south + tile.degrees, self.everywhere.north) - 1, tile.south - 1, -1)
        wests = range(tile.west, min(tile.west + tile.degrees, 180))
        return [zone for south in souths for west in wests if (zone := Zone(south, west)) in region]
