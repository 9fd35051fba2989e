"""Cubes → samples: the points of a tile's zones where every input and the target are valid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.cube import Cube
from rssm.errors import InputError
from rssm.grid import grid_of
from rssm.networks.specs import Teaching


@dataclass(frozen=True)
class Samples:
    """Points of all zones, zone by zone, inside a zone pixel by pixel, dekad by dekad.

    x        (input, point) float32
    y        (chain, point) float32, finite in chain 0; NaN where another chain's own target was screened out
    offsets  (zone + 1,): zone z holds points offsets[z] … offsets[z + 1]
    row, column, dekad   (point,): where and when on the whole grid
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    offsets: NDArray[np.int64]
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    dekad: NDArray[np.int32]


def with_steps(cubes: Mapping[str, Cube], targets: Sequence[Teaching]) -> list[tuple[Cube, NDArray[np.int64]]]:
    """Each target with the dekads in which it teaches, best first."""
    spans = {each.target: [np.arange(first, last + 1) for first, last in each.runs] for each in targets}
    return [(cubes[name], np.concatenate(parts).astype(np.int64)) for name, parts in spans.items()]


def gather(inputs: Sequence[Cube], targets: Sequence[tuple[Cube, NDArray[np.int64]]]) -> Samples:
    """Samples of a network in a tile; each target teaches in its own dekads."""
    first = inputs[0]
    for cube in (*inputs, *(cube for cube, _ in targets)):
        if not np.array_equal(cube.pixel, first.pixel):
            raise InputError(
                f"{cube.variable}: its cube holds other pixels than that of {first.variable}. Make both again."
            )
    dekads = np.sort(np.concatenate([steps for _, steps in targets]))
    goal = _targets(targets, dekads, first.pixel.size)
    calendar = CALENDARS[targets[0][0].calendar_id]  # what teaches stands on the method's steps
    columns = [cube.at(dekads, calendar) for cube in inputs]
    valid = np.isfinite(goal[0])  # the control decides, so that it is the same with any number of chains
    for column in columns:
        valid &= np.isfinite(column)
    pixel, step = np.nonzero(valid)
    across = grid_of(first.grid_id).columns
    return Samples(
        x=np.stack([column[valid] for column in columns]),
        y=goal[:, valid],
        offsets=np.searchsorted(pixel, first.zone_start).astype(np.int64),
        row=first.pixel[pixel] // across,
        column=first.pixel[pixel] % across,
        dekad=dekads[step].astype(np.int32),
    )


def _targets(
    targets: Sequence[tuple[Cube, NDArray[np.int64]]], dekads: NDArray[np.int64], pixels: int
) -> NDArray[np.float32]:
    """(chain, pixel, dekad): every target in its dekads; one without chains teaches all of them alike."""
    chains = max(cube.values.shape[0] if cube.values.ndim == 3 else 1 for cube, _ in targets)
    goal = np.full((chains, pixels, dekads.size), np.nan, np.float32)
    for cube, steps in targets:
        goal[:, :, np.searchsorted(dekads, steps)] = cube.at(steps, CALENDARS[cube.calendar_id])
    return goal
