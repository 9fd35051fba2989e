"""One line that says how far a run is: rewritten in place on a terminal, else given out now and then."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

SELDOM = 10.0  # seconds between two lines where there is no terminal, at the least
AT_LAST = 300.0  # seconds after which one comes in any case
TENTHS = 10


@dataclass
class Line:
    """The line of a run on a stream; `clock` gives seconds."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.terminal = self.stream.isatty() and os.environ.get("TERM") != "dumb"
        self._stands = ""  # on the terminal now
        self._last: tuple[float, str, int] | None = None

    def show(self, stage: str, done: int, jobs: int, rest: str) -> None:
        """Say how far the run is: what it works on, jobs done of all, and what else there is to say."""
        text = " · ".join(part for part in (stage, f"{done} of {jobs} jobs", rest) if part)
        if self.terminal:
            self.passing(text)
        elif self._is_due(stage, done * TENTHS // max(jobs, 1)):
            self.say(text)

    def _is_due(self, stage: str, tenth: int) -> bool:
        """Whether there is something new to say, or nothing was said for long."""
        now = self.clock()
        if self._last is not None:
            since, news = now - self._last[0], (stage, tenth) != self._last[1:]
            if since < SELDOM or not (news or since >= AT_LAST):
                return False
        self._last = now, stage, tenth
        return True

    def passing(self, text: str) -> None:
        """Words that the next ones take the place of; nothing where there is no terminal."""
        if self.terminal:
            width = max(shutil.get_terminal_size().columns - 1, 20)
            cut = text if len(text) <= width else text[: width - 1] + "…"
            if cut != self._stands:
                self._write(f"\r{cut}\x1b[K\r")  # whoever else writes, writes over it
            self._stands = cut

    def say(self, text: str) -> None:
        """Words that stay, above the line."""
        self.clear()
        self._write(f"{text}\n")

    def clear(self) -> None:
        """Take the line away."""
        if self._stands:
            self._write("\r\x1b[K")
            self._stands = ""

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError):  # a terminal that was closed is no reason to stop a run
            pass
