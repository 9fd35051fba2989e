"""A tile in a year, all layers: the state at the year's end is handed on, so that years in a row are one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.cubes.cube import each_cube
from rssm.cubes.estimates import write_estimates
from rssm.errors import InputError
from rssm.files import Kind
from rssm.grid import grid_of
from rssm.somo.layers import Flag
from rssm.somo.members import Member, ensembles
from rssm.somo.near import pixels_of, read_distance
from rssm.somo.run import State, run_layers, squares
from rssm.somo.site_files import DAY
from rssm.somo.site_simulate import mean_and_spread
from rssm.somo.specs import SimulateSpec
from rssm.somo.uncertainty import read_calibration, uncertainty

F4 = NDArray[np.float32]
STATE = Kind("state of a tile's soil")
SETTLED = 731  # days, two years, after which a state has forgotten where it started


def somo_simulate(
    year: str,
    tile: str,
    networks: Sequence[str],
    cubes: Sequence[str],
    state: Sequence[str],
    calibration: Sequence[str],
    near: Sequence[str],
    spec: SimulateSpec,
    out: Sequence[str],
) -> None:
    """Write the year's estimates of a tile, and the state after its last day.

    networks     all members of all layers
    cubes        of the tile, with forcing and static variables
    state        that the year before handed on; none in the year in which it starts
    calibration  of uncertainty
    near         how far the tile's cells are from those that teach
    """
    layers = {layer: members for layer, members in ensembles(networks).items() if layer <= spec.layers}
    pixel, forcing, statics = _inputs(cubes, layers[1][0], spec)
    carried: State = _read_state(state[0], spec.days[0], pixel, layers) if state else {}
    if not state and spec.way == "state" and spec.days[0] > spec.start:
        raise InputError(f"{year}: the state of the year before is missing. Run rule somo_simulate of that year first.")
    days, grid = spec.days[1] - spec.days[0] + 1, grid_of(spec.grid)
    blocks = squares(pixel, grid.columns)
    values = run_layers(layers, forcing, statics, blocks, carried, spec.way, spec.window, days)
    if not any(np.isfinite(found).any() for found in values.values()):
        raise InputError(f"{tile}, {year}: no cell has forcing on any day. Check the forcing of that year.")
    sizes, found = read_calibration(calibration[0]), {}
    for layer, each in values.items():
        mean, spread = mean_and_spread(each)
        found[f"layer{layer}"] = mean.T
        found[f"layer{layer}_spread"] = spread.T
        found[f"layer{layer}_uncertainty"] = uncertainty(sizes, layer, spread).T
    flags = _flags(layers, forcing, statics, found, spec)
    flags[:, read_distance(near[0], pixel) > spec.far] |= np.uint16(Flag.FAR_FROM_TRAINING)
    steps = range(spec.days[0], spec.days[1] + 1)
    write_estimates(out[0], tile, grid, DAY, steps, pixel, {**found, "flags": flags})
    _write_state(out[1], spec.days[1], pixel, carried)


def _inputs(cubes: Sequence[str], first: Member, spec: SimulateSpec) -> tuple[NDArray[np.int32], F4, F4]:
    """Pixels, forcing (dynamic, pixel, day) and static variables (static, pixel); for windows, days before the year too."""
    names = (*first.dynamic, *first.static)
    before = spec.layers * (spec.window - 1) if spec.way == "windows" else 0
    days = range(max(spec.start, spec.days[0] - before), spec.days[1] + 1)
    found = {}
    for cube in (cube for path in cubes for cube in each_cube(path) if cube.variable in names):
        # of decades of forcing only these days stay in memory
        own = days if cube.variable in first.dynamic else days[:1]
        found[cube.variable] = replace(cube, values=cube.at(own, DAY), step=np.array(own, np.int32), calendar_id=DAY.id)
    pixel = pixels_of(found, names)
    forcing = np.stack([found[name].values for name in first.dynamic])
    return pixel, forcing, np.stack([found[name].values[:, 0] for name in first.static])


def _flags(
    layers: dict[int, list[Member]], forcing: F4, statics: F4, found: dict[str, F4], spec: SimulateSpec
) -> NDArray[np.uint16]:
    """(day, pixel) what a user should know, but for distance."""
    days = spec.days[1] - spec.days[0] + 1
    climate = forcing.astype(np.float64)[:, :, -days:]
    there = np.isfinite(climate)
    mean = np.where(there, climate, 0).sum(axis=2) / there.sum(axis=2).clip(1)
    out = np.zeros((days, statics.shape[1]), np.uint16)
    scales = [members[0].scales for members in layers.values()]
    for one in scales:
        low, high = one.climate_low[: len(forcing), None], one.climate_high[: len(forcing), None]
        out[:, ((mean < low) | (mean > high)).any(axis=0)] |= np.uint16(Flag.EXTRAPOLATED_CLIMATE)
        beyond = (statics < one.static_low[:, None]) | (statics > one.static_high[:, None])
        out[:, beyond.any(axis=0)] |= np.uint16(Flag.EXTRAPOLATED_STATICS)
    out[~there.all(axis=0).T] |= np.uint16(Flag.NO_FORCING)
    for layer in layers:
        wet = found[f"layer{layer}"]
        out[(wet <= 0) | (wet >= 1)] |= np.uint16(Flag.OUT_OF_RANGE)  # members are cut there
    if spec.way == "state":
        out[np.arange(spec.days[0], spec.days[1] + 1) < spec.start + SETTLED] |= np.uint16(Flag.STATE_STARTING)
    return out


def _write_state(path: str | Path, day: int, pixel: NDArray[np.int32], state: State) -> None:
    """State after a day: h and c (unit, pixel) of each member, bit for bit. Windows have none."""
    with STATE.created(path) as file:
        file.day = day
        file.createDimension("pixel", pixel.size)
        file.createVariable("pixel", "i4", ("pixel",))[:] = pixel
        for (layer, member), (h, c) in state.items():
            group = file.createGroup(f"layer{layer}_{member}")
            group.createDimension("unit", len(h))
            for name, values in (("h", h), ("c", c)):
                group.createVariable(name, "f4", ("unit", "pixel"), compression="zlib", complevel=1)[:] = values


def _read_state(path: str | Path, first: int, pixel: NDArray[np.int32], layers: dict[int, list[Member]]) -> State:
    """State on the eve of a day, of the same pixels and members."""
    names = {(each.layer, each.member): f"layer{each.layer}_{each.member}" for ms in layers.values() for each in ms}
    with STATE.opened(path) as file:
        if not file.groups:  # windows hand nothing on
            return {}
        if int(file.day) != first - 1 or not np.array_equal(file["pixel"][:], pixel):
            raise InputError(
                f"{path}: is no state of these pixels on the day before. Remove it and run its rule again."
            )
        if missing := [name for name in names.values() if name not in file.groups]:
            raise InputError(
                f"{path}: lacks the state of {missing[0]}, which other networks left. Run all years again."
            )
        return {key: (file[name]["h"][:], file[name]["c"][:]) for key, name in names.items()}
