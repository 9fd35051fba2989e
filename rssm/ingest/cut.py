"""The cube job: a variable's maps, as its series lists them, cut to one tile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rssm.cubes import build_cube, write_cube
from rssm.grid import Region, Tile, parse_corner
from rssm.ingest.series import read_series


def cube(variable: str, tile: str, series: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Write the cube of a variable (or of several, as of all factors together) in a tile.

    spec  parts: variable → layers, outside_span; region [south, north, west, degrees], tile_degrees
    """
    maps, land = read_series(series[0])
    where = Tile(*parse_corner(tile), spec["tile_degrees"]), Region(*spec["region"]), land
    write_cube(out[0], *(build_cube(maps[name], *where, variable=name, **part) for name, part in spec["parts"].items()))
