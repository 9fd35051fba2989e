"""What a person sees of a run through Snakemake: one line, mistakes as sentences, a last line that is true."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import time
from copy import copy
from pathlib import Path

import pytest

from tests.workflow.conftest import Project

TABLE = "results/rsssm/report/rounds.tsv"
INDEX = "results/rsssm/maps/SMAP_E/2015.json"
OWN_WORDS = ("Building DAG of jobs", "Select jobs to execute", "rule ", "steps (")


@pytest.fixture
def other(finished: Project, tmp_path: Path) -> Project:
    """A copy of the finished project that a test may break."""
    project = copy(finished)
    project.folder = tmp_path / "copy"
    shutil.copytree(finished.folder, project.folder, symlinks=True)
    return project


def after_the_estimate(text: str) -> list[str]:
    return text.rpartition("Estimates, not measurements.\n")[2].splitlines()


def test_without_a_terminal_a_run_is_a_few_plain_lines_and_its_log_a_file(project: Project) -> None:
    before = set((project.folder / ".snakemake/log").iterdir())
    done = project.snakemake("--forcerun", "rounds_table", "--", TABLE)
    lines = after_the_estimate(done.stderr)
    assert done.returncode == 0 and done.stdout == ""
    assert lines[0] == "0 of 1 jobs"
    assert lines[-1] == f"Done: 1 jobs in less than a minute. File: {TABLE}"
    assert not any(words in line for line in lines for words in OWN_WORDS) and "\x1b" not in done.stderr
    (log,) = set((project.folder / ".snakemake/log").iterdir()) - before
    assert "rule rounds_table:" in log.read_text()


def test_on_a_terminal_a_run_is_one_line(project: Project) -> None:
    command, environment = project._call(("--forcerun", "rounds_table", "--", TABLE), "config/tiny.yaml")
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=project.folder, env=environment | {"TERM": "xterm"}, stderr=theirs) as running:
        os.close(theirs)
        text = read_all(ours)
    assert running.returncode == 0
    shown = text.rpartition("Estimates, not measurements.\r\n")[2]
    assert shown.count("\n") == 1 and shown.startswith("\rPlanning …\x1b[K\r")
    assert "\rnetworks · 1 of 1 jobs\x1b[K\r\r\x1b[KDone: 1 jobs in less than a minute." in shown


def read_all(terminal: int) -> str:
    """What is written to a terminal until it is closed at the other end."""
    found = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # so Linux says that the other end is closed
            part = b""
        if not part:
            os.close(terminal)
            return found.decode()
        found += part


OF_THE_MOMENT = re.compile(
    r"^(\[.* \d{4}\]|Using .*profile.*| *(Date|Workflow ID|Command): .*|Elapsed time: .*)$", re.MULTILINE
)


@pytest.mark.parametrize("arguments", [("--dry-run",), ("--dry-run", "--quiet"), ("--dag",)], ids=" ".join)
def test_what_is_no_run_is_told_by_snakemake_as_ever(project: Project, arguments: tuple[str, ...]) -> None:
    ours = project.snakemake(*arguments)
    bare = project.snakemake(*arguments, "--workflow-profile", "none")
    texts = (OF_THE_MOMENT.sub("", done.stdout + done.stderr) for done in (ours, bare))
    told = [sorted(re.split(r"[\s,;]+", text)) for text in texts]  # the order of lists differs from call to call
    assert ours.returncode == bare.returncode == 0
    assert told[0] == told[1] and len(told[0]) > 100


@pytest.mark.parametrize("arguments", [("--workflow-profile", "none"), ("-p",)], ids=" ".join)
def test_whoever_wants_snakemakes_own_words_gets_them(project: Project, arguments: tuple[str, ...]) -> None:
    done = project.snakemake(*arguments, "--forcerun", "rounds_table", "--", TABLE)
    assert done.returncode == 0, done.stderr
    assert "rule rounds_table:" in done.stderr and "1 of 1 steps (100%) done" in done.stderr
    assert f"Done. File: {TABLE}" in done.stderr


def test_a_damaged_file_is_told_in_its_own_sentence_and_the_end_says_what_to_do(other: Project) -> None:
    native = sorted(other.folder.glob("results/toy/archive/SMAP_E/2015/*.h5"))[3]
    native.write_bytes(native.read_bytes()[:3000])
    done = other.snakemake("--", INDEX)
    assert done.returncode == 1
    lines = after_the_estimate(done.stderr)
    at = next(
        number for number, line in enumerate(lines) if line.startswith("ingest SMAP_E 2015 failed: SMAP_E, 2015-")
    )
    assert f"{native.name} is truncated (3000 of " in lines[at] and lines[at + 1].startswith("Expected a whole HDF5")
    assert lines[at + 2] == "  Its log: logs/ingest/SMAP_E/2015.log"
    assert lines[-1].startswith(
        "Not finished. This job failed: ingest SMAP_E 2015. 0 of 1 jobs are done and stay. Mend "
    )
    log = other.folder / lines[-1].rpartition("Snakemake's log: ")[2]
    assert "Error in rule ingest" in log.read_text()
    assert not any(words in done.stderr for words in ("CalledProcessError", "--spec", "Traceback"))


def heeding_ctrl_c() -> None:
    """What a shell starts in the background, these tests for example, is deaf to ctrl-C, and so is what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def stopped(project: Project) -> tuple[int, str]:
    """How a run ends, and what it says, that ctrl-C stops in its first job."""
    command, environment = project._call(("--forcerun", "toy_archive", "--", INDEX), "config/tiny.yaml")
    log = project.folder / "logs/toy_archive/SMAP_E/2015.log"
    log.unlink(missing_ok=True)
    running = subprocess.Popen(
        command,
        cwd=project.folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heeding_ctrl_c,
    )
    deadline = time.monotonic() + 120
    while not log.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate(timeout=120)[1]
    return running.returncode, said


def test_a_run_that_is_stopped_says_so_and_the_next_goes_on(other: Project) -> None:
    tries = (stopped(other) for _ in range(4))  # on a busy machine a run may end before the signal reaches it
    code, said = next(((code, said) for code, said in tries if code), (0, ""))
    assert code != 0
    lines = after_the_estimate(said)
    assert re.fullmatch(
        r"Stopped\. \d+ of \d+ jobs are done and stay; the same command goes on from there\. Snakemake's log: \S+",
        lines[-1],
    )
    assert "failed" not in said and "Traceback" not in said and "CalledProcessError" not in said
    done = other.snakemake("--", INDEX)  # without --unlock
    assert done.returncode == 0, done.stderr


def test_a_mistake_in_what_is_asked_for_is_snakemakes_own_sentence(project: Project) -> None:
    done = project.snakemake("--", "prodct")
    assert done.returncode == 1
    assert "No rule to produce prodct" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Not finished. Nothing was run.")
