"""Training: one member of a branch, from drawn weights or, as transfer, from another branch's member.

Mean squared error, Adam, minibatches; no early stop, the last epoch is kept. The order of rows is a hash of the member and
the epoch, over rows that stand in the order of pixel and step: the same bits whatever tiles they came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi

import numpy as np
from numpy.typing import NDArray

from rssm.casm.members import Member, in_blocks, read_members, write_member
from rssm.casm.samples import LEARNT, Samples, read_samples
from rssm.casm.specs import TrainSpec
from rssm.draws import mix, seed_key
from rssm.errors import InputError
from rssm.nets.adam import Adam
from rssm.nets.mlp import Gradient, Network, drawn, predict

FEWEST = 100  # rows that make a network


def casm_train(
    branch: str, member: str, samples: Sequence[str], start: Sequence[str], spec: TrainSpec, out: Sequence[str]
) -> None:
    """Write a member of a branch.

    samples  of all tiles
    start    the network that it starts from, or nothing
    """
    rows = read_samples(samples, LEARNT)
    learnt = int(np.count_nonzero(rows.held_out == 0))
    if learnt < FEWEST:
        raise InputError(
            f"branch {branch}: {learnt} rows to learn from, and {FEWEST} are needed. Sensor and target must have values in"
            " the same steps: check their archives and spans, or raise the share of rows."
        )
    trained = train(rows, spec, f"{branch}-{member}", read_members(start)[0] if start else None)
    write_member(out[0], trained, {"branch": branch, "member": member, "rows": learnt, "transferred": len(start)})


def train(rows: Samples, spec: TrainSpec, name: str, start: Member | None = None) -> Member:
    """A member from all rows that are not held out; `name` seeds its weights and the order of its rows."""
    columns = [rows.inputs.index(each) for each in spec.inputs]
    mean, spread = (each[columns] for each in rows.scaler)
    learns = rows.held_out == 0
    x = rows.x[learns][:, columns]
    low, high = x.min(axis=0), x.max(axis=0)
    x -= mean  # in place: of the globe's rows no more copies are held than must be
    x /= spread
    network = _start(spec, name, start)
    losses = _descend(network, x, rows.y[learns], spec, seed_key(spec.seed, name, "order"))
    if np.isnan(losses[-1]):
        raise InputError(f"network {name}: training diverged. Lower its learning rate.")
    others = (rows.x[~learns][:, columns] - mean) / spread
    unseen = rows.y[~learns] - predict(network, in_blocks(others)).ravel()[: len(others)]
    losses.append(float(np.mean(np.square(unseen, dtype=np.float64))) if unseen.size else np.nan)
    return Member(network, spec.inputs, mean, spread, low, high, np.array(losses))


def _start(spec: TrainSpec, name: str, start: Member | None) -> Network:
    """Weights before training."""
    sizes = (len(spec.inputs), *spec.hidden, 1)
    if start is None:
        return drawn(sizes, seed_key(spec.seed, name, "weights"))
    if start.network.sizes != sizes:
        raise InputError(
            f"network {name}: starts from one of layers {start.network.sizes}, expected {sizes}: branches that hand"
            " weights on need the same layers and as many inputs."
        )
    return Network(sizes, start.network.flat.copy())


def _descend(
    network: Network, x: NDArray[np.float32], y: NDArray[np.float32], spec: TrainSpec, key: int
) -> list[float]:
    """Change a network's weights by Adam; the mean squared error of each epoch."""
    gradient = Gradient(network, min(spec.batch, len(y)), spec.frozen)
    adam = Adam([network.flat[network.start_of(spec.frozen) :]], spec.rate)
    steps, losses = spec.epochs * -(-len(y) // spec.batch), []
    for epoch in range(spec.epochs):
        order = np.argsort(mix(key, epoch, np.arange(len(y))), kind="stable")
        total = 0.0
        for first in range(0, len(y), spec.batch):
            rows = order[first : first + spec.batch]
            total += gradient.of(x[rows], y[rows]) * len(rows)
            adam.step([gradient.values], _rate(spec, adam.steps / steps))
        losses.append(total / len(y))
    return losses


def _rate(spec: TrainSpec, done: float) -> float:
    """Rate after a share of all steps."""
    return spec.rate * (1 + cos(pi * done)) / 2 if spec.decay else spec.rate
