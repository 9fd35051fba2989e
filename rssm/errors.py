"""The one exception that a user is meant to read: a sentence that says what, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(Exception):
    """A mistake in what the user gave us; the command line prints it without a traceback and exits with 2."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """` Did you mean …?`, or what there is."""
    names = list(known)
    near = get_close_matches(name, names, 1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names)}."
