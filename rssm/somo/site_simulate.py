"""A layer as its ensemble simulates it where cells teach: what the layers below learn from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.somo.members import Member, read_member
from rssm.somo.run import in_order, run_state, run_windows
from rssm.somo.site_files import Simulated, Sites, read_above, read_sites, write_simulated
from rssm.somo.specs import SiteSimulateSpec, Way


def somo_site_simulate(
    layer: str,
    networks: Sequence[str],
    sites: Sequence[str],
    above: Sequence[str],
    spec: SiteSimulateSpec,
    out: Sequence[str],
) -> None:
    """Write mean and spread of a layer's members in all sites.

    networks  the layer's members
    above     simulations of all layers above at the sites
    """
    cells, members = read_sites(sites[0]), sorted(map(read_member, networks), key=lambda each: each.member)
    if {each.layer for each in members} != {int(layer)}:
        raise InputError(f"Networks of other layers than {layer} are given.")
    mean, spread = simulated(members, cells, read_above(above, int(layer), cells), spec.way, spec.window)
    none = np.zeros(cells.pixel.size, bool), np.zeros(mean.shape[1], bool)
    taught = np.ones(cells.pixel.size, bool)
    write_simulated(out[0], Simulated(int(layer), cells.pixel, cells.days, mean, spread, none, taught), cells.grid_id)


def simulated(
    members: Sequence[Member], cells: Sites, above: NDArray[np.float32], way: Way, window: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of members (site, day), m³ m⁻³."""
    dynamic, blocks = np.concatenate([cells.forcing, above]), in_order(cells.pixel.size)
    if way == "state":
        values = run_state(members, dynamic, cells.statics, blocks, {})
    else:
        values = run_windows(members, dynamic, cells.statics, blocks, window, dynamic.shape[2])
    return mean_and_spread(values)


def mean_and_spread(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of members (member, …), n − 1 in the denominator; a single one has no spread: 0."""
    wide = values.astype(np.float64)
    mean = wide.mean(axis=0)
    spread = wide.std(axis=0, ddof=1) if len(values) > 1 else np.where(np.isnan(mean), np.nan, 0.0)
    return mean.astype(np.float32), spread.astype(np.float32)
