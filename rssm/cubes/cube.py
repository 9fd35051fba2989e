"""A cube: every step of a variable on the land pixels of one tile.

Pixels stand zone by zone (north to south, west to east), inside a zone row by row: a zone is one slice. A cube keeps
its variable's own steps; `Cube.at` repeats months, years and statics over the steps that training and simulation use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.cubes.specs import OutsideSpan
from rssm.errors import InputError
from rssm.files import Kind

CUBE = Kind("cubes")
Steps = Sequence[int] | NDArray[np.integer]
ATTRIBUTES = ("variable", "units", "calendar_id", "grid_id", "outside_span")  # of a cube and of its file


@dataclass(frozen=True)
class Cube:
    """One variable in one tile.

    values        (pixel, time) float32, or (chain, pixel, time) where the variable has several chains
    pixel         (pixel,) int32, row * columns + column on the whole grid
    zones         names of the zones that hold land
    zone_start    (zone + 1,) pixels of zone i are zone_start[i]:zone_start[i + 1]
    step          (time,) int32 ascending steps of the variable's own calendar, `calendar_id`
    outside_span  what stands before the first and after the last step
    """

    variable: str
    units: str
    values: NDArray[np.float32]
    pixel: NDArray[np.int32]
    zones: tuple[str, ...]
    zone_start: NDArray[np.int32]
    step: NDArray[np.int32]
    calendar_id: str
    grid_id: str
    outside_span: OutsideSpan = "missing"

    def zone(self, name: str) -> slice:
        """Pixels of a zone."""
        index = self.zones.index(name)
        return slice(int(self.zone_start[index]), int(self.zone_start[index + 1]))

    def at(self, steps: Steps, calendar: Calendar) -> NDArray[np.float32]:
        """Values at steps of a method's calendar, (…, pixel, step): each month or year repeated, NaN where there is none.

        A step gets what the variable has on its first day.
        """
        source = self._source(steps, calendar)
        out = np.full((*self.values.shape[:-1], len(source)), np.nan, np.float32)
        out[..., source >= 0] = self.values[..., source[source >= 0]]
        return out

    def borrowed(self, steps: Steps, calendar: Calendar) -> NDArray[np.bool_]:
        """Which steps lie outside the span and show another year's values."""
        own, source = self._own_steps(steps, calendar), self._source(steps, calendar)
        out = source >= 0
        out[out] = self.step[source[out]] != own[out]
        return out

    def _own_steps(self, steps: Steps, calendar: Calendar) -> NDArray[np.int64]:
        """Step of this variable that holds the first day of each step."""
        if self.calendar_id == calendar.id:
            return np.asarray(steps, np.int64)
        own = CALENDARS[self.calendar_id]
        return np.array([own.of(calendar.start(int(step))) for step in steps], np.int64)

    def _source(self, steps: Steps, calendar: Calendar) -> NDArray[np.int64]:
        """Position on the time axis that serves each step, −1 where none does; a gap inside the span stays one."""
        wanted = self._own_steps(steps, calendar)
        if not self.step.size:
            return np.full(len(wanted), -1)
        first, last = int(self.step[0]), int(self.step[-1])
        outside = (wanted < first) | (wanted > last)
        if outside.any() and self.outside_span == "fail":
            raise InputError(
                f"{self.variable}: {calendar.label(int(np.asarray(steps)[outside][0]))} lies outside its span. Give"
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


def write_cube(path: str | Path, *cubes: Cube) -> None:
    """Write cubes of one tile as one NetCDF-4 file: its pixels at the root, each variable in a group of its name."""
    write_cubes(path, iter(cubes))


def write_cubes(path: str | Path, cubes: Iterator[Cube]) -> None:
    """The same of cubes that are made one after the other, of which one is in memory at a time."""
    first = next(cubes)
    with CUBE.created(path) as target:
        for name, size in (("pixel", first.pixel.size), ("zone", len(first.zones)), ("edge", len(first.zone_start))):
            target.createDimension(name, size)
        target.createVariable("pixel", "i4", ("pixel",))[:] = first.pixel
        target.createVariable("zone", str, ("zone",))[:] = np.array(first.zones, object)
        target.createVariable("zone_start", "i4", ("edge",))[:] = first.zone_start
        _write_group(target.createGroup(first.variable), first)
        del first
        for cube in cubes:
            _write_group(target.createGroup(cube.variable), cube)
            del cube  # before the next is made


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
    return list(each_cube(path))


def each_cube(path: str | Path) -> Iterator[Cube]:
    """The cubes of a file, one after the other: of long series one is as much as memory should hold."""
    with CUBE.opened(path) as source:
        place = {
            "pixel": source["pixel"][:],
            "zones": tuple(source["zone"][:]),
            "zone_start": source["zone_start"][:],
        }
        for group in source.groups.values():
            yield _read_group(group, place, slice(None))


def _read_group(group: netCDF4.Group, place: Mapping[str, Any], pixels: slice | NDArray[np.intp]) -> Cube:
    """Some pixels of one variable."""
    attributes = {name: group.getncattr(name) for name in ATTRIBUTES}
    return Cube(values=group["values"][..., pixels, :], step=group["step"][:], **place, **attributes)


def read_cube(path: str | Path) -> Cube:
    """Read the cube of a file that holds one."""
    (cube,) = read_cubes(path)
    return cube


def in_zone(cube: Cube, index: int) -> Cube:
    """One zone of a cube."""
    part = slice(int(cube.zone_start[index]), int(cube.zone_start[index + 1]))
    start = np.array([0, part.stop - part.start], np.int32)
    values = cube.values[..., part, :]
    return replace(cube, values=values, pixel=cube.pixel[part], zones=(cube.zones[index],), zone_start=start)


def read_zone(path: str | Path, zone: str) -> list[Cube]:
    """All cubes of a file, of one zone alone."""
    with CUBE.opened(path) as source:
        start, index = source["zone_start"][:], source["zone"][:].tolist().index(zone)
        return _zone_of(source, zone, slice(int(start[index]), int(start[index + 1])))


def _zone_of(source: netCDF4.Dataset, name: str, part: slice) -> list[Cube]:
    edges = np.array([0, part.stop - part.start], np.int32)
    place = {"pixel": source["pixel"][part], "zones": (name,), "zone_start": edges}
    return [_read_group(group, place, part) for group in source.groups.values()]


def read_pixels(path: str | Path, pixel: NDArray[np.integer]) -> list[Cube]:
    """All cubes of a file, of some pixels alone, in the tile's order and without zones; those of other tiles are left out."""
    with CUBE.opened(path) as source:
        own = source["pixel"][:]
        there = np.flatnonzero(np.isin(own, pixel))
        place = {"pixel": own[there], "zones": (), "zone_start": np.zeros(1, np.int32)}
        return [_read_group(group, place, there) for group in source.groups.values()] if there.size else []


def by_zone(paths: Sequence[str | Path]) -> Iterator[list[Cube]]:
    """All cubes of some files of one tile, zone after zone: no more than a zone is in memory."""
    with ExitStack() as stack:
        sources = [stack.enter_context(CUBE.opened(path)) for path in paths]
        start, names = sources[0]["zone_start"][:], sources[0]["zone"][:]
        for index, name in enumerate(names):
            part = slice(int(start[index]), int(start[index + 1]))
            yield [cube for source in sources for cube in _zone_of(source, name, part)]


def zone_start(path: str | Path) -> NDArray[np.int32]:
    """Pixels of zone i of a file are zone_start[i]:zone_start[i + 1]."""
    with CUBE.opened(path) as source:
        start: NDArray[np.int32] = source["zone_start"][:]
        return start
