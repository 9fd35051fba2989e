"""The two overviews: what the timeline says of the plan and the archive, and where the flow chart draws rules and arrows."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from rssm.calendar import DEKADS
from rssm.ingest.archive_report import COLUMNS
from rssm.overview.flow_chart import flow_chart
from rssm.overview.layers import essential, places, returning, rows_of, stages
from rssm.overview.specs import FlowSpec, Node, Shown, Simulated, TimelineSpec
from rssm.overview.timeline import timeline
from rssm.spec import parsed
from rssm.tsv import write_tsv
from rssm.workflow.methods import scope_in
from rssm.workflow.rsssm.overview import Overview
from rssm.workflow.rule_graph import rule_graph

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("svg", "png", "csv")


@dataclass
class MadeRule:
    """A rule as Snakemake has them, as far as the graph asks."""

    name: str
    output: list[str]
    inputs: list[str] = field(default_factory=list)
    part: str = "cubes"

    @property
    def snakefile(self) -> str:
        return f"/somewhere/workflow/rules/{self.part}.smk"

    def _pattern(self, output: str) -> str:
        return re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(output))

    def is_producer(self, path: str) -> bool:
        return any(re.fullmatch(self._pattern(output), path) for output in self.output)

    def get_wildcards(self, path: str) -> dict[str, str]:
        found = next(m for output in self.output if (m := re.fullmatch(self._pattern(output), path)))
        return found.groupdict()

    def expand_input(self, wildcards: dict[str, str]) -> tuple[list[str], None]:
        return [path.format(**wildcards) for path in self.inputs], None


CHAIN = (
    MadeRule("all", [], ["data.nc", "skill.csv", "native.txt"]),
    MadeRule("ingest", ["maps/{year}.tif"], [], "ingest"),
    MadeRule("cube", ["cubes/{round}.nc"], ["maps/2003.tif", "maps/2004.tif", "taught/{round}.tif"]),
    MadeRule("train", ["net/{round}.nc"], ["cubes/{round}.nc"], "networks"),
    MadeRule("teach", ["taught/{round}.tif"], ["net/first.nc"], "rounds"),
    MadeRule("publish", ["data.nc"], ["net/second.nc", "net/first.nc", "maps/2003.tif"], "product"),
    MadeRule("unasked", ["other/{year}.txt"]),
    MadeRule("skill", ["skill.csv"], ["data.nc"], "skill"),
)


def test_the_graph_follows_files_back_from_the_targets():
    found = rule_graph(CHAIN)
    assert [(node.rule, node.part) for node in found.nodes] == [
        ("ingest", "ingest"), ("cube", "cubes"), ("train", "networks"), ("teach", "rounds"), ("publish", "product"),
        ("skill", "skill"),
    ]  # fmt: skip
    assert found.edges == (
        ("ingest", "cube"), ("ingest", "publish"), ("cube", "train"), ("train", "teach"), ("train", "publish"),
        ("teach", "cube"), ("publish", "skill"),
    )  # fmt: skip


def test_arrows_that_follow_from_others_are_left_out_and_the_way_back_is_told_apart():
    flow = rule_graph(CHAIN)
    assert returning(flow) == [("teach", "cube")]
    onward = essential([edge for edge in flow.edges if edge != ("teach", "cube")])
    assert onward == [
        ("ingest", "cube"), ("cube", "train"), ("train", "teach"), ("train", "publish"), ("publish", "skill")
    ]  # fmt: skip


def test_readers_stand_below_what_they_read_and_no_two_boxes_touch():
    edges = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "e"), ("d", "f"), ("e", "f")]
    parts = {"a": "ingest", "b": "cubes", "c": "cubes", "d": "rounds", "e": "rounds", "f": "unheard_of"}
    flow = FlowSpec(tuple(Node(*entry) for entry in parts.items()), tuple(edges))
    assert stages(flow) == {
        "maps": ["a"], "cubes": ["b", "c"], "rounds": ["d", "e"], "unheard_of": ["f"]
    }  # fmt: skip
    rows = rows_of(flow, edges)
    where = places(rows, edges)
    assert all(where[a][1] < where[b][1] for a, b in edges)
    assert "a>1" in rows[1][1]  # the arrow from a to e passes the row of b and c
    for _, items in rows:
        for a, b in pairwise(items):
            assert where[b][0] - where[a][0] >= (0.249 if ">" in a + b else 0.999)


def test_the_chart_names_every_rule_and_its_table_every_edge(tmp_path):
    flow = rule_graph(CHAIN)
    for name in ("a", "b"):
        flow_chart(flow, [str(tmp_path / f"{name}.{kind}") for kind in KINDS])
    for kind in KINDS:
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    with (tmp_path / "a.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["from"], row["to"]) for row in rows] == list(flow.edges)
    assert {(row["from"], row["to"]): row["arrow"] for row in rows if row["arrow"] != "drawn"} == {
        ("ingest", "publish"): "follows", ("teach", "cube"): "to the next round"
    }  # fmt: skip
    svg = (tmp_path / "a.svg").read_text()
    assert all(f"<!-- {node.rule} -->" in svg for node in flow.nodes)


def test_a_rule_that_reads_very_many_says_how_many(tmp_path):
    names = [f"figure_{k}" for k in range(13)]
    nodes = (*(Node(name, "figures") for name in names), Node("report", "report"), Node("page", "unheard_of"))
    flow = FlowSpec(nodes, (*((name, "report") for name in names), ("figure_0", "page")))
    flow_chart(flow, [str(tmp_path / f"a.{kind}") for kind in KINDS])
    with (tmp_path / "a.csv").open() as file:
        assert [row["arrow"] for row in csv.DictReader(file)] == [*["counted"] * 13, "drawn"]
    assert "(of 13 rules)" in (tmp_path / "a.svg").read_text()
    assert list(stages(flow)) == ["validation", "unheard_of", "report"]


def archive(path: Path, held: dict[tuple[str, str], tuple[int, int]]) -> str:
    """A report of the archive: (product, year) → maps made and missing."""
    rows = [
        [product, year, made, 0, missing, *[0] * (len(COLUMNS) - 5)]
        for (product, year), (made, missing) in held.items()
    ]
    write_tsv(path, COLUMNS, rows)
    return str(path)


def test_the_timeline_says_what_was_held_simulated_and_learnt_from(tmp_path):
    d = DEKADS.parse
    spec = TimelineSpec(
        "dekad",
        (d("2013D01"), d("2015D36")),
        (Shown("SMAP", "target", (d("2015D10"), d("2018D36"))), Shown("ASCAT", "predictor", (d("2007D01"), d("2015D36")))),
        (Simulated("1", "1", (d("2013D01"), d("2015D36")), 3, {"SMAP": ((d("2015D10"), d("2015D36")),)}),),
    )  # fmt: skip
    held = {
        ("SMAP", "2015"): (27, 9),
        ("ASCAT", "2013"): (18, 18),
        ("ASCAT", "2014"): (0, 36),
        ("SAND", "static"): (1, 0),
    }
    timeline([archive(tmp_path / "archive.tsv", held)], spec, [str(tmp_path / f"t.{kind}") for kind in KINDS])
    with (tmp_path / "t.csv").open() as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert rows == [
        ("products", "SMAP", "target", "2015D10", "2015D36", "", "1"),  # all of its own dekads
        ("products", "ASCAT", "predictor", "2013D01", "2013D36", "", "0.5"),
        ("products", "ASCAT", "predictor", "2014D01", "2014D36", "", "0"),
        ("products", "ASCAT", "predictor", "2015D01", "2015D36", "", "0"),
        ("substeps", "1", "simulated", "2013D01", "2015D36", "3", ""),
        ("substeps", "1", "learns from SMAP", "2015D10", "2015D36", "", ""),
    ]
    assert "<!-- 3 networks -->" in (tmp_path / "t.svg").read_text()


@pytest.mark.parametrize("config", ["config/config.yaml", "config/tiny.yaml"])
def test_the_timeline_is_asked_what_the_plan_says(config):
    scope = scope_in([ROOT / config])
    spec = parsed(TimelineSpec, Overview(scope, lambda: ()).timeline_spec())
    assert [substep.name for substep in spec.substeps] == [s.name for s in scope.plan.substeps if s.span]
    assert sum(substep.networks for substep in spec.substeps) == len(scope.networks)
    for shown in spec.substeps:
        learnt = {DEKADS.label(at) for spans in shown.learnt.values() for a, b in spans for at in range(a, b + 1)}
        own = [scope.plan.training[network.name].steps for network in scope.networks_of(shown.name)]
        assert learnt == {DEKADS.label(step) for steps in own for step in steps}
    assert {p.name for p in spec.products if p.role == "target"} == set(scope.plan.primaries)
