"""Ensembles run on cells: with a state carried from day to day, or every day from a window of its own.

Cells run in blocks of a fixed number, and every cell has its place in one whatever tile it came in with, because the
last bits of a product of matrices may depend on its shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.nets.ealstm import Runner
from rssm.somo.members import BLOCK, Member
from rssm.somo.specs import Way

F4 = NDArray[np.float32]
SIDE = 8  # pixels of a square block of the map: BLOCK of them


@dataclass(frozen=True)
class Blocks:
    """Where cells stand: (cell,) numbers of a block and of a place in it."""

    block: NDArray[np.intp]
    place: NDArray[np.intp]

    @property
    def count(self) -> int:
        return int(self.block.max()) + 1 if self.block.size else 0

    def laid(self, values: F4, fill: float) -> F4:
        """Values (…, cell) as (…, block, place); empty places hold `fill`."""
        out = np.full((*values.shape[:-1], self.count, BLOCK), fill, np.float32)
        out[..., self.block, self.place] = values
        return out

    def taken(self, values: F4) -> F4:
        """(…, cell) of (…, block, place)."""
        return values[..., self.block, self.place]


def squares(pixel: NDArray[np.integer], columns: int) -> Blocks:
    """Blocks of a map: squares of 8 × 8 pixels of the whole grid, so that tiles of any size share them."""
    row, column = np.divmod(np.asarray(pixel, np.int64), columns)
    square = row // SIDE * (columns // SIDE + 1) + column // SIDE
    return Blocks(np.unique(square, return_inverse=True)[1], row % SIDE * SIDE + column % SIDE)


def in_order(cells: int) -> Blocks:
    """Blocks of a list of cells."""
    block, place = np.divmod(np.arange(cells), BLOCK)
    return Blocks(block, place)


State = dict[tuple[int, int], tuple[F4, F4]]  # (layer, member) → h and c (unit, cell)


def run_state(members: Sequence[Member], dynamic: F4, statics: F4, blocks: Blocks, state: State) -> F4:
    """(member, cell, day) m³ m⁻³ of a layer, from `state` on, which is renewed; members that it lacks start empty.

    dynamic  (dynamic, cell, day)
    statics  (static, cell)
    """
    cells, days = dynamic.shape[1:]
    out = np.empty((len(members), cells, days), np.float32)
    for at, member in enumerate(members):
        x = blocks.laid(member.scales.dynamic(dynamic).transpose(2, 0, 1), np.nan)  # (day, dynamic, block, place)
        gate = blocks.laid(member.gate_inputs(statics), 0)
        key, empty = (member.layer, member.member), np.zeros((member.net.units, cells), np.float32)
        h, c = (blocks.laid(part, 0) for part in state.get(key, (empty, empty)))
        y = np.empty((days, blocks.count, BLOCK), np.float32)
        for block in range(blocks.count):
            runner = Runner(member.net, np.ascontiguousarray(gate[:, block]))
            runner.hidden[:], runner.memory[:] = h[:, block], c[:, block]
            y[:, block] = runner.run(np.ascontiguousarray(x[:, :, block]))
            h[:, block], c[:, block] = runner.hidden, runner.memory
        state[key] = blocks.taken(h), blocks.taken(c)
        out[at] = member.scales.moisture(blocks.taken(y).T)
    return out


def run_windows(members: Sequence[Member], dynamic: F4, statics: F4, blocks: Blocks, window: int, days: int) -> F4:
    """(member, cell, day) of the last `days`, each from a window that ends with it; shorter where forcing begins later."""
    total = dynamic.shape[2]
    out = []
    for day in range(total - days + 1, total + 1):
        stretch = dynamic[:, :, max(0, day - window) : day]
        out.append(run_state(members, stretch, statics, blocks, {})[:, :, -1])
    return np.stack(out, axis=2)


def run_layers(
    ensembles: dict[int, list[Member]],
    forcing: F4,
    statics: F4,
    blocks: Blocks,
    state: State,
    way: Way,
    window: int,
    days: int,
) -> dict[int, F4]:
    """Layer → (member, cell, day) of the last `days`; every layer gets the mean of the layers above.

    forcing  (dynamic, cell, day); with windows, those of the days before too, as far as there are any
    """
    out: dict[int, F4] = {}
    means: list[F4] = []
    for layer, members in ensembles.items():
        if way == "state":
            found = run_state(members, np.stack([*forcing, *means]), statics, blocks, state)
        else:  # layers below need the windows' own days of this one
            reach = min(forcing.shape[2], days + (len(ensembles) - layer) * (window - 1))
            past = [
                np.pad(mean, ((0, 0), (forcing.shape[2] - mean.shape[1], 0)), constant_values=np.nan) for mean in means
            ]
            found = run_windows(members, np.stack([*forcing, *past]), statics, blocks, window, reach)
        out[layer] = found[:, :, -days:]
        means.append(found.mean(axis=0, dtype=np.float64).astype(np.float32))
    return out
