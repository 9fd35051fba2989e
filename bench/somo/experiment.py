"""A toy world, its networks and their rivals: scores where and when nothing was learnt, and what becomes of another start."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.somo.rivals import RIVALS
from bench.somo.world import World, make
from rssm.config.toy import WorldKind
from rssm.somo.apart import left_out
from rssm.somo.members import Member
from rssm.somo.run import in_order, run_state
from rssm.somo.scores import anomalies, correlation
from rssm.somo.site_files import Sites
from rssm.somo.site_simulate import simulated
from rssm.somo.specs import NetworkSpec, SplitSpec
from rssm.somo.train import trained
from rssm.validation.stations.places import CLIMATES

F4 = NDArray[np.float32]
Bools = NDArray[np.bool_]
SPLIT = SplitSpec("both", folds=4, block=5.0, buffer=1.0, seed=1)
LAST = 3  # the fold whose years are the last
NETWORK = NetworkSpec(
    way="state", units=32, dropout=0.0, forget_bias=5.0, forget_cap=0.99, epochs=0, least_updates=750,
    rates=(1e-2, 5e-3, 1e-3), batch=64, norm=1.0, epsilon=0.1, window=365, years=(0.5, 1.5), statics=True,
    target="stations", seed=1,
)  # fmt: skip
WINDOWS = replace(NETWORK, way="windows", batch=256)  # as published
ABLATIONS = {
    "no_statics": replace(NETWORK, statics=False),
    "taught_by_model": replace(NETWORK, target="model"),
    "windows_by_windows": WINDOWS,
}  # of one member, in the first layer: to be compared with `one_member`
JUDGED_DAYS = 731  # at the end of the record
START = 366  # days after which the second run starts


class Row(NamedTuple):
    """Scores of a method in a cell."""

    world: str
    seed: int
    layer: int
    method: str
    block: str
    cell: int
    r: float
    anomaly_r: float
    ubrmse: float


class Apart(NamedTuple):
    """How far two runs that start a year apart are from each other in a year, m³ m⁻³ (root mean square).

    climate  Köppen class, or `all`
    year     after the later start, from 1 on
    mean     of the members' mean, which is the data set
    single   of the worst member by itself
    cell     of the members' mean in the worst cell
    """

    world: str
    seed: int
    layer: int
    climate: str
    cells: int
    year: int
    mean: float
    single: float
    cell: float


class Apportioned(NamedTuple):
    """What is held out of a world: (site,) that judge, (day,) on which they do, (site,) of which nothing is learnt."""

    held: Bools
    span: Bools
    shut: Bools


def apportioned(world: World) -> Apportioned:
    """The blocks and years that judge."""
    sites = world.sites
    return Apportioned(*left_out(SPLIT, LAST, sites.place, [""] * sites.pixel.size, sites.days))


def taught(world: World, layer: int) -> F4:
    """Targets (site, day) of a layer that may be learnt from, NaN elsewhere."""
    _, span, shut = apportioned(world)
    return np.where(shut[:, None] | span, np.float32(np.nan), world.targets[layer - 1])


def ensembles(world: World, layers: int, members: int, lessons: Callable[[World, int], F4]) -> list[list[Member]]:
    """Networks of each layer; those below learn from the mean of those above."""
    found: list[list[Member]] = []
    above = nothing_above(world.sites)
    for layer in range(1, layers + 1):
        target = lessons(world, layer)
        found.append([trained(world.sites, above, target, layer, n, NETWORK) for n in range(members)])
        if layer < layers:
            above = np.concatenate([above, simulated(found[-1], world.sites, above, "state", 365)[0][None]])
    return found


def nothing_above(sites: Sites) -> F4:
    """What the first layer is given of the layers above it."""
    return np.empty((0, *sites.forcing.shape[1:]), np.float32)


def carried(sites: Sites, networks: Sequence[Sequence[Member]]) -> list[F4]:
    """Of each layer (member, site, day), all from an empty memory on the first day."""
    dynamic, blocks, found = sites.forcing, in_order(sites.pixel.size), []
    for members in networks:
        found.append(run_state(members, dynamic, sites.statics, blocks, {}))
        dynamic = np.concatenate([dynamic, found[-1].mean(axis=0)[None]])
    return found


@lru_cache(maxsize=1)
def _known(kind: WorldKind, seed: int, layers: int, members: int) -> list[list[Member]]:
    return ensembles(make(kind, seed), layers, members, taught)


def experiment(
    kind: WorldKind, seed: int, layers: int, members: int, methods: Collection[str]
) -> tuple[list[Row], list[Apart]]:
    """Scores in a world of networks, rivals, and those ablations that are among `methods`; runs from two starts.

    The drought of world `drift` begins after all that is learnt: its networks are those of `paper`.
    """
    world = make(kind, seed)
    networks = _known("paper" if kind == "drift" else kind, seed, layers, members)
    early, late = carried(world.sites, networks), carried(later(world.sites), networks)
    rows: list[Row] = []
    for layer in range(1, layers + 1):
        found = {name: rival(world, layer, taught(world, layer)) for name, rival in RIVALS.items()}
        found["network"], found["one_member"] = early[layer - 1].mean(axis=0), early[layer - 1][0]
        if layer == 1:
            found |= {name: _ablated(world, name) for name in ABLATIONS if name in methods}
        for name, values in found.items():
            rows += _scores(values, world, (kind, seed, layer, name))
    return rows, list(apart([values[:, :, START:] for values in early], late, world.climate, kind, seed))


def _ablated(world: World, name: str) -> F4:
    """The first layer by a single network that differs in one thing, where and when it is judged."""
    network, above, held = ABLATIONS[name], nothing_above(world.sites), apportioned(world).held
    member = trained(world.sites, above, taught(world, 1), 1, 0, network)
    since = JUDGED_DAYS + network.window - 1 if network.way == "windows" else world.sites.forcing.shape[2]
    few = replace(
        world.sites, pixel=world.sites.pixel[held], forcing=world.sites.forcing[:, held, -since:],
        statics=world.sites.statics[:, held], soil=world.sites.soil[:, held, -since:],
    )  # fmt: skip
    values = np.full(world.truth.shape[1:], np.nan, np.float32)
    values[held, -since:] = simulated([member], few, nothing_above(few), network.way, network.window)[0]
    return values


def later(sites: Sites) -> Sites:
    """The same forcing from a year later on."""
    return replace(sites, forcing=sites.forcing[:, :, START:])


def apart(early: Sequence[F4], late: Sequence[F4], climate: NDArray[np.uint8], kind: str, seed: int) -> Iterator[Apart]:
    """How far two runs (member, site, day) of each layer are apart by climate and year."""
    for layer, (one, two) in enumerate(zip(early, late, strict=True), 1):
        single = (one - two).astype(np.float64)
        mean = single.mean(axis=0)
        places = {CLIMATES[number - 1]: climate == number for number in np.unique(climate)}
        for name, cells in {"all": np.ones(climate.size, bool), **places}.items():
            for year in range(mean.shape[1] // 365):
                days = slice(365 * year, 365 * year + 365)
                cell = np.sqrt((mean[cells, days] ** 2).mean(axis=1)).max()
                alone = np.sqrt((single[:, cells, days] ** 2).mean(axis=(1, 2))).max()
                all_cells = np.sqrt((mean[cells, days] ** 2).mean())
                yield Apart(
                    kind, seed, layer, name, int(cells.sum()), year + 1, float(all_cells), float(alone), float(cell)
                )


def _scores(values: F4, world: World, said: tuple[str, int, int, str]) -> list[Row]:
    lat, lon = world.sites.place
    held, span, _ = apportioned(world)
    rows = []
    for cell in np.flatnonzero(held):
        a, b = (each[cell, span].astype(np.float64) for each in (values, world.truth[said[2] - 1]))
        pair = (anomalies(one, 35, 10) for one in (a, b))
        block = f"{lat[cell] // SPLIT.block:g} {lon[cell] // SPLIT.block:g}"
        rows.append(Row(*said, block, int(cell), correlation(a, b), correlation(*pair), float((a - b).std())))
    return rows
