"""A copy of the project in a folder of its own, and the tiny run finished in it once for all tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAPS = (
    "maps",
    "rounds_report",
    "results/rsssm/report/archive.tsv",
)  # what most tests look at: no data set, no validation


class Project:
    """A checkout that tests may change; `rssm` is imported from it. Commands run in it, unless `cwd` is another folder."""

    cwd: Path | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("rssm", "workflow", "config", "docs", "envs", "resources"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))

    def snakemake(self, *arguments: str, config: str = "config/tiny.yaml") -> subprocess.CompletedProcess[str]:
        """Run Snakemake to its end."""
        command, environment = self._call(arguments, config)
        return subprocess.run(
            command,
            cwd=self.cwd or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def start(self, *arguments: str, config: str = "config/tiny.yaml") -> subprocess.Popen[bytes]:
        """Start Snakemake in a process group of its own."""
        command, environment = self._call(arguments, config)
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(
            command,
            cwd=self.cwd or self.folder,
            env=environment,
            stdout=nowhere,
            stderr=nowhere,
            start_new_session=True,
        )

    def _call(self, arguments: tuple[str, ...], config: str) -> tuple[list[str], dict[str, str]]:
        command = [sys.executable, "-m", "snakemake", "--cores", "2", "--configfile", config, *arguments]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        kernels = str(
            ROOT / "rssm/networks/kernels/__pycache__"
        )  # named by the sources, so that a copy need not compile anew
        return command, {"NUMBA_CACHE_DIR": kernels, **inherited, "PYTHONPATH": str(self.folder), "PATH": path}

    def planned(self, *arguments: str, config: str = "config/tiny.yaml") -> dict[str, list[str]]:
        """Rule → what it would make anew (its wildcards), by a dry run."""
        done = self.snakemake("--dry-run", *arguments, config=config)
        assert done.returncode == 0, done.stderr + done.stdout
        jobs: dict[str, list[str]] = {}
        for block in re.split(r"\n(?=rule )", done.stdout + done.stderr):
            rule = re.match(r"rule (\w+):", block)
            if rule and rule[1] not in ("all", *MAPS):
                found = re.search(r"wildcards: (.*)", block)
                values = [part.split("=")[1] for part in found[1].split(", ")] if found else []
                jobs.setdefault(rule[1], []).append(" ".join(values))
        return {rule: sorted(names) for rule, names in jobs.items()}

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text()
        assert old in text, f"{path} does not hold {old!r}"
        (self.folder / path).write_text(text.replace(old, new, 1))


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Project:
    """The tiny run, finished."""
    project = Project(tmp_path_factory.mktemp("project"))
    done = project.snakemake("--", *MAPS)
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
    return project


@pytest.fixture
def project(finished):
    """The finished project; what a test changes of its sources is put back."""
    kept = {
        path: path.read_text()
        for part in ("config", "rssm")
        for path in (finished.folder / part).rglob("*.*")
        if path.suffix in (".py", ".yaml", ".tsv")
    }
    yield finished
    for path, text in kept.items():
        if path.read_text() != text:
            path.write_text(text)
