"""Space: pixels, zones and tiles of regular longitude–latitude grids and of EASE-Grid 2.0."""

from rssm.grid.base import Grid, Transform
from rssm.grid.kinds import GRID, Area, EaseGrid, LatLonGrid, grid_of, projection
from rssm.grid.zones import (
    Region,
    Tile,
    Window,
    Zone,
    corner_name,
    parse_corner,
    relative_window,
    unwrapped,
    wrap_longitude,
)

__all__ = [
    "GRID",
    "Area",
    "EaseGrid",
    "Grid",
    "LatLonGrid",
    "Region",
    "Tile",
    "Transform",
    "Window",
    "Zone",
    "corner_name",
    "grid_of",
    "parse_corner",
    "projection",
    "relative_window",
    "unwrapped",
    "wrap_longitude",
]
