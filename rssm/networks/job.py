"""The training job: cubes of a tile in, the subnetworks of one network out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.cubes import Cube, read_cube, read_cubes
from rssm.networks.hashing import seed_key
from rssm.networks.samples import Samples, gather
from rssm.networks.split import split_labels
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.target import choose_target


def train(
    network: str, tile: str, cubes: Sequence[str], targets: Sequence[str], spec: dict[str, Any], out: Sequence[str]
) -> None:
    """Train a network in a tile and write its subnetworks.

    cubes    of the inputs; targets, best first
    spec     inputs, targets [[name, [[first, last], …]], …], training (settings), seed, chains
    """
    settings = Training.model_validate(spec["training"])
    choose_target(settings.cpu)  # before numba is imported, below
    from rssm.networks import store

    read = {cube.variable: cube for path in cubes for cube in read_cubes(path)}
    inputs = [read[name] for name in spec["inputs"]]
    samples = gather(inputs, _with_steps([read_cube(path) for path in targets], spec["targets"]))
    subnetworks = fit(samples, inputs[0].zones, spec["network"], settings, spec["seed"], spec["chains"])
    attributes = {"network": network, "tile": tile, "seed": spec["seed"], "settings": settings.model_dump_json()}
    store.write(out[0], subnetworks, spec["inputs"], inputs[0].zones, attributes)


def _with_steps(cubes: Sequence[Cube], targets: Sequence[Any]) -> list[tuple[Cube, NDArray[np.int64]]]:
    """Each target with the dekads in which it teaches."""
    spans = [[np.arange(first, last + 1) for first, last in runs] for _, runs in targets]
    return [(cube, np.concatenate(parts).astype(np.int64)) for cube, parts in zip(cubes, spans, strict=True)]


def fit(
    samples: Samples, zones: Sequence[str], network: str, settings: Training, seed: int, chains: int
) -> Subnetworks:
    """Subnetworks of all zones and chains of a network."""
    from rssm.networks.train import train_block

    labels = split_labels(samples.row, samples.column, samples.dekad, settings.split, seed)
    keys = np.array([[seed_key(seed, chain, network, zone) for zone in zones] for chain in range(chains)], np.uint64)
    y = np.broadcast_to(samples.y, (chains, samples.y.shape[1])) if chains > 1 else samples.y
    return train_block(samples.x, y, samples.offsets, labels, keys, settings)
