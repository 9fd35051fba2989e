"""What a job that failed has to say: the sentence in its log, and where that lies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LINES = 40  # of a log, from its end
NAMED = 5  # jobs in a sentence
STATUS = re.compile(r"CalledProcessError.*(?:exit status (\d+)|died with <Signals\.\w+: (\d+)>)", re.DOTALL)
KILLED = (-9, 137)


def job_text(rule: str, wildcards: Mapping[str, str]) -> str:
    """A job's name as the log of its rule bears it, `ingest SMAP_E 2015`."""
    return " ".join([rule, *filter(None, wildcards.values())])


def said_in(logs: Sequence[str]) -> str:
    """The end of the first of some logs that says anything: the job's own comes before that of a cluster."""
    for log in logs:
        try:
            text = Path(log).read_text(errors="replace").strip()
        except OSError:
            continue
        if text:
            return "\n".join(text.splitlines()[-LINES:])
    return ""


def command_status(message: str) -> int | None:
    """Exit status that a message of Snakemake names of a job's command, negative for a signal; None where it is of another kind."""
    found = STATUS.search(message)
    if found is None:
        return None
    return int(found[1]) if found[1] else -int(found[2])


def silent(status: int | None) -> str:
    """What to say of a job that left no word."""
    if status in KILLED:
        return "It was killed, as happens when memory runs out. Use fewer --cores, or a machine with more memory."
    ended = "" if status is None else f" (exit status {status})"
    return f"It ended without a word{ended}; Snakemake's log may say more."


@dataclass
class Failures:
    """Jobs that failed so far, number → name; what was said, once, however many say the same.

    status  of the command that ended last, as Snakemake said just before it says which job that was
    """

    jobs: dict[int, str] = field(default_factory=dict)
    already: set[str] = field(default_factory=set)
    status: int | None = None

    def add(self, number: int, name: str, logs: Sequence[str], message: str, at: Callable[[str], str]) -> str:
        """Count a job that failed; what to tell of it, empty where the same was said before.

        message  of a cluster, why it ended the job
        at       names a log's place for people
        """
        self.jobs[number] = name
        said = "\n".join(filter(None, (said_in(logs), message))) or silent(self.status)
        self.status = None
        if said in self.already:
            return ""
        self.already.add(said)
        where = f"\n  Its log: {', '.join(map(at, logs))}" if logs else ""
        return f"{name} failed: {said}{where}"

    def forget(self, number: int) -> None:
        """A job that is tried again has not failed yet."""
        self.jobs.pop(number, None)

    def names(self) -> str:
        """The jobs in words, the first few by name."""
        names = list(self.jobs.values())
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return ", ".join(names[:NAMED]) + more
