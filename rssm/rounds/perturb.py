"""Chains: the perturbed worlds in which the rounds run side by side, so that error grows as it would in truth.

Every number comes from a hash of (seed, names, absolute pixel, absolute dekad), never from a running generator:
a pixel gets the same draw whatever the tile, the region, the order of jobs or the number of cores. `seed_key` makes
the key of one quantity of one chain: `seed_key(seed, "chain", 3, "target")`. Several keys at once, those of several
chains, give their errors along a first axis, sooner than call by call.

Noise is drawn at anchors, every `spacing` pixels of the global grid and meeting across ±180°, and interpolated between
them: neighbours within a sensor's footprint, or a climate, share their error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rssm.calendar import DEKADS
from rssm.draws import GOLDEN, scramble, seed_key
from rssm.grid import GRID

ATTEMPTS = 16  # draws of a residual block before a pixel goes without


def uniform(key: ArrayLike, *indices: ArrayLike) -> NDArray[np.float64]:
    """Numbers in (0, 1), one for each element of the broadcast keys and integer indices (which may be negative).

    Arrays of at least one dimension throughout: numpy warns when a scalar wraps, as these must.
    """
    state = np.atleast_1d(np.asarray(key, np.uint64))
    for index in indices:
        state = scramble(state ^ scramble(np.atleast_1d(index).astype(np.int64).astype(np.uint64) * GOLDEN + GOLDEN))
    return ((state >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def normal(key: ArrayLike, *indices: ArrayLike) -> NDArray[np.float64]:
    """Standard normal numbers, one for each element of the broadcast keys and integer indices (Box and Muller)."""
    radius = np.sqrt(-2 * np.log(uniform(key, *indices, 0)))
    normal: NDArray[np.float64] = radius * np.cos(2 * np.pi * uniform(key, *indices, 1))
    return normal


def regional_noise(
    key: ArrayLike,
    row: NDArray[np.integer],
    col: NDArray[np.integer],
    dekads: NDArray[np.integer],
    spacing: int = 3,
    memory: float = 0.0,
    columns: int = GRID.columns,
) -> NDArray[np.float64]:
    """Standard normal noise (…, pixel, dekad) of the keys (…), smooth in space and of first order in time.

    row, col  (pixel,) on the global grid of `columns` columns, which `spacing` should divide
    dekads    (dekad,) absolute, in any order
    spacing   pixels between anchors; 1: every pixel for itself
    memory    correlation from one dekad to the next
    """
    anchors, at, weight = _anchors(row, col, spacing, columns // spacing)
    keys = np.asarray(key, np.uint64)
    noise = np.empty((*keys.shape, row.size, dekads.size))
    for k in np.ndindex(keys.shape):  # one after the other: all at once would not stay in the processor's cache
        _between(_first_order(keys[k], anchors, dekads, memory), at, weight, out=noise[k])
    return noise


def _anchors(
    row: NDArray[np.integer], col: NDArray[np.integer], spacing: int, around: int
) -> tuple[NDArray[np.int64], NDArray[np.intp], NDArray[np.float64]]:
    """The anchors (anchor, [row, column]) about the pixels, and per pixel its four (4, pixel) and their weights.

    Weights are bilinear, scaled so that their squares sum to 1: the noise keeps its variance between anchors.
    """
    up, left = row // spacing, col // spacing
    y, x = (row % spacing) / spacing, (col % spacing) / spacing
    weight = np.stack([(1 - y) * (1 - x), (1 - y) * x, y * (1 - x), y * x])
    corners = np.stack([up, up, up + 1, up + 1]) * around + np.stack([left, left + 1] * 2) % around
    unique, at = np.unique(corners, return_inverse=True)
    return (
        np.stack(np.divmod(unique, around), axis=-1),
        at.reshape(corners.shape),
        weight / np.sqrt((weight**2).sum(axis=0)),
    )


def _between(
    noise: NDArray[np.float64], at: NDArray[np.intp], weight: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """From noise at anchors (anchor, dekad) to pixels (pixel, dekad)."""
    out[:] = 0
    corner = np.empty(out.shape)  # used again and again: fresh memory would cost more than the sums
    for i, w in zip(at, weight, strict=True):
        np.take(noise, i, axis=0, out=corner, mode="clip")
        corner *= w[:, None]
        out += corner


def _first_order(
    key: ArrayLike, anchors: NDArray[np.int64], dekads: NDArray[np.integer], memory: float
) -> NDArray[np.float64]:
    """Noise of unit variance (anchor, dekad), a finite sum of fresh draws so that no dekad needs a beginning."""
    lags = 1 if memory == 0 else int(np.ceil(np.log(1e-3) / np.log(memory)))
    weights = memory ** np.arange(lags)
    weights /= np.sqrt((weights**2).sum())
    span = np.arange(dekads.min() - lags + 1, dekads.max() + 1)
    fresh = normal(key, anchors[:, 0, None], anchors[:, 1, None], span)
    now = dekads - span[0]
    noise: NDArray[np.float64] = sum(w * fresh[:, now - lag] for lag, w in enumerate(weights))
    return noise


def target_error(
    key: ArrayLike,
    row: NDArray[np.integer],
    col: NDArray[np.integer],
    dekads: NDArray[np.integer],
    bias: float,
    noise: float,
    memory: float = 0.5,
    region: int = 50,
    footprint: int = 3,
    dekads_per_year: int = DEKADS.seasons,
) -> NDArray[np.float64]:
    """Error to add to the target of one chain (pixel, dekad), or of those of several keys, m³ m⁻³.

    bias    standard deviation of a regional bias, half its variance constant and half a yearly cycle; it changes
            over `region` pixels
    noise   standard deviation of first-order noise that neighbours within `footprint` pixels share
    """
    once = np.zeros(1, np.int64)

    def named(name: str) -> NDArray[np.uint64]:
        keys = np.asarray(key, np.uint64)
        return np.array([seed_key(int(k), name) for k in keys.ravel()], np.uint64).reshape(keys.shape)

    def regional(name: str) -> NDArray[np.float64]:
        return regional_noise(named(name), row, col, once, region)

    phase = 2 * np.pi / dekads_per_year * (dekads % dekads_per_year)
    cycle = regional("cosine") * np.cos(phase) + regional("sine") * np.sin(phase)
    seasonal_bias = np.sqrt(0.5) * (regional("mean") + cycle)
    fast = regional_noise(named("noise"), row, col, dekads, footprint, memory)
    return bias * seasonal_bias + noise * fast


def input_error(
    shared_key: ArrayLike,
    own_key: ArrayLike,
    row: NDArray[np.integer],
    col: NDArray[np.integer],
    dekads: NDArray[np.integer],
    sd: ArrayLike,
    shared: float = 0.5,
    memory: float = 0.5,
    footprint: int = 3,
) -> NDArray[np.float64]:
    """Error to add to one input product of one chain (pixel, dekad), or of those of several keys, in its units.

    shared_key  stream of the algorithm (all LPRM products have one), own_key: stream of the product
    sd          standard deviation of the error, broadcast to (pixel, dekad)
    shared      correlation between products of one algorithm
    """
    error, own = (regional_noise(key, row, col, dekads, footprint, memory) for key in (shared_key, own_key))
    error *= np.sqrt(shared)
    own *= np.sqrt(1 - shared)
    error += own
    error *= np.asarray(sd)
    return error


def block_counts(
    key: int,
    row: NDArray[np.integer],
    col: NDArray[np.integer],
    dekads: NDArray[np.integer],
    footprint: int = 3,
    block_dekads: int = 6,
) -> NDArray[np.int8]:
    """How often each point (pixel, dekad) is drawn when blocks of pixels × dekads are resampled for training.

    Counts are Poisson with mean 1, the limit of drawing with replacement; unlike it, no block's count depends on the
    other blocks, so on the tile.
    """
    u = uniform(key, (row // footprint)[:, None], (col // footprint)[:, None], dekads // block_dekads)
    poisson = np.cumsum(np.exp(-1) / np.cumprod([1, 1, 2, 3, 4, 5, 6, 7]))  # P(count ≤ 0), P(≤ 1), …
    return np.searchsorted(poisson, u).astype(np.int8)


def resample_residuals(
    key: int,
    residual: NDArray[np.floating],
    row: NDArray[np.integer],
    col: NDArray[np.integer],
    dekads: NDArray[np.integer],
    wanted: NDArray[np.integer],
    zone_pixels: int = 10,
    block_dekads: int = 6,
) -> NDArray[np.floating]:
    """Held-out residuals drawn by blocks, to be added to SIM-nT (pixel, wanted dekad).

    Each zone takes, for each block of wanted dekads, the residuals of one block of known dekads, so that errors keep
    their likeness in space and time. A pixel that has none there draws again, up to 16 times, then gets 0.

    residual  (pixel, dekad), NaN where none; dekads: absolute, ascending, the same whole period in every tile
    wanted    (wanted dekad,) absolute
    """
    zone_row, zone_col = (row // zone_pixels)[:, None], (col // zone_pixels)[:, None]
    first_block, last_block = dekads[0] // block_dekads, dekads[-1] // block_dekads
    by_dekad = np.full((len(residual), (last_block - first_block + 1) * block_dekads), np.nan, residual.dtype)
    by_dekad[:, dekads - first_block * block_dekads] = residual

    drawn = np.full((len(residual), len(wanted)), np.nan, residual.dtype)
    pixel = np.arange(len(residual))[:, None]
    for attempt in range(ATTEMPTS):
        u = uniform(key, zone_row, zone_col, wanted // block_dekads, attempt)
        block = (u * (last_block - first_block + 1)).astype(np.intp)
        candidate = by_dekad[pixel, block * block_dekads + wanted % block_dekads]
        drawn = np.where(np.isnan(drawn), candidate, drawn)
        if not np.isnan(drawn).any():
            break
    return np.nan_to_num(drawn, nan=0.0)
