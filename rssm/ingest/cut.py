"""The cube job: a variable's maps, as its series lists them, cut to one tile."""

from __future__ import annotations

from collections.abc import Sequence

from rssm.cubes import build_cube, write_cube
from rssm.grid import Tile, parse_corner
from rssm.ingest.cube_specs import CubeSpec
from rssm.ingest.series import read_series


def cube(variable: str, tile: str, series: Sequence[str], spec: CubeSpec, out: Sequence[str]) -> None:
    """Write the cube of a variable (or of several, as of all factors together) in a tile."""
    maps, land = read_series(series[0])
    where = Tile(*parse_corner(tile), spec.tile_degrees), spec.area.region, land
    cubes = (
        build_cube(
            maps[name],
            *where,
            variable=name,
            layers=part.layers,
            outside_span=part.outside_span,
            grid=spec.area.grid,
        )
        for name, part in spec.parts.items()
    )
    write_cube(out[0], *cubes)
