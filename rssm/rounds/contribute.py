"""The job that tests what inputs contribute: by how much noise in each makes all networks err more, in sampled zones.

Subnetworks are those of the control, the data those that it learnt from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rssm.cubes.cube import Cube, read_zone
from rssm.draws import seed_key
from rssm.networks import store
from rssm.networks.importance import noise_growth, shares
from rssm.networks.samples import gather, with_steps
from rssm.networks.subnetworks import Subnetworks
from rssm.rounds.specs import ContributeSpec, ProbedNetwork
from rssm.tsv import write_tsv

COLUMNS = ("network", "zone", "points", "input", "share", "growth")


def contribute(
    tile: str, networks: Sequence[str], cubes: Sequence[str], spec: ContributeSpec, out: Sequence[str]
) -> None:
    """Write share and growth of the squared error ((m³ m⁻³)²) of each input, network by network.

    networks  files of subnetworks, in the order of the specification
    cubes     of all inputs and targets
    """
    files = dict(zip((network.name for network in spec.networks), networks, strict=True))
    rows = [row for zone in spec.zones for row in _of_zone(zone, files, cubes, spec)]
    write_tsv(out[0], COLUMNS, rows)


def _of_zone(
    zone: str, files: Mapping[str, str], cubes: Sequence[str], spec: ContributeSpec
) -> Iterator[tuple[str, str, int, str, str, str]]:
    read = {Path(path).parent.name: read_zone(path, zone) for path in cubes}
    for network in spec.networks:
        stored = store.read(files[network.name])
        subnetworks = stored.subnetworks.control(stored.zones.index(zone))
        if not subnetworks.usable.any():
            continue
        own = {cube.variable: cube for name in network.cubes for cube in read[name]}
        yield from _of_network(network, zone, own, subnetworks, spec.seed)


def _of_network(
    network: ProbedNetwork, zone: str, own: Mapping[str, Cube], subnetworks: Subnetworks, seed: int
) -> Iterator[tuple[str, str, int, str, str, str]]:
    samples = gather([own[name] for name in network.inputs], with_steps(own, network.targets))
    key = seed_key(seed, "contributions", network.name, zone)
    growth = noise_growth(subnetworks, samples.x, samples.y[0], samples.offsets, key)
    for name, share, grown in zip(network.inputs, shares(growth)[0], growth[0], strict=True):
        yield network.name, zone, samples.y.shape[1], name, f"{share:.6g}", f"{grown:.6g}"
