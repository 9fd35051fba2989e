"""The training job: cubes of a tile in, the subnetworks of one network out."""

from __future__ import annotations

from collections.abc import Sequence

from rssm.cubes.cube import read_cubes
from rssm.networks import store
from rssm.networks.fit import fit
from rssm.networks.kernels.processor import choose_processor
from rssm.networks.samples import gather, with_steps
from rssm.rounds.specs import TrainSpec
from rssm.spec import canonical


def train(network: str, tile: str, cubes: Sequence[str], spec: TrainSpec, out: Sequence[str]) -> None:
    """Train a network in a tile and write its subnetworks; `cubes` are those of its inputs and targets."""
    settings = spec.training
    choose_processor(settings.cpu)
    read = {cube.variable: cube for path in cubes for cube in read_cubes(path)}
    inputs = [read[name] for name in spec.inputs]
    taught = with_steps(read, spec.targets)
    name, seed, chains, zones = spec.network, spec.seed, spec.chains, inputs[0].zones
    if chains == 1:
        subnetworks = fit(gather(inputs, taught), zones, name, settings, seed, products=spec.predictors)
    else:
        from rssm.rounds.chains import lessons, trained  # a slower start: not for nothing in thousands of jobs

        own, taught = lessons(inputs, taught, spec.errors, seed, chains)
        subnetworks = trained(inputs, own, taught, name, settings, seed, chains, spec.predictors)
    attributes: dict[str, str | int] = {"network": network, "tile": tile, "seed": seed, "settings": canonical(settings)}
    store.write(out[0], subnetworks, spec.inputs, zones, attributes)
