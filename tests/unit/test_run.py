"""`rssm run`: what it hands to Snakemake, and what it does where a run was killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rssm.cli import main
from rssm.commands import run

ROOT = Path(__file__).resolve().parents[2]
TINY = str(ROOT / "config/tiny.yaml")


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Calls of Snakemake, none of which is made; the working directory is an empty folder."""
    calls: list[list[str]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "to_its_end", lambda command: calls.append(list(command[3:])) or 0)
    return calls


@pytest.mark.parametrize(
    "typed", [[TINY, "product", "--cores", "3"], ["product", TINY, "--cores", "3"], ["--cores", "3", "--config", TINY, "product"]]
)  # fmt: skip
def test_targets_stand_before_the_configuration_however_it_was_typed(called: list[list[str]], typed: list[str]) -> None:
    assert main(["run", *typed]) == 0
    snakefile = str(ROOT / "workflow/Snakefile")
    assert called == [["--snakefile", snakefile, "--cores", "3", "product", "--configfile", TINY]]
    assert not run.HOLDER.exists()


def test_a_profile_takes_the_place_of_cores(called: list[list[str]]) -> None:
    assert main(["run", "-n", "--profile", "slurm", TINY]) == 0
    assert called[0][2:] == ["--profile", "slurm", "--dry-run", "--configfile", TINY]


def test_mistakes_are_told_and_nothing_runs(called: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    Path("my.yaml").write_text(Path(TINY).read_text().replace("chains: 2", "chians: 2"))
    assert main(["run", "my.yaml"]) == 2
    told = capsys.readouterr().err
    assert "chians: unknown key" in told and told.endswith("Nothing was run.\n") and called == []
    assert main(["run", TINY, "other.yaml"]) == 2
    assert f"several configurations are named: {TINY}, other.yaml. Give one." in capsys.readouterr().err


def locked() -> None:
    run.LOCKS.mkdir(parents=True)
    (run.LOCKS / "0.output.lock").write_text("a file\n")


def test_a_lock_that_nobody_holds_is_removed(
    called: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    locked()
    run.HOLDER.write_text(f"{socket.gethostname()} 999999999\n")
    freed: list[list[str]] = []

    def free(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        freed.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", free)
    assert main(["run", TINY]) == 0
    assert freed[0][-3:] == ["--unlock", "--configfile", TINY] and len(called) == 1
    assert "A run was killed here; its lock is removed" in capsys.readouterr().err


def test_a_lock_that_a_run_holds_stays(called: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    locked()
    sleeping = "import time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", sleeping, "snakemake"]) as other:  # not Snakemake: a later word
        assert run.holder() == ""
        other.kill()
    script = Path("snakemake")
    script.write_text(sleeping)
    with subprocess.Popen([sys.executable, str(script)]) as other:
        try:
            assert main(["run", TINY]) == 2
        finally:
            other.kill()
    told = capsys.readouterr().err
    assert f"is locked by a run that may still be at work (process {other.pid})" in told
    assert f"if it is gone: snakemake --unlock --configfile {TINY}" in told
    run.HOLDER.write_text("another-host 12\n")
    assert run.holder() == "process 12 on another-host"
    assert called == [] and any(run.LOCKS.iterdir())


def test_where_processes_cannot_be_listed_only_a_named_one_is_known_to_be_gone(
    called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    locked()
    monkeypatch.setattr(run, "PROCESSES", Path("nowhere"))
    assert run.holder() == "of Snakemake"  # started without `rssm run`: it may be at work
    run.HOLDER.write_text(f"{socket.gethostname()} {os.getpid()}\n")
    assert run.holder() == f"process {os.getpid()}"
    run.HOLDER.write_text(f"{socket.gethostname()} 999999999\n")
    assert run.holder() == ""


def test_a_dry_run_through_snakemake(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rssm", "run", "-n", TINY, "maps", "--cores", "1"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT), "PATH": path}, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "This was a dry-run" in done.stdout + done.stderr
