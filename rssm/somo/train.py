"""Training of a layer's network, layer by layer: the layers above enter as they are simulated, not as measured."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.draws import mix, seed_key, uniform
from rssm.errors import InputError
from rssm.nets.adam import Adam
from rssm.nets.ealstm import EaLstm, Memory, backward, forward, initial
from rssm.somo.lessons import Batch, Lesson, Sampler, lesson
from rssm.somo.members import Member
from rssm.somo.site_files import Sites, read_above, read_sites, read_targets, within
from rssm.somo.specs import NetworkSpec, TrainSpec

F4 = NDArray[np.float32]
TRACED = 2**17  # days of all sequences whose trace is held at once: 400 MB with 128 units
PARTS = 20  # of training, whose mean losses are kept


def somo_train(
    layer: str,
    member: str,
    targets: Sequence[str],
    sites: Sequence[str],
    above: Sequence[str],
    spec: TrainSpec,
    out: Sequence[str],
) -> None:
    """Train a member of a layer's ensemble.

    targets  of the layer
    above    simulations of all layers above at the sites
    """
    cells = read_sites(sites[0])
    measured = within(read_targets(targets[0], cells), cells.days, spec.days)
    wet = read_above(above, int(layer), cells)
    trained(cells, wet, measured, int(layer), int(member), spec.network).write(out[0])


def trained(
    cells: Sites, above: F4, measured: F4, layer: int, member: int, network: NetworkSpec, name: str = ""
) -> Member:
    """A member.

    above     (layer above, site, day) m³ m⁻³
    measured  (site, day) targets that may be learnt from, NaN elsewhere; days without one in no cell are not looked at
    name      tells networks of one layer and member apart, as those of cross-validation
    """
    target = (
        measured if network.target == "stations" else np.where(np.isfinite(measured), cells.soil[layer - 1], np.nan)
    )
    dynamic = np.concatenate([cells.forcing, above])
    taught = lesson(dynamic, cells.statics, target.astype(np.float32), network.epsilon, network.statics)
    key = seed_key(network.seed, "somo", layer, member, name)
    net, losses = learn(taught, network, key)
    names = (*cells.dynamic, *(f"layer{n}" for n in range(1, layer)))
    return Member(layer, member, names, cells.static, network.statics, net, taught.scales, losses)


def learn(taught: Lesson, network: NetworkSpec, key: int) -> tuple[EaLstm, F4]:
    """A network that has learnt, and its mean loss in parts of training."""
    dynamic, static = taught.x.shape[2], len(taught.statics)
    draw = uniform(mix(key, 2, np.arange((dynamic + static + 1) * 3 * network.units)))
    net = initial(dynamic, static, network.units, network.forget_bias, network.forget_cap, draw)
    sampler, adam = Sampler.of(taught.y, network, key), Adam(list(net.arrays.values()), network.rates[0], epsilon=1e-8)
    updates, memory = sampler.updates, Memory()
    ends = empty = (np.zeros((network.units, network.batch), np.float32),) * 2
    losses = np.zeros(updates, np.float32)
    for update in range(updates):
        batch, kept = sampler.batch(update), sampler.kept(update, network.units)
        part = update * len(network.rates) // updates
        start = sampler.start(update, ends if part else empty)  # at first a state says nothing yet
        losses[update], gradients, ends = slope(net, taught, batch, kept, start, memory)
        shorten(gradients, network.norm)
        adam.step([gradients[name] for name in net.arrays], network.rates[part])
        if not np.isfinite(losses[update]):
            raise InputError("Training went out of bounds: a loss is not a number. Lower network.rates.")
    parts = np.array([part.mean() for part in np.array_split(losses, min(PARTS, updates))], np.float32)
    print(f"{updates} updates, loss {parts[0]:.4f} to {parts[-1]:.4f}", file=sys.stderr)
    return net, parts


def slope(
    net: EaLstm, taught: Lesson, batch: Batch, kept: F4, start: tuple[F4, F4], memory: Memory | None = None
) -> tuple[float, dict[str, F4], tuple[F4, F4]]:
    """Loss of a batch, mean[(ŷ − y)² / (std + ε)²], its gradients, and the states at its end.

    Some sequences run at a time, for memory's sake.
    """
    days = batch.first[:, None] + np.arange(batch.steps)
    y = taught.y[batch.site[:, None], days[:, -batch.scored :]].T  # (step, sequence)
    there = np.isfinite(y)
    share = taught.weight[batch.site] / max(1, int(np.count_nonzero(there)))
    columns = max(32, TRACED // batch.steps // 32 * 32)
    loss, total = 0.0, {name: np.zeros_like(array) for name, array in net.arrays.items()}
    ends = np.empty_like(start[0]), np.empty_like(start[1])
    for at in range(0, batch.site.size, columns):
        part = slice(at, at + columns)
        x = np.ascontiguousarray(taught.x[batch.site[part, None], days[part]].transpose(1, 2, 0))
        statics, keep = np.ascontiguousarray(taught.statics[:, batch.site[part]]), np.ascontiguousarray(kept[:, part])
        first = start[0][:, part], start[1][:, part]
        output, trace = forward(net, x, statics, keep, batch.steps - batch.scored, first, memory)
        ends[0][:, part], ends[1][:, part] = trace.hidden[-1], trace.cell[-1]
        error = np.where(there[:, part], output - y[:, part], 0)
        weighted = error * share[part]
        loss += float((error * weighted).sum())
        for name, gradient in backward(net, trace, statics, (2 * weighted).astype(np.float32), keep).items():
            total[name] += gradient
    return loss, total, ends


def shorten(gradients: dict[str, F4], most: float) -> None:
    """Shrink gradients in place where all together are longer than `most`."""
    length = float(np.sqrt(sum(float(np.square(part, dtype=np.float64).sum()) for part in gradients.values())))
    if length > most:
        for part in gradients.values():
            part *= np.float32(most / length)
