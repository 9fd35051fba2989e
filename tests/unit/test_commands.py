"""Commands: estimate, names-only archives, inventory, comparison of configurations, and their answers as JSON."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from rssm.cli import main
from rssm.commands.compare_tables import differing
from rssm.commands.estimate import amounts, estimate_text, estimated, size_text, table_of
from rssm.commands.wall_time import OWN_S, OWN_SLOW_S, SLOWER, duration_text, wall_time
from rssm.config.load import read_yaml
from rssm.verbs import COMMANDS
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import REPOSITORY


@pytest.fixture(scope="module")
def whole() -> RsssmScope:
    return scope_of(read_yaml(REPOSITORY / "config/global.yaml")[0])


def test_the_global_plan_has_as_many_jobs_as_networks_and_tiles_make(whole):
    rows = amounts(whole)
    assert len(whole.tiles) == 319
    assert rows["train"].jobs == 67 * 319
    assert rows["simulate"].jobs == 8 * 319
    assert rows["mosaic"].jobs == 19  # 16 years, three of them shared by two rounds
    assert "67 networks × 17793 land zones" in estimate_text(whole)


def test_chains_cost_in_every_rule_that_carries_them(whole: RsssmScope) -> None:
    config = read_yaml(REPOSITORY / "config/global.yaml")[0]
    one, eight = amounts(whole), amounts(scope_of({**config, "chains": 8}))
    assert eight["simulate"].disk == 8 * one["simulate"].disk
    assert eight["composite"] == one["composite"]
    dearer = {rule for rule in one if eight[rule].seconds > one[rule].seconds}
    assert dearer == {"cube", "train", "simulate", "join", "mosaic", "target"}


def test_sizes_are_written_for_people():
    assert [size_text(n) for n in (12, 3456, 7.89e6, 1.2e12)] == ["12 B", "3 kB", "7.9 MB", "1.2 TB"]


@pytest.fixture
def small(tmp_path) -> tuple[Path, Path]:
    """A configuration of two years and the file names of its archive."""
    config = yaml.safe_load((REPOSITORY / "config/tiny.yaml").read_text())
    config["inputs"]["root"] = str(tmp_path / "archive")
    del config["toy"]
    file = tmp_path / "my.yaml"
    file.write_text(yaml.safe_dump(config))
    assert main(["toy", "--names-only", "--config", str(file), str(tmp_path / "archive")]) == 0
    return file, tmp_path / "archive"


def test_an_archive_of_names_is_complete_for_the_inventory(small, capsys):
    file, _ = small
    assert main(["inventory", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "3 of 3 networks have predictors and targets in all their training dekads" in shown
    smap = next(line for line in shown.splitlines() if line.startswith("SMAP_E"))
    assert smap.split()[2:5] == ["27", "0", "0"]  # complete, partial, missing dekads from 2015D10 to 2015D36


def test_what_is_missing_is_reported_with_the_networks_it_costs(small, capsys):
    file, archive = small
    for gone in archive.glob("SMOS-IC/2015/*_201512*"):
        gone.unlink()
    assert main(["inventory", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "2 of 3 networks" in shown
    assert "NN1-1  24 of 27 training dekads" in shown


@pytest.mark.parametrize("verb", ["check-config", "plan", "inventory", "estimate"])
def test_an_answer_as_json_fits_its_model(small, verb, capsys):
    assert main([verb, "--json", str(small[0])]) == 0
    found = model_of(verb).model_validate_json(capsys.readouterr().out)
    assert found.file == str(small[0])


def model_of(verb: str) -> type[BaseModel]:
    """Model of what a verb prints as JSON."""
    (place,) = (command.answer for command in COMMANDS if command.name == verb)
    module, name = place.split(":")
    return getattr(import_module(module), name)


def test_json_and_table_have_the_same_numbers(whole, small, capsys):
    found = estimated(whole, 32)
    lines = [line.split() for line in table_of(found).splitlines()]
    for cost in (*found.rules, found.all):
        (row,) = (row for row in lines if row[0] == cost.rule)
        assert [row[1], row[-1]] == [f"{cost.jobs:,}", f"{cost.core_hours:.2f}"]
    assert sum(cost.jobs for cost in found.rules) == found.all.jobs
    assert main(["inventory", "--json", str(small[0])]) == 0
    years = json.loads(capsys.readouterr().out)["products"]
    assert sum(row["complete"] for row in years if row["product"] == "SMAP_E") == 27  # as in the table


def test_what_if_as_json(capsys):
    assert main(["plan", "--json", "--without", "SMOS-IC", str(REPOSITORY / "config/tiny.yaml")]) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["name"], change["what"], change["after"]) == ("NN1-1", "gone", 0)
    assert change["before"] > 0


def test_plans_of_other_methods_say_what_their_networks_learn(tmp_path, capsys):
    for method in ("casm", "somo"):
        (tmp_path / f"{method}.yaml").write_text(f"method: {method}\n")
    assert main(["plan", "--json", str(tmp_path / "casm.yaml")]) == 0
    smos, amsr2, amsre = model_of("plan").model_validate_json(capsys.readouterr().out).lessons
    assert (smos.learns, smos.learnt_steps) == (
        ["2015-03-31", "2020-08-31"],
        661,
    )  # as many steps as the article's SMAP
    assert amsr2.estimates == [] and amsre.target == "estimates of smos, beginning with amsr2"
    assert main(["plan", str(tmp_path / "casm.yaml")]) == 0
    assert "21 networks; the data set is of 2,217 3-day periods" in capsys.readouterr().out
    assert main(["plan", "--json", str(tmp_path / "somo.yaml")]) == 0
    layers = model_of("plan").model_validate_json(capsys.readouterr().out).lessons
    assert [len(layer.inputs) for layer in layers] == [16, 17, 17] and "layer 1" in layers[1].inputs
    assert main(["plan", "--without", "X", "--config", str(tmp_path / "somo.yaml")]) == 2
    assert "method somo has none" in capsys.readouterr().err


def test_rounds_are_of_a_table_or_of_the_run_of_a_configuration(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.yaml").write_text("seed: 3\n")
    (tmp_path / "casm.yaml").write_text("method: casm\n")
    (tmp_path / "other.tsv").write_text("a\tb\n1\t2\n")
    said = {
        "my.yaml": "results/rsssm/report/rounds.tsv: No such file or directory. It is made by: snakemake rounds_report",
        "casm.yaml": "casm.yaml: method casm has no rounds. `rssm summary casm.yaml` tells what came out.",
        "other.tsv": "other.tsv: is no table of rounds, as results/rsssm/report/rounds.tsv of a run of method rsssm is one.",
    }
    for file, sentence in said.items():
        assert main(["rounds", file]) == 2
        assert capsys.readouterr().err.strip() == sentence


def test_mistakes_as_json_keep_their_exit_code(tmp_path, capsys):
    (tmp_path / "my.yaml").write_text("sead: 3\n")
    assert main(["check-config", "--json", str(tmp_path / "my.yaml")]) == 2
    said = capsys.readouterr()
    assert "Did you mean seed?" in json.loads(said.out)["mistakes"][0] and not said.err


def test_rounds_as_json_have_numbers(tmp_path, capsys):
    table = tmp_path / "rounds.tsv"
    head, first, network = (
        "round level name dekads r2_median merged_first_only",
        "1 round 1 27 0.5 -",
        "1 network NN1-1 9 1e-05 -",
    )
    table.write_text("\n".join(line.replace(" ", "\t") for line in (head, first, network)) + "\n")
    assert main(["rounds", "--json", str(table)]) == 0
    (row,) = model_of("rounds").model_validate_json(capsys.readouterr().out).rows
    assert row == {
        "round": "1",
        "level": "round",
        "name": "1",
        "dekads": 27,
        "r2_median": 0.5,
        "merged_first_only": None,
    }
    assert main(["rounds", "--json", "--networks", str(table)]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][1]["r2_median"] == 1e-5


def test_inspected_files_as_json(tmp_path, capsys):
    index = {"product": "LST", "year": 2015, "maps": {"2015M01": {"status": "ok", "pixels": 3, "files": ["a", "b"]}}}
    (tmp_path / "2015.json").write_text(json.dumps(index))
    (tmp_path / "other.json").write_text("[1, 2]")
    assert main(["inspect", "--json", str(tmp_path / "2015.json"), str(tmp_path / "other.json")]) == 0
    made, other = model_of("inspect").model_validate_json(capsys.readouterr().out).files
    assert made.table == [{"step": "2015M01", "status": "ok", "counts": {"pixels": 3}, "native files": 2}]
    assert other.holds == [1, 2]


def test_wall_time_lies_between_perfect_sharing_and_one_rule_after_the_other():
    found = wall_time({"train": (10, 3600.0), "zarr": (1, 360.0)}, rounds=5, cores=4)
    assert found.least * 3600 == pytest.approx(3960 / 4 + 11 * OWN_S)
    # five stages of two jobs of 360 s, which four cores do at once; then one job
    assert found.most * 3600 == pytest.approx(SLOWER * (5 * 360 + 360) + 11 * OWN_SLOW_S)
    alone = wall_time({"train": (10, 3600.0)}, rounds=5, cores=1)
    assert alone.most == pytest.approx(SLOWER * 1 + 10 * OWN_SLOW_S / 3600)


def test_wall_time_is_stated_for_the_cores_asked_for(capsys):
    assert main(["estimate", "--cores", "4", str(REPOSITORY / "config/tiny.yaml")]) == 0
    assert re.search(r"^On 4 cores: \d+ s to \d+ s\.$", capsys.readouterr().out, re.MULTILINE)
    assert main(["estimate", "--cores", "0", str(REPOSITORY / "config/tiny.yaml")]) == 2


def test_durations_are_written_for_people():
    assert [duration_text(hours) for hours in (0.01, 0.2, 3.46, 50)] == ["36 s", "12 min", "3.5 h", "2.1 days"]


def test_configurations_are_compared_by_key(tmp_path, capsys):
    (tmp_path / "a.yaml").write_text("seed: 3\ntraining: {hidden: 5}\n")
    (tmp_path / "b.yaml").write_text("seed: 3\nregion: {north: 50}\n")
    assert main(["compare", str(tmp_path / "a.yaml"), str(tmp_path / "a.yaml")]) == 0
    capsys.readouterr()
    assert main(["compare", "--json", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]) == 1
    found = model_of("compare").model_validate_json(capsys.readouterr().out)
    assert {row.key: (row.a, row.b) for row in found.settings} == {
        "region.north": (80.0, 50.0),
        "training.hidden": (5, 7),
    }
    assert main(["compare", str(tmp_path / "a.yaml"), str(tmp_path / "gone.yaml")]) == 2


def test_rows_of_tables_are_compared_by_their_first_cell():
    a, b = [["NN1", "1", 1], ["NN2", "1", 2]], [["NN2", "1", 1], ["NN3", "1", 2]]
    found = differing({"networks": a, "factors": ["LAI"]}, {"networks": b, "factors": ["LAI"]})
    assert [(row.key, row.a, row.b) for row in found] == [
        ("networks.NN1", ["1", 1], None),
        ("networks.NN2", ["1", 2], ["1", 1]),
        ("networks.NN3", None, ["1", 2]),
    ]
