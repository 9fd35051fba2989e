"""CASM on a tiny toy Earth: from native files to data set, validation and report; what a change makes again; an extension."""

from __future__ import annotations

import csv
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import yaml

import rssm
from tests.made_casm import write_tiny
from tests.workflow.conftest import Project

CONFIG = "config/casm/tiny.yaml"
TILE = "N35W110"
MEMBERS = ("1", "2")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The whole run, finished."""
    project = Project(tmp_path_factory.mktemp("casm"))
    write_tiny(project.folder)
    done = project.snakemake(config=CONFIG)
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
    return project


@pytest.fixture
def project(run: Project):
    """The finished project; what a test changes of its configuration is put back."""
    kept = {path: path.read_text() for path in (run.folder / "config").rglob("*.yaml")}
    yield run
    for path, text in kept.items():
        path.write_text(text)


def settings(project: Project, **changes: object) -> None:
    path = project.folder / CONFIG
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | changes))


def test_a_year_holds_the_published_variables_beside_ours(run: Project) -> None:
    path = run.folder / "results/casm/product/netcdf/CASM_SM_2012.nc"
    with netCDF4.Dataset(path) as file:
        published = ("CASM_soil_moisture", "seasonal_cycle", "structural_uncertainty", "data_uncertainty")
        assert {*published, "total_uncertainty", "branch", "n_members", "flags", "time_bnds", "crs"} <= {
            *file.variables
        }
        moisture, branch = file["CASM_soil_moisture"][:], file["branch"][:]
        assert 0.02 < moisture.mean() < 0.5 and 0.3 < (~np.ma.getmaskarray(moisture)).mean() < 1
        assert set(np.unique(branch)) == {0, 1, 2, 3}  # 2012 is the year that both see
        assert np.array_equal(branch == 0, np.ma.getmaskarray(moisture))
        assert np.all(np.diff(file["time"][:]) == 3)
    with netCDF4.Dataset(path.with_name("CASM_SM_2011.nc")) as file:
        assert set(np.unique(file["branch"][:])) == {0, 2}


def test_the_data_set_opens_validates_and_reports(run: Project) -> None:
    results = run.folder / "results/casm"
    data = rssm.open(str(results / "product"))
    assert data.sizes["time"] == 487 and "CASM_soil_moisture" in data
    scores = (results / "validation/scores.md").read_text()
    assert "CASM~SMAP_E" in scores and "| 0.660 |" in scores
    assert "Branches beside their target" in (results / "report.html").read_text()
    rows = [line.split("\t") for line in (results / "report/branches.tsv").read_text().splitlines()[2:]]
    found = {(row[0], row[1]): float(row[2]) for row in rows}
    assert found["joined", "r"] > 0.5 and found["smos", "r"] > 0.3  # on blocks that were held out
    assert found["amsre", "points"] > 100


def test_what_share_of_land_has_values_is_told(run: Project) -> None:
    shares = (run.folder / "results/casm/report/land_share.tsv").read_text()
    found = {row[1]: row for row in (line.split("\t") for line in shares.splitlines())}
    assert found["data set"][2] == found["CASM_SM"][2] == "487" and 0.4 < float(found["CASM_SM"][5]) < 0.9
    assert found["SMAP_E"][0] == "product" and 0 < float(found["SMAP_E"][5]) < float(found["CASM_SM"][5])
    assert "of land × steps have a value" in (run.folder / "results/casm/report.html").read_text()


def test_a_toy_run_is_held_against_its_truth_branch_by_branch(run: Project) -> None:
    done = run.snakemake("--nolock", "skill", config=CONFIG)
    assert done.returncode == 0, done.stderr[-3000:]
    rows = list(csv.DictReader((run.folder / "results/casm/report/skill.csv").read_text().splitlines()))
    r = {(row["method"], row["period"]): float(row["r"] or "nan") for row in rows}
    assert {period for _, period in r} >= {"all", "branch amsre", "branch both", "branch smos", "target_period inside"}
    assert 0.3 < r["CASM_SM", "all"] < r["SMAP_E", "all"] < 1  # networks of seconds; SMAP's errors are all it has
    assert np.isnan(r["SMAP_E", "target_period outside"])


def test_a_finished_run_has_nothing_to_do(project: Project) -> None:
    done = project.snakemake("--dry-run", config=CONFIG)
    assert "Nothing to be done" in done.stdout + done.stderr


def test_what_is_learnt_for_amsr_e_alone_makes_that_branch_again_and_no_other(project: Project) -> None:
    project.edit(CONFIG, "transfer_rate: 0.003", "transfer_rate: 0.002")
    planned = project.planned("product", config=CONFIG)
    assert planned["casm_train"] == [f"amsre {member}" for member in MEMBERS]
    assert planned["casm_calibrate"] == ["amsre"] and planned["casm_estimate"] == [f"amsre {TILE}"]
    assert planned["casm_merge"] == [TILE]
    assert {"ingest_years", "cube", "casm_cycle", "casm_samples"} & planned.keys() == set()


def test_the_published_profile_fits_cycles_of_the_overlap_too_and_keeps_the_others(project: Project) -> None:
    settings(project, cycle={"record": "overlap"})
    planned = project.planned("product", config=CONFIG)
    assert planned["casm_cycle"] == [f"AMSR2-overlap {TILE}", f"SMOS-overlap {TILE}"]
    assert planned["casm_samples"] == sorted(f"{branch} {TILE}" for branch in ("smos", "amsr2", "amsre"))


def test_another_seed_learns_again_from_the_same_maps(project: Project) -> None:
    settings(project, seed=7)
    planned = project.planned("product", config=CONFIG)
    assert len(planned["casm_train"]) == 6 and planned["casm_samples"] == sorted(
        f"{b} {TILE}" for b in ("smos", "amsr2", "amsre")
    )
    assert {"toy_archive", "ingest_years", "cube", "casm_cycle"} & planned.keys() == set()


def test_one_more_member_trains_it_in_every_branch(project: Project) -> None:
    project.edit(CONFIG, "members: 2", "members: 3")
    assert project.planned("product", config=CONFIG)["casm_train"] == [
        "amsr2 3",
        *(f"amsre {m}" for m in (1, 2, 3)),
        "smos 3",
    ]


def test_a_title_makes_nothing_again(project: Project) -> None:
    project.edit("config/casm/tiny_products.yaml", "morning", "at dawn")
    assert project.planned("maps", config=CONFIG) == {}


def test_an_extension_by_a_year_reads_smos_alone_and_learns_nothing(project: Project, tmp_path: Path) -> None:
    settings(
        project,
        period={"first": "2011-01-03", "last": "2015-12-29"},
        product={"release": {"version": "1.1", "kind": "icdr", "extends": str(project.folder)}},
    )
    project.cwd = tmp_path
    try:
        snakefile = str(project.folder / "workflow/Snakefile")
        planned = project.planned("-s", snakefile, "--", "product", config=str(project.folder / CONFIG))
    finally:
        project.cwd = None
    assert planned["ingest_years"] == ["SMOS-TB-V 2015"] and planned["tiled_year"] == ["CASM_SM 2015"]
    assert planned["casm_estimate"] == [f"smos {TILE}"]
    assert {"casm_cycle", "casm_samples", "casm_train", "casm_calibrate"} & planned.keys() == set()
