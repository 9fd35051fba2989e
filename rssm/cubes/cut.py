"""The cube job: a variable's maps, as its series lists them, cut to one tile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from rssm.cubes.cube import Cube, write_cubes
from rssm.cubes.place import tile_pixels, window_index
from rssm.cubes.series import read_series
from rssm.cubes.specs import CubeSpec, OutsideSpan
from rssm.errors import InputError
from rssm.grid import Grid, Region, Tile, Window, Zone, parse_corner
from rssm.maps import read_maps


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
    write_cubes(out[0], cubes)


def build_cube(
    maps: Mapping[int, str | Path],
    tile: Tile,
    region: Region,
    land: str | Path,
    *,
    variable: str,
    layers: Sequence[str] = ("value",),
    outside_span: OutsideSpan = "missing",
    grid: Grid,
) -> Cube:
    """Cut a tile out of a variable's maps.

    maps    step of the variable's own calendar → where its map lies; maps that say `status` missing take no place on the
            time axis, so that they count as outside the span
    layers  the map's layer to take; several become the chain axis
    """
    if outside_span not in get_args(OutsideSpan):
        raise InputError(f"{variable}: outside_span {outside_span!r} is none of {', '.join(get_args(OutsideSpan))}.")
    zones = grid.tile_zones(tile, region)
    pixel, names, zone_start = tile_pixels(zones, land, grid)
    window = _around(zones, grid)
    _, position = window_index(pixel, window, grid)
    steps: list[int] = []
    series: list[NDArray[np.float32]] = []
    tags: dict[str, str] = {}
    wanted = sorted(maps)
    for step, (found, tags) in zip(
        wanted, read_maps([maps[step] for step in wanted], window, layers, grid), strict=True
    ):
        if tags.get("status") != "missing":
            steps.append(step)
            series.append(np.stack([found[layer].ravel()[position] for layer in layers]))
    values = np.stack(series, axis=-1) if series else np.empty((len(layers), pixel.size, 0), np.float32)
    return Cube(
        variable=variable,
        units=tags.get("units", ""),
        values=values if len(layers) > 1 else values[0],
        pixel=pixel,
        zones=names,
        zone_start=zone_start,
        step=np.array(steps, np.int32),
        calendar_id=tags["calendar_id"],
        grid_id=grid.id,
        outside_span=outside_span,
    )


def _around(zones: Sequence[Zone], grid: Grid) -> Window:
    """Smallest window that holds the zones of one tile, which never pass the dateline."""
    south, west = min(zone.south for zone in zones), min(zone.west for zone in zones)
    north, east = max(zone.south for zone in zones) + 1, max(zone.west for zone in zones) + 1
    return grid.window(Region(south, north, west, east - west))
