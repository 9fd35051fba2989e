"""The tutorial's words lead to a data set: its blocks are run in their order, in an empty folder, and print what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.conftest import ROOT

PAGE = (ROOT / "docs/tutorial/own-region.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|python|text)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("from nothing")


def run(language: str, block: str, folder: Path) -> str:
    """All that a block prints, if it ends well."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kernels = str(ROOT / "rssm/networks/kernels/__pycache__")  # named by the sources: nothing is compiled anew
    done = subprocess.run(
        [*COMMANDS[language], block], cwd=folder, text=True, check=False, timeout=600, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env={"NUMBA_CACHE_DIR": kernels, **os.environ, "PYTHONPATH": str(ROOT), "PATH": path},
    )  # fmt: skip
    assert done.returncode == 0, f"{block}\n{done.stdout[-4000:]}"
    return done.stdout


def is_shown(shown: str, printed: str) -> None:
    """Every line of a page's output is printed, in this order; `…` stands for anything."""
    rest = printed
    for line in filter(None, (line.strip() for line in shown.splitlines())):
        found = re.search(".*?".join(map(re.escape, line.split("…"))), rest)
        assert found, f"{line!r} is not printed in:\n{printed}"
        rest = rest[found.end() :]


def test_the_tutorial_leads_from_nothing_to_a_data_set(folder: Path) -> None:
    printed = ""
    for language, block in BLOCKS:
        if language == "text":
            is_shown(block, printed)
        else:
            printed = run(language, block, folder)
    year = folder / "results/rsssm/product/netcdf/RSSSM_2016.nc"
    assert year.is_file() and (folder / "MYSAT_2015D12.png").is_file()
    assert "mysat/2016/mysat_2016" in printed  # the trace, which comes last, leads back to the own sensor


def test_all_blocks_of_the_tutorial_are_run() -> None:
    fences = re.findall(r"^```(\S+)", PAGE, re.MULTILINE)
    assert len(fences) == len(BLOCKS) and set(fences) == {"sh", "python", "text"}
