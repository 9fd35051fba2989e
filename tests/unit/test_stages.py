"""Every rule of the workflow has a stage in the words that a person is shown."""

from __future__ import annotations

import re
from pathlib import Path

from rssm.workflow.methods import ending_of, scope_in
from rssm.workflow.stages import STAGE_OF, STAGES, in_order, stage_text

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"^ *(?:(?:rule|checkpoint) (\w+):|use rule \w+ as (\w+) with:)")


def rules() -> dict[str, bool]:
    """Rule → whether it is work, of some method at least, and no mere name for files."""
    found: dict[str, bool] = {}
    for path in sorted((ROOT / "workflow").rglob("*")):
        name = ""
        for line in path.read_text().splitlines() if _holds_rules(path) else []:
            if named := NAMED.match(line):
                name = named[1] or named[2]
                found[name] = found.get(name, False) or bool(named[2])
            elif line.strip() == "shell:":
                found[name] = True
    return found


def _holds_rules(path: Path) -> bool:
    return path.suffix == ".smk" or path.name == "Snakefile"


def test_every_rule_that_is_work_has_a_stage_and_no_target_has() -> None:
    found = rules()
    assert {"train", "mosaic_fused", "toy_archive", "calibrate"} <= {name for name, works in found.items() if works}
    assert {"all", "product", "validation"} <= {name for name, works in found.items() if not works}
    assert {name for name, works in found.items() if works} == STAGE_OF.keys()


def test_of_every_target_it_is_known_where_its_files_lie() -> None:
    targets = {name for name, works in rules().items() if not works}
    known = ending_of(scope_in([ROOT / "config/config.yaml"])).places().keys()
    assert targets | {"round1", "round5"} <= known | {"report"}
    assert {name for name in known if not name.startswith("round")} <= targets | {"report", "skill"}


def test_networks_are_told_with_their_round() -> None:
    rounds = {"2": "2", "2-1": "2", "NN2-1": "2"}
    for wildcards in ({"round": "2"}, {"substep": "2-1", "tile": "N40W001"}, {"network": "NN2-1", "tile": "N40W001"}):
        assert stage_text("train", wildcards, rounds) == "networks of round 2"
    assert stage_text("kernels", {}, rounds) == "networks"
    assert stage_text("product_year", {"year": "2"}, rounds) == "data set"
    assert stage_text("all", {}, rounds) == ""


def test_stages_are_in_the_order_of_a_run() -> None:
    texts = ["report", "networks of round 2", "archive", "networks of round 1", "fusion"]
    assert sorted(texts, key=in_order) == [
        "archive",
        "networks of round 1",
        "networks of round 2",
        "fusion",
        "report",
    ]
    assert STAGES[0] == "archive" and STAGES[-1] == "report"
