"""The flow chart's graph is that of Snakemake."""

from __future__ import annotations

import csv
import re

import pytest

from tests.workflow.conftest import Project

CHART = "results/rsssm/analysis/figures/flow_chart.csv"
TARGETS = ("all", "product", "validation", "rounds_report", "lai_joint", "crossval")


def test_the_chart_shows_the_rules_and_edges_that_snakemake_would_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    project = Project(tmp_path_factory.mktemp("overview"))
    dot = project.snakemake("--rulegraph", "dot", *TARGETS)
    assert dot.returncode == 0, dot.stderr
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', dot.stdout))
    theirs = {(names[a], names[b]) for a, b in re.findall(r"(\d+) -> (\d+)", dot.stdout)}
    done = project.snakemake("--printshellcmds", CHART)
    assert done.returncode == 0, done.stderr
    with (project.folder / CHART).open() as file:
        ours = {(row["from"], row["to"]) for row in csv.DictReader(file)}
    rules = {name for edge in ours for name in edge}
    assert {edge for edge in theirs if set(edge) <= rules} == {
        edge for edge in ours if set(edge) <= set(names.values())
    }
    assert rules == {name for edge in theirs for name in edge} - set(TARGETS) - {"maps", "overview"}
