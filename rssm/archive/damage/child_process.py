"""Work tried in a child process, for libraries that a bad file may crash, hang or leave in disorder for good ones."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

PATIENCE = 60  # seconds until a try counts as hanging


class Failed(RuntimeError):
    """How a try ended."""


class ChildProcess:
    """Tries `work` on one text after another in a forked child, and forks a new one after a failure.

    Results are forgotten: a try only shows whether this process may do the same. A child costs some 10 ms, a try less
    than 0.1 ms beside the work itself.
    """

    def __init__(self, work: Callable[[str], object], patience: int | None = None) -> None:
        self._work, self._patience = work, patience
        self._owner = 0  # the process that forked the child: a fork of it has none of its own

    def __call__(self, text: str) -> None:
        """Do the work; Failed if it raises anything, dies, or takes longer than its patience."""
        if self._owner != os.getpid() or not self._child.is_alive():
            self._start()
        self._ours.send(text)
        try:
            failure = self._ours.recv()
        except (EOFError, ConnectionError):
            self._child.join()
            status = self._child.exitcode
            failure = "its library hangs" if status == -signal.SIGALRM else f"its library dies of it ({status})"
        if failure:
            self._child.kill()
            self._child.join()
            raise Failed(failure)

    def _start(self) -> None:
        fork = get_context("fork")
        self._ours, theirs = fork.Pipe()
        self._child, self._owner = fork.Process(target=self._serve, args=(theirs,), daemon=True), os.getpid()
        with theirs, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn where there are threads
            self._child.start()

    def _serve(self, theirs: Connection) -> None:
        """The child's part, until its parent is gone."""
        self._ours.close()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # last words of a crash
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the child even within its library
        with suppress(EOFError):
            while True:
                text = theirs.recv()
                signal.alarm(self._patience or PATIENCE)
                theirs.send(self._outcome(text))
                signal.alarm(0)

    def _outcome(self, text: str) -> str:
        try:
            self._work(text)
        except Exception as error:
            return str(error) or type(error).__name__
        return ""
