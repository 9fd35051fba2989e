"""Whole numbers of maps as short texts, which the browser takes apart again (`page/cube.js` is the other half).

Differences in time, small ones first by zigzag, low and high bytes apart, deflate, base64. What goes in comes out, bit by bit.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode

import numpy as np
from numpy.typing import NDArray

U16 = NDArray[np.uint16]
MISSING = 65535  # of a real layer
STRATEGIES = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED)  # of codes that repeat, and of values that are noisy


def quantised(values: NDArray[np.floating], step: float) -> U16:
    """Values as whole steps, gaps (NaN) as MISSING; what cannot be stored is stored as the limit."""
    steps = np.clip(np.rint(values / np.float32(step)), 0, MISSING - 1)
    return np.where(np.isnan(steps), np.float32(MISSING), steps).astype(np.uint16)


def values_of(numbers: U16, step: float) -> NDArray[np.float32]:
    """Whole steps as values."""
    return np.where(numbers == MISSING, np.float32(np.nan), numbers.astype(np.float32) * np.float32(step))


def coarser(numbers: U16) -> U16:
    """The same values in steps twice as wide."""
    return np.where(numbers == MISSING, numbers, (numbers + np.uint16(1)) >> 1).astype(np.uint16)


def packed(numbers: U16) -> str:
    """Numbers (step, cell) as text."""
    apart = np.diff(numbers, axis=0, prepend=np.uint16(0))  # the first step as it is
    apart[:1, 1:] = np.diff(numbers[:1], axis=1)  # along cells
    signed = apart.view(np.int16)
    small = ((signed << 1) ^ (signed >> 15)).astype("<u2")
    planes = np.ascontiguousarray(small).view(np.uint8).reshape(-1, 2).T
    return b64encode(min((_deflated(planes.tobytes(), how) for how in STRATEGIES), key=len)).decode()


def _deflated(data: bytes, strategy: int) -> bytes:
    made = zlib.compressobj(9, strategy=strategy)
    return made.compress(data) + made.flush()


def unpacked(text: str, steps: int) -> U16:
    """The numbers (step, cell) again."""
    planes = np.frombuffer(zlib.decompress(b64decode(text)), np.uint8).reshape(2, -1)
    small = planes[0] | planes[1].astype(np.uint16) << 8
    apart = ((small >> 1) ^ -(small & 1).astype(np.int16).view(np.uint16)).astype(np.uint16).reshape(steps, -1)
    apart[:1] = np.cumsum(apart[:1], axis=1, dtype=np.uint16)
    return np.cumsum(apart, axis=0, dtype=np.uint16)


def bits(mask: NDArray[np.bool_]) -> str:
    """A mask (row, column) as text: eight places a byte, the first the highest bit."""
    return b64encode(zlib.compress(np.packbits(mask).tobytes(), 9)).decode()
