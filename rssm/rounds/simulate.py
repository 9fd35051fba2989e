"""Simulation: each pixel and dekad of a substep gets the estimate of its best-ranked subnetwork."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.cubes.cube import Cube, read_cubes
from rssm.networks import store
from rssm.networks.kernels.codes import Status
from rssm.rounds.chains import by_chain, during, estimates, seen
from rssm.rounds.collocate import collocate
from rssm.rounds.estimates import FALLBACK, NO_SKILL, OUTSIDE, Estimates, write_estimates
from rssm.rounds.specs import SimulateSpec


def simulate(
    substep: str, tile: str, networks: Sequence[str], cubes: Sequence[str], spec: SimulateSpec, out: Sequence[str]
) -> None:
    """Simulate a substep in a tile and write its estimates.

    networks  network files, best rank first
    cubes     cubes of everything these networks need
    """
    stored = [store.read(path) for path in networks]
    variables = {cube.variable: cube for path in cubes for cube in read_cubes(path)}
    if spec.seed is not None:
        steps = np.arange(spec.span[0], spec.span[1] + 1)
        needed = (during(cube, steps) if name in spec.errors else cube for name, cube in variables.items())
        variables = seen(needed, spec.errors, spec.seed, len(stored[0].subnetworks.status))
    found = simulated(stored, variables, spec)
    write_estimates(out[0], replace(found, tally=tally(stored, found)))


def simulated(
    networks: Sequence[store.Stored],
    variables: Mapping[str, Cube],
    spec: SimulateSpec,
    apply: Callable[..., tuple[NDArray[np.float32], NDArray[np.float32]]] = estimates,
) -> Estimates:
    """Estimates of a substep from its networks and the cubes of their inputs, by variable; cubes may have chains.

    apply  how subnetworks become estimates: experiments pass that of another learner
    """
    some = next(iter(variables.values()))
    steps = np.arange(spec.span[0], spec.span[1] + 1)
    inputs = [network.inputs for network in spec.networks]
    columns = list(dict.fromkeys(name for names in inputs for name in names))
    data = {name: variables[name].at(steps, DEKADS) for name in columns}  # (pixel, dekad), or (chain, pixel, dekad)
    control = [values if values.ndim == 2 else values[0] for values in data.values()]
    needs = np.array([[name in names for name in columns] for names in inputs])
    zone = np.repeat(np.arange(len(some.zones)), np.diff(some.zone_start))
    exists = np.stack([network.subnetworks.usable[0][zone] for network in networks])  # as with one chain
    skilled = np.stack([network.subnetworks.status[0][zone] != Status.NO_SKILL for network in networks])
    choice = collocate(np.isfinite(np.stack(control)), needs, exists, skilled)

    chains = networks[0].subnetworks.status.shape[0]
    value = np.full((chains, some.pixel.size, steps.size), np.nan, np.float32)
    flags = (FALLBACK * choice.fallback + NO_SKILL * choice.no_skill).astype(np.uint8)
    for rank, (network, names) in enumerate(zip(networks, inputs, strict=True)):
        pixel, dekad = np.nonzero(choice.network == rank)
        if pixel.size:
            x = by_chain([data[name][..., pixel, dekad] for name in names])
            value[:, pixel, dekad], beyond = apply(network.subnetworks, x, zone[pixel], spec.extrapolation)
            flags[pixel, dekad] |= np.where(beyond > 0, np.uint8(OUTSIDE), np.uint8(0))
    return Estimates(
        value=value,
        network=choice.network,
        flags=flags,
        merged=np.zeros(choice.network.shape, np.uint8),
        names=tuple(network.name for network in spec.networks),
        mse=np.stack([network.subnetworks.rmse[0, :, 2] ** 2 for network in networks]),
        step=steps.astype(np.int32),
        pixel=some.pixel,
        zones=some.zones,
        zone_start=some.zone_start,
    )


def tally(networks: Sequence[store.Stored], found: Estimates) -> dict[str, NDArray]:
    """What is reported of each subnetwork (`rssm.rounds.estimates.TALLY`), all (network, zone); scores are the control's."""
    shape = found.mse.shape
    place = found.network.astype(np.int64) * shape[1] + found.zone_of_pixel()[:, None]

    def count(where: NDArray[np.bool_]) -> NDArray[np.int32]:
        return np.bincount(place[where], minlength=shape[0] * shape[1]).reshape(shape).astype(np.int32)

    some = found.network >= 0
    trained = [network.subnetworks for network in networks]
    return {
        "status": np.stack([subnetworks.status[0] for subnetworks in trained]),
        "points": np.stack([subnetworks.points[0].sum(axis=-1, dtype=np.int32) for subnetworks in trained]),
        "r2": np.stack([subnetworks.r2[0, :, 2] for subnetworks in trained]),
        "estimates": count(some),
        "fallbacks": count(some & (found.flags & FALLBACK > 0)),
        "no_skill": count(some & (found.flags & NO_SKILL > 0)),
        "outside": count(some & (found.flags & OUTSIDE > 0)),
    }
