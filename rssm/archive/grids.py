"""The native grids of the archives, and the part of one that a region needs.

Those that the catalogue names are cylindrical: a column has one longitude and a row one latitude, so that a box of the globe is a block of
rows and columns. Row 0 is the northernmost and column 0 the westernmost, whatever the files do; readers see to that.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.fields import Box, NativeGrid
from rssm.config.catalogue import Product
from rssm.grid import Grid, Window

if TYPE_CHECKING:
    from pyproj import Transformer

EASE2, EASE1, LATLON = "EPSG:6933", "EPSG:3410", "EPSG:4326"
CYLINDRICAL = (EASE2, EASE1, LATLON)  # a column has one longitude and a row one latitude


def _ease(name: str, crs: str, cell: float, rows: int, columns: int) -> NativeGrid:
    """Global cylindrical EASE-Grid: cells of `cell` metres, centred on the equator and the prime meridian."""
    return NativeGrid(name, crs, (cell, 0, -cell * columns / 2, 0, -cell, cell * rows / 2), rows, columns)


def _latlon(name: str, step: float, rows: int, columns: int, north: float = 90, west: float = -180) -> NativeGrid:
    """Regular longitude–latitude grid: `north` and `west` are the outer edges of the first row and column."""
    return NativeGrid(name, LATLON, (step, 0, west, 0, -step, north), rows, columns)


_GEOV2 = 1 / 112

NATIVE_GRIDS: dict[str, NativeGrid] = {
    grid.id: grid
    for grid in (
        _ease("ease2_m09", EASE2, 9008.055210146, 1624, 3856),
        _ease("ease2_m36", EASE2, 36032.22084058, 406, 964),
        _ease("ease2_m25", EASE2, 25025.26000, 584, 1388),
        _ease("ease1_25km", EASE1, 25067.525, 586, 1383),  # on a sphere of 6371.228 km
        _latlon("latlon_0.05", 0.05, 3600, 7200),
        _latlon("latlon_0.1", 0.1, 1800, 3600),
        _latlon("latlon_0.25", 0.25, 720, 1440),
        _latlon("latlon_0.25_gldas", 0.25, 600, 1440),  # no rows south of 60° S
        _latlon("latlon_0.5", 0.5, 360, 720),
        # Copernicus 1 km: cell *centres* begin at 80° N, 180° W.
        _latlon("latlon_1/112", _GEOV2, 15680, 40320, 80 + _GEOV2 / 2, -180 - _GEOV2 / 2),
        _latlon("latlon_1/60", 1 / 60, 10800, 21600),  # of ETOPO1, by cells
        # ERA5-Land gives values at the nodes of the tenth degree, both poles included.
        _latlon("era5land", 0.1, 1801, 3600, 90.05, -180.05),
        _latlon("era5", 0.25, 721, 1440, 90.125, -180.125),  # as ERA5-Land, by quarters of a degree
    )
}


def declared(product: Product) -> NativeGrid | None:
    """The grid that the catalogue gives a product; None where its files say it."""
    return NATIVE_GRIDS[product.native_grid] if product.native_grid else None


def native_of(grid: Grid) -> NativeGrid:
    """The pixels of a method's grid as cells."""
    whole = Window(0, 0, grid.rows, grid.columns)
    return NativeGrid(grid.id, grid.crs, grid.transform(whole), grid.rows, grid.columns)


@lru_cache
def projection(crs: str) -> Transformer:
    """Longitude, latitude (degrees) → x, y (metres) of a projected grid."""
    from pyproj import Transformer

    return Transformer.from_crs(LATLON, crs, always_xy=True)


def _x_y(grid: NativeGrid, longitude: float, latitude: float) -> tuple[float, float]:
    """A point in the grid's own coordinates."""
    if grid.crs == LATLON:
        return longitude, latitude
    x, y = projection(grid.crs).transform(longitude, latitude)
    return float(x), float(y)


def box_of(grid: NativeGrid, west: float, south: float, east: float, north: float, margin: int = 0) -> Box:
    """Rows and columns of every cell that touches a region, with `margin` cells around; at least one cell.

    Degrees; `east` < `west`, or `east` > 180, means across the dateline. Such a region takes all columns: its rows are
    what makes a region small, and one box keeps every reader simple.
    """
    width = (east - west) % 360 or 360.0
    west = (west + 180) % 360 - 180
    step_x, _, left, _, step_y, top = grid.transform
    x_west, y_north = _x_y(grid, west, min(north, 89.99))
    x_east, y_south = _x_y(grid, min(west + width, 180), max(south, -89.99))
    first, last = _cover((x_west - left) / step_x, (x_east - left) / step_x, margin)
    if west + width > 180 or first < 0 or last > grid.columns:
        first, last = 0, grid.columns
    top_row, bottom_row = _cover((y_north - top) / step_y, (y_south - top) / step_y, margin)
    top_row = min(max(top_row, 0), grid.rows - 1)
    bottom_row = min(max(bottom_row, top_row + 1), grid.rows)
    return Box(slice(top_row, bottom_row), slice(first, last))


def whole(grid: NativeGrid) -> Box:
    """The box of all cells."""
    return Box(slice(0, grid.rows), slice(0, grid.columns))


def _cover(start: float, stop: float, margin: int) -> tuple[int, int]:
    """Cells that an interval of cell coordinates touches; 1e-6 of a cell forgives projection arithmetic."""
    return floor(start + 1e-6) - margin, ceil(stop - 1e-6) + margin


def centres(grid: NativeGrid, box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes of the columns and latitudes of the rows of a box, at the cells' centres (degrees)."""
    step_x, _, west, _, step_y, north = grid.transform
    x = west + step_x * (np.arange(box.columns.start, box.columns.stop) + 0.5)
    y = north + step_y * (np.arange(box.rows.start, box.rows.stop) + 0.5)
    if grid.crs == LATLON:
        return x, y
    inverse: Any = projection(grid.crs).transform
    return (
        np.asarray(inverse(x, np.zeros_like(x), direction="INVERSE")[0]),
        np.asarray(inverse(np.zeros_like(y), y, direction="INVERSE")[1]),
    )
