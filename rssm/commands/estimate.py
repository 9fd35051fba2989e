"""What a run will ask of a machine: jobs, files, disk and core-hours, before it starts.

Counts follow from the plan exactly. Sizes and times rest on the unit costs below, measured on two cores of a server
processor of 2023 (bench/rounds.py, `make bench`); a run's own benchmarks/ tell the truth afterwards.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from rssm.config.load import read_yaml
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import REPOSITORY

START_S = 0.3  # a job's process: start and imports
READ_S = 0.08  # one daily file of a global 0.25° product, read and screened
MAP_S = 0.35  # regridding, denoising and writing one global 0.1° map; scales with the region
CUBE_S_PER_VALUE = 4e-8  # cutting one pixel × dekad out of maps
TRAIN_S = 0.011  # one subnetwork of 6 000 points
SIMULATE_S_PER_VALUE = 5e-7  # one pixel × dekad × chain of a substep
JOIN_S_PER_VALUE = 1.2e-7  # the same of a round
MOSAIC_S, MOSAIC_CHAIN_S = 0.9, 0.16  # one global map of a round, and each of its chains
TARGET_S, TARGET_CHAIN_S = 1.0, 0.6  # the same, screened and given its errors
MAP_BYTES = 1.6  # a map's pixel on disk, all layers, deflated
SIM_BYTES, NOISY_BYTES = 0.65, 1.1  # a chain's pixel on disk: of SIM-n, and of SIM-nT, which carries errors
ESTIMATE_BYTES = 3.0  # a pixel × dekad × chain of estimates
CUBE_BYTES = 2.0  # a cube's pixel × dekad on disk, deflated
SUBNETWORK_BYTES = 800.0
PRODUCT_S, PRODUCT_BYTES = 5.1, 3.1  # a global dekad of the data set in all formats, and its pixel on disk


@dataclass(frozen=True)
class Amount:
    """Jobs of one rule, the files they write, bytes on disk, core-seconds."""

    jobs: int
    files: int
    disk: float
    seconds: float


def amounts(scope: RsssmScope) -> dict[str, Amount]:
    """Amount of work of every rule, if everything is made once."""
    w = scope
    tiles = len(w.tiles)
    zones = sum(len(w.land_zones(tile)) for tile in w.tiles.values())
    land = sum(w.land_pixels(tile) for tile in w.tiles.values())
    pixels = w.region.degrees * (w.region.north - w.region.south) * 100
    share = pixels / (3600 * 1400)  # of the global grid
    result: dict[str, Amount] = {}

    variables = [v for v in w.needed_variables() if v in w.catalogue]
    product_years = [(v, year) for v in variables for year in w.years(v)]
    map_count = sum(w.maps_per_year(v) for v, _ in product_years)
    native = sum(w.native_files_per_year(v) for v, _ in product_years)
    if w.run.toy:
        result["toy archive"] = Amount(len(product_years), native, native * 6e4, len(product_years) + native * 0.006)
    map_seconds = (
        len(product_years) * START_S + native * max(READ_S * share, 0.004) + map_count * max(MAP_S * share, 0.006)
    )
    result["composite"] = Amount(
        len(product_years), map_count + len(product_years), map_count * pixels * MAP_BYTES, map_seconds
    )
    chains = w.run.chains
    cube_values = sum(
        len(w.steps(v, cube)) * land * (1 if v in w.catalogue else chains)
        for cube, held in w.cubes.items()
        for v in held
    )
    cubes = len(w.cubes) * tiles
    result["cube"] = Amount(cubes, cubes, cube_values * CUBE_BYTES, cubes * START_S + cube_values * CUBE_S_PER_VALUE)
    learning = 0 if w.parent else len(w.networks)  # an extension takes over what was learnt
    jobs = learning * tiles
    subnetworks = learning * zones * chains
    result["train"] = Amount(jobs, jobs, subnetworks * SUBNETWORK_BYTES, jobs * START_S + subnetworks * TRAIN_S)
    values = sum(len(s.span) for s in w.plan.substeps) * land * chains
    jobs = sum(bool(s.span) for s in w.plan.substeps) * tiles
    result["simulate"] = Amount(jobs, jobs, values * ESTIMATE_BYTES, jobs * START_S + values * SIMULATE_S_PER_VALUE)
    rounds = [r for r in w.plan.rounds if w.plan.simulated(r)]
    jobs = len(rounds) * tiles
    values = sum(len(w.plan.simulated(r)) for r in w.plan.rounds) * land * chains
    result["join"] = Amount(jobs, jobs, values * ESTIMATE_BYTES, jobs * START_S + values * JOIN_S_PER_VALUE)
    layers = chains + 1 if chains > 1 else 1
    dekads = {r: len(w.plan.simulated(r)) for r in w.plan.rounds}
    years = {r: len(w.round_years(r)) for r in w.plan.rounds}
    result["mosaic"] = _maps(years, dekads, pixels, share, layers * SIM_BYTES, MOSAIC_S + chains * MOSAIC_CHAIN_S)
    teachers = [] if w.parent else w.plan.rounds[:-1]
    years, dekads = {r: years[r] for r in teachers}, {r: dekads[r] for r in teachers}
    result["target"] = _maps(years, dekads, pixels, share, layers * NOISY_BYTES, TARGET_S + chains * TARGET_CHAIN_S)
    return result


def _maps(
    years: dict[str, int], dekads: dict[str, int], pixels: int, share: float, size: float, seconds: float
) -> Amount:
    """Jobs that write the maps of rounds, one a year; bytes of a pixel, seconds of a global map."""
    jobs, maps = sum(years.values()), sum(dekads.values())
    return Amount(jobs, jobs * 37, maps * pixels * size, jobs * START_S + maps * seconds * share)


def data_set(scope: RsssmScope) -> Amount:
    """Amount of work of the target `product`, besides."""
    pixels = scope.region.degrees * (scope.region.north - scope.region.south) * 100
    steps = len(scope.dekads)
    years = len({step // 36 for step in scope.dekads})
    seconds = steps * PRODUCT_S * pixels / (3600 * 1400)
    return Amount(3 * years, 2 * steps + 4 * years, steps * pixels * PRODUCT_BYTES, 3 * years * START_S + seconds)


def estimate_text(scope: RsssmScope) -> str:
    """The estimate as a table."""
    rows = amounts(scope)
    lines = [f"{'rule':<12}{'jobs':>9}{'files':>11}{'disk':>11}{'core-hours':>12}"]
    total = Amount(0, 0, 0.0, 0.0)
    for rule, a in rows.items():
        lines.append(_line(rule, a))
        total = Amount(total.jobs + a.jobs, total.files + a.files, total.disk + a.disk, total.seconds + a.seconds)
    lines += [_line("all", total), _line("product", data_set(scope)) + "   (target product, besides)"]
    zones = sum(len(scope.land_zones(tile)) for tile in scope.tiles.values())
    lines.append(
        f"{len(scope.networks)} networks × {zones} land zones × {scope.run.chains} chains, at most "
        f"{len(scope.networks) * zones * scope.run.chains:,} subnetworks. Estimates, not measurements."
    )
    return "\n".join(lines)


def _line(rule: str, a: Amount) -> str:
    return f"{rule:<12}{a.jobs:>9,}{a.files:>11,}{size_text(a.disk):>11}{a.seconds / 3600:>12.2f}"


def size_text(size: float) -> str:
    """1.5 GB and the like."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("B", "kB") else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rssm estimate", description="Estimate jobs, files, disk and core-hours of a run."
    )
    parser.add_argument("file", help="configuration file")
    given = parser.parse_args(arguments)
    config, _ = read_yaml(given.file)
    print(estimate_text(scope_of(config, REPOSITORY, given.file)))
    return 0
