"""Filling of the few missing values of a map by an outward search.

Ring by ring, a missing land pixel takes the mean of the original values in the first ring that holds any. Rings are
counted in steps from pixel to neighbouring pixel (eight of them) over open land only: the search neither fills, nor
uses, nor passes pixels of water or snow. On open land ring k is therefore the border of the (2k + 1) × (2k + 1) window,
while a value on the other shore of a lake lies as far as the way around it, or out of reach. Filled values are never
used to fill others, so the result does not depend on any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CELLS = 1 << 22  # of all windows searched at once: bounds memory to about 100 MB


class Filled(NamedTuple):
    """A filled map (row, col)."""

    values: NDArray[np.floating]
    distance: NDArray[np.int16]  # 0 original, k taken from ring k, −1 still missing
    beside: tuple[
        NDArray[np.floating], ...
    ] = ()  # of each map given beside: filled pixels have the mean of their donors


def fill(
    values: NDArray[np.floating],
    land: NDArray[np.bool_],
    blocked: NDArray[np.bool_],
    radius: int,
    wrap: bool = False,
    beside: Sequence[NDArray[np.floating]] = (),
) -> Filled:
    """Fill missing land pixels of one map from at most `radius` rings away.

    values   (row, col), NaN where missing; values on blocked pixels are left alone
    blocked  masked by snow, ice or water
    wrap     the last column touches the first
    beside   other maps, of which filled pixels take the mean of the same donors; NaN where one of these is unknown
    """
    open_land = _padded(land & ~blocked, radius, wrap)
    known = _padded(~np.isnan(values), radius, wrap)
    sources = [_padded(field, radius, wrap) for field in (values, *beside)]
    filled = [field.copy() for field in (values, *beside)]
    distance = np.where(np.isnan(values), -1, 0).astype(np.int16)

    missing = np.argwhere(np.isnan(values) & land & ~blocked)
    chunk = max(1, CELLS // (2 * radius + 1) ** 2)
    for start in range(0, len(missing), chunk):
        row, col = missing[start : start + chunk].T
        centre = (row + radius) * open_land.shape[1] + col + radius
        for ring, found, means in _search(centre, open_land, known, sources, radius):
            distance[row[found], col[found]] = ring
            for field, mean in zip(filled, means, strict=True):
                field[row[found], col[found]] = mean
    return Filled(filled[0], distance, tuple(filled[1:]))


def donors(
    known: NDArray[np.bool_],
    land: NDArray[np.bool_],
    blocked: NDArray[np.bool_],
    pixel: tuple[int, int],
    ring: int,
    wrap: bool = False,
) -> NDArray[np.intp]:
    """Rows and columns (donor, 2) of the pixels whose mean `fill` gave to a pixel from a ring.

    known   pixels with a value of their own
    pixel   row and column of the filled one
    """
    window = tuple(slice(at, at + 2 * ring + 1) for at in pixel)
    open_land, there = (_padded(field, ring, wrap)[window] for field in (land & ~blocked, known))
    reached = np.zeros((1, 2 * ring + 1, 2 * ring + 1), np.bool_)
    reached[0, ring, ring] = True
    for _ in range(ring):
        reached = _with_neighbours(reached) & open_land
    found = np.argwhere(reached[0] & there) + np.array(pixel) - ring
    found[:, 1] %= known.shape[1]
    return found


def _padded(field: NDArray, radius: int, wrap: bool) -> NDArray:
    """The map with a margin of `radius`: zeros (False), or the other end of the rows if they wrap."""
    sideways = np.pad(field, ((0, 0), (radius, radius)), mode="wrap" if wrap else "constant")
    return np.pad(sideways, ((radius, radius), (0, 0)))


def _search(
    centre: NDArray[np.intp],
    open_land: NDArray[np.bool_],
    known: NDArray[np.bool_],
    sources: Sequence[NDArray[np.floating]],
    radius: int,
) -> Iterator[tuple[int, NDArray[np.intp], list[NDArray[np.float64]]]]:
    """Yield (ring, which pixels found values there, means of each source); centre: flat index in the padded maps."""
    searching = np.arange(len(centre))
    reached = np.ones((len(centre), 1, 1), np.bool_)  # (pixel, 2 · ring + 1, 2 · ring + 1): reached so far
    for ring in range(1, radius + 1):
        offset = np.arange(-ring, ring + 1)
        window = centre[searching, None, None] + offset[:, None] * open_land.shape[1] + offset
        reached = _with_neighbours(np.pad(reached, ((0, 0), (1, 1), (1, 1)))) & open_land.take(window)
        donors = reached & known.take(window)  # none before this ring, or the pixel would not search any more

        n = np.count_nonzero(donors, axis=(1, 2))
        found = n > 0
        there, places = donors[found], window[found]
        taken = (np.where(there, source.take(places), 0).reshape(-1, (2 * ring + 1) ** 2) for source in sources)
        yield ring, searching[found], [values.sum(axis=1, dtype=np.float64) / n[found] for values in taken]
        searching, reached = searching[~found], reached[~found]


def _with_neighbours(reached: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels reached by one more step within each window (pixel, row, col)."""
    rows = reached.copy()
    rows[:, 1:] |= reached[:, :-1]
    rows[:, :-1] |= reached[:, 1:]
    steps = rows.copy()
    steps[:, :, 1:] |= rows[:, :, :-1]
    steps[:, :, :-1] |= rows[:, :, 1:]
    return steps
