"""Work in a process of its own, for libraries that a bad file may crash, hang or leave in disorder for good ones."""

from __future__ import annotations

import json
import os
import signal
import warnings
from collections.abc import Callable
from typing import NoReturn

PATIENCE = 60  # seconds until a try counts as hanging


class Failed(RuntimeError):
    """How a try ended."""


class ChildProcess:
    """Tries `work` on one text after another in a forked copy of this process, and takes a fresh copy after a failure.

    Results are forgotten: a try only tells whether this process may do the same. A copy costs some 10 ms, a try less
    than 0.1 ms beside the work itself.
    """

    def __init__(self, work: Callable[[str], object]) -> None:
        self._work = work
        self._owner = self._child = 0
        self._questions = self._answers = -1  # ends of pipes

    def __call__(self, text: str) -> None:
        """Do the work; Failed if it raises anything, dies, or takes longer than PATIENCE."""
        if not self._child or self._owner != os.getpid():  # a fork of ours has no child of its own
            self._start()
        os.write(self._questions, json.dumps(text).encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n") and (more := os.read(self._answers, 4096)):
            answer += more
        if answer == b'""\n':
            return
        os.close(self._questions)
        os.close(self._answers)
        if answer:
            os.kill(self._child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        self._child = 0
        if answer:
            raise Failed(json.loads(answer))
        raise Failed("its library hangs" if status == -signal.SIGALRM else f"its library dies of it ({status})")

    def _start(self) -> None:
        """Fork, with a pipe each way."""
        asked, ask = os.pipe()
        answered, answer = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn where there are threads
            self._child, self._owner = os.fork(), os.getpid()
        if self._child == 0:
            os.close(ask)
            os.close(answered)
            self._serve(asked, answer)
        os.close(asked)
        os.close(answer)
        self._questions, self._answers = ask, answered

    def _serve(self, asked: int, answer: int) -> NoReturn:
        """The copy's part: it leaves with its parent, and never returns into its parent's code."""
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # last words of a crash
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            with os.fdopen(asked, "rb") as questions:
                for question in questions:
                    signal.alarm(PATIENCE)
                    os.write(answer, json.dumps(self._outcome(json.loads(question))).encode() + b"\n")
                    signal.alarm(0)
        finally:
            os._exit(0)

    def _outcome(self, text: str) -> str:
        try:
            self._work(text)
        except Exception as error:
            return str(error) or type(error).__name__
        return ""
