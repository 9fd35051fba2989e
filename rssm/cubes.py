"""Cubes: every step of a variable on the land pixels of one tile, and the two ways between maps and cubes.

Pixels stand zone by zone (north to south, west to east), inside a zone row by row: a zone is one slice. A cube keeps
its variable's own steps; `Cube.at` repeats months, years and statics over the dekads that training and simulation use.
rasterio is imported where maps are read only: training starts sooner without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, DEKADS
from rssm.errors import InputError
from rssm.files import Kind
from rssm.grid import GRID, Grid, Region, Tile, Window, Zone

CUBE = Kind("cubes")
STATIC = "static"  # calendar id of a variable without time; its one step is 0
OutsideSpan = Literal["missing", "nearest_year", "fail"]
ATTRIBUTES = ("variable", "units", "calendar_id", "grid_id", "outside_span")  # of a cube and of its file


@dataclass(frozen=True)
class Cube:
    """One variable in one tile.

    values        (pixel, time) float32, or (chain, pixel, time) where the variable has several chains
    pixel         (pixel,) int32, row * columns + column on the whole grid
    zones         names of the zones that hold land
    zone_start    (zone + 1,) pixels of zone i are zone_start[i]:zone_start[i + 1]
    step          (time,) int32 ascending steps of `calendar_id`: dekad, month, year or static
    outside_span  what stands before the first and after the last step
    """

    variable: str
    units: str
    values: NDArray[np.float32]
    pixel: NDArray[np.int32]
    zones: tuple[str, ...]
    zone_start: NDArray[np.int32]
    step: NDArray[np.int32]
    calendar_id: str = "dekad"
    grid_id: str = GRID.id
    outside_span: OutsideSpan = "missing"

    def zone(self, name: str) -> slice:
        """Pixels of a zone."""
        index = self.zones.index(name)
        return slice(int(self.zone_start[index]), int(self.zone_start[index + 1]))

    def at(self, dekads: Sequence[int] | NDArray[np.integer]) -> NDArray[np.float32]:
        """Values at dekads, (…, pixel, dekad): repeated over a month or year, NaN where there is no step."""
        source = self._source(dekads)
        out = np.full((*self.values.shape[:-1], len(source)), np.nan, np.float32)
        out[..., source >= 0] = self.values[..., source[source >= 0]]
        return out

    def borrowed(self, dekads: Sequence[int] | NDArray[np.integer]) -> NDArray[np.bool_]:
        """Which dekads lie outside the span and show another year's values."""
        own, source = self._own_steps(dekads), self._source(dekads)
        out = source >= 0
        out[out] = self.step[source[out]] != own[out]
        return out

    def _own_steps(self, dekads: Sequence[int] | NDArray[np.integer]) -> NDArray[np.int64]:
        """Step of this variable that holds each dekad."""
        if self.calendar_id == DEKADS.id:
            return np.asarray(dekads, np.int64)
        if self.calendar_id == STATIC:
            return np.zeros(len(dekads), np.int64)
        calendar = CALENDARS[self.calendar_id]
        return np.array([calendar.of(DEKADS.start(int(dekad))) for dekad in dekads], np.int64)

    def _source(self, dekads: Sequence[int] | NDArray[np.integer]) -> NDArray[np.int64]:
        """Position on the time axis that serves each dekad, −1 where none does; a gap inside the span stays one."""
        wanted = self._own_steps(dekads)
        if not self.step.size:
            return np.full(len(wanted), -1)
        first, last = int(self.step[0]), int(self.step[-1])
        outside = (wanted < first) | (wanted > last)
        if outside.any() and self.outside_span == "fail":
            raise InputError(
                f"{self.variable}: {DEKADS.label(int(np.asarray(dekads)[outside][0]))} lies outside its span. Give"
                " files of that time, shorten the period, or set outside_span to nearest_year or missing."
            )
        if outside.any() and self.outside_span == "nearest_year":
            year = CALENDARS[self.calendar_id].steps_per_year
            if year is None:
                raise InputError(f"{self.variable}: outside_span nearest_year needs dekads, months or years.")
            early = -(-np.maximum(first - wanted, 0) // year) * year  # whole years, so that the season stays
            late = -(-np.maximum(wanted - last, 0) // year) * year
            wanted = wanted + early - late
        at = np.searchsorted(self.step, wanted).clip(0, self.step.size - 1)
        return np.where(self.step[at] == wanted, at, -1)


def tile_pixels(
    zones: Sequence[Zone], land: str | Path, grid: Grid = GRID
) -> tuple[NDArray[np.int32], tuple[str, ...], NDArray[np.int32]]:
    """(pixel, zones, zone_start) of the land of some zones; `land` is a 0/1 raster of the whole grid."""
    import rasterio

    pixels, names = [], []
    with rasterio.open(land) as source:
        if source.shape != (grid.rows, grid.columns):
            raise InputError(f"{land}: a land mask of {source.shape} pixels, expected {(grid.rows, grid.columns)}.")
        for zone in zones:
            window = grid.zone_window(zone)
            rows, columns = (window.row, window.row + window.rows), (window.column, window.column + window.columns)
            row, column = np.nonzero(source.read(1, window=(rows, columns)))
            if row.size:
                pixels.append((row + window.row) * grid.columns + column + window.column)
                names.append(zone.name)
    if not names:
        raise InputError(f"{land}: no land in zones {', '.join(zone.name for zone in zones)}.")
    start = np.cumsum([0, *(len(zone_pixels) for zone_pixels in pixels)])
    return np.concatenate(pixels).astype(np.int32), tuple(names), start.astype(np.int32)


def build_cube(
    maps: Mapping[int, str | Path],
    tile: Tile,
    region: Region,
    land: str | Path,
    *,
    variable: str,
    layers: Sequence[str] = ("value",),
    outside_span: OutsideSpan = "missing",
    grid: Grid = GRID,
) -> Cube:
    """Cut a tile out of a variable's maps.

    maps    step of the variable's own calendar → map file; maps that say `status` missing take no place on the
            time axis, so that they count as outside the span
    layers  the map's layer to take; several become the chain axis
    """
    from rssm.maps import read_map

    if outside_span not in get_args(OutsideSpan):
        raise InputError(f"{variable}: outside_span {outside_span!r} is none of {', '.join(get_args(OutsideSpan))}.")
    zones = grid.tile_zones(tile, region)
    pixel, names, zone_start = tile_pixels(zones, land, grid)
    window = _around(zones, grid)
    _, position = window_index(pixel, window, grid)
    steps: list[int] = []
    series: list[NDArray[np.float32]] = []
    tags: dict[str, str] = {}
    for step in sorted(maps):
        found, tags = read_map(maps[step], window, layers, grid)
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
        calendar_id=tags.get("calendar_id", "dekad"),
        grid_id=grid.id,
        outside_span=outside_span,
    )


def write_cube(path: str | Path, *cubes: Cube) -> None:
    """Write cubes of one tile as one NetCDF-4 file: its pixels at the root, each variable in a group of its name."""
    first = cubes[0]
    with CUBE.created(path) as target:
        for name, size in (("pixel", first.pixel.size), ("zone", len(first.zones)), ("edge", len(first.zone_start))):
            target.createDimension(name, size)
        target.createVariable("pixel", "i4", ("pixel",))[:] = first.pixel
        target.createVariable("zone", str, ("zone",))[:] = np.array(first.zones, object)
        target.createVariable("zone_start", "i4", ("edge",))[:] = first.zone_start
        for cube in cubes:
            _write_group(target.createGroup(cube.variable), cube)


def _write_group(group: netCDF4.Group, cube: Cube) -> None:
    """Values and steps of one variable; a chunk holds a zone's pixels or about 256 kB, and all time."""
    dimensions = ("chain", "pixel", "time")[3 - cube.values.ndim :]
    for name, size in zip(dimensions, cube.values.shape, strict=True):
        if name != "pixel":
            group.createDimension(name, size)
    zone_pixels = max(100, 65536 // max(cube.step.size, 1))
    chunks = (1, min(cube.pixel.size, zone_pixels), max(cube.step.size, 1))[3 - cube.values.ndim :]
    values = group.createVariable(
        "values", "f4", dimensions, zlib=True, complevel=1, fill_value=np.nan, chunksizes=chunks
    )
    values.setncatts({"long_name": cube.variable, "units": cube.units})
    values[:] = cube.values
    group.createVariable("step", "i4", ("time",))[:] = cube.step
    group.setncatts({name: getattr(cube, name) for name in ATTRIBUTES})


def read_cubes(path: str | Path) -> list[Cube]:
    """Read all cubes of a file."""
    with CUBE.opened(path) as source:
        place = {
            "pixel": source["pixel"][:],
            "zones": tuple(source["zone"][:]),
            "zone_start": source["zone_start"][:],
        }
        return [
            Cube(
                values=group["values"][:],
                step=group["step"][:],
                **place,
                **{name: group.getncattr(name) for name in ATTRIBUTES},
            )
            for group in source.groups.values()
        ]


def read_cube(path: str | Path) -> Cube:
    """Read the cube of a file that holds one."""
    (cube,) = read_cubes(path)
    return cube


def window_index(
    pixel: NDArray[np.integer], window: Window, grid: Grid = GRID
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which pixels lie in a window, and the flat position there of those that do."""
    row = pixel.astype(np.int64) // grid.columns - window.row
    column = (pixel.astype(np.int64) % grid.columns - window.column) % grid.columns
    inside = (row >= 0) & (row < window.rows) & (column < window.columns)
    return inside, (row * window.columns + column)[inside]


def scatter(
    values: NDArray[np.float32],
    pixel: NDArray[np.integer],
    window: Window,
    *,
    out: NDArray[np.float32] | None = None,
    grid: Grid = GRID,
) -> NDArray[np.float32]:
    """Lay values (…, pixel) on the maps of a window: (…, row, column), NaN where no pixel lies.

    With `out`, the maps of an earlier call, further tiles are laid beside those already there.
    """
    if out is None:
        out = np.full((*values.shape[:-1], *window.shape), np.nan, values.dtype)
    inside, position = window_index(pixel, window, grid)
    out[..., position // window.columns, position % window.columns] = values[..., inside]
    return out


def _around(zones: Sequence[Zone], grid: Grid) -> Window:
    """Smallest window that holds the zones of one tile, which never passes the dateline."""
    south, west = min(zone.south for zone in zones), min(zone.west for zone in zones)
    north, east = max(zone.south for zone in zones) + 1, max(zone.west for zone in zones) + 1
    return grid.window(Region(south, north, west, east - west))
