"""The re-run contract, by dry runs on a finished tiny run: a change re-runs what depends on it and nothing else."""

from __future__ import annotations

import json
import os
import shutil
from copy import copy

import pytest

from tests.workflow.conftest import MAPS

TILES = ("N40W001", "N40W002")


def both(*names: str) -> list[str]:
    return sorted(f"{name} {tile}" for name in names for tile in TILES)


AFTER_ROUND_1 = {  # what follows from new maps of round 1
    "target": ["1 2015"],
    "series": ["SIM-1T"],
    "cube": both("SIM-1T"),
    "train": both("NN2-1"),
    "simulate": both("2"),
    "join": both("2"),
    "mosaic": ["2 2014"],
    "fuse": list(TILES),  # seasons are those of all rounds
    "mosaic_fused": ["1 2015", "2 2014"],
    "round_report": ["1", "2"],  # of round 1 too: it tells what the screen took
    "rounds_table": [""],
    "land_share": [""],
}
ROUND_1 = {"simulate": both("1"), "join": both("1"), "mosaic": ["1 2015"]}
IN_ROUND_2 = ("train", "simulate", "join", "mosaic", "fuse", "mosaic_fused", "rounds_table", "land_share")
ROUND_2 = {rule: AFTER_ROUND_1[rule] for rule in IN_ROUND_2}
MATCHED = {"match": list(TILES), "fit_joint": list(TILES)}


def together(*parts: dict[str, list[str]]) -> dict[str, list[str]]:
    rules = {rule for part in parts for rule in part}
    return {rule: sorted(name for part in parts for name in part.get(rule, [])) for rule in rules}


def test_a_finished_run_has_nothing_to_do(project):
    done = project.snakemake("--dry-run", *MAPS)
    assert "Nothing to be done" in done.stdout + done.stderr
    assert "core-hours" in done.stderr  # a dry run tells what a run would take


def test_a_training_setting_reruns_training_and_what_follows(project):
    project.edit("config/tiny.yaml", "toy:", "training: {iterations: 77}\ntoy:")
    trained = {"train": both("NN1-1", "NN1-2")}
    assert project.planned(*MAPS) == together(trained, ROUND_1, AFTER_ROUND_1)


def test_a_setting_of_round_2_reruns_round_2_alone(project):
    project.edit("config/tiny.yaml", "toy:", "training_of_round: {'2': {iterations: 77}}\ntoy:")
    assert project.planned(*MAPS) == {**ROUND_2, "round_report": ["2"]}


def test_one_networks_row_reruns_that_network_and_what_follows(project):
    project.edit("config/tiny/networks.tsv", "NN1-2\t1\t2\tASCAT-SWI", "NN1-2\t1\t2\tSMOS-IC")
    assert project.planned(*MAPS) == together({"train": both("NN1-2")}, ROUND_1, AFTER_ROUND_1)


def test_a_quality_rule_reruns_its_product_and_the_networks_that_use_it(project):
    project.edit("config/products.yaml", "at_most: 8}", "at_most: 9}")  # SMOS-IC's strict rule
    planned = project.planned(*MAPS)
    assert planned["ingest"] == ["SMOS-IC 2014", "SMOS-IC 2015"]  # 2014 is matched to the target
    assert planned["series"] == ["SIM-1T", "SMOS-IC"]
    assert planned["cube"] == both("SIM-1T", "SMOS-IC")
    assert planned["train"] == both("NN1-1", "NN2-1")  # not NN1-2, which learns from ASCAT alone


def test_a_title_or_a_licence_reruns_nothing(project):
    project.edit("config/products.yaml", "licence: NASA open data", "licence: open data")
    project.edit("config/products.yaml", "title: SMAP", "title: Radiometer of SMAP")
    assert project.planned(*MAPS) == {}


def test_a_comment_or_a_docstring_reruns_nothing(project):
    project.edit("rssm/networks/samples.py", '"""Cubes → samples', '"""From cubes to samples')
    project.edit("rssm/grid/zones.py", "def corner_name", "# a comment\ndef corner_name")
    assert project.planned(*MAPS) == {}


def test_code_of_training_reruns_training_and_no_ingestion(project):
    project.edit("rssm/networks/samples.py", "np.nonzero(valid)", "valid.nonzero()")
    trained = {"train": both("NN1-1", "NN1-2")}
    assert project.planned(*MAPS) == together(trained, MATCHED, ROUND_1, AFTER_ROUND_1)


def test_a_message_in_code_that_no_job_runs_reruns_nothing(project):
    project.edit("rssm/archive/inventory.py", "No product of the catalogue", "Not one product of the catalogue")
    project.edit("rssm/commands/plan.py", "never chosen", "not ever chosen")
    assert project.planned(*MAPS) == {}


def test_a_constant_of_a_reader_reads_the_archive_again(project):
    project.edit("rssm/archive/readers/decode.py", "BLOCK = 2**17", "BLOCK = 2**16")
    planned = project.planned(*MAPS)
    assert planned["ingest"] == ["ASCAT-SWI 2014", "ASCAT-SWI 2015", "SMAP_E 2015", "SMOS-IC 2014", "SMOS-IC 2015"]
    assert "toy_archive" not in planned


def test_fuzzification_reruns_mosaics_and_what_learns_from_them(project):
    project.edit("config/tiny.yaml", "toy:", "rounds: {fuzzify: {method: pair}}\ntoy:")
    assert project.planned(*MAPS) == together({"mosaic": ["1 2015"]}, AFTER_ROUND_1)


def test_other_pins_read_the_archive_again_and_need_no_cube_anew(project, tmp_path):
    shutil.copytree(project.folder, tmp_path / "copy", symlinks=True)
    other = copy(project)
    other.folder = tmp_path / "copy"
    other.edit("config/tiny.yaml", "inputs: {", "inputs: {pin: sha256, ")
    done = other.snakemake("--until", "series", "--", *MAPS)
    assert done.returncode == 0, done.stderr
    about = json.loads((other.folder / "results/rsssm/maps/SMAP_E/2015.json").read_text())
    assert {len(pin["sha256"]) for pin in about["native"].values()} == {64}
    assert other.planned(*MAPS) == {
        "archive_report": [""],
        "land_share": [""],
    }  # series of the same checksums: cubes and networks stay


def test_cross_validation_stands_apart_from_a_run(project):
    done = project.snakemake("--nocolor", "crossval")
    assert done.returncode == 0, done.stderr
    lines = (project.folder / "results/rsssm/crossval/NN1-1.tsv").read_text().splitlines()
    assert lines[0] == "zone\tfold\tpoints\trmse\tbias\tubrmse\tr\tr2"
    assert [tuple(line.split("\t")[:2]) for line in lines[1:]] == [
        (tile, fold) for tile in TILES for fold in ("0", "1", "2", "3", "4", "all")
    ]
    assert project.planned(*MAPS) == {}
    project.edit("config/tiny.yaml", "toy:", "crossval: {folds: 4}\ntoy:")
    assert project.planned(*MAPS) == {}
    assert project.planned("crossval") == {"cross_validate": ["NN1-1", "NN1-2", "NN2-1"], "crossval": [""]}


def test_a_touched_configuration_reruns_nothing(project):
    (project.folder / "config/tiny.yaml").touch()
    (project.folder / "config/products.yaml").touch()
    assert project.planned(*MAPS) == {}


@pytest.mark.parametrize("way", ["itself", "link", "up and down", "from within"])
def test_the_same_run_from_another_folder_reruns_nothing(project, tmp_path, way):
    folder = tmp_path / "a folder's"
    for part in ("results", ".snakemake"):
        shutil.copytree(project.folder / part, folder / part, symlinks=True)
    (tmp_path / "link").symlink_to(project.folder)
    checkout = {
        "itself": str(project.folder),
        "link": str(tmp_path / "link"),
        "up and down": f"{project.folder}/config/../workflow/..",
        "from within": os.path.relpath(project.folder, folder),
    }[way]
    other = copy(project)
    other.cwd = folder if way == "from within" else tmp_path
    where = [] if way == "from within" else ["--directory", str(folder)]
    config = f"{checkout}/config/tiny.yaml"
    assert other.planned("-s", f"{checkout}/workflow/Snakefile", *where, *MAPS, config=config) == {}


def test_a_run_of_a_toy_earth_can_be_scored_against_its_truth(project):
    done = project.snakemake("--", "skill")
    assert done.returncode == 0, done.stderr
    lines = (project.folder / "results/rsssm/report/skill.csv").read_text().splitlines()
    assert lines[0] == "world,seed,period,method,r,rmse,ubrmse,bias,anomaly_r,n"
    scores = {tuple(cells[2:4]): cells[4:] for cells in (line.split(",") for line in lines[1:])}
    assert {"rsssm", "climatology", "cdf_tc", "ASCAT-SWI", "SMOS-IC"} <= {method for _, method in scores}
    assert 0.3 < float(scores["all", "rsssm"][0]) < 1


def test_a_native_file_that_was_replaced_is_read_again_and_what_rests_on_it(project, tmp_path):
    shutil.copytree(project.folder, tmp_path / "copy", symlinks=True)
    other = copy(project)
    other.folder = tmp_path / "copy"
    native = sorted(other.folder.glob("results/toy/archive/SMOS-IC/**/*2015*.nc*"))
    archive = {"ingest": ["SMOS-IC 2015"], "archive_report": [""], "land_share": [""]}
    learnt = {"series": ["SMOS-IC"], "cube": both("SMOS-IC"), "train": both("NN1-1")}
    after = together(archive, learnt, MATCHED, ROUND_1, {**AFTER_ROUND_1, "land_share": []})
    content = native[0].read_bytes()
    shutil.copy2(native[1], native[0])  # of another day: as new as before, but not as large
    assert native[0].stat().st_size != len(content) and other.planned(*MAPS) == after
    native[0].write_bytes(content)  # as large as before, but new
    assert other.planned(*MAPS) == after
    native[0].unlink()
    assert other.planned(*MAPS) == after
    native[0].write_bytes(content)
    assert other.snakemake("--until", "ingest", "--", *MAPS).returncode == 0
    assert "ingest" not in other.planned(*MAPS)  # once is enough
