"""Files of the cells that teach: daily records of sensors, targets of a layer, forcing, and simulations there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.cubes.cube import read_pixels
from rssm.errors import InputError
from rssm.files import Kind
from rssm.grid import Grid, grid_of
from rssm.somo.specs import Days

F4 = NDArray[np.float32]
DAY: Calendar = CALENDARS["day"]
TARGETS, SITES, SIMULATED = Kind("targets of a soil layer"), Kind("cells that teach"), Kind("simulations of cells")


@dataclass(frozen=True)
class Targets:
    """What stations say of a layer.

    pixel    (cell,) ascending, row * columns + column on the whole grid
    value    (cell, day) m³ m⁻³, scaled to the forcing model's soil; NaN where nothing was measured
    top      (cell,) upper end of the sensors, metres
    bottom   (cell,) lower end
    network  (cell,) names of the networks, joined by +
    sensors  (cell,) how many gave a value at some time
    """

    grid_id: str
    days: Days
    pixel: NDArray[np.int32]
    value: F4
    top: F4
    bottom: F4
    network: tuple[str, ...]
    sensors: NDArray[np.int16]

    def at(self, pixel: NDArray[np.int32]) -> F4:
        """(cell, day) in other cells, NaN where none teaches."""
        out = np.full((pixel.size, self.value.shape[1]), np.nan, np.float32)
        place = np.searchsorted(pixel, self.pixel)
        out[place] = self.value
        return out


def write_targets(path: str | Path, targets: Targets) -> None:
    with TARGETS.created(path) as file:
        _put(file, targets.grid_id, targets.days, targets.pixel)
        for name in ("top", "bottom", "sensors"):
            values = getattr(targets, name)
            file.createVariable(name, values.dtype, ("cell",))[:] = values
        file.createVariable("network", str, ("cell",))[:] = np.array(targets.network, object)
        _fill(file, "value", ("cell", "day"), targets.value)


def read_target_file(path: str | Path) -> Targets:
    with TARGETS.opened(path) as file:
        names = tuple(map(str, file["network"][:]))
        top, bottom, sensors, pixel, value = (file[name][:] for name in ("top", "bottom", "sensors", "pixel", "value"))
        return Targets(str(file.grid_id), _days(file), pixel, value, top, bottom, names, sensors)


@dataclass(frozen=True)
class Sites:
    """Cells that teach any layer, with what drives them.

    pixel    (site,) ascending
    forcing  (dynamic, site, day) in the variables' own units, NaN where there is none
    statics  (static, site)
    soil     (layer, site, day) the forcing model's own soil moisture, m³ m⁻³
    """

    grid_id: str
    days: Days
    pixel: NDArray[np.int32]
    dynamic: tuple[str, ...]
    static: tuple[str, ...]
    forcing: F4
    statics: F4
    soil: F4

    @property
    def place(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitude and longitude of the cells' centres."""
        return centres(grid_of(self.grid_id), self.pixel)


def centres(grid: Grid, pixel: NDArray[np.integer]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitude and longitude of the centres of pixels, degrees."""
    everywhere = grid.window(grid.everywhere)
    row, column = np.divmod(pixel, grid.columns)
    lats, lons = grid.row_centres(everywhere), grid.column_centres(everywhere)
    return lats[row - everywhere.row], (lons[(column - everywhere.column) % grid.columns] + 180) % 360 - 180


def write_sites(path: str | Path, sites: Sites) -> None:
    with SITES.created(path) as file:
        _put(file, sites.grid_id, sites.days, sites.pixel)
        file.setncatts({"dynamic": " ".join(sites.dynamic), "static": " ".join(sites.static)})
        for name, size in (("dynamic", len(sites.dynamic)), ("static", len(sites.static)), ("layer", len(sites.soil))):
            file.createDimension(name, size)
        _fill(file, "forcing", ("dynamic", "cell", "day"), sites.forcing)
        _fill(file, "statics", ("static", "cell"), sites.statics)
        _fill(file, "soil", ("layer", "cell", "day"), sites.soil)


def read_sites(path: str | Path) -> Sites:
    with SITES.opened(path) as file:
        dynamic, static = (tuple(str(getattr(file, name)).split()) for name in ("dynamic", "static"))
        pixel, forcing, statics, soil = (file[name][:] for name in ("pixel", "forcing", "statics", "soil"))
        return Sites(str(file.grid_id), _days(file), pixel, dynamic, static, forcing, statics, soil)


@dataclass(frozen=True)
class Simulated:
    """What an ensemble says where cells teach.

    mean, spread  (cell, day) m³ m⁻³; standard deviation of members, 0 of a single one
    held          (cell,), (day,) cells and days of which nothing was learnt and that may judge; none: all False
    taught        (cell,) cells that teach
    """

    layer: int
    pixel: NDArray[np.int32]
    days: Days
    mean: F4
    spread: F4
    held: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    taught: NDArray[np.bool_]
    scheme: str = "none"
    fold: int = 0


def write_simulated(path: str | Path, simulated: Simulated, grid_id: str) -> None:
    with SIMULATED.created(path) as file:
        _put(file, grid_id, simulated.days, simulated.pixel)
        file.setncatts({"layer": simulated.layer, "scheme": simulated.scheme, "fold": simulated.fold})
        flags = (("held_cell", "cell", simulated.held[0]), ("held_day", "day", simulated.held[1]))
        for name, axis, values in (*flags, ("taught", "cell", simulated.taught)):
            file.createVariable(name, "u1", (axis,))[:] = values.astype("u1")
        _fill(file, "mean", ("cell", "day"), simulated.mean)
        _fill(file, "spread", ("cell", "day"), simulated.spread)


def read_simulated(path: str | Path) -> Simulated:
    with SIMULATED.opened(path) as file:
        held = file["held_cell"][:].astype(bool), file["held_day"][:].astype(bool)
        arrays = file["pixel"][:], _days(file), file["mean"][:], file["spread"][:], held, file["taught"][:].astype(bool)
        return Simulated(int(file.layer), *arrays, scheme=str(file.scheme), fold=int(file.fold))


def read_targets(path: str | Path, sites: Sites) -> F4:
    """Targets (site, day) in all sites."""
    targets = read_target_file(path)
    if targets.days != sites.days or not np.isin(targets.pixel, sites.pixel).all():
        raise InputError(f"{path}: has other days or cells than the sites. Remove it and run its rule again.")
    return targets.at(sites.pixel)


def within(values: F4, days: Days, kept: Days) -> F4:
    """Values (site, day), NaN outside some days."""
    day = np.arange(days[0], days[1] + 1)
    return np.where((day >= kept[0]) & (day <= kept[1]), values, np.float32(np.nan))


def read_above(paths: Sequence[str], layer: int, sites: Sites) -> F4:
    """(layer above, site, day) of the simulations of all layers above, in their order."""
    found = {one.layer: one for one in map(read_simulated, paths)}
    if missing := [n for n in range(1, layer) if n not in found]:
        raise InputError(f"Layer {layer} needs the simulation of layer {missing[0]} at the sites; run its rule first.")
    values = [found[n].mean for n in range(1, layer)]
    return np.stack(values) if values else np.empty((0, sites.pixel.size, sites.forcing.shape[2]), np.float32)


def series_at(
    cubes: Sequence[str], pixel: NDArray[np.int32], names: Sequence[str], steps: range
) -> NDArray[np.float32]:
    """(name, pixel, step) of variables at some pixels, from the cubes of whatever tiles hold them; NaN where none does."""
    out = np.full((len(names), pixel.size, len(steps)), np.nan, np.float32)
    known: set[str] = set()
    for path in cubes:
        for cube in read_pixels(path, pixel):
            known.add(cube.variable)
            if cube.variable in names:
                out[names.index(cube.variable), np.searchsorted(pixel, cube.pixel)] = cube.at(steps, DAY)
    if missing := [name for name in names if name not in known]:
        raise InputError(
            f"No cube at hand has {', '.join(missing)} where stations are (they have {', '.join(sorted(known)) or 'nothing'})."
            " Check the names of variables in the configuration."
        )
    return out


def _put(file: netCDF4.Dataset, grid_id: str, days: Days, pixel: NDArray[np.int32]) -> None:
    """What all these files say of cells and days."""
    file.setncatts({"grid_id": grid_id, "first_day": days[0], "last_day": days[1]})
    file.createDimension("cell", pixel.size)
    file.createDimension("day", days[1] - days[0] + 1)
    file.createVariable("pixel", "i4", ("cell",))[:] = pixel


def _fill(file: netCDF4.Dataset, name: str, axes: tuple[str, ...], values: NDArray[Any]) -> None:
    variable = file.createVariable(name, "f4", axes, fill_value=np.nan, compression="zlib", complevel=1, shuffle=True)
    variable[:] = values


def _days(file: netCDF4.Dataset) -> Days:
    return int(file.first_day), int(file.last_day)
