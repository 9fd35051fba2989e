"""Random fields that are pure functions of (seed, stream, absolute place, absolute time).

A counter is hashed to a number, so a value never depends on which region or period is asked for, nor on the order.
Fields are smooth: standard normal values at the knots of a global lattice, interpolated to the pixels in between.
All arithmetic is elementwise, hence equal to the last bit in every window.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rssm.draws import GOLDEN, scramble
from rssm.grid import Grid, Window


@dataclass(frozen=True)
class Patch(Window):
    """A window that knows its grid; it may reach beyond the first and the last row."""

    grid: Grid


def bits(seed: int, stream: str, *counters: ArrayLike) -> NDArray[np.uint64]:
    """64 random bits for each combination of the broadcast integer counters (splitmix64's finaliser, chained)."""
    state = np.full(1, (seed << 32) ^ crc32(stream.encode()), np.uint64)
    for counter in ((0,), *counters):
        state = scramble(state * GOLDEN + np.atleast_1d(counter).astype(np.int64).view(np.uint64))
    return state


def uniform(seed: int, stream: str, *counters: ArrayLike) -> NDArray[np.float32]:
    """Uniform values in [0, 1)."""
    return (bits(seed, stream, *counters) >> np.uint64(40)).astype(np.float32) * np.float32(2**-24)


def normal(seed: int, stream: str, *counters: ArrayLike) -> NDArray[np.float32]:
    """Standard normal values, by Box and Müller from the two halves of the bits."""
    both = bits(seed, stream, *counters)
    radius = ((both >> np.uint64(32)).astype(np.float32) + np.float32(1)) * np.float32(2**-32)
    angle = (both & np.uint64(0xFFFFFFFF)).astype(np.float32) * np.float32(2 * np.pi * 2**-32)
    return np.sqrt(-2 * np.log(radius)) * np.cos(angle)


def smooth(
    seed: int, stream: str, patch: Patch, spacing: int, days: NDArray[np.int64] | None = None, every: int = 1
) -> NDArray[np.float32]:
    """Smooth unit-variance field on the pixels of a patch: (row, column), or (day, row, column) where days are given.

    spacing   pixels between knots; must divide the number of columns, so that the field closes round the globe
    days      day numbers (proleptic ordinals), any order
    every     days between knots in time; with 1 the days are independent of each other
    """
    lat, lat_at, lat_share = _knots(patch.row + np.arange(patch.rows), spacing)
    lon, lon_at, lon_share = _knots(patch.column + np.arange(patch.columns), spacing)
    around = lon % (patch.grid.columns // spacing)
    if days is None:
        return _between(normal(seed, stream, lat[:, None], around), lat_at, lat_share, lon_at, lon_share)
    if every == 1:
        knots = normal(seed, stream, days[:, None, None], lat[:, None], around)
        return _between(knots, lat_at, lat_share, lon_at, lon_share)
    time, at, share = _knots(days, every)
    knots = normal(seed, stream, time[:, None, None], lat[:, None], around)
    return _between(_blend(knots, at, share, 0), lat_at, lat_share, lon_at, lon_share)


def _knots(
    position: NDArray[np.int64], spacing: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Knots around integer positions; for each position the index of its lower knot and its share of the upper one."""
    lower = position // spacing
    first = int(lower.min())
    knots = np.arange(first, int(lower.max()) + 2)
    part = ((position % spacing + 0.5) / spacing).astype(np.float32)
    return knots, lower - first, part * part * (3 - 2 * part)


def _blend(
    knots: NDArray[np.float32], at: NDArray[np.int64], share: NDArray[np.float32], axis: int
) -> NDArray[np.float32]:
    """Interpolate along one axis, with unit variance kept."""
    shape = [1] * knots.ndim
    shape[axis] = len(share)
    size = np.sqrt(share**2 + (1 - share) ** 2)
    low, high = ((1 - share) / size).reshape(shape), (share / size).reshape(shape)
    out: NDArray[np.float32] = knots.take(at, axis) * low
    out += knots.take(at + 1, axis) * high
    return out


def _between(
    knots: NDArray[np.float32],
    lat_at: NDArray[np.int64],
    lat_share: NDArray[np.float32],
    lon_at: NDArray[np.int64],
    lon_share: NDArray[np.float32],
) -> NDArray[np.float32]:
    return _blend(_blend(knots, lat_at, lat_share, knots.ndim - 2), lon_at, lon_share, knots.ndim - 1)
