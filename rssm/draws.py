"""Stable random numbers: integer hashes that depend on names and numbers alone, never on order or process."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # constants of splitmix64
MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def seed_key(*parts: int | str) -> int:
    """A 64-bit key of its parts, as in `seed_key(seed, chain, network_id, zone_id)`."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def mix(*parts: ArrayLike) -> NDArray[np.uint64]:
    """Hash integers elementwise (arrays broadcast) to uint64, by the finaliser of splitmix64."""
    z = np.asarray(np.uint64(0))
    with np.errstate(over="ignore"):  # arithmetic modulo 2⁶⁴ is meant
        for part in parts:
            z = scramble(z + np.asarray(part).astype(np.uint64) + GOLDEN)
    return z


def scramble(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: every bit of the outcome depends on every bit given."""
    bits = (bits ^ (bits >> np.uint64(30))) * MIX[0]
    bits = (bits ^ (bits >> np.uint64(27))) * MIX[1]
    return bits ^ (bits >> np.uint64(31))


def uniform(key: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Numbers in [0, 1) from hashes."""
    return (key >> np.uint64(11)).astype(np.float64) * 2.0**-53
