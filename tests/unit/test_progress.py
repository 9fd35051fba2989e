"""What a person sees of a run, from records as Snakemake gives them and a clock that the test moves."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rssm.workflow.progress.failures import command_status
from rssm.workflow.progress.line import Line
from rssm.workflow.progress.outcome import Outcome, files_text
from rssm.workflow.progress.pace import Pace, time_text
from rssm.workflow.progress.watch import Watch
from rssm.workflow.progress.watched import PLAIN, is_wanted, watched

COSTS = {"cube": 1.0, "train": 10.0}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Run:
    """A run that a watch follows: `stream` shows what a person sees, `now` is the time in seconds."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream, self.now = stream, 0.0
        manager = SimpleNamespace(get_logfile=lambda: [str(Path.cwd() / "its.log")])
        asked = SimpleNamespace(targets=set())
        workflow = SimpleNamespace(dag_settings=asked, logger_manager=manager, overwrite_workdir=None)
        outcome = Outcome(
            workflow, lambda targets: (f"Made {', '.join(targets)}.", "Next: look."), {"all": {"Files": "."}}
        )
        self.plain = logging.StreamHandler(stream)
        line = Line(stream, clock=lambda: self.now)
        self.watch = Watch(self.plain, line, Pace(COSTS), {"NN1": "1"}, outcome)

    def say(self, message: str, level: int = logging.INFO, **extra: Any) -> None:
        record = logging.LogRecord("snakemake", level, "", 0, message, None, None)
        record.__dict__.update(extra)
        self.watch.handle(record)

    def begin(self, **counts: int) -> None:
        self.say("started", event="workflow_started")
        self.say("cores", event="resources_info", cores=2)
        self.say("jobs", event="run_info", stats={**counts, "total": sum(counts.values())})

    def job(self, number: int, rule: str, **wildcards: str) -> None:
        self.say("", event="job_info", jobid=number, rule_name=rule, wildcards=wildcards)

    def finish(self, number: int) -> None:
        self.say("", event="job_finished", job_id=number)

    def fail(self, number: int, rule: str, *logs: Path) -> None:
        names = [str(log) for log in logs]
        self.say("", logging.ERROR, event="job_error", jobid=number, rule_name=rule, rule_msg=None, log=names)

    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture
def run() -> Run:
    return Run(io.StringIO())


def test_without_a_terminal_lines_come_when_something_is_new_and_not_all_the_time(run: Run) -> None:
    run.begin(cube=20, train=20)
    for number in range(20):
        run.job(number, "cube", tile="N40W001")
        run.now += 1
        run.finish(number)
    run.job(20, "train", network="NN1")
    run.now = 400.0
    run.finish(20)
    assert run.lines() == [
        "0 of 40 jobs",
        "cubes · 10 of 40 jobs",
        "cubes · 20 of 40 jobs · about 3 minutes left",
        "networks of round 1 · 21 of 40 jobs · about 62 minutes left",  # 19 × 195 s
    ]


def test_on_a_terminal_one_line_is_rewritten_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    run = Run(Terminal())
    run.begin(cube=2)
    for number in range(2):
        run.job(number, "cube")
        run.finish(number)
    run.watch.close()
    shown = run.stream.getvalue()
    assert shown.count("\n") == 3  # what was made, where, and what comes next
    before, _, end = shown.rpartition("\r\x1b[K")
    assert before.endswith("\rcubes · 2 of 2 jobs\x1b[K\r")
    assert end == "Made all.\nDone: 2 jobs in less than a minute. Files: .\nNext: look.\n"


def test_a_line_is_no_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    Line(stream).show("networks of round 1", 1, 20000, "about 57 minutes left")
    assert stream.getvalue() == "\rnetworks of round 1 · 1 of 2…\x1b[K\r"


def test_what_a_job_said_is_shown_once_with_its_log_and_the_end_says_what_to_do(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("a.h5 is truncated.\nDownload it again.\n")
    run.begin(cube=3)
    for number in range(3):
        run.job(number, "cube", tile=f"T{number}")
    run.finish(2)
    for number in range(2):
        command = "CalledProcessError in file \"x.smk\", line 2:\nCommand 'rssm cube' returned non-zero exit status 2."
        run.say(command, logging.ERROR, event="error", exception="RuleException")
        run.fail(number, "cube", log)
    run.say("Exiting because a job execution failed. Look above for error messages", logging.ERROR)
    run.watch.close()
    text = run.stream.getvalue()
    assert text.count("a.h5 is truncated.\nDownload it again.\n") == 1 and f"Its log: {log}" in text
    assert "cube T0 failed: a.h5" in text and "CalledProcessError" not in text and "Exiting" not in text
    assert run.lines()[-1] == (
        "Not finished. These 2 jobs failed: cube T0, cube T1. 1 of 3 jobs are done and stay."
        " Mend what is said above, and the same command goes on from there. Snakemake's log: its.log"
    )


def test_a_job_that_is_tried_again_has_not_failed(run: Run, tmp_path: Path) -> None:
    run.begin(cube=1)
    run.job(0, "cube")
    run.fail(0, "cube", tmp_path / "none.log")
    run.job(0, "cube")
    run.finish(0)
    run.watch.close()
    assert run.lines()[-2].startswith("Done: 1 jobs")


@pytest.mark.parametrize(
    ("message", "status", "told"),
    [
        ("CalledProcessError in file\nCommand 'x' died with <Signals.SIGKILL: 9>.", -9, "memory runs out"),
        ("CalledProcessError in file\nCommand 'x' returned non-zero exit status 137.", 137, "memory runs out"),
        ("CalledProcessError in file\nCommand 'x' returned non-zero exit status 1.", 1, "(exit status 1)"),
    ],
)
def test_a_job_without_a_word_is_told_by_its_exit_status(run: Run, message: str, status: int, told: str) -> None:
    assert command_status(message) == status
    run.begin(cube=1)
    run.job(0, "cube")
    run.say(message, logging.ERROR, event="error")
    run.fail(0, "cube")
    assert "cube failed: It " in run.stream.getvalue() and told in run.stream.getvalue()


def test_a_run_that_is_stopped_ends_with_one_sentence(run: Run, tmp_path: Path) -> None:
    run.begin(cube=2)
    run.job(0, "cube")
    run.say("CalledProcessError in file\nCommand 'x' died with <Signals.SIGINT: 2>.", logging.ERROR, event="error")
    run.say("Terminating processes on user request, this might take some time.")
    run.fail(0, "cube", tmp_path / "none.log")
    run.watch.close()
    run.watch.close()  # logging closes it once more at the end of the process
    assert run.lines()[1:] == [
        "Stopped. 0 of 2 jobs are done and stay; the same command goes on from there. Snakemake's log: its.log"
    ]


def test_other_mistakes_and_warnings_of_snakemake_stay_visible(run: Run) -> None:
    run.say("Building …")
    run.say("Assuming unrestricted shared filesystem usage.")
    run.begin(cube=1)
    run.say("Select jobs to execute...")
    run.say("files are missing after 5 seconds", logging.ERROR, event="error", exception="MissingOutputException")
    run.say("old metadata", logging.WARNING)
    run.watch.close()
    assert run.lines() == [
        "Building …",
        "0 of 1 jobs",
        "files are missing after 5 seconds",
        "old metadata",
        "Not finished. 0 of 1 jobs are done and stay. Snakemake's log: its.log",
    ]


def test_where_nothing_is_to_be_done_the_last_line_says_where_all_lies(run: Run) -> None:
    run.say("started", event="workflow_started")
    run.say("Nothing to be done (all requested files are present and up to date).")
    run.watch.close()
    assert run.lines() == ["Made all.", "Nothing to be done. Files: .", "Next: look."]


def test_time_left_follows_what_jobs_cost_and_not_how_many_there_are() -> None:
    pace = Pace(COSTS, {"cube": 30, "train": 30}, cores=1)
    assert pace.left(5.0) is None
    for number in range(30):  # as estimated: a second each
        pace.start(number, "cube", float(number))
        pace.finish(number, number + 1.0)
    assert pace.left(30.0) == pytest.approx(300)
    slow = Pace(COSTS, {"cube": 30, "train": 30}, cores=2)
    for number in range(30):  # twice as long, two side by side
        slow.start(number, "cube", 2.0 * (number // 2))
        slow.finish(number, 2.0 * (number // 2) + 2.0)
    assert slow.left(30.0) == pytest.approx(300)
    slow.start(30, "train", 30.0)
    assert slow.left(40.0) == pytest.approx((600 - 10) / (70 / 40))


def test_times_are_told_no_finer_than_anyone_knows() -> None:
    said = [time_text(seconds) for seconds in (3, 60, 430, 6000, 300000)]
    assert said == ["less than a minute", "about 1 minute", "about 7 minutes", "about 2 hours", "about 3 days"]


def test_of_what_was_asked_for_only_what_is_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "product").mkdir()
    places = {"all": {"Report": f"{tmp_path}/report.html", "Data set": f"{tmp_path}/product/"}}
    assert files_text(["all"], places) == f"Data set: {tmp_path}/product/"
    assert files_text([str(tmp_path / "product")], places) == f"File: {tmp_path}/product"


def test_places_are_named_from_where_the_run_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # as Snakemake does for --directory
    manager = SimpleNamespace(get_logfile=lambda: [str(tmp_path / "a.log")])
    workflow = SimpleNamespace(
        dag_settings=SimpleNamespace(targets={"product"}), logger_manager=manager, overwrite_workdir=Path("extension")
    )
    outcome = Outcome(workflow, lambda targets: ("", ""), {"product": {"Data set": "made/"}})
    (tmp_path / "made").mkdir()
    assert outcome.success("Done") == ["Done. Data set: extension/made/"] and outcome.log() == "extension/a.log"


def settings(**changes: object) -> SimpleNamespace:
    off = dict.fromkeys(("dryrun", "quiet", "verbose", "printshellcmds", "debug_dag"))
    return SimpleNamespace(**{**off, "show_failed_logs": True, **changes})


def test_whoever_asks_snakemake_for_other_words_gets_its_own() -> None:
    assert is_wanted(settings()) and is_wanted(settings(quiet=set()))
    for change in ({"dryrun": True}, {"quiet": {"all"}}, {"verbose": True}, {"printshellcmds": True}):
        assert not is_wanted(settings(**change))
    assert not is_wanted(settings(show_failed_logs=False))  # --workflow-profile none
    other = logging.StreamHandler(io.StringIO())  # of a plugin that the user chose
    logger = SimpleNamespace(handlers=[other])
    workflow = SimpleNamespace(logger_manager=SimpleNamespace(logger=logger), output_settings=settings())
    outcome = Outcome(workflow, lambda targets: ("", ""), {})
    assert not watched(workflow, outcome, {}, {}) and logger.handlers == [other]
    own = logging.getLogger("tests.progress")
    other.set_name(PLAIN)
    own.addHandler(other)
    workflow.logger_manager.logger = own
    assert watched(workflow, outcome, {}, {}) and [type(handler) for handler in own.handlers] == [Watch]
