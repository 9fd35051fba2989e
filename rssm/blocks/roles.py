"""Roles of points: hashes of where and when they are, the same for all who ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from rssm.blocks import Blocks
from rssm.draws import mix, uniform

TRAIN, UNUSED, TEST = range(3)  # roles


@dataclass(frozen=True)
class Points:
    """Where and when points are; all arrays broadcast against each other.

    pixel                row * columns + column
    latitude, longitude  degrees
    step, year           of the calendar
    """

    pixel: NDArray[np.integer]
    latitude: NDArray[np.floating]
    longitude: NDArray[np.floating]
    step: NDArray[np.integer]
    year: NDArray[np.integer]


def roles(blocks: Blocks, points: Points, key: int) -> NDArray[np.uint8]:
    """TRAIN, UNUSED or TEST for every point."""
    shape = np.broadcast_shapes(points.pixel.shape, points.latitude.shape, points.step.shape, points.year.shape)
    if blocks.kind == "random":
        return _role(uniform(mix(key, points.pixel, points.step)) < blocks.share, shape)
    spell = points.year // blocks.years
    there = [_place(blocks, points, move) for move in _moves(blocks.buffer)]
    if blocks.kind == "patches":
        held = [uniform(mix(key, *place, spell)) < blocks.share for place in there]
        return _role(held[0], shape, np.any(np.stack(np.broadcast_arrays(*held)), axis=0))
    in_time = _spell(spell, round(1 / blocks.share), key)
    near = [uniform(mix(key, *place)) < blocks.share for place in there]
    in_space, around = near[0], np.any(np.stack(np.broadcast_arrays(*near)), axis=0)
    if blocks.kind == "time":
        return _role(in_time, shape)
    if blocks.kind == "space":
        return _role(in_space, shape, around)
    return _role(in_space & in_time, shape, around | in_time)


def _role(
    held: NDArray[np.bool_], shape: tuple[int, ...], around: NDArray[np.bool_] | None = None
) -> NDArray[np.uint8]:
    """Roles of what is held out, and of what else must not be learnt from."""
    role = np.where(held, TEST, TRAIN if around is None else np.where(around, UNUSED, TRAIN))
    return np.broadcast_to(role.astype(np.uint8), shape)


def _place(
    blocks: Blocks, points: Points, move: tuple[float, float]
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Row and column of the blocks that hold the points moved by some degrees."""
    north, east = move
    row = np.floor((points.latitude + north + 90) / blocks.degrees)
    return np.maximum(row, 0), np.floor((points.longitude + east + 180) % 360 / blocks.degrees)


def _moves(buffer: float) -> Iterator[tuple[float, float]]:
    """No move, then those to the eight points around at the distance of the buffer."""
    yield (0.0, 0.0)
    if buffer:
        sides = (-buffer, 0.0, buffer)
        yield from ((north, east) for north, east in product(sides, sides) if north or east)


def _spell(spell: NDArray[np.integer], every: int, key: int) -> NDArray[np.bool_]:
    """Whether a spell is the one of its run of `every` that is held out: no run is without, as chance would have it."""
    run = spell // every
    chosen = np.floor(uniform(mix(key, 1, run)) * every).astype(np.int64)
    return np.asarray(spell % every == chosen)
