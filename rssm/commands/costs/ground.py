"""What all methods cost alike: an amount of work, and that of archives, maps and cubes."""

from __future__ import annotations

from dataclasses import dataclass

from rssm.workflow.scope import Scope

START_S = 0.3  # a job's process: start and imports
READ_S = 0.08  # one daily file of a global 0.25° product, read and screened
MAP_S = 0.35  # regridding, denoising and writing one global 0.1° map; scales with the region
DERIVE_S = 0.1  # one global 0.1° map that follows from others
CUBE_S_PER_VALUE = 4e-8  # cutting one pixel × step out of maps
MAP_BYTES = 1.6  # a map's pixel on disk, all layers, deflated
CUBE_BYTES = 2.0  # a cube's pixel × step on disk, deflated


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


@dataclass(frozen=True)
class Costs:
    """What a run of a method costs.

    amounts   work of every rule up to the estimates, if everything is made once
    data_set  of what follows them, up to a published data set
    others    rule → core-seconds of a job, of rules that are not counted: they only tell how far a run is
    stages    number of times that jobs of all kinds follow one another
    networks, chains  how many there are
    closing   a sentence on what is counted
    """

    amounts: dict[str, Amount]
    data_set: Amount
    others: dict[str, float]
    stages: int
    networks: int
    chains: int
    closing: str


def land(scope: Scope) -> tuple[int, int]:
    """Numbers of zones and of pixels with land."""
    tiles = scope.tiles.values()
    return sum(len(scope.land_zones(tile)) for tile in tiles), sum(scope.land_pixels(tile) for tile in tiles)


def pixels(scope: Scope) -> tuple[int, float]:
    """Pixels of a map, and their share of the whole grid."""
    rows, columns = scope.area.window.shape
    return rows * columns, rows * columns / (scope.grid.rows * scope.grid.columns)


def ingested(scope: Scope) -> dict[str, Amount]:
    """The toy's archive, the maps made of native files, and those that follow from others."""
    count, share = pixels(scope)
    product_years = [v for v, _ in scope.map_years() if not scope.catalogue[v].derive]
    jobs, each = len(product_years), {v: scope.maps_per_year(v) for v in product_years}
    maps = sum(each[v] for v in product_years)
    native = sum(scope.native_files_per_year(v) for v in product_years)
    read = sum(max(scope.native_files_per_year(v), each[v]) for v in product_years)  # a file may hold many days
    seconds = jobs * START_S + read * max(READ_S * share, 0.004) + maps * max(MAP_S * share, 0.006)
    toy = {"toy archive": Amount(jobs, native, native * 6e4, jobs + native * 0.006)} if scope.run.toy else {}
    written = sum(1 if scope.catalogue[v].maps_in == "year" else each[v] for v in product_years)
    made = {"composite": Amount(jobs, written + jobs, maps * count * MAP_BYTES, seconds)}
    return {**toy, **made, **_derived(scope, count, share)}


def _derived(scope: Scope, count: int, share: float) -> dict[str, Amount]:
    """Maps that follow from those of other products, where there are such."""
    names = [v for v, _ in scope.map_years() if scope.catalogue[v].derive]
    maps = sum(scope.maps_per_year(v) for v in names)
    seconds = len(names) * START_S + maps * max(DERIVE_S * share, 0.001)
    return {"derive": Amount(len(names), 2 * len(names), maps * count * MAP_BYTES, seconds)} if names else {}
