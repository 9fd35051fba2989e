"""Follows a run by what Snakemake logs, and shows a person one line instead of twenty thousand.

It stands where Snakemake's own handler for the terminal stood and hands on to that whatever is not part of a run: dry
runs, lists, pictures of the plan, warnings, mistakes in the plan. Snakemake's file of the whole log stays as it is.
Nothing of Snakemake is imported: its records say by `event` what they are.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any

from rssm.workflow.progress.failures import Failures, command_status, job_text
from rssm.workflow.progress.line import Line
from rssm.workflow.progress.outcome import Outcome
from rssm.workflow.progress.pace import Pace, time_text
from rssm.workflow.stages import in_order, stage_text

TICK = 1.0  # seconds between two looks at the clock on a terminal
NOTHING_TO_DO = "Nothing to be done"
STOPPING = ("Terminating processes on user request", "Will exit after finishing", "Cancelling snakemake")
ONCE_MORE = ("Exiting because a job execution failed", "At least one job did not complete")  # what was said already
NOISE = "Assuming unrestricted shared filesystem usage"


class Watch(logging.Handler):
    """A handler of Snakemake's records.

    plain    its own handler for the terminal
    rounds   round by the names of rounds, substeps and networks
    """

    def __init__(
        self, plain: logging.Handler, line: Line, pace: Pace, rounds: Mapping[str, str], outcome: Outcome
    ) -> None:
        super().__init__()
        self.plain, self.line, self.pace, self.rounds, self.outcome = plain, line, pace, rounds, outcome
        self.failures = Failures()
        self.names: dict[int, str] = {}
        self.stages: dict[int, str] = {}
        self.started = self.stopping = self.nothing = self.over = False
        self._working = ""
        self._process, self._end = os.getpid(), threading.Event()
        self._events: dict[str, Callable[[Any], None]] = {
            "run_info": self._plan,
            "resources_info": self._cores,
            "job_info": self._begin,
            "job_finished": self._finish,
            "job_error": self._fail,
            "error": self._error,
        }

    # -- records ----------------------------------------------------------------------------------------------------------

    def emit(self, record: logging.LogRecord) -> None:
        event = str(getattr(record, "event", None) or "")
        if event == "workflow_started":
            self.started = True
            self.line.passing("Planning …")
        elif not self.started:
            if not record.getMessage().startswith(NOISE):
                self.plain.handle(record)
        elif event in self._events:
            self._events[event](record)
        else:
            self._words(record)

    def _plan(self, record: Any) -> None:
        """The plan stands: rule → jobs."""
        self.pace.counts = {rule: count for rule, count in record.stats.items() if rule != "total"}
        self.pace.began = self.line.clock()
        self._show()
        if self.line.terminal:
            threading.Thread(target=self._tick, daemon=True).start()

    def _cores(self, record: Any) -> None:
        self.pace.cores = int(getattr(record, "cores", None) or getattr(record, "nodes", None) or self.pace.cores)

    def _begin(self, record: Any) -> None:
        wildcards = dict(record.wildcards or {})
        self.failures.forget(record.jobid)
        self.names[record.jobid] = job_text(record.rule_name, wildcards)
        self.stages[record.jobid] = stage_text(record.rule_name, wildcards, self.rounds)
        self.pace.start(record.jobid, record.rule_name, self.line.clock())
        self._show()

    def _finish(self, record: Any) -> None:
        stage = self._stage()  # before the next job of its kind begins
        self.pace.finish(record.job_id, self.line.clock())
        self._show(stage)

    def _fail(self, record: Any) -> None:
        self.pace.drop(record.jobid)
        if not self.stopping:
            name = self.names.get(record.jobid, record.rule_name)
            if said := self.failures.add(record.jobid, name, record.log or (), record.rule_msg or "", self.outcome.at):
                self.line.say(said)
        self._show()

    def _error(self, record: logging.LogRecord) -> None:
        """A mistake that Snakemake met itself; that a job's command failed, the job's own log says better."""
        if not (status := command_status(record.getMessage())):
            self._words(record)
        elif status == -signal.SIGINT:
            self.stopping = True
        else:
            self.failures.status = status

    def _words(self, record: logging.LogRecord) -> None:
        """Words of Snakemake: what warns goes on to the terminal, the rest is in its file."""
        text = record.getMessage()
        if text.strip().startswith(STOPPING):
            self.stopping = True
            self.line.passing("Stopping …")
        elif text.startswith(NOTHING_TO_DO):
            self.nothing = True
        elif record.levelno >= logging.WARNING and not any(words in text for words in ONCE_MORE):
            self.line.clear()
            self.plain.handle(record)

    # -- what is shown ------------------------------------------------------------------------------------------------------

    def _show(self, stage: str = "") -> None:
        """The line; of `stage`, or of what most jobs work on."""
        if self.stopping:
            return
        failed, left = len(self.failures.jobs), self.pace.left(self.line.clock())
        rest = [f"{failed} failed"] if failed else []
        rest += [f"{time_text(left)} left"] if left is not None else []
        self.line.show(stage or self._stage(), self.pace.done_jobs, self.pace.all_jobs, " · ".join(rest))

    def _stage(self) -> str:
        """What most of the jobs that run work on, the earlier of two that as many do."""
        words = [self.stages[job] for job in self.pace.running if self.stages[job]]
        self._working = max(sorted(set(words), key=in_order), key=words.count, default=self._working)
        return self._working

    def _tick(self) -> None:
        """Time passes while long jobs run."""
        while not self._end.wait(TICK):
            with self.lock or threading.RLock():
                if not self.over:
                    self._show()

    # -- the end ------------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Say how the run ended, as the last of all."""
        self._end.set()
        if self.started and not self.over and os.getpid() == self._process:
            self.over = True
            for text in self.ending():
                self.line.say(text)
        self.plain.close()
        super().close()

    def ending(self) -> list[str]:
        """The last lines; the very last says where everything lies, or what to type next."""
        done, jobs, failed = self.pace.done_jobs, self.pace.all_jobs, len(self.failures.jobs)
        if self.nothing or (jobs and done == jobs):
            took = time_text(self.line.clock() - self.pace.began)
            what = "Nothing to be done" if self.nothing else f"Done: {jobs} jobs in {took}"
            return self.outcome.success(what)
        kept = f"{done} of {jobs} jobs are done and stay" if jobs else "Nothing was run"
        log = f"Snakemake's log: {self.outcome.log()}"
        if self.stopping:
            return [f"Stopped. {kept}; the same command goes on from there. {log}"]
        if failed:
            one = "This job" if failed == 1 else f"These {failed} jobs"
            mend = "Mend what is said above, and the same command goes on from there."
            return [f"Not finished. {one} failed: {self.failures.names()}. {kept}. {mend} {log}"]
        return [f"Not finished. {kept}. {log}"]
