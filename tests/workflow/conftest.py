"""A copy of the project in a folder of its own, and the tiny run finished in it once for all tests and all workers."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.workflow import planner

ROOT = Path(__file__).resolve().parents[2]
MAPS = (
    "maps",
    "rounds_report",
    "results/rsssm/report/archive.tsv",
)  # what most tests look at: no data set, no validation
SAID = "said.txt"  # what the run said, in its folder


class Project:
    """A checkout that tests may change; `rssm` is imported from it. Commands run in it, unless `cwd` is another folder."""

    cwd: Path | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for part in ("rssm", "workflow", "config", "docs", "envs", "resources"):
            shutil.copytree(ROOT / part, folder / part)  # and what Python compiled of it, which is as old

    def copy(self, folder: Path) -> Project:
        """The same in another folder, with all that was made."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return opened(folder)

    def snakemake(
        self, *arguments: str, config: str = "config/tiny.yaml", timeout: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run Snakemake to its end."""
        command, environment = self._call(arguments, config)
        if "--dry-run" in arguments:
            return planner.snakemake(command[3:], self.cwd or self.folder, environment)
        return subprocess.run(
            command,
            cwd=self.cwd or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
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
                jobs.setdefault(rule[1], []).append(" ".join(filter(None, values)))
        return {rule: sorted(names) for rule, names in jobs.items()}

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text()
        assert old in text, f"{path} does not hold {old!r}"
        (self.folder / path).write_text(text.replace(old, new, 1))


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """A folder that the first worker who asks for it makes, while others wait."""
    done = folder.with_name(f"{folder.name}.done")
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def of_all_workers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers see."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


def opened(folder: Path) -> Project:
    """The project that lies in a folder."""
    project = Project.__new__(Project)
    project.folder = folder
    return project


def _run(project: Project, *targets: str) -> None:
    done = project.snakemake(*targets, timeout=3600)  # all that others wait for, on a machine that may be busy
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
    (project.folder / SAID).write_text(done.stderr, encoding="utf-8")


@pytest.fixture(scope="session")
def tiny_maps(of_all_workers: Path) -> Path:
    """Folder of the tiny run, finished up to its maps; nobody writes into it."""
    return made_once(of_all_workers / "tiny_maps", lambda folder: _run(Project(folder), "--", *MAPS))


@pytest.fixture(scope="session")
def tiny_whole(of_all_workers: Path, tiny_maps: Path) -> Path:
    """Folder of the tiny run with all that it makes; nobody writes into it."""
    return made_once(of_all_workers / "tiny_whole", lambda folder: _run(opened(tiny_maps).copy(folder)))


@pytest.fixture(scope="session")
def finished(tiny_maps: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny run up to its maps, finished; the worker's own."""
    return opened(tiny_maps).copy(tmp_path_factory.mktemp("project") / "maps")


@pytest.fixture(scope="session")
def whole(tiny_whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny run with data set, validation, analysis and report, finished; the worker's own."""
    return opened(tiny_whole).copy(tmp_path_factory.mktemp("project") / "whole")


@contextmanager
def put_back(project: Project) -> Iterator[Project]:
    """A project; what a test changes of its sources is put back."""
    kept = {
        path: path.read_text()
        for part in ("config", "rssm")
        for path in (project.folder / part).rglob("*.*")
        if path.suffix in (".py", ".yaml", ".tsv")
    }
    yield project
    for path, text in kept.items():
        if path.read_text() != text:
            path.write_text(text)


@pytest.fixture
def project(finished: Project) -> Iterator[Project]:
    """The finished project up to its maps, whose sources a test may change."""
    with put_back(finished) as project:
        yield project


@pytest.fixture
def whole_project(whole: Project) -> Iterator[Project]:
    """The finished project with all that it makes, whose sources a test may change."""
    with put_back(whole) as project:
        yield project
