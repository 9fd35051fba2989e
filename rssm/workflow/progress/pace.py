"""How far a run is and how long it will take: from what its jobs have taken so far, and before that from what they should.

Half an hour of jobs of one kind says nothing of the next kind but by the estimate of what each kind costs. So every kind's
cost is its mean so far, drawn to the estimate while few jobs of it are done; and the estimate is scaled by how this
machine did on all kinds together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

SMALL = 0.5  # core-seconds of a job that no estimate knows
TRUST = 3  # the estimate weighs as much as so many jobs
SOON = 20.0  # seconds before which nothing is said of time


@dataclass
class Job:
    """A job that runs: its rule, and when it began, in seconds."""

    rule: str
    began: float


@dataclass
class Pace:
    """Jobs of a run.

    expected  rule → core-seconds of a job, as far as they are estimated
    counts    rule → jobs to do
    cores     jobs that may run side by side
    began     when jobs began, in seconds
    """

    expected: Mapping[str, float]
    counts: Mapping[str, int] = field(default_factory=dict)
    cores: int = 1
    began: float = 0.0
    running: dict[int, Job] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    spent: Counter[str] = field(default_factory=Counter)  # seconds

    @property
    def all_jobs(self) -> int:
        return sum(self.counts.values())

    @property
    def done_jobs(self) -> int:
        return sum(self.done.values())

    def start(self, job: int, rule: str, now: float) -> None:
        self.running[job] = Job(rule, now)

    def finish(self, job: int, now: float) -> None:
        if found := self.running.pop(job, None):
            self.done[found.rule] += 1
            self.spent[found.rule] += now - found.began  # type: ignore[assignment]

    def drop(self, job: int) -> None:
        """A job that failed, or will be tried again."""
        self.running.pop(job, None)

    def left(self, now: float) -> float | None:
        """Seconds until all jobs are done, nothing being known of what waits for what; None where it is too early to say."""
        elapsed = now - self.began
        if elapsed < SOON or not self.done_jobs:
            return None
        work = sum((count - self.done[rule]) * self._cost(rule) for rule, count in self.counts.items())
        work -= sum(min(now - job.began, self._cost(job.rule)) for job in self.running.values())
        busy = sum(self.spent.values()) + sum(now - job.began for job in self.running.values())
        beside = min(max(busy / elapsed, 1.0), float(self.cores))
        return max(work, 0.0) / beside

    def _cost(self, rule: str) -> float:
        """Seconds of a job of a rule."""
        known = self.done[rule] + TRUST
        return float((self.spent[rule] + TRUST * self.expected.get(rule, SMALL) * self._scale()) / known)

    def _scale(self) -> float:
        """How much longer jobs take here than was estimated."""
        should = sum(self.expected.get(rule, SMALL) * count for rule, count in self.done.items())
        return sum(self.spent.values()) / should if should else 1.0


def time_text(seconds: float) -> str:
    """A time as people say it: no finer than anyone can know."""
    if seconds < 50:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"about {minutes} minute{'s' * (minutes != 1)}"
    hours = round(seconds / 3600)
    return f"about {hours} hours" if hours < 48 else f"about {round(seconds / 86400)} days"
