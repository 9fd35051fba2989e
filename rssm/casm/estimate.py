"""Estimates of a branch in a tile: departures of its channels through all members, onto the target's seasonal cycle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.casm.cycle import channels, read_cycles
from rssm.casm.flags import Flag
from rssm.casm.members import BLOCK, Member, Said, read_members, together
from rssm.casm.samples import departures, places
from rssm.casm.specs import PLACE, EstimateSpec
from rssm.casm.uncertainty import read_calibration
from rssm.cubes.estimates import write_estimates
from rssm.grid import grid_of

PIXELS = 64  # at a time
F4 = NDArray[np.float32]


def casm_estimate(
    branch: str,
    tile: str,
    networks: Sequence[str],
    cubes: Sequence[str],
    cycles: Sequence[str],
    target_cycles: Sequence[str],
    calibration: Sequence[str],
    spec: EstimateSpec,
    out: Sequence[str],
) -> None:
    """Write the estimates of a branch in a tile.

    networks        all members
    cubes, cycles   of the sensor
    target_cycles   of the target
    calibration     of the branch
    """
    calendar, members = CALENDARS[spec.calendar], read_members(networks)
    seen, own, usual = channels(cubes[0], spec.channels), read_cycles(cycles[0]), read_cycles(target_cycles[0])
    steps = np.arange(spec.steps[0], spec.steps[1] + 1)
    pixel, grid_id = seen[0].pixel, seen[0].grid_id
    x = inputs_of(members[0], departures(seen, own, steps, calendar), places(pixel, grid_id), spec.channels)
    cycle = usual.at(spec.target, steps, calendar).astype(np.float32)
    valid = np.isfinite(x).all(axis=0) & np.isfinite(cycle)
    spread = np.stack([own.spread[own.index(name)] for name in spec.channels]).astype(np.float32)
    noise = inputs_of(members[0], np.nan_to_num(spread), np.zeros((2, pixel.size), np.float32), spec.channels)
    found = over_steps(members, x, spec.noise * noise, steps, valid)
    said = Said(*(np.where(valid, part, np.float32(np.nan)) for part in found))
    few = usual.fits[usual.index(spec.target)].count < usual.fewest
    total = read_calibration(calibration[0]).sigma(
        np.hypot(said.structural, said.data), usual.spread[usual.index(spec.target)][:, None]
    )
    layers = {
        "soil_moisture": cycle + said.mean,
        "seasonal_cycle": np.where(valid, cycle, np.float32(np.nan)),
        "structural_uncertainty": said.structural,
        "data_uncertainty": said.data,
        "total_uncertainty": total,
        "n_members": np.where(valid, len(members), 0).astype(np.uint8),
        "flags": _flags(x, valid, few, (steps >= spec.taught[0]) & (steps <= spec.taught[1]), members),
    }
    turned = {name: np.ascontiguousarray(values.T) for name, values in layers.items()}
    write_estimates(out[0], tile, grid_of(grid_id), calendar, steps, pixel, turned)


def inputs_of(member: Member, of_channels: F4, of_place: F4, names: Sequence[str]) -> F4:
    """Inputs (input, pixel, …) in the order of a member, from those of channels (channel, pixel, …) and place (2, pixel)."""
    there = [*PLACE, *names]
    whole = of_place.reshape(of_place.shape + (1,) * (of_channels.ndim - 2))
    joined = np.concatenate([np.broadcast_to(whole, (2, *of_channels.shape[1:])), of_channels])
    return joined[[there.index(name) for name in member.inputs]]


def over_steps(
    members: Sequence[Member], x: F4, noise: F4, steps: NDArray[np.integer], valid: NDArray[np.bool_]
) -> Said:
    """What members say of inputs (input, pixel, step), noise (input, pixel): fields (pixel, step), unset where not valid.

    A block is a pixel over `BLOCK` steps of the calendar, counted from its epoch: the same in any tile and any span.
    """
    before = int(steps[0]) % BLOCK
    behind = -(before + steps.size) % BLOCK
    said = Said(*(np.empty(valid.shape, np.float32) for _ in Said._fields))
    for first in range(0, len(valid), PIXELS):
        part = slice(first, first + PIXELS)
        rows = np.pad(np.where(valid[part], x[:, part], 0), ((0, 0), (0, 0), (before, behind)))
        blocks = np.ascontiguousarray(np.moveaxis(rows.reshape(len(x), -1, BLOCK), 0, -1))
        count = rows.shape[2] // BLOCK
        wanted = np.pad(valid[part], ((0, 0), (before, behind))).reshape(-1, BLOCK).any(axis=1)
        each = np.repeat(noise[:, part].T, count, axis=0)[wanted, None]
        for whole, found in zip(said, together(members, blocks[wanted], each), strict=True):
            laid = np.zeros((len(blocks), BLOCK), np.float32)
            laid[wanted] = found
            whole[part] = laid.reshape(-1, count * BLOCK)[:, before : before + steps.size]
    return said


def _flags(
    x: F4, valid: NDArray[np.bool_], few: NDArray[np.bool_], taught: NDArray[np.bool_], members: Sequence[Member]
) -> NDArray[np.uint16]:
    """Flags (pixel, step)."""
    low, high = (member_range[:, None, None] for member_range in (members[0].low, members[0].high))
    beyond = ((x < low) | (x > high)).any(axis=0)
    flags = np.where(np.isfinite(x).all(axis=0), 0, Flag.NO_OBSERVATION).astype(np.uint16)
    flags |= np.where(few[:, None], Flag.NO_CYCLE, 0).astype(np.uint16)
    flags |= np.where(valid & beyond, Flag.EXTRAPOLATED_INPUTS, 0).astype(np.uint16)
    flags |= np.where(valid & taught, Flag.IN_TRAINING_PERIOD, 0).astype(np.uint16)
    return flags
