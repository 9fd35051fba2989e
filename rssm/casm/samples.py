"""Samples: what a branch learns from in a tile. Departures of its channels, departures of the target, where, and when.

Rows are drawn by hashes of pixel and step, so a tile's size changes none. Scaling needs sums over all rows of the sensor,
drawn or not; they are kept as whole numbers, whose sum is the same in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.blocks.roles import TEST, UNUSED, Points, roles
from rssm.calendar import CALENDARS, Calendar
from rssm.casm.cycle import Cycles, channels, read_cycles
from rssm.casm.specs import PLACE, SamplesSpec
from rssm.cubes.cube import Cube
from rssm.cubes.estimates import ESTIMATES, read_estimates
from rssm.draws import mix, seed_key, uniform
from rssm.errors import InputError
from rssm.files import Kind
from rssm.grid import grid_of

SAMPLES = Kind("casm-samples")
QUANTUM = 1024  # whole numbers of 1/1024 K and 1/1024° are summed
F4 = NDArray[np.float32]


@dataclass(frozen=True)
class Samples:
    """Rows of one tile or of many, and sums over all of the sensor.

    inputs       latitude, longitude, and the channels
    pixel, step  (row,) int32; as read, rows stand in the order of both
    x            (row, input): latitude and longitude in degrees, departures of the channels in K
    y            (row,) departure of the target, m³ m⁻³
    held_out     (row,) rows that networks do not learn from
    noise        (row, input) spread of departures of the pixel, 0 of latitude and longitude: data noise is a share of it
    usual        (row,) spread of departures of the target's own cycle in the pixel, m³ m⁻³
    target_error (row,) standard uncertainty of y where it is itself an estimate, else 0
    sums         (3, input) int64: number, sum and sum of squares of all rows, in units of 1 / QUANTUM
    """

    inputs: tuple[str, ...]
    pixel: NDArray[np.int32]
    step: NDArray[np.int32]
    x: F4
    y: F4
    held_out: NDArray[np.uint8]
    noise: F4
    usual: F4
    target_error: F4
    sums: NDArray[np.int64]

    @property
    def scaler(self) -> tuple[F4, F4]:
        """Mean and standard deviation of each input over all rows of the sensor."""
        n, total, squares = ([int(value) for value in row] for row in self.sums)
        mean = [s / max(c, 1) for c, s in zip(n, total, strict=True)]
        variance = [(c * q - s * s) / max(c * c, 1) for c, s, q in zip(n, total, squares, strict=True)]
        spread = np.sqrt(np.array(variance)) / QUANTUM
        return (np.array(mean) / QUANTUM).astype(np.float32), np.where(spread > 0, spread, 1).astype(np.float32)


@dataclass(frozen=True)
class Target:
    """What teaches in a tile: departures and their own uncertainty (pixel, step)."""

    departure: F4
    error: F4


def casm_samples(
    branch: str,
    tile: str,
    cubes: Sequence[str],
    cycles: Sequence[str],
    taught_cycles: Sequence[str],
    target: Sequence[str],
    target_cycles: Sequence[str],
    spec: SamplesSpec,
    out: Sequence[str],
) -> None:
    """Write the samples of a branch in a tile.

    cubes, cycles           of the sensor
    taught_cycles           of its record that rows depart from; scaling and noise are those of departures from `cycles`
    target, target_cycles   the target's cube, or estimates of another branch; cycles of the target's own variable
    """
    calendar = CALENDARS[spec.calendar]
    seen, own = channels(cubes[0], spec.channels), read_cycles(cycles[0])
    taught, usual = read_cycles(taught_cycles[0]), read_cycles(target_cycles[0])
    steps = np.arange(spec.steps[0], spec.steps[1] + 1)
    teaches = _target(target[0], usual, steps, calendar, spec)
    write_samples(out[0], gather(seen, own, usual, teaches, steps, spec, taught))


def _target(path: str, usual: Cycles, steps: NDArray[np.int64], calendar: Calendar, spec: SamplesSpec) -> Target:
    """Departures of a cube from its cycle, or of estimates from the cycle that they were made with."""
    if ESTIMATES.describes(path):
        layers = ["soil_moisture", "seasonal_cycle", "total_uncertainty"]
        found = read_estimates(path, layers, range(int(steps[0]), int(steps[-1]) + 1))
        there = np.isin(steps, found.step)
        departure = np.full((found.pixel.size, steps.size), np.nan, np.float32)
        error = np.zeros_like(departure)
        departure[:, there] = (found.layers["soil_moisture"] - found.layers["seasonal_cycle"]).T
        error[:, there] = found.layers["total_uncertainty"].T
        return Target(departure, error)
    (cube,) = channels(path, [spec.target])
    departure = (cube.at(steps, calendar) - usual.at(spec.target, steps, calendar)).astype(np.float32)
    return Target(departure, np.zeros_like(departure))


def departures(seen: Sequence[Cube], own: Cycles, steps: NDArray[np.integer], calendar: Calendar) -> F4:
    """Departures (channel, pixel, step) of channels from their cycles, K."""
    if any(not np.array_equal(cube.pixel, own.pixel) for cube in seen):
        raise InputError(f"{seen[0].variable}: its cube holds other pixels than its cycles. Make both again.")
    parts = [cube.at(steps, calendar) - own.at(cube.variable, steps, calendar) for cube in seen]
    return np.stack(parts).astype(np.float32)


def places(pixel: NDArray[np.integer], grid_id: str) -> F4:
    """Latitude and longitude (2, pixel) of pixels, degrees."""
    grid = grid_of(grid_id)
    whole = grid.window(grid.everywhere)
    row, column = pixel // grid.columns, pixel % grid.columns
    latitude = grid.row_centres(whole)[row - whole.row]
    longitude = grid.west + (column + 0.5) * grid.column_step
    return np.stack([latitude, longitude]).astype(np.float32)


def gather(
    seen: Sequence[Cube],
    own: Cycles,
    usual: Cycles,
    target: Target,
    steps: NDArray[np.int64],
    spec: SamplesSpec,
    taught: Cycles | None = None,
) -> Samples:
    """Rows that teach, and sums over all that the sensor saw; `taught` are cycles that rows depart from, if not its own."""
    calendar, first = CALENDARS[spec.calendar], seen[0]
    key = seed_key(spec.seed, "samples")
    where = places(first.pixel, first.grid_id)
    x = departures(seen, taught or own, steps, calendar)
    year = np.array([calendar.year_of(int(step)) for step in steps])
    points = Points(first.pixel[:, None], where[0, :, None], where[1, :, None], steps, year)
    role = roles(spec.held_out, points, key)
    drawn = uniform(mix(key, 2, first.pixel[:, None], steps)) < spec.share
    keep = np.isfinite(x).all(axis=0) & np.isfinite(target.departure) & drawn & (role != UNUSED)
    at, when = np.nonzero(keep)
    spread = np.stack([own.spread[own.index(cube.variable)] for cube in seen])
    noise = np.concatenate([np.zeros((2, first.pixel.size)), spread])
    return Samples(
        (*PLACE, *spec.channels),
        first.pixel[at],
        steps[when].astype(np.int32),
        np.concatenate([where[:, at], x[:, at, when]]).T,
        target.departure[at, when],
        (role[at, when] == TEST).astype(np.uint8),
        np.nan_to_num(noise[:, at].T).astype(np.float32),
        np.nan_to_num(usual.spread[usual.index(spec.target), at]).astype(np.float32),
        target.error[at, when],
        _sums(seen, own, where, calendar),
    )


def _sums(seen: Sequence[Cube], own: Cycles, where: F4, calendar: Calendar) -> NDArray[np.int64]:
    """Number, sum and sum of squares (3, input) over the sensor's whole record, of rows with all channels."""
    steps = np.unique(np.concatenate([cube.step for cube in seen]))
    x = departures(seen, own, steps, calendar)
    known = np.isfinite(x).all(axis=0)
    n = known.sum(axis=1)
    out = []
    for each in where:
        whole = np.rint(each * QUANTUM).astype(np.int64)
        out.append([n.sum(), (n * whole).sum(), (n * whole * whole).sum()])
    for channel in x:
        whole = np.rint(channel[known] * QUANTUM).astype(np.int64)
        out.append([whole.size, whole.sum(), (whole * whole).sum()])
    return np.array(out, np.int64).T


ROWS = tuple(each.name for each in fields(Samples) if each.name not in ("inputs", "sums"))
LEARNT = ("x", "y", "held_out")  # what training needs of rows


def write_samples(path: str, samples: Samples) -> None:
    """Write one file."""
    with SAMPLES.created(path) as file:
        for name, size in zip(("row", "input"), samples.x.shape, strict=True):
            file.createDimension(name, size)
        file.createDimension("moment", 3)
        file.createVariable("inputs", str, ("input",))[:] = np.array(samples.inputs, object)
        file.createVariable("sums", "i8", ("moment", "input"))[:] = samples.sums
        for name in ROWS:
            values = getattr(samples, name)
            axes = ("row", "input")[: values.ndim]
            file.createVariable(name, values.dtype, axes, zlib=True, complevel=1, fill_value=None)[:] = values


def read_samples(paths: Sequence[str], names: Sequence[str] = ROWS) -> Samples:
    """Rows of all tiles in the order of pixel and step, whichever tiles they came in.

    names  of what is asked of them; the rest is left empty, for the globe has tens of millions of rows
    """
    inputs, sums = _heads(paths)
    order = np.lexsort((_joined(paths, "step"), _joined(paths, "pixel")))
    rows = {name: _joined(paths, name)[order] if name in names else _joined(paths[:1], name)[:0] for name in ROWS}
    return Samples(inputs, **rows, sums=sums)


def _heads(paths: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names of the inputs, and the sums of all tiles."""
    sums = []
    for path in paths:
        with SAMPLES.opened(path) as file:
            inputs = tuple(map(str, file["inputs"][:]))
            sums.append(file["sums"][:])
    return inputs, np.sum(sums, axis=0)


def _joined(paths: Sequence[str], name: str) -> NDArray[Any]:
    """A field of all tiles, tile by tile."""
    parts = []
    for path in paths:
        with SAMPLES.opened(path) as file:
            parts.append(file[name][:])
    return np.concatenate(parts)
