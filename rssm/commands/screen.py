"""Colours where a terminal shows them: not into files and pipes, nor where NO_COLOR is set (no-color.org)."""

from __future__ import annotations

import os
import sys
from typing import TextIO

CODES = {"red": 31, "green": 32, "yellow": 33, "bold": 1}


def painted(text: str, colour: str, stream: TextIO | None = None) -> str:
    """A text in a colour, if what it is printed to (the screen, by default) shows colours."""
    return f"\033[{CODES[colour]}m{text}\033[0m" if shows_colours(stream or sys.stdout) else text


def headed(table: str) -> str:
    """A table with its head in bold."""
    head, end, rows = table.partition("\n")
    return f"{painted(head, 'bold')}{end}{rows}"


def shows_colours(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours and is wanted to."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
