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
    assert len(pairs) == len(JOBS)
    assert [rule for rule, verb in pairs if rule.replace("_", "-") != verb] == []


def test_no_verb_shows_all_of_them(capsys):
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(verb.name in shown for verb in (*JOBS, *COMMANDS))


def test_an_unknown_verb_is_a_mistake(capsys):
    assert main(["trian"]) == 2
    assert "no verb 'trian'" in capsys.readouterr().err


@pytest.mark.parametrize("heavy", ["numpy", "pandas", "xarray", "sklearn", "rasterio", "numba"])
def test_planning_imports_nothing_heavy(heavy):
    code = f"import sys, rssm.workflow.methods, rssm.commands.estimate; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "job", ["rssm.rounds.train", "rssm.rounds.simulate", "rssm.rounds.target", "rssm.ingest.product_year"]
)
@pytest.mark.parametrize("heavy", ["pandas", "xarray", "sklearn", "matplotlib"])
def test_jobs_that_run_by_the_hundred_start_lean(job, heavy):
    code = f"import sys, {job}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
