"""What a run will ask of a machine: jobs, files, disk and core-hours, before it starts.

Counts follow from the plan exactly. Sizes and times rest on the unit costs below, measured on two cores of a server
processor of 2023; a run's own benchmarks/ tell the truth afterwards.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from rssm.config.load import read_yaml
from rssm.scope import REPOSITORY, Scope

START_S = 0.4  # a job's process: start and imports
READ_S = 0.08  # one daily file of a global 0.25° product, read and screened
MAP_S = 0.35  # regridding, denoising and writing one global 0.1° map; scales with the region
CUBE_S_PER_VALUE = 4e-8  # cutting one pixel × dekad out of maps
TRAIN_S = 0.011  # one subnetwork of 6 000 points
SIMULATE_S_PER_VALUE = 1.5e-7  # one pixel × dekad of a substep
MAP_BYTES = 1.6  # a map's pixel on disk, all layers, deflated
CUBE_BYTES = 2.0  # a cube's pixel × dekad on disk, deflated


@dataclass(frozen=True)
class Amount:
    """Jobs of one rule, the files they write, bytes on disk, core-seconds."""

    jobs: int
    files: int
    disk: float
    seconds: float


def amounts(scope: Scope) -> dict[str, Amount]:
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
    cube_values = sum(len(w.steps(v, cube)) for cube, held in w.cubes.items() for v in held) * land
    cubes = len(w.cubes) * tiles
    result["cube"] = Amount(cubes, cubes, cube_values * CUBE_BYTES, cubes * START_S + cube_values * CUBE_S_PER_VALUE)
    learning = 0 if w.parent else len(w.networks)  # an extension takes over what was learnt
    jobs = learning * tiles
    subnetworks = learning * zones * w.run.chains
    result["train"] = Amount(jobs, jobs, subnetworks * 1500.0, jobs * START_S + subnetworks * TRAIN_S)
    simulated = sum(len(s.span) for s in w.plan.substeps) * land
    jobs = sum(bool(s.span) for s in w.plan.substeps) * tiles
    result["simulate"] = Amount(jobs, jobs, simulated * 4.0, jobs * START_S + simulated * SIMULATE_S_PER_VALUE)
    rounds = [r for r in w.plan.rounds if w.plan.simulated(r)]
    jobs = len(rounds) * tiles
    joined = sum(len(w.plan.simulated(r)) for r in w.plan.rounds) * land
    result["join"] = Amount(jobs, jobs, joined * 4.0, jobs * START_S + joined * SIMULATE_S_PER_VALUE)
    years = sum(len(w.round_years(r)) for r in w.plan.rounds)
    result["mosaic"] = Amount(
        years, years * 37, years * 36 * pixels * MAP_BYTES, years * (START_S + 36 * MAP_S * share)
    )
    taught = 0 if w.parent else years - len(w.round_years(w.plan.rounds[-1]))
    result["target"] = Amount(taught, taught * 37, taught * 36 * pixels, taught * (START_S + 36 * MAP_S * share))
    return result


def estimate_text(scope: Scope) -> str:
    """The estimate as a table."""
    rows = amounts(scope)
    lines = [f"{'rule':<12}{'jobs':>9}{'files':>11}{'disk':>11}{'core-hours':>12}"]
    total = Amount(0, 0, 0.0, 0.0)
    for rule, a in rows.items():
        lines.append(_line(rule, a))
        total = Amount(total.jobs + a.jobs, total.files + a.files, total.disk + a.disk, total.seconds + a.seconds)
    lines.append(_line("all", total))
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
    print(estimate_text(Scope(config, REPOSITORY, given.file)))
    return 0
