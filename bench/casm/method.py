"""CASM in one process: the package's own steps on the cubes of a world, with settings that ablations change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.casm.world import CALENDAR, CHANNELS, GRID, TARGET, World, span
from rssm.blocks import Blocks
from rssm.casm.calibrate import of_rows
from rssm.casm.cycle import Cycles, cycles_of
from rssm.casm.estimate import inputs_of, over_steps
from rssm.casm.flags import Branch
from rssm.casm.members import Member, Said
from rssm.casm.merge import merged
from rssm.casm.samples import Samples, Target, departures, gather, places
from rssm.casm.specs import PLACE, CycleSpec, SamplesSpec, TrainSpec
from rssm.casm.train import train
from rssm.casm.uncertainty import calibrate

F4 = NDArray[np.float32]
SOIL, KELVIN = ((0.0, 0.4), (0.0, 0.6)), ((1.0, 40.0), (150.0, 370.0))  # bounds of amplitude and offset
NOISE = 0.1
PATCHES = Blocks("patches", 0.2, degrees=1.0)


@dataclass(frozen=True)
class Settings:
    """What ablations change: a smaller network than a globe wants, and as good on a toy of some hundred pixels."""

    hidden: tuple[int, ...] = (32, 32, 32)
    epochs: int = 10
    rate: float = 2e-3
    share: float = 0.3
    members: int = 3
    decay: bool = True
    batch: int = 1024
    place: bool = True
    transfer: bool = True
    harmonics: int = 1
    held_out: Blocks = PATCHES


@dataclass(frozen=True)
class Estimated:
    """Estimates (pixel, step) over the whole time, NaN where there is none, and what they were made from."""

    value: F4
    cycle: F4
    sigma: F4
    rows: Samples
    members: list[Member]


def cycles(world: World, sensor: str, harmonics: int) -> Cycles:
    """Cycles of a sensor."""
    bounds = SOIL if sensor == "SMAP" else KELVIN
    names = tuple(cube.variable for cube in world.cubes[sensor])
    return cycles_of(world.cubes[sensor], CycleSpec(names, CALENDAR.id, span(sensor), *bounds, harmonics=harmonics))


def rows_of(
    world: World, sensor: str, target: Target, steps: tuple[int, int], settings: Settings, seed: int
) -> Samples:
    """What a sensor learns from."""
    spec = SamplesSpec(tuple(CHANNELS[sensor]), TARGET, CALENDAR.id, steps, settings.share, settings.held_out, seed)
    own, usual = (cycles(world, name, settings.harmonics) for name in (sensor, "SMAP"))
    return gather(world.cubes[sensor], own, usual, target, np.arange(steps[0], steps[1] + 1), spec)


def observed(world: World, settings: Settings) -> Target:
    """SMAP as a target."""
    (cube,) = world.cubes["SMAP"]
    steps = np.arange(span("SMAP")[0], span("SMAP")[1] + 1)
    departure = cube.at(steps, CALENDAR) - cycles(world, "SMAP", settings.harmonics).at(TARGET, steps, CALENDAR)
    return Target(departure.astype(np.float32), np.zeros(departure.shape, np.float32))


def branch(
    world: World,
    sensor: str,
    target: Target,
    steps: tuple[int, int],
    settings: Settings,
    seed: int,
    start: Sequence[Member] = (),
) -> Estimated:
    """Train a branch and let it estimate its sensor's whole record."""
    rows, members = trained(world, sensor, target, steps, settings, seed, start)
    return estimated(world, sensor, rows, members, settings)


def trained(
    world: World,
    sensor: str,
    target: Target,
    steps: tuple[int, int],
    settings: Settings,
    seed: int,
    start: Sequence[Member] = (),
) -> tuple[Samples, list[Member]]:
    """What a branch learns from, and its members, which may start from those of another."""
    rows = rows_of(world, sensor, target, steps, settings, seed)
    inputs = (*(PLACE if settings.place else ()), *CHANNELS[sensor])
    spec = TrainSpec(
        inputs, settings.hidden, settings.rate, settings.epochs, seed, settings.batch, 2 if start else 0, settings.decay
    )
    return rows, [
        train(rows, spec, f"{sensor}-{number}", start[number] if start else None) for number in range(settings.members)
    ]


def estimated(world: World, sensor: str, rows: Samples, members: Sequence[Member], settings: Settings) -> Estimated:
    """What members estimate over the whole time, with uncertainty calibrated on held-out rows."""
    own, usual = (cycles(world, name, settings.harmonics) for name in (sensor, "SMAP"))
    seen, names = world.cubes[sensor], tuple(CHANNELS[sensor])
    where = places(seen[0].pixel, GRID.id)
    x = inputs_of(members[0], departures(seen, own, world.steps, CALENDAR), where, names)
    cycle = usual.at(TARGET, world.steps, CALENDAR).astype(np.float32)
    valid = np.isfinite(x).all(axis=0) & np.isfinite(cycle)
    spread = inputs_of(members[0], np.nan_to_num(own.spread).astype(np.float32), np.zeros_like(where), names)
    said = Said(*(np.where(valid, part, np.nan) for part in over_steps(members, x, NOISE * spread, world.steps, valid)))
    held = rows.held_out == 1
    of_held = of_rows(members, rows, held, NOISE)
    error, own_said = (of_held.mean - rows.y[held]).astype("f8"), np.hypot(of_held.structural, of_held.data)
    factors = calibrate(
        error, own_said.astype("f8"), rows.usual[held].astype("f8"), rows.target_error[held].astype("f8")
    )
    sigma = factors.sigma(np.hypot(said.structural, said.data), usual.spread[0][:, None])
    return Estimated(cycle + said.mean, np.where(valid, cycle, np.nan), sigma, rows, list(members))


def casm(world: World, settings: Settings, seed: int) -> dict[str, Estimated]:
    """Both branches: `smos` and `amsre`."""
    smap = observed(world, settings)
    smos = branch(world, "SMOS", smap, span("SMAP"), settings, seed)
    before = branch(world, "AMSR2", smap, span("SMAP"), settings, seed)
    if settings.transfer:
        steps = (span("SMOS")[0], span("AMSR-E")[1])
        amsre = branch(world, "AMSR-E", taught_by(smos, world, steps), steps, settings, seed, before.members)
    else:
        names = dict(zip(CHANNELS["AMSR2"], CHANNELS["AMSR-E"], strict=True))
        renamed = [replace(m, inputs=tuple(names.get(name, name) for name in m.inputs)) for m in before.members]
        rows = replace(before.rows, inputs=tuple(names.get(name, name) for name in before.rows.inputs))
        amsre = estimated(world, "AMSR-E", rows, renamed, settings)
    return {"smos": smos, "amsre": amsre}


def taught_by(smos: Estimated, world: World, steps: tuple[int, int]) -> Target:
    """A branch's estimates as a target."""
    here = (world.steps >= steps[0]) & (world.steps <= steps[1])
    return Target((smos.value - smos.cycle)[:, here].astype(np.float32), smos.sigma[:, here])


def joined(branches: dict[str, Estimated]) -> tuple[F4, F4]:
    """Value and uncertainty (pixel, step) of both branches joined."""
    layers: dict[Branch, dict[str, NDArray[Any]]] = {}
    for code, each in zip((Branch.SMOS, Branch.AMSR_E), (branches["smos"], branches["amsre"]), strict=True):
        none = np.zeros(each.value.shape, np.uint8)
        layers[code] = {
            "soil_moisture": each.value, "seasonal_cycle": each.cycle, "structural_uncertainty": each.sigma,
            "data_uncertainty": each.sigma, "total_uncertainty": each.sigma, "n_members": none, "flags": none,
        }  # fmt: skip
    out = merged(layers)
    return out["soil_moisture"], out["total_uncertainty"]
