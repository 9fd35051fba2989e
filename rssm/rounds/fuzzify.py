"""Boundary fuzzification: softening the steps between neighbouring zones, each with a subnetwork of its own.

The article's figure of it (Fig. S1) is not public. Chosen here: pixels beside an edge take the mean of the valid
pixels in their 3 × 3 window. All pixels change at once, from the unmodified map; gaps stay gaps; the inside of a
zone is untouched. An edge lies between two zones of the map: the outer edge of a region or the grid's northern and
southern limits are none, the ±180° seam of a map that goes round the Earth is one.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Method = Literal["window", "pair", "ramp"]


def fuzzify(
    field: NDArray[np.floating],
    zone_pixels: int = 10,
    method: Method = "window",
    width: int = 1,
    wrap: bool = False,
) -> NDArray[np.floating]:
    """Blend a mosaicked map (..., row, col) across the edges of its zones.

    method  `window`: mean of the 3 × 3 window;
            `ramp`: toward the mean of the two pixels that face each other across the edge, fully beside it and
            linearly less up to `width` pixels away (both edges of a corner weigh alike);
            `pair`: a ramp of width 1, that is the mean across the edge
    width   pixels on either side of an edge that change, at most half a zone; `pair` always has 1
    wrap    the last column touches the first
    """
    rows, cols = field.shape[-2:]
    reach = 1 if method == "pair" else width
    down = _edges(rows, zone_pixels, reach, wrap=False)
    right = _edges(cols, zone_pixels, reach, wrap)
    if method == "window":
        blended = np.where(_near_edge(down, right), _window_mean(field, wrap), field)
        return np.where(np.isnan(field), np.nan, blended).astype(field.dtype)
    return _ramp(field, down, right)


def boundary(shape: tuple[int, int], zone_pixels: int = 10, width: int = 1, wrap: bool = False) -> NDArray[np.bool_]:
    """Pixels (row, col) that fuzzification may change: those at most `width` from an edge."""
    return _near_edge(_edges(shape[0], zone_pixels, width, wrap=False), _edges(shape[1], zone_pixels, width, wrap))


class _Edges(NamedTuple):
    """Along one axis, for each index: the two that face each other at its nearest edge, and that edge's pull."""

    before: NDArray[np.intp]
    after: NDArray[np.intp]
    pull: NDArray[np.float64]  # 1 beside the edge, falling linearly to 0 at `width` pixels


def _edges(length: int, zone_pixels: int, width: int, wrap: bool) -> _Edges:
    """Edges along an axis of `length` pixels."""
    index = np.arange(length)
    edge = (index + zone_pixels // 2) // zone_pixels * zone_pixels  # the edge lies before this index
    distance = np.where(index >= edge, index - edge, edge - 1 - index)
    pull = np.clip(1 - distance / width, 0, 1)
    if not wrap:
        pull[(edge == 0) | (edge == length)] = 0
    return _Edges((edge - 1) % length, edge % length, pull)


def _near_edge(down: _Edges, right: _Edges) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = (down.pull > 0)[:, None] | (right.pull > 0)
    return near


def _window_mean(field: NDArray[np.floating], wrap: bool) -> NDArray[np.float64]:
    """Mean of the valid pixels of each 3 × 3 window, NaN where there are none."""
    valid = ~np.isnan(field)
    total = _window_sum(np.where(valid, field, 0), wrap, np.float64)
    count = _window_sum(valid, wrap, np.int8)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _window_sum(field: NDArray, wrap: bool, dtype: type) -> NDArray:
    """Sum of each 3 × 3 window."""
    *maps, rows, cols = field.shape
    padded = np.zeros((*maps, rows + 2, cols + 2), dtype)
    padded[..., 1:-1, 1:-1] = field
    if wrap:
        padded[..., 0], padded[..., -1] = padded[..., -2], padded[..., 1]
    rowwise = padded[..., :-2] + padded[..., 1:-1] + padded[..., 2:]
    total: NDArray = rowwise[..., :-2, :] + rowwise[..., 1:-1, :] + rowwise[..., 2:, :]
    return total


def _ramp(field: NDArray[np.floating], down: _Edges, right: _Edges) -> NDArray[np.floating]:
    """Pull each pixel toward the means across its edges; an edge with a gap on it does not pull."""
    across = field.astype(np.float64)
    means = (
        (across[..., down.before, :] + across[..., down.after, :]) / 2,
        (across[..., right.before] + across[..., right.after]) / 2,
    )
    weights = [
        np.where(np.isnan(mean), 0, pull) for mean, pull in zip(means, (down.pull[:, None], right.pull), strict=True)
    ]
    share = np.maximum(sum(weights), 1)  # where both edges of a corner pull, they never pull more than wholly
    moved = sum(w / share * np.where(w > 0, mean - across, 0) for w, mean in zip(weights, means, strict=True))
    return (across + moved).astype(field.dtype)
