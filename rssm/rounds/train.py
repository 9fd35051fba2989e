"""The training job: cubes of a tile in, the subnetworks of one network out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rssm.cubes import read_cubes
from rssm.networks import store
from rssm.networks.fit import checked, fit
from rssm.networks.kernels.processor import choose_processor
from rssm.networks.samples import gather, with_steps


def train(network: str, tile: str, cubes: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Train a network in a tile and write its subnetworks.

    cubes    of inputs and targets
    spec     inputs, targets [[name, [[first, last], …]], …] best first, training (settings), seed, chains; with several chains
             the errors of the inputs as `rssm.rounds.chains.seen` takes them
    """
    settings = checked(spec["training"])
    choose_processor(settings.cpu)
    read = {cube.variable: cube for path in cubes for cube in read_cubes(path)}
    inputs = [read[name] for name in spec["inputs"]]
    taught = with_steps(read, spec["targets"])
    name, seed, chains, zones = spec["network"], spec["seed"], spec["chains"], inputs[0].zones
    if chains == 1:
        subnetworks = fit(gather(inputs, taught), zones, name, settings, seed)
    else:
        from rssm.rounds.chains import lessons, trained  # a slower start: not for nothing in thousands of jobs

        own, taught = lessons(inputs, taught, spec["errors"], seed, chains)
        subnetworks = trained(inputs, own, taught, name, settings, seed, chains)
    attributes = {"network": network, "tile": tile, "seed": seed, "settings": json.dumps(spec["training"])}
    store.write(out[0], subnetworks, spec["inputs"], zones, attributes)
