"""SoMo.ml from native toy files to its data set, by its rules; and a year more, which goes on from the last state."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import yaml

from rssm.calendar import CALENDARS
from rssm.cubes.cube import read_cubes, write_cube
from rssm.cubes.estimates import read_estimates
from rssm.somo.simulate import somo_simulate
from rssm.somo.specs import SimulateSpec
from rssm.tsv import read_tsv
from tests.workflow.conftest import Project

TINY = "config/somo/tiny.yaml"
TILE = "N36W102"
RESULTS = "results/somo"
PAGES = [f"{RESULTS}/validation/{name}" for name in ("crossval.md", "scores.md", "layer3/scores.md")]
WANTED = ["product", *PAGES]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny run, up to the data set without its other formats, the page of cross-validation, and scores of two layers."""
    project = Project(tmp_path_factory.mktemp("somo"))
    tiny = project.folder / TINY
    tiny.write_text(tiny.read_text() + "product: {formats: []}\n")
    made = project.snakemake("--nolock", *WANTED, config=TINY)
    assert made.returncode == 0, made.stderr[-3000:]
    return project


def layer(project: Project, name: str) -> np.ndarray:
    """Values (day, row, column) of the year's file of a table."""
    with netCDF4.Dataset(project.folder / RESULTS / f"product/netcdf/SoMo.ml_v1_{name}_2001.nc") as file:
        variable = next(name for name in file.variables if name.startswith("layer"))
        return np.ma.filled(file[variable][:], np.nan)


def test_every_layer_has_its_days(done: Project) -> None:
    layers = [layer(done, f"layer{n}") for n in (1, 2, 3)]
    assert all(values.shape == (365, 24, 24) for values in layers)
    land = np.isfinite(layers[0]).any(axis=0)
    assert land.mean() > 0.9
    assert all(np.isfinite(values[:, land]).all() for values in layers)
    assert all(values[:, land].std(axis=0).min() > 0 for values in layers)  # they move, in every pixel
    column = layer(done, "0-50cm")
    weighted = sum(w * values for w, values in zip((0.2, 0.4, 0.4), layers, strict=True))
    assert np.nanmax(np.abs(column - weighted)) < 2e-4  # steps of packing


def test_the_edition_is_described(done: Project) -> None:
    product = done.folder / RESULTS / "product"
    assert f"{RESULTS}/networks/layer1/1.nc" in json.loads((product / "release.json").read_text())["tables"]
    assert "netcdf/SoMo.ml_v1_layer3_2001.nc" in (product / "SHA256SUMS.txt").read_text()


def test_cross_validation_stands_beside_what_is_published(done: Project) -> None:
    page = (done.folder / RESULTS / "validation/crossval.md").read_text()
    assert "## Blocks of cells left out, with a buffer" in page
    rows = re.findall(r"^\| (\d) \| all \| *\d* \| ([\w: -]+) \| ([-\d.]+) \|", page, re.M)
    assert {(number, source) for number, source, _ in rows} >= {
        *((n, source) for n in "123" for source in ("networks", "model")),
        ("1", "published: SOMO"),
        ("3", "published: ERA5"),
    }
    assert "0.724" in page


def test_layers_are_held_against_sensors_of_their_depth(done: Project) -> None:
    depths = []
    for name, ours, rival, published in [
        ("scores.md", "layer1", "ERA5-SWVL1", "0.724"),
        ("layer3/scores.md", "layer3", "ERA5-SWVL3", "0.679"),
    ]:
        page = (done.folder / RESULTS / "validation" / name).read_text()
        assert f"SoMo.ml_v1_{ours}~{rival}" in page and published in page
        assert ("0.724" in page) == (ours == "layer1")
        used = (done.folder / RESULTS / "validation" / name).with_name("used.tsv")
        depths.append({row["depth"] for _, row in read_tsv(used)})
    upper, lower = depths
    assert "0.05-0.05" in upper <= {"0.05-0.05", "0.10-0.10"}  # deeper ones where there is no other
    assert lower == {"0.50-0.50"}


def test_every_layer_is_held_against_the_truth_of_its_soil(done: Project) -> None:
    made = done.snakemake("--nolock", "skill", config=TINY)
    assert made.returncode == 0, made.stderr[-3000:]
    rows = list(csv.DictReader((done.folder / RESULTS / "report/skill.csv").read_text().splitlines()))
    assert [row["method"] for row in rows] == [f"SoMo.ml_v1_layer{n}" for n in (1, 2, 3)]
    assert all(float(row["r"]) > 0 and int(row["n"]) > 365 * 400 for row in rows)
    shares = (done.folder / RESULTS / "report/land_share.tsv").read_text()
    assert "table\tSoMo.ml_v1_layer3\t365\t" in shares and "data set\tdata set\t" in shares


def test_nothing_is_left_to_do(done: Project) -> None:
    assert done.planned(*WANTED, config=TINY) == {}


@pytest.fixture(scope="module")
def later(done: Project) -> tuple[Path, dict[str, list[str]]]:
    """The last state carried on through a year more by an extension, in a folder of its own, and what it planned."""
    later = done.folder / "later"
    later.mkdir()
    settings = yaml.safe_load((done.folder / TINY).read_text())
    settings["period"]["last"] = "2002-12-31"
    settings["product"] = {"formats": [], "release": {"kind": "icdr", "extends": "..", "version": "1.1"}}
    config = later / "later.yaml"
    config.write_text(yaml.safe_dump(settings))
    where = ("--directory", str(later))
    jobs = done.planned(*where, "product", config=str(config))
    made = done.snakemake(*where, f"{RESULTS}/simulated/2002/{TILE}.nc", config=str(config))
    assert made.returncode == 0, made.stderr[-3000:]
    return later, jobs


def test_a_year_more_learns_nothing_and_goes_on_from_the_last_state(
    done: Project, later: tuple[Path, dict[str, list[str]]]
) -> None:
    folder, jobs = later
    assert not {"somo_train", "somo_targets", "somo_crossval", "somo_stations"} & jobs.keys()
    assert jobs["somo_simulate"] == [f"2002 {TILE}"]
    assert {name.split()[1] for name in jobs["ingest_years"]} == {"2002"}
    found = read_estimates(folder / RESULTS / f"simulated/2002/{TILE}.nc")
    before = read_estimates(done.folder / RESULTS / f"simulated/2001/{TILE}.nc")
    assert found.step[0] == before.step[-1] + 1
    change = np.abs(found.layers["layer3"][0] - before.layers["layer3"][-1])
    assert np.nanmean(change) < 5 * np.nanmean(np.abs(np.diff(before.layers["layer3"], axis=0)))


def test_years_that_were_added_are_bit_for_bit_those_of_a_run_at_once(
    done: Project, later: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    """At once: one cube of forcing from the first day to the last of the later edition, all years in one go, the same networks."""
    first, added = done.folder / RESULTS, later[0] / RESULTS
    parts = [read_cubes(folder / f"cubes/FORCING/{TILE}.nc") for folder in (first, added)]
    joined = [
        replace(
            one, step=np.concatenate([one.step, more.step]), values=np.concatenate([one.values, more.values], axis=-1)
        )
        for one, more in zip(*parts, strict=True)
    ]
    write_cube(tmp_path / "forcing.nc", *joined)
    networks = [str(first / f"networks/layer{n}/1.nc") for n in (1, 2, 3)]
    cubes = [str(tmp_path / "forcing.nc"), str(first / f"cubes/STATICS/{TILE}.nc")]
    learnt = ([str(first / "calibration.tsv")], [str(first / f"near/{TILE}.nc")])
    state: list[str] = []
    for year, theirs in (("2000", first), ("2001", first), ("2002", added)):
        days = CALENDARS["day"].year(int(year))
        spec = SimulateSpec(joined[0].grid_id, (days[0], days[-1]), int(joined[0].step[0]), 3, "state", 365, 300.0)
        out = [str(tmp_path / f"{year}{kind}.nc") for kind in ("", "_state")]
        somo_simulate(year, TILE, networks, cubes, state, *learnt, spec, out)
        made, kept = (read_estimates(path) for path in (out[0], theirs / f"simulated/{year}/{TILE}.nc"))
        for name, values in kept.layers.items():
            np.testing.assert_array_equal(made.layers[name], values, f"{name}, {year}")
        with netCDF4.Dataset(out[1]) as one, netCDF4.Dataset(theirs / f"simulated/{year}/{TILE}_state.nc") as other:
            assert one.variables.keys() == other.variables.keys()
            assert all(np.array_equal(one[name][:], other[name][:]) for name in one.variables)
        state = [out[1]]
