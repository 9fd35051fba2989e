"""Simulation: each pixel and dekad of a substep gets the estimate of its best-ranked subnetwork."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.cubes import Cube, read_cubes
from rssm.networks import store
from rssm.rounds.chains import estimates
from rssm.rounds.collocate import collocate
from rssm.rounds.estimates import FALLBACK, OUTSIDE, Estimates, write_estimates


def simulate(
    substep: str, tile: str, networks: Sequence[str], cubes: Sequence[str], spec: dict[str, Any], out: Sequence[str]
) -> None:
    """Simulate a substep in a tile and write its estimates.

    networks  network files, best rank first
    cubes     cubes of everything these networks need
    spec      span [first, last]; networks [[name, number of predictors, inputs], …]; extrapolation
    """
    stored = [store.read(path) for path in networks]
    variables = {cube.variable: cube for path in cubes for cube in read_cubes(path)}
    write_estimates(out[0], simulated(stored, variables, spec))


def simulated(
    networks: Sequence[store.Stored],
    variables: Mapping[str, Cube],
    spec: dict[str, Any],
    apply: Callable[..., tuple[NDArray[np.float32], NDArray[np.float32]]] = estimates,
) -> Estimates:
    """Estimates of a substep from its networks and the cubes of their inputs, by variable; cubes may have chains.

    apply  how subnetworks become estimates: experiments pass that of another learner
    """
    some = next(iter(variables.values()))
    steps = np.arange(spec["span"][0], spec["span"][1] + 1)
    inputs = [tuple(names) for _, _, names in spec["networks"]]
    columns = list(dict.fromkeys(name for names in inputs for name in names))
    data = {name: variables[name].at(steps) for name in columns}  # (pixel, dekad), or (chain, pixel, dekad)
    control = [values if values.ndim == 2 else values[0] for values in data.values()]
    needs = np.array([[name in names for name in columns] for names in inputs])
    zone = np.repeat(np.arange(len(some.zones)), np.diff(some.zone_start))
    exists = np.stack([np.all(network.subnetworks.usable, axis=0)[zone] for network in networks])
    choice = collocate(np.isfinite(np.stack(control)), needs, exists)

    chains = networks[0].subnetworks.status.shape[0]
    value = np.full((chains, some.pixel.size, steps.size), np.nan, np.float32)
    flags = np.where(choice.fallback, np.uint8(FALLBACK), np.uint8(0))
    for rank, (network, names) in enumerate(zip(networks, inputs, strict=True)):
        pixel, dekad = np.nonzero(choice.network == rank)
        if pixel.size:
            x = np.stack(np.broadcast_arrays(*(data[name][..., pixel, dekad] for name in names)), axis=-2)
            value[:, pixel, dekad], beyond = apply(network.subnetworks, x, zone[pixel], spec["extrapolation"])
            flags[pixel, dekad] |= np.where(beyond > 0, np.uint8(OUTSIDE), np.uint8(0))
    return Estimates(
        value=value,
        network=choice.network,
        flags=flags,
        merged=np.zeros(choice.network.shape, np.uint8),
        names=tuple(name for name, _, _ in spec["networks"]),
        mse=np.stack([network.subnetworks.rmse[0, :, 2] ** 2 for network in networks]),
        step=steps.astype(np.int32),
        pixel=some.pixel,
        zones=some.zones,
        zone_start=some.zone_start,
    )
