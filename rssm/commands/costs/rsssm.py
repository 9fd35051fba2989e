"""What a run of RSSSM costs. Unit costs were measured by bench/rounds.py (`make bench`)."""

from __future__ import annotations

from collections.abc import Sequence

from rssm.commands.costs.ground import CUBE_BYTES, CUBE_S_PER_VALUE, START_S, Amount, Costs, ingested, land, pixels
from rssm.workflow.rsssm.scope import RsssmScope

TRAIN_S = 0.011  # one subnetwork of 6 000 points
SIMULATE_S_PER_VALUE = 5e-7  # one pixel × dekad × chain of a substep
JOIN_S_PER_VALUE = 1.2e-7  # the same of a round
MATCH_S_PER_VALUE = 1.3e-6  # one pixel × dekad × chain of all products, matched and averaged
FUSE_S_PER_VALUE = 2e-7  # the same, fused with the rounds
FIT_S_PER_VALUE = 5.1e-6  # one pixel × dekad, fitted jointly: 0.3 s a zone of ten products and sixteen years
MOSAIC_S, MOSAIC_CHAIN_S = 0.9, 0.16  # one global map of a round, and each of its chains
TARGET_S, TARGET_CHAIN_S = 1.0, 0.6  # the same, screened and given its errors
SIM_BYTES, NOISY_BYTES = 0.65, 1.1  # a chain's pixel on disk: of SIM-n, and of SIM-nT, which carries errors
ESTIMATE_BYTES = 3.0  # a pixel × dekad × chain of estimates
FIT_BYTES = 4.5  # a pixel × dekad of the joint fit
SUBNETWORK_BYTES = 800.0
PRODUCT_S, PRODUCT_BYTES = 5.1, 3.1  # a global dekad of the data set in all formats, and its pixel on disk

OTHER_S = {  # jobs of which no run has many, on the demo: they only tell how far a run is
    "kernels": 29.0,
    "held_out_skill": 1.4,
    "stations": 3.0,
    "scores": 5.0,
    "triple": 3.0,
    "zarr": 3.0,
    "skill": 6.0,
    **dict.fromkeys(("quicklook", "station_map", "rival_figures", "efficiency_figure", "triple_map"), 2.0),
}


def amounts(scope: RsssmScope) -> dict[str, Amount]:
    """Amount of work of every rule, if everything is made once."""
    plan, chains, tiles = scope.plan, scope.run.chains, len(scope.tiles)
    zones, count = land(scope)
    learning = 0 if scope.parent else len(scope.networks)  # an extension takes over what was learnt
    subnetworks = learning * zones * chains
    simulated = sum(len(s.span) for s in plan.substeps) * count * chains
    joined = sum(len(plan.simulated(r)) for r in plan.rounds) * count * chains

    def per_tile(jobs: int, values: float, size: float, seconds: float) -> Amount:
        """Jobs that write a file for each tile; bytes and seconds of a value."""
        return Amount(jobs * tiles, jobs * tiles, values * size, jobs * tiles * START_S + values * seconds)

    steps = len(scope.dekads) * count * chains
    fitting = per_tile(1, len(scope.dekads) * count, FIT_BYTES, FIT_S_PER_VALUE)
    fusing = {
        "match": per_tile(1, steps, ESTIMATE_BYTES, MATCH_S_PER_VALUE),
        **({"fit_joint": fitting} if scope.fits_jointly else {}),
        "fuse": per_tile(1, joined, ESTIMATE_BYTES, FUSE_S_PER_VALUE),
        "mosaic_fused": _maps(scope, plan.rounds, SIM_BYTES, MOSAIC_S + chains * MOSAIC_CHAIN_S),
    }
    return {
        **ingested(scope),
        "cube": per_tile(len(scope.cubes), _cube_values(scope, count), CUBE_BYTES, CUBE_S_PER_VALUE),
        "train": per_tile(learning, subnetworks, SUBNETWORK_BYTES, TRAIN_S),
        "simulate": per_tile(sum(bool(s.span) for s in plan.substeps), simulated, ESTIMATE_BYTES, SIMULATE_S_PER_VALUE),
        "join": per_tile(sum(bool(plan.simulated(r)) for r in plan.rounds), joined, ESTIMATE_BYTES, JOIN_S_PER_VALUE),
        "mosaic": _maps(scope, plan.rounds, SIM_BYTES, MOSAIC_S + chains * MOSAIC_CHAIN_S),
        "target": _maps(
            scope, () if scope.parent else plan.rounds[:-1], NOISY_BYTES, TARGET_S + chains * TARGET_CHAIN_S
        ),
        **(fusing if scope.matched else {}),
    }


def _cube_values(scope: RsssmScope, land: int) -> int:
    """Numbers in all cubes; simulated targets have chains."""
    chains = scope.run.chains
    held = ((len(scope.steps(v, cube)), v) for cube, variables in scope.cubes.items() for v in variables)
    return sum(steps * land * (1 if v in scope.catalogue else chains) for steps, v in held)


def _maps(scope: RsssmScope, rounds: Sequence[str], size: float, seconds: float) -> Amount:
    """Jobs that write the maps of rounds, one a year; bytes of a chain's pixel, seconds of a global map."""
    count, share = pixels(scope)
    chains = scope.run.chains
    jobs = sum(len(scope.round_years(r)) for r in rounds)
    maps = sum(len(scope.plan.simulated(r)) for r in rounds)
    disk = maps * count * (chains + 1 if chains > 1 else 1) * size
    return Amount(jobs, jobs * (scope.calendar.seasons + 1), disk, jobs * START_S + maps * seconds * share)


def data_set(scope: RsssmScope) -> Amount:
    """Amount of work of what follows the rounds, up to a published data set."""
    count, share = pixels(scope)
    steps = len(scope.dekads)
    years = len({scope.calendar.year_of(step) for step in scope.dekads})
    seconds = 3 * years * START_S + steps * PRODUCT_S * share
    return Amount(3 * years, 2 * steps + 4 * years, steps * count * PRODUCT_BYTES, seconds)


def costs(scope: RsssmScope) -> Costs:
    """What a run costs."""
    zones, networks, chains = land(scope)[0], len(scope.networks), scope.run.chains
    most = networks * zones * chains
    return Costs(
        amounts=amounts(scope),
        data_set=data_set(scope),
        others=OTHER_S | {"mosaic_fused": START_S},
        stages=len(scope.plan.rounds),  # each round waits for the one before
        networks=networks,
        chains=chains,
        closing=f"{networks} networks × {zones} land zones × {chains} chains, at most {most:,} subnetworks.",
    )
