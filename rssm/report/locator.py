"""A small map of the world that shows where the region lies: land by whole degrees as one path of SVG."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.grid import Area, Grid, Window
from rssm.land import read_land


class Locator(NamedTuple):
    """Paths in a frame of 360 × 180 whose corner is 180° W, 90° N; `boxes` are x, y, width, height."""

    land: str
    boxes: list[tuple[int, int, int, int]]
    about: str


def locator(land: str, area: Area) -> Locator:
    """The region of an area on a map of the land of its whole grid."""
    region = area.region
    west, top, height = region.west + 180, 90 - region.north, region.north - region.south
    first = min(region.degrees, 360 - west)
    boxes = [(west, top, first, height)]
    if region.degrees > first:  # across the dateline
        boxes.append((0, top, region.degrees - first, height))
    return Locator(_path(_by_degree(land, area.grid)), boxes, box_text(area))


def box_text(area: Area) -> str:
    """The region in words."""
    region = area.region
    east = (region.west + region.degrees + 180) % 360 - 180
    east = 180 if east == -180 else east
    return f"{_lat(region.south)} to {_lat(region.north)}, {_lon(region.west)} to {_lon(east)}"


def _lat(degrees: int) -> str:
    return f"{abs(degrees)}° {'S' if degrees < 0 else 'N'}" if degrees else "0°"


def _lon(degrees: int) -> str:
    return f"{abs(degrees)}° {'W' if degrees < 0 else 'E'}" if degrees else "0°"


def _by_degree(land: str, grid: Grid) -> NDArray[np.bool_]:
    """Degrees (row from 90° N, column from 180° W) of which some pixel is land."""
    window = Window(0, 0, grid.rows, grid.columns)
    rows = np.clip(np.floor(90 - grid.row_centres(window)).astype(int), 0, 179)
    columns = np.floor(grid.column_centres(window) + 180).astype(int) % 360
    row, column = np.nonzero(read_land(land, grid, window))
    found = np.zeros((180, 360), np.bool_)
    found[rows[row], columns[column]] = True
    return found


def _path(land: NDArray[np.bool_]) -> str:
    """Runs of land along each row as boxes."""
    parts = []
    for y, row in enumerate(land):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        parts += [f"M{x} {y}h{end - x}v1h{x - end}z" for x, end in edges.reshape(-1, 2).tolist()]
    return "".join(parts)
