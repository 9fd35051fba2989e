"""The cube job: a variable's maps, as its yearly indices list them, cut to one tile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rssm.calendar import CALENDARS
from rssm.cubes import STATIC, build_cube, write_cube
from rssm.errors import InputError
from rssm.grid import Region, Tile, parse_corner
from rssm.ingest.index import read_index


def cube(
    variable: str, tile: str, indices: Sequence[str], land: Sequence[str], spec: dict[str, Any], out: Sequence[str]
) -> None:
    """Write the cube of a variable (or of several, as of all factors together) in a tile.

    indices  of all years of all variables; an index lies in the folder of its variable
    spec     parts: variable → calendar, steps [first, last] of it, layers, outside_span;
             region [south, north, west, degrees], tile_degrees
    """
    where = Tile(*parse_corner(tile), spec["tile_degrees"]), Region(*spec["region"]), land[0]
    cubes = []
    for name, part in spec["parts"].items():
        maps = listed_maps([Path(index) for index in indices if Path(index).parent.name == name], part)
        if not maps:
            raise InputError(f"{name}: no map between its first and last step in {', '.join(indices) or 'no index'}.")
        cubes.append(build_cube(maps, *where, variable=name, layers=part["layers"], outside_span=part["outside_span"]))
    write_cube(out[0], *cubes)


def listed_maps(indices: Sequence[Path], part: dict[str, Any]) -> dict[int, Path]:
    """Step → map of the steps that a cube holds."""
    first, last = part["steps"]
    maps: dict[int, Path] = {}
    for index in indices:
        for label, entry in read_index(index).items():
            step = 0 if part["calendar"] == STATIC else CALENDARS[part["calendar"]].parse(label)
            if first <= step <= last:
                maps[step] = index.parent / entry["map"]
    return maps
