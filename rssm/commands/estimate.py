"""`rssm estimate`: what a run will need of a machine, before it starts: jobs, files, disk and core-hours.

Counts follow from the plan exactly. Sizes and times rest on the unit costs below, measured on two cores of a server
processor of 2023 (bench/rounds.py, `make bench`); the true ones stand in the run's own benchmarks/ afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import Answer, emit
from rssm.commands.screen import headed
from rssm.commands.wall_time import WallTime, cores_at_hand, duration_text, wall_time
from rssm.errors import InputError
from rssm.tsv import aligned
from rssm.workflow.methods import scope_in
from rssm.workflow.rsssm.scope import RsssmScope

START_S = 0.3  # a job's process: start and imports
READ_S = 0.08  # one daily file of a global 0.25° product, read and screened
MAP_S = 0.35  # regridding, denoising and writing one global 0.1° map; scales with the region
CUBE_S_PER_VALUE = 4e-8  # cutting one pixel × dekad out of maps
TRAIN_S = 0.011  # one subnetwork of 6 000 points
SIMULATE_S_PER_VALUE = 5e-7  # one pixel × dekad × chain of a substep
JOIN_S_PER_VALUE = 1.2e-7  # the same of a round
MATCH_S_PER_VALUE = 1.3e-6  # one pixel × dekad × chain of all products, matched and averaged
FUSE_S_PER_VALUE = 2e-7  # the same, fused with the rounds
FIT_S_PER_VALUE = 5.1e-6  # one pixel × dekad, fitted jointly: 0.3 s a zone of ten products and sixteen years
MOSAIC_S, MOSAIC_CHAIN_S = 0.9, 0.16  # one global map of a round, and each of its chains
TARGET_S, TARGET_CHAIN_S = 1.0, 0.6  # the same, screened and given its errors
MAP_BYTES = 1.6  # a map's pixel on disk, all layers, deflated
SIM_BYTES, NOISY_BYTES = 0.65, 1.1  # a chain's pixel on disk: of SIM-n, and of SIM-nT, which carries errors
ESTIMATE_BYTES = 3.0  # a pixel × dekad × chain of estimates
FIT_BYTES = 4.5  # a pixel × dekad of the joint fit
CUBE_BYTES = 2.0  # a cube's pixel × dekad on disk, deflated
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


@dataclass(frozen=True)
class Amount:
    """Jobs of one rule, the files they write, bytes on disk, core-seconds."""

    jobs: int
    files: int
    disk: float
    seconds: float

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.jobs + other.jobs, self.files + other.files, self.disk + other.disk, self.seconds + other.seconds
        )


class Cost(Answer):
    """Work of one rule."""

    rule: str = Field(description="Its name.")
    jobs: int = Field(description="Jobs.")
    files: int = Field(description="Files that they write.")
    disk: float = Field(description="Bytes on disk.")
    core_hours: float = Field(description="Hours of one core.")


class Estimate(Answer):
    """What a run will need."""

    file: str = Field(description="The configuration.")
    rules: list[Cost] = Field(description="One entry a rule; product: all that makes the data set of maps.")
    all: Cost = Field(description="Their sum.")
    wall: WallTime = Field(description="Time of all.")
    networks: int = Field(description="Networks that learn or simulate.")
    zones: int = Field(description="Land zones.")
    chains: int = Field(description="Chains.")


def amounts(scope: RsssmScope) -> dict[str, Amount]:
    """Amount of work of every rule, if everything is made once."""
    plan, chains, tiles = scope.plan, scope.run.chains, len(scope.tiles)
    zones, land = _land(scope)
    learning = 0 if scope.parent else len(scope.networks)  # an extension takes over what was learnt
    subnetworks = learning * zones * chains
    simulated = sum(len(s.span) for s in plan.substeps) * land * chains
    joined = sum(len(plan.simulated(r)) for r in plan.rounds) * land * chains

    def per_tile(jobs: int, values: float, size: float, seconds: float) -> Amount:
        """Jobs that write a file for each tile; bytes and seconds of a value."""
        return Amount(jobs * tiles, jobs * tiles, values * size, jobs * tiles * START_S + values * seconds)

    steps = len(scope.dekads) * land * chains
    fitting = per_tile(1, len(scope.dekads) * land, FIT_BYTES, FIT_S_PER_VALUE)
    fusing = {
        "match": per_tile(1, steps, ESTIMATE_BYTES, MATCH_S_PER_VALUE),
        **({"fit_joint": fitting} if scope.fits_jointly else {}),
        "fuse": per_tile(1, joined, ESTIMATE_BYTES, FUSE_S_PER_VALUE),
        "mosaic_fused": _maps(scope, plan.rounds, SIM_BYTES, MOSAIC_S + chains * MOSAIC_CHAIN_S),
    }
    return {
        **_ingested(scope),
        "cube": per_tile(len(scope.cubes), _cube_values(scope, land), CUBE_BYTES, CUBE_S_PER_VALUE),
        "train": per_tile(learning, subnetworks, SUBNETWORK_BYTES, TRAIN_S),
        "simulate": per_tile(sum(bool(s.span) for s in plan.substeps), simulated, ESTIMATE_BYTES, SIMULATE_S_PER_VALUE),
        "join": per_tile(sum(bool(plan.simulated(r)) for r in plan.rounds), joined, ESTIMATE_BYTES, JOIN_S_PER_VALUE),
        "mosaic": _maps(scope, plan.rounds, SIM_BYTES, MOSAIC_S + chains * MOSAIC_CHAIN_S),
        "target": _maps(
            scope, () if scope.parent else plan.rounds[:-1], NOISY_BYTES, TARGET_S + chains * TARGET_CHAIN_S
        ),
        **(fusing if scope.matched else {}),
    }


def _land(scope: RsssmScope) -> tuple[int, int]:
    """Numbers of zones and of pixels with land."""
    tiles = scope.tiles.values()
    return sum(len(scope.land_zones(tile)) for tile in tiles), sum(scope.land_pixels(tile) for tile in tiles)


def _pixels(scope: RsssmScope) -> tuple[int, float]:
    """Pixels of a map, and their share of the whole grid."""
    rows, columns = scope.area.window.shape
    return rows * columns, rows * columns / (scope.grid.rows * scope.grid.columns)


def _ingested(scope: RsssmScope) -> dict[str, Amount]:
    """The toy's archive, and the maps made of native files."""
    pixels, share = _pixels(scope)
    product_years = [(v, year) for v in scope.needed_variables() if v in scope.catalogue for year in scope.years(v)]
    jobs = len(product_years)
    maps = sum(scope.maps_per_year(v) for v, _ in product_years)
    native = sum(scope.native_files_per_year(v) for v, _ in product_years)
    seconds = jobs * START_S + native * max(READ_S * share, 0.004) + maps * max(MAP_S * share, 0.006)
    toy = {"toy archive": Amount(jobs, native, native * 6e4, jobs + native * 0.006)} if scope.run.toy else {}
    return {**toy, "composite": Amount(jobs, maps + jobs, maps * pixels * MAP_BYTES, seconds)}


def _cube_values(scope: RsssmScope, land: int) -> int:
    """Numbers in all cubes; simulated targets have chains."""
    chains = scope.run.chains
    held = ((len(scope.steps(v, cube)), v) for cube, variables in scope.cubes.items() for v in variables)
    return sum(steps * land * (1 if v in scope.catalogue else chains) for steps, v in held)


def _maps(scope: RsssmScope, rounds: Sequence[str], size: float, seconds: float) -> Amount:
    """Jobs that write the maps of rounds, one a year; bytes of a chain's pixel, seconds of a global map."""
    pixels, share = _pixels(scope)
    chains = scope.run.chains
    jobs = sum(len(scope.round_years(r)) for r in rounds)
    maps = sum(len(scope.plan.simulated(r)) for r in rounds)
    disk = maps * pixels * (chains + 1 if chains > 1 else 1) * size
    return Amount(jobs, jobs * (scope.calendar.seasons + 1), disk, jobs * START_S + maps * seconds * share)


def job_costs(scope: RsssmScope) -> dict[str, float]:
    """Rule → core-seconds of one of its jobs, as far as they are estimated."""
    found = {rule: a.seconds / a.jobs for rule, a in amounts(scope).items() if a.jobs}
    native, toy = found.pop("composite", START_S), found.pop("toy archive", START_S)
    made = data_set(scope)
    return (
        OTHER_S
        | found
        | dict.fromkeys(("ingest", "ingest_months", "ingest_years"), native)
        | {"toy_archive": toy, "mosaic_fused": found.get("mosaic_fused", START_S)}
        | {"product_year": 3 * made.seconds / max(made.jobs, 1)}
    )


def data_set(scope: RsssmScope) -> Amount:
    """Amount of work of what follows the rounds, up to a published data set."""
    pixels, share = _pixels(scope)
    steps = len(scope.dekads)
    years = len({scope.calendar.year_of(step) for step in scope.dekads})
    seconds = 3 * years * START_S + steps * PRODUCT_S * share
    return Amount(3 * years, 2 * steps + 4 * years, steps * pixels * PRODUCT_BYTES, seconds)


def estimated(scope: RsssmScope, cores: int, file: str = "") -> Estimate:
    """The estimate of a run on some cores."""
    found = {**amounts(scope), "product": data_set(scope)}
    work = {rule: (amount.jobs, amount.seconds) for rule, amount in found.items()}
    rounds, zones = len(scope.plan.rounds), _land(scope)[0]
    return Estimate(
        file=file,
        rules=[_cost(rule, amount) for rule, amount in found.items()],
        all=_cost("all", sum(found.values(), Amount(0, 0, 0.0, 0.0))),
        wall=wall_time(work, rounds, cores),
        networks=len(scope.networks),
        zones=zones,
        chains=scope.run.chains,
    )


def _cost(rule: str, amount: Amount) -> Cost:
    hours = amount.seconds / 3600
    return Cost(rule=rule, jobs=amount.jobs, files=amount.files, disk=amount.disk, core_hours=hours)


def estimate_text(scope: RsssmScope) -> str:
    """The estimate as a table, for the cores at hand."""
    return table_of(estimated(scope, cores_at_hand()))


def table_of(found: Estimate) -> str:
    """An estimate as a table."""
    rows = [
        (cost.rule, f"{cost.jobs:,}", f"{cost.files:,}", size_text(cost.disk), f"{cost.core_hours:.2f}")
        for cost in (*found.rules, found.all)
    ]
    most = found.networks * found.zones * found.chains
    cores = f"{found.wall.cores} core{'' if found.wall.cores == 1 else 's'}"
    return (
        f"{aligned([('rule', 'jobs', 'files', 'disk', 'core-hours'), *rows])}\n"
        "all: up to the data set; what looks at it (validation, analysis, report) comes in addition.\n"
        f"On {cores}: {_range(found.wall)}.\n"
        f"{found.networks} networks × {found.zones} land zones × {found.chains} chains, at most {most:,} subnetworks."
        " Estimates, not measurements."
    )


def _range(wall: WallTime) -> str:
    return f"{duration_text(wall.least)} to {duration_text(wall.most)}"


def size_text(size: float) -> str:
    """1.5 GB and the like."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("B", "kB") else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("estimate")
    takes_config(parser)
    parser.add_argument("--cores", type=int, default=cores_at_hand(), help="cores of the run (default: %(default)s)")
    given = parser.parse_args(arguments)
    if given.cores < 1:
        raise InputError(f"--cores {given.cores}: expected 1 or more.")
    found = estimated(scope_in([config_file(given)]), given.cores, config_file(given))
    if given.json:
        emit(found)
    else:
        print(headed(table_of(found)))
    return 0
