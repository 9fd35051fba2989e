"""Several chains through the rules' verbs, in one process from the cubes of a world: the tiny plan, three chains."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.config.load import read_yaml
from rssm.cubes.cube import Cube, write_cube
from rssm.cubes.cut import build_cube
from rssm.cubes.place import window_index
from rssm.grid import GRID, Tile
from rssm.ingest.index import read_index
from rssm.maps import read_map, write_map
from rssm.networks.kernels.codes import Status
from rssm.networks.store import Stored
from rssm.networks.subnetworks import Subnetworks
from rssm.one_process import World, make_world, run_rounds
from rssm.product.uncertainty.spread import chain_variance_of
from rssm.rounds.chains import POROSITY
from rssm.rounds.join import join
from rssm.rounds.mosaic import mosaic
from rssm.rounds.ranges import target_range
from rssm.rounds.simulate import simulate, simulated
from rssm.rounds.specs import JoinSpec, MosaicSpec, RangeSpec, RankedNetwork, SimulateSpec, TargetSpec, TrainSpec
from rssm.rounds.target import target
from rssm.rounds.train import train
from rssm.spec import parsed
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.scope import RsssmScope

ROOT = Path(__file__).resolve().parents[2]
Maps = dict[str, dict[str, NDArray[np.float32]]]  # name of a map → its layers (row, column)


def workflow(**changes: Any) -> Rounds:
    config, _ = read_yaml(ROOT / "config/tiny.yaml")
    return Rounds(scope_of({**config, "chains": 1, "toy": {"days_per_dekad": 3}, **changes}, ROOT))


@pytest.fixture(scope="module")
def world() -> World:
    """The tiny world, its pores as large everywhere as chains take them to be."""
    made = make_world(workflow().scope)
    pores = made.cubes["POROSITY"]
    alike = replace(pores, values=np.full(pores.values.shape, POROSITY))  # type: ignore[arg-type]
    return replace(made, cubes={**made.cubes, "POROSITY": alike})


@pytest.fixture(scope="module")
def run(world: World, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Maps]:
    """Calls the verbs of all rules from train to target, once for each configuration; returns SIM-n and SIM-nT."""
    done: dict[str, Maps] = {}

    def rules(**changes: Any) -> Maps:
        key = json.dumps(changes)
        if key not in done:
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(tmp_path_factory.mktemp("rules"))
                done[key] = run_rules(workflow(**changes), world)
        return done[key]

    return rules


def run_rules(flow: Rounds, world: World) -> Maps:
    scope = flow.scope
    for name, tile in scope.tiles.items():
        for cube, variables in scope.cubes.items():
            if set(variables) <= set(world.cubes):  # all but SIM-nT
                parts = [part(world.cubes[v], scope, tile) for v in variables]
                write_cube(folder_of(f"results/rsssm/cubes/{cube}/{name}.nc"), *parts)
        where = SimpleNamespace(tile=name)
        out = folder_of(f"results/rsssm/ranges/{name}.nc")
        target_range(
            name,
            [f"results/rsssm/cubes/{target}/{name}.nc" for target in scope.plan.primaries],
            parsed(RangeSpec, flow.range_spec(where)),
            [out],
        )
    maps: Maps = {}
    for round_ in scope.plan.rounds:
        run_round(flow, round_)
        for product in (f"SIM-{round_}", f"SIM-{round_}T"):
            for path in sorted(Path("results/rsssm/maps", product).glob("*.tif")):
                maps[path.stem] = read_map(path)[0]
    return maps


def cubes(names: list[str], tile: str) -> list[str]:
    return [f"results/rsssm/cubes/{name}/{tile}.nc" for name in names]


def run_round(flow: Rounds, round_: str) -> None:
    scope = flow.scope
    for tile in scope.tiles:
        for substep in scope.plan.substeps_of(round_):
            for network in scope.networks_of(substep.name):
                where = SimpleNamespace(network=network.name, tile=tile)
                out = folder_of(f"results/rsssm/networks/{network.name}/{tile}.nc")
                spec = parsed(TrainSpec, flow.train_spec(where))
                train(network.name, tile, cubes(flow.learnt_from(where), tile), spec, [out])
            where = SimpleNamespace(substep=substep.name, tile=tile)
            out = folder_of(f"results/rsssm/simulated/{substep.name}/{tile}.nc")
            spec = parsed(SimulateSpec, flow.simulate_spec(where))
            networks = [f"results/rsssm/networks/{n}/{tile}.nc" for n in flow.networks_of_substep(where)]
            simulate(substep.name, tile, networks, cubes(flow.simulated_from(where), tile), spec, [out])
        where = SimpleNamespace(round=round_, tile=tile)
        out = folder_of(f"results/rsssm/joined/{round_}/{tile}.nc")
        join(
            round_,
            tile,
            [f"results/rsssm/simulated/{s}/{tile}.nc" for s in flow.substeps_of_round(where)],
            parsed(JoinSpec, flow.join_spec(where)),
            [out],
        )
    found: dict[int, Path] = {}
    for year in map(str, scope.round_years(round_)):
        where = SimpleNamespace(round=round_, year=year)
        sim, taught = (folder_of(f"results/rsssm/maps/SIM-{round_}{t}/{year}.json") for t in ("", "T"))
        mosaic(
            round_,
            year,
            [f"results/rsssm/joined/{round_}/{tile}.nc" for tile in scope.tiles],
            parsed(MosaicSpec, flow.mosaic_spec(where)),
            [sim],
        )
        target(
            round_,
            year,
            [sim],
            [f"results/rsssm/ranges/{tile}.nc" for tile in scope.tiles],
            parsed(TargetSpec, flow.target_spec(where)),
            [taught],
        )
        listed = read_index(taught).items()
        found |= {DEKADS.parse(label): Path(taught).parent / entry["map"] for label, entry in listed}
    name = f"SIM-{round_}T"
    for tile, place in scope.tiles.items():
        where = place, scope.region, scope.land
        cube = build_cube(found, *where, variable=name, layers=flow.layers(name), grid=GRID)
        write_cube(folder_of(f"results/rsssm/cubes/{name}/{tile}.nc"), cube)


def part(cube: Cube, scope: RsssmScope, tile: Tile) -> Cube:
    """The zones of a tile."""
    names = [zone.name for zone in scope.land_zones(tile)]
    assert [name for name in cube.zones if name in names] == names
    inside = np.concatenate([np.arange(cube.pixel.size)[cube.zone(name)] for name in names])
    size = [cube.zone(name).stop - cube.zone(name).start for name in names]
    start = np.cumsum([0, *size]).astype(np.int32)
    here = {"pixel": cube.pixel[inside], "zones": tuple(names), "zone_start": start}
    return replace(cube, values=cube.values[..., inside, :], **here)


def folder_of(path: str) -> str:
    """The path, its folder made."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return path


def equal(one: Maps, other: Maps) -> None:
    """The same maps, bit for bit, in all layers of the first."""
    assert set(one) == set(other)
    for name, found in one.items():
        for layer in found:
            assert_array_equal(found[layer], other[name][layer], err_msg=f"{name} {layer}")


def test_the_control_of_several_chains_is_the_run_with_one(run: Callable[..., Maps]) -> None:
    one, three = run(), run(chains=3)
    equal(one, three)  # and in network, flags, merged, held-out error and blended too
    for name, layers in three.items():
        if "chain0" in layers:
            assert_array_equal(layers["chain0"], one[name]["value"])
    assert any(np.isfinite(layers["value"]).any() for layers in three.values())


def test_the_other_chains_differ_wherever_there_is_an_estimate(run: Callable[..., Maps]) -> None:
    spread = {
        name: np.stack([layers[f"chain{k}"] for k in range(3)]).std(axis=0)
        for name, layers in run(chains=3).items()
        if "chain0" in layers
    }
    for product in ("SIM-1_", "SIM-1T_", "SIM-2_"):
        found = np.concatenate([v[np.isfinite(v)] for name, v in spread.items() if name.startswith(product)])
        assert found.size > 1000
        assert found.min() > 0
        assert 0.002 < found.mean() < 0.1


def test_a_target_passes_on_the_held_out_error_on_top_of_its_own(run: Callable[..., Maps]) -> None:
    maps = run(chains=3)
    added, stated = [], []
    for name, layers in maps.items():
        if name.startswith("SIM-1T_") and "chain1" in layers:
            sim = maps[name.replace("T_", "_")]
            added.append((layers["chain1"] - sim["chain1"]).ravel())
            stated.append(np.sqrt(sim["held_out_mse"]).ravel())
    error, size = np.concatenate(added), np.concatenate(stated)
    known = np.isfinite(error)
    assert known.sum() > 1000
    assert 0.6 < error[known].std() / size[known].mean() < 1.4


def test_a_larger_tile_gives_the_same_bits_in_every_chain(run: Callable[..., Maps]) -> None:
    equal(run(chains=3), run(chains=3, zones={"tile_degrees": 2}))


def test_rules_and_skill_follow_one_recipe(run: Callable[..., Maps], world: World) -> None:
    maps = run(chains=3)
    for name, round_ in run_rounds(workflow(chains=3), world).items():
        for product, cube in ((f"SIM-{name}", round_.sim), (f"SIM-{name}T", round_.target)):
            row_column = window_index(cube.pixel, world.window, GRID)[1]
            for at, step in enumerate(cube.step):
                layers = maps[f"{product}_{DEKADS.label(int(step))}"]
                for k in range(3):
                    assert_array_equal(layers[f"chain{k}"].ravel()[row_column], cube.values[k, :, at])


def test_the_data_set_finds_the_spread_of_the_chains(run: Callable[..., Maps], world: World, tmp_path: Path) -> None:
    layers = run(chains=3)["SIM-2_2014D20"]
    write_map(tmp_path / "map.tif", layers, GRID, world.window, {})
    variance = chain_variance_of(tmp_path / "map.tif", world.window, GRID)
    known = np.isfinite(layers["value"])
    assert (variance[known] > 0).all()
    assert np.isnan(variance[~known]).all()


def test_a_chain_without_subnetwork_leaves_a_gap_of_its_own_and_none_in_the_control() -> None:
    trained = Subnetworks.empty(chains=2, zones=1, hidden=1, inputs=1)
    for name in ("hidden", "hidden_bias", "output"):
        getattr(trained, name)[:] = 0
    for name in ("factor", "target_factor", "high"):
        getattr(trained, name)[:] = 1
    trained.low[:] = 0
    trained.output_bias[:] = 0.25  # with all other weights 0: the estimate
    trained.status[:] = [[Status.OK], [Status.TOO_FEW_POINTS]]
    pixel, start = np.array([3600], np.int32), np.array([0, 1], np.int32)
    wet = Cube(
        "A",
        "m3 m-3",
        np.full((1, 1), 0.5, np.float32),
        pixel,
        ("N79W180",),
        start,
        np.array([7], np.int32),
        DEKADS.id,
        GRID.id,
    )
    spec = SimulateSpec((7, 7), (RankedNetwork("NN", 1, ("A",)),), "none")
    found = simulated([Stored(trained, ("A",), ("N79W180",), {})], {"A": wet}, spec)
    assert_array_equal(found.value, np.array([0.25, np.nan], np.float32).reshape(2, 1, 1))
    assert_array_equal(found.network, [[0]])


def test_years_held_out_in_any_round_are_kept_from_the_screens_range() -> None:
    years = {"1": {"split": {"held_out_years": [2017]}}, "2": {"split": {"held_out_years": [2016, 2017]}}}
    where = SimpleNamespace(tile="tile")
    assert parsed(RangeSpec, workflow().range_spec(where)).held_out_years == ()
    assert parsed(RangeSpec, workflow(training_of_round=years).range_spec(where)).held_out_years == (2016, 2017)


def test_a_training_job_starts_without_the_recipe() -> None:
    code = "import sys, rssm.rounds.train; sys.exit('rssm.rounds.chains' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_one_chain_knows_nothing_of_chains() -> None:
    def specs(flow: Rounds) -> list[dict[str, Any]]:
        row = SimpleNamespace(network="NN1-1", substep="1", round="1")
        return [json.loads(spec(row)) for spec in (flow.train_spec, flow.simulate_spec, flow.target_spec)]

    several = specs(workflow(chains=3))
    for one, three in zip(specs(workflow()), several, strict=True):
        assert not one.get("errors")
        assert {name for name in one if one[name] != three[name]} <= {"errors", "seed", "chains"}
    network, substep, screen = several
    errors = {
        "ASCAT-SWI": {"algorithm": "TU Wien change detection", "sd": 0.1, "units": "saturation"},
        "SMOS-IC": {"algorithm": "SMOS-IC", "sd": 0.05, "units": "m3 m-3"},
    }
    assert network["errors"] == substep["errors"] == errors
    assert screen["seed"] == substep["seed"] == 2021
