"""The notebooks of the manual run from their first cell to the last, and are kept without output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat

from tests.workflow.conftest import ROOT

NOTEBOOKS = ROOT / "docs/notebooks"
NAMES = ("explore", "own_subnetworks")
RUN = """
import json, sys
names = {}
for cell in json.loads(sys.stdin.read()):
    exec(compile(cell, "a cell", "exec"), names)
print(json.dumps(names.get("rmse") or names["shares"]))
"""


def cells(name: str) -> list[str]:
    """Code of a notebook, cell by cell."""
    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)
    return [cell.source for cell in book.cells if cell.cell_type == "code"]


def executed(name: str, **variables: str) -> dict[str, float]:
    """Run a notebook in a process of its own, as a kernel does; the numbers that it found."""
    environment = os.environ | {"MPLBACKEND": "agg", "PYTHONPATH": str(ROOT)} | variables
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN],
        input=json.dumps(cells(name)),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_all_notebooks_are_known_here_and_hold_no_output() -> None:
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == sorted(NAMES)
    for name in NAMES:
        book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)
        nbformat.validate(book)
        for cell in book.cells:
            if cell.cell_type == "code":
                assert cell.outputs == [] and cell.execution_count is None, f"{name}: clear all outputs"
                assert not any(line.startswith(("%", "!")) for line in cell.source.splitlines()), name


def test_a_finished_data_set_is_explored(tiny_whole: Path) -> None:
    shares = executed("explore", RSSM_RUN=str(tiny_whole))
    assert 0 < shares["in_training_period"] <= 1 and shares["snow_ice_observed"] == 0  # where there is a value


def test_subnetworks_learn_own_data_and_zones_of_their_own_pay() -> None:
    rmse = executed("own_subnetworks")
    assert rmse["a subnetwork in each zone"] < 0.9 * rmse["one network for all"] < 0.06
