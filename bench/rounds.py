"""What the jobs of a round cost at global size: `python -m bench.rounds [results/bench/rounds.json]`.

The jobs of round 1 as the global run has them in profile `product` (`--chains K` for other numbers of chains than 1 and
8): a tile of 100 zones, all of it land, and maps of the globe. Values are made up. Each job runs in a process of its
own: `wall_s` and `cpu_s` on one core, `peak_mb` its largest resident memory, `mb` what it wrote. A map job makes
`--dekads` dekads of its year.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from bench.product import alone
from rssm.cubes.cube import Cube, write_cube
from rssm.cubes.place import tile_pixels
from rssm.files import atomic
from rssm.grid import Tile
from rssm.rounds.estimates import Estimates, read_estimates, write_estimates
from rssm.rounds.join import join
from rssm.rounds.mosaic import mosaic
from rssm.rounds.ranges import target_range
from rssm.rounds.simulate import simulate
from rssm.rounds.specs import MosaicSpec, RangeSpec, TargetSpec, TrainSpec
from rssm.rounds.target import target
from rssm.rounds.train import train
from rssm.spec import parsed
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.scope import RsssmScope

ROOT = Path(__file__).resolve().parents[1]
SUBSTEP, ROUND, YEAR = "1-1", "1", "2016"
LESS = "1-2"  # the other substep of the round, of fewer dekads


def main() -> None:
    """Measure, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="?", default="results/bench/rounds.json")
    parser.add_argument("--chains", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--dekads", type=int, default=6)
    given = parser.parse_args()
    figures = {}
    for chains in given.chains:
        with TemporaryDirectory() as folder:
            figures[f"{chains}_chains"] = dict(jobs(Path(folder), workflow(chains), given.dekads))
    text = json.dumps(figures, indent=1)
    with atomic(given.target) as path:
        path.write_text(text + "\n", encoding="utf-8")
    print(text)


def workflow(chains: int) -> Rounds:
    """The global run in profile `product`."""
    config = yaml.safe_load((ROOT / "config/global.yaml").read_text(encoding="utf-8"))
    return Rounds(scope_of({**config, "profile": "product", "chains": chains}, ROOT))


def jobs(folder: Path, flow: Rounds, dekads: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Rule → its figures."""
    scope = flow.scope
    name, tile = max(scope.tiles.items(), key=lambda item: scope.land_pixels(item[1]))
    cubes = made_cubes(folder, scope, tile)
    networks, every = [], list(cubes.values())
    for network in scope.networks_of(SUBSTEP):
        networks.append(str(folder / f"networks/{network.name}/{name}.nc"))
        lesson = TrainSpec(**flow.lesson(network.name))
        used = {*lesson.inputs, *(each.target for each in lesson.targets)}
        needed = [path for variable, path in cubes.items() if variable in used]
        cost = figures(networks[-1], train, network.name, name, needed, lesson)
        if network.rank == 1:
            yield "train", cost | {"subnetworks": len(scope.land_zones(tile)) * lesson.chains}
    simulated = [str(folder / f"simulated/{step}/{name}.nc") for step in (SUBSTEP, LESS)]
    simulation = flow.simulation(SUBSTEP, scope.plan.substep(SUBSTEP).span)
    yield "simulate", figures(simulated[0], simulate, SUBSTEP, name, networks, every, simulation)
    write_less(scope, *simulated)
    joined = str(folder / f"joined/{name}.nc")
    yield "join", figures(joined, join, ROUND, name, simulated, flow.joining(ROUND))
    tiles, ranges = globe(folder, scope, read_estimates(joined), dekads), folder / "ranges"
    first = scope.calendar.year(int(YEAR))[0]
    asked = parsed(MosaicSpec, flow.mosaic_spec(SimpleNamespace(round=ROUND, year=YEAR)))
    mosaicking = replace(asked, steps=(first, first + dekads - 1))
    maps = str(folder / f"maps/SIM-1/{YEAR}.json")
    yield "mosaic", figures(maps, mosaic, ROUND, YEAR, tiles, mosaicking) | {"dekads": dekads}
    made_ranges = [made_range(ranges, scope, tile) for tile in scope.tiles.values()]
    screening = parsed(TargetSpec, flow.target_spec(SimpleNamespace()))
    taught = str(folder / f"maps/SIM-1T/{YEAR}.json")
    yield "target", figures(taught, target, ROUND, YEAR, [maps], made_ranges, screening) | {"dekads": dekads}


def figures(out: str, job: Callable[..., Any], *arguments: Any) -> dict[str, float]:
    """Cost of a job."""
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    cost = alone(job, *arguments, [out])[1]
    size = sum(path.stat().st_size for path in Path(out).parent.iterdir()) / 1e6
    return {
        "wall_s": round(cost.wall, 2),
        "cpu_s": round(cost.cpu, 2),
        "peak_mb": round(cost.peak),
        "mb": round(size, 1),
    }


# ----- made-up inputs -------------------------------------------------------------------------------------------------


def made_cubes(folder: Path, scope: RsssmScope, tile: Tile) -> dict[str, str]:
    """Variable → its cube's file, of all that the networks of the substep need."""
    place = tile_pixels(scope.grid.tile_zones(tile, scope.region), scope.land, scope.grid)
    networks = scope.networks_of(SUBSTEP)
    targets = {name for network in networks for name in scope.plan.training[network.name].targets}
    inputs = dict.fromkeys(name for network in networks for name in scope.variables(network))
    variables = [*inputs, *targets]
    paths = {}
    for number, variable in enumerate(variables):
        calendar, entry = scope.map_step(variable), scope.catalogue[variable]
        steps = np.arange(1) if calendar == "static" else np.array(scope.steps(variable), np.int32)
        values = field(place[0], steps, number)
        paths[variable] = str(folder / "cubes" / f"{variable}.nc")
        Path(paths[variable]).parent.mkdir(exist_ok=True)
        cube = Cube(variable, entry.units, values, *place, steps.astype(np.int32), calendar, scope.grid.id)
        write_cube(paths[variable], replace(cube, outside_span=entry.outside_span))
    return paths


def field(pixel: NDArray[np.integer], steps: NDArray[np.integer], number: int) -> NDArray[np.float32]:
    """Values (pixel, time) about 0.25 that pixels, seasons and variables share in part."""
    rng, shared = np.random.default_rng(number), np.random.default_rng(1)
    season = 0.06 * np.sin(2 * np.pi * steps / 36 + 0.3 * number)
    weather = 0.02 * shared.normal(size=(pixel.size, steps.size)).astype(np.float32)
    own = 0.01 * rng.normal(size=(pixel.size, steps.size)).astype(np.float32)
    return (0.25 + 0.03 * rng.normal(size=(pixel.size, 1)) + season + weather + own).astype(np.float32)


def write_less(scope: RsssmScope, whole: str, less: str) -> None:
    """Estimates of the substep of fewer dekads, those of the other under its names and dekads."""
    span = next(s.span for s in scope.plan.substeps if s.name == LESS)
    found, first = read_estimates(whole), slice(len(span))
    Path(less).parent.mkdir(parents=True, exist_ok=True)
    cut = replace(found, value=found.value[:, :, first], network=found.network[:, first], flags=found.flags[:, first])
    names = tuple(network.name for network in scope.networks_of(LESS))
    write_estimates(less, replace(cut, merged=found.merged[:, first], names=names, step=np.array(span, np.int32)))


def globe(folder: Path, scope: RsssmScope, like: Estimates, dekads: int) -> list[str]:
    """Estimates of the year's first dekads in every tile of the globe; those of one tile again and again."""
    steps = int(YEAR) * 36 + np.arange(dekads)
    columns = np.searchsorted(like.step, steps)
    paths = []
    for name, tile in scope.tiles.items():
        pixel, zones, zone_start = tile_pixels(scope.grid.tile_zones(tile, scope.region), scope.land, scope.grid)
        some = np.arange(pixel.size) % like.pixel.size, columns
        paths.append(str(folder / f"tiles/{name}.nc"))
        Path(paths[-1]).parent.mkdir(exist_ok=True)
        series = {name: getattr(like, name)[..., some[0], :][..., columns] for name in ("network", "flags", "merged")}
        value = like.value[:, some[0]][:, :, columns]
        mse = np.resize(like.mse, (len(like.names), len(zones)))
        part = replace(like, value=value, **series, mse=mse, step=steps.astype(np.int32), pixel=pixel, tally={})
        write_estimates(paths[-1], replace(part, zones=zones, zone_start=zone_start))
    return paths


def made_range(folder: Path, scope: RsssmScope, tile: Tile) -> str:
    """Range of a tile's pixels."""
    place = tile_pixels(scope.grid.tile_zones(tile, scope.region), scope.land, scope.grid)
    steps = np.array(scope.calendar.year(2016))
    folder.mkdir(exist_ok=True)
    cube, out = str(folder / f"{tile.name}.cube.nc"), str(folder / f"{tile.name}.nc")
    write_cube(
        cube,
        Cube("SMAP_E", "m3 m-3", field(place[0], steps, 99), *place, steps.astype(np.int32), "dekad", scope.grid.id),
    )
    target_range(tile.name, [cube], RangeSpec(1), [out])
    return out


if __name__ == "__main__":
    main()
