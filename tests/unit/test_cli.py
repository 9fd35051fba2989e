"""The command line: verbs, mistakes and their exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from rssm.cli import main
from rssm.verbs import COMMANDS, JOBS

ROOT = Path(__file__).resolve().parents[2]


def test_every_verb_leads_to_a_function():
    for verb in (*JOBS, *COMMANDS):
        module, function = verb.function.split(":")
        assert callable(getattr(import_module(module), function)), verb


def test_every_verb_of_the_rules_is_there():
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").rglob("*.smk"))
    assert set(re.findall(r'"rssm ([\w-]+)', rules)) == {verb.name for verb in JOBS}


def test_a_rule_and_its_verb_bear_one_name():
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").rglob("*.smk"))
    pairs = re.findall(r'^ *rule (\w+):\n(?:(?!^ *rule ).*\n)*? *"rssm ([\w-]+)', rules, re.MULTILINE)
    assert {verb for _, verb in pairs} == {verb.name for verb in JOBS}  # methods may make one in rules of their own
    assert [rule for rule, verb in pairs if rule.replace("_", "-") != verb] == []


def test_no_verb_shows_all_of_them(capsys):
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(verb.name in shown for verb in (*JOBS, *COMMANDS))


def test_an_unknown_verb_is_a_mistake(capsys):
    assert main(["trian"]) == 2
    assert "no verb 'trian'" in capsys.readouterr().err


def test_every_verb_for_people_shows_an_example_of_itself(capsys):
    for command in COMMANDS:
        assert command.example.split()[:2] == ["rssm", command.name], command
        with pytest.raises(SystemExit, match="0"):
            main([command.name, "--help"])
        shown = capsys.readouterr().out
        assert command.example in shown and command.about in " ".join(shown.split())


def test_a_job_shows_how_its_rule_calls_it(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["train", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "rssm train NETWORK TILE --cubes PATH… --spec JSON --out PATH…" in shown


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (["paln"], "rssm: no verb 'paln'. Did you mean plan?"),
        (["plan", "--wihout", "X"], "Did you mean --without?"),
        (["plan", "config/tiny.yaml", "--without", "SMOSIC"], "SMOSIC: not in the catalogue. Did you mean SMOS-IC?"),
        (["plan", "a.yaml", "--config", "b.yaml"], "two configurations are named, a.yaml and b.yaml. Give one."),
        (["plan", "a.yaml", "--without", "SMOS-IC", "b.yml"], "two configurations are named, a.yaml and b.yml."),
        (["estimate", "a.yaml", "b.yaml"], "unrecognized arguments: b.yaml. `rssm estimate --help` shows"),
        (["train", "NN1-1"], "rssm train: the following arguments are required: tile, --spec, --out."),
        (["extract", "--lon", "east"], "argument --lon: invalid float value: 'east'."),
    ],
)
def test_a_mistake_in_typing_is_answered_in_one_sentence(typed, answer, capsys):
    assert main(typed) == 2
    said = capsys.readouterr()
    assert answer in said.err and said.err.count("\n") == 1 and not said.out


@pytest.mark.parametrize("verb", ["check-config", "plan", "inventory", "estimate"])
@pytest.mark.parametrize("form", [["config/tiny.yaml"], ["--config", "config/tiny.yaml"]])
def test_verbs_take_a_configuration_alike(verb, form, capsys):
    assert main([verb, *form]) == 0
    assert capsys.readouterr().out


def test_what_if_leaves_the_file_behind_it_alone(capsys):
    shown = []
    for arguments in (["config/tiny.yaml", "--without", "SMOS-IC"], ["--without", "SMOS-IC", "config/tiny.yaml"]):
        assert main(["plan", *arguments]) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert shown[0].startswith("Changes to the plan of config/tiny.yaml:\n  NN1-1: gone (needs SMOS-IC)")
    assert main(["plan", "--without", "SMOS-IC", "ASCAT-SWI", "--config", "config/tiny.yaml"]) == 0  # as it was
    assert "NN2-1: gone (needs ASCAT-SWI)" in capsys.readouterr().out


def imported(*modules: str) -> set[str]:
    """What a process has imported after some modules."""
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())


def test_planning_imports_nothing_heavy():
    heavy = {"numpy", "pandas", "xarray", "sklearn", "rasterio", "numba"}
    assert not heavy & imported("rssm.workflow.methods", "rssm.commands.estimate")


def test_the_package_itself_imports_next_to_nothing():
    code = "import sys; before = len(sys.modules); import rssm; sys.exit(len(sys.modules) - before > 20)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "job", ["rssm.rounds.train", "rssm.rounds.simulate", "rssm.rounds.target", "rssm.ingest.product_year"]
)
def test_jobs_that_run_by_the_hundred_start_lean(job):
    assert not {"pandas", "xarray", "sklearn", "matplotlib"} & imported(job)


# These read an entry of the catalogue, or the settings of a toy Earth, by their models.
WITH_MODELS = {"toy-archive", "ingest", "derive", "skill", "quicklook", "report-year", "report", "stations"}
WITH_MODELS |= {"somo-records", "somo-stations", "somo-targets", "tiled-skill"}


def test_jobs_start_without_the_models_of_the_configuration():
    """A tenth of a second each: what they are asked was checked when it was planned (`rssm.spec.Settings`)."""
    assert {verb.name for verb in JOBS} > WITH_MODELS
    assert "pydantic" not in imported(*{verb.module for verb in JOBS if verb.name not in WITH_MODELS})
