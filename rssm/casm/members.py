"""Members: the networks of a branch, and what they say together. Their spread is the structural uncertainty.

Rows are given in blocks of a fixed size, keyed by what the rows are and not by the tile they came in (see `rssm.nets.mlp`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.nets.mlp import Network, with_slopes
from rssm.nets.store import About, read_network, write_network

KIND = "casm-network"
BLOCK = 256  # rows of a block
AT_A_TIME = 4  # blocks: their activations stay in the cache
F4 = NDArray[np.float32]


@dataclass(frozen=True)
class Member:
    """A network with what its inputs are scaled by.

    inputs        names of its inputs, in order
    mean, spread  (input,) that scaling takes from an input, and divides it by
    low, high     (input,) smallest and largest values that it learnt from
    losses        mean squared error of each epoch, and last that on held-out rows (NaN without)
    """

    network: Network
    inputs: tuple[str, ...]
    mean: F4
    spread: F4
    low: F4
    high: F4
    losses: NDArray[np.float64]


class Said(NamedTuple):
    """What members say of rows (block, row): mean, spread between members, effect of data noise; m³ m⁻³."""

    mean: F4
    structural: F4
    data: F4


def together(members: Sequence[Member], x: F4, noise: F4) -> Said:
    """What members say of blocks of rows.

    x      (block, BLOCK, input) as the members' inputs, unscaled
    noise  (block, BLOCK, input) standard deviation of each input; the data uncertainty is first order, along the slope
           of the mean of all members, as if channels erred apart
    """
    said = Said(*(np.empty(x.shape[:2], np.float32) for _ in Said._fields))
    for first in range(0, len(x), AT_A_TIME):
        part = slice(first, first + AT_A_TIME)
        total = np.zeros(x[part].shape[:2])
        squares = np.zeros_like(total)
        slope = np.zeros(x[part].shape)
        for member in members:
            out, along = with_slopes(member.network, (x[part] - member.mean) / member.spread)
            total += out
            squares += np.square(out, dtype=np.float64)
            slope += along / member.spread
        n = len(members)
        said.mean[part] = total / n
        said.structural[part] = np.sqrt(np.maximum(squares - total * total / n, 0) / max(n - 1, 1))
        said.data[part] = np.sqrt(np.sum(np.square(slope / n * noise[part]), axis=-1))
    return said


def in_blocks(rows: F4) -> F4:
    """Rows (row, …) as blocks (block, BLOCK, …), zeros behind the last."""
    blocks = -(-len(rows) // BLOCK)
    out = np.zeros((blocks * BLOCK, *rows.shape[1:]), np.float32)
    out[: len(rows)] = rows
    return out.reshape(blocks, BLOCK, *rows.shape[1:])


def write_member(path: str, member: Member, about: About) -> None:
    """Write one file."""
    arrays = {name: getattr(member, name) for name in ("mean", "spread", "low", "high", "losses")}
    network = {"flat": member.network.flat, "sizes": np.array(member.network.sizes, np.int32)}
    write_network(path, KIND, {**network, "inputs": np.array(member.inputs), **arrays}, about)


def read_members(paths: Sequence[str]) -> list[Member]:
    """Members in the order of the paths."""
    return [_read(path) for path in paths]


def _read(path: str) -> Member:
    arrays = read_network(path, KIND).arrays
    network = Network(tuple(arrays.pop("sizes").tolist()), arrays.pop("flat"))
    return Member(network, tuple(map(str, arrays.pop("inputs"))), **arrays)
