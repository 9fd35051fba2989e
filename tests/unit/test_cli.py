"""The command line: verbs, mistakes and their exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from rssm.cli import JOBS, PEOPLE, main

ROOT = Path(__file__).resolve().parents[2]


def test_every_verb_leads_to_a_function():
    for place in [*(job.function for job in JOBS.values()), *(function for function, _ in PEOPLE.values())]:
        module, function = place.split(":")
        assert callable(getattr(import_module(module), function)), place


def test_every_verb_of_the_rules_is_there():
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    assert set(re.findall(r'"rssm ([\w-]+)', rules)) == set(JOBS)


def test_no_verb_shows_all_of_them(capsys):
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(verb in shown for verb in (*JOBS, *PEOPLE))


def test_an_unknown_verb_is_a_mistake(capsys):
    assert main(["trian"]) == 2
    assert "no verb 'trian'" in capsys.readouterr().err


@pytest.mark.parametrize("heavy", ["numpy", "pandas", "xarray", "sklearn", "rasterio", "numba"])
def test_planning_imports_nothing_heavy(heavy):
    code = f"import sys, rssm.workflow, rssm.people.estimate; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("job", ["rssm.rounds.train", "rssm.rounds.simulate", "rssm.rounds.target", "rssm.ingest.job"])
@pytest.mark.parametrize("heavy", ["pandas", "xarray", "sklearn", "matplotlib"])
def test_jobs_that_run_by_the_hundred_start_lean(job, heavy):
    code = f"import sys, {job}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
