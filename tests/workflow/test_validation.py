"""Validation as the Snakefile sees it: dry runs, and once for all on the tiny run."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from tests.workflow.conftest import SAID, Project

OWN = {"stations", "samples", "scores", "stability", "score_tables", "station_map", "rival_figures"}
WITHOUT_STATIONS = {
    "efficiency",
    "efficiency_table",
    "efficiency_figure",
    "triple",
    "triple_table",
    "triple_map",
    "coverage",
}


def settings(project: Project, name: str, **changes: object) -> str:
    """A configuration like the tiny one, but for some settings."""
    config = yaml.safe_load((project.folder / "config/tiny.yaml").read_text())
    (project.folder / name).write_text(yaml.safe_dump({**config, **changes}))
    return name


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("validation"))


def test_nothing_is_validated_unless_asked_for(checkout: Project) -> None:
    found = checkout.planned("maps", "product")
    assert not (OWN | WITHOUT_STATIONS) & set(found)
    assert not [name for name in found["ingest"] if name.startswith("GLDAS")]


def test_rivals_are_ingested_by_the_rules_of_all_products(checkout: Project) -> None:
    found = checkout.planned(
        "validation", config=settings(checkout, "rivals.yaml", validation={"rivals": ["CCI", "SMAP_E"]})
    )
    assert set(found) >= OWN | WITHOUT_STATIONS
    assert found["samples"] == ["CCI", "RSSSM", "SMAP_E"]
    assert {"CCI 2014", "CCI 2015", "GLDAS 2014", "GLDAS 2015"} <= set(found["ingest"])
    assert "ISMN static" in found["toy_archive"] and "KOPPEN static" in found["ingest_years"]
    assert found["efficiency"] == ["2015"]  # the target's only year


def test_without_stations_one_sentence_says_what_to_set(checkout: Project) -> None:
    none = {"rivals": ["SMAP_E"], "stations": {"ismn": []}, "triple": None}
    name = settings(checkout, "none.yaml", validation=none)
    done = checkout.snakemake("--dry-run", "validation", config=name)
    assert done.returncode == 0, done.stderr
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("validation:")]
    assert "validation.stations.ismn" in sentence
    found = checkout.planned("validation", config=name)
    assert set(found) >= {"efficiency", "efficiency_table", "efficiency_figure", "coverage", "coverage_figure"}
    assert not (OWN | {"triple"}) & set(found)


def test_a_rival_that_cannot_be_is_refused_before_anything_runs(checkout: Project) -> None:
    done = checkout.snakemake("--dry-run", config=settings(checkout, "wrong.yaml", validation={"rivals": ["GLDSA"]}))
    assert done.returncode == 1
    assert "validation.rivals.0: 'GLDSA' is not in the catalogue" in done.stderr


def test_the_plain_command_makes_everything_and_says_where_it_lies(whole: Project) -> None:
    lines = (whole.folder / SAID).read_text(encoding="utf-8").splitlines()
    begins = next(n for n, line in enumerate(lines) if line.endswith("Share of land × dekads with a value:"))
    *_, last, following = lines[begins:]
    assert lines[begins + 1].startswith("  data set ") and len(lines) - begins <= 15
    assert following.startswith("Next: rssm extract ")
    assert re.match(r"Done: \d+ jobs in ", last)
    named = dict(part.split(": ") for part in last.partition(". ")[2].split(" · "))
    assert set(named) == {"Report", "Data set"}
    assert "<!DOCTYPE html>" in (whole.folder / named["Report"]).read_text()[:200]
    assert (whole.folder / named["Data set"] / "release.json").is_file()


def test_the_tiny_run_is_validated(whole_project: Project) -> None:
    done = whole_project.snakemake("--", "validation")
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
    assert done.stderr.splitlines()[-1] == "Nothing to be done. Validation: results/rsssm/validation/"
    made = whole_project.folder / "results/rsssm/validation"
    with (made / "temporal.csv").open() as file:
        ours = [row for row in csv.DictReader(file) if row["source"] == "here"]
    mean = {
        (row["comparison"], row["product"]): float(row["value"])
        for row in ours
        if (row["statistic"], row["metric"], row["status"]) == ("mean", "r", "ok")
    }
    assert mean["RSSSM~ASCAT-SWI", "RSSSM"] > mean["RSSSM~ASCAT-SWI", "ASCAT-SWI"]
    assert "| RSSSM~SMAP_E | RSSSM | published |" in (made / "scores.md").read_text()
    figures = {path.name for path in Path(made / "figures").iterdir()}
    charts = {f"{name}.{kind}" for name in ("stations", "efficiency", "coverage") for kind in ("svg", "png", "csv")}
    assert charts | {f"triple.{kind}" for kind in ("svg", "png", "nc")} <= figures
    with (made / "figures/stations.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 6  # three stations in each of two zones
    assert whole_project.planned("validation") == {}  # nothing is made twice
    whole_project.edit("config/tiny.yaml", "validation: {", "validation: {stations: {min_observations: 4}, ")
    again = whole_project.planned("validation")
    assert set(again) == {*OWN, "validation"} and "efficiency" not in again
