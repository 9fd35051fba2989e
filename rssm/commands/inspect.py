"""`rssm inspect FILE`: what a map, cube, network, table, estimates, index, product or native file holds, in a page of text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from rssm.commands import parser_of
from rssm.commands.answers import Answer, emit
from rssm.commands.contents import Contents, Row, contents
from rssm.tsv import aligned

SHORT = 100  # characters of an attribute
LISTED = 4  # values of a variable of texts


class Inspected(Answer):
    """What some files hold."""

    files: list[Contents] = Field(description="One entry a file.")


def describe(path: Path) -> Iterator[str]:
    """Lines about a file."""
    found = contents(path)
    if not found.about:
        yield from json.dumps(found.holds, indent=1, ensure_ascii=False).splitlines()
        return
    yield from found.about
    if found.table:
        yield from ("", _table(found.table))
    for name, values in found.texts.items():
        shown = ", ".join(values[:LISTED]) + (f" … {values[-1]}" if len(values) > LISTED else "")
        yield f"{name} ({len(values)}): {shown}"
    yield from found.notes
    yield ""
    for name, value in sorted(found.attributes.items()):
        yield f"{name}: {_short(str(value))}"


def _table(rows: Sequence[Row]) -> str:
    """Rows as columns for people, words to the left."""
    words = [all(isinstance(row[name], str | dict) for row in rows) for name in rows[0]]
    left = words.index(False) if False in words else len(words)
    return aligned([list(rows[0]), *([_text(cell) for cell in row.values()] for row in rows)], left)


def _text(cell: Any) -> str:
    """A cell for people."""
    if cell is None:
        return "–"
    if isinstance(cell, dict):
        return _short(json.dumps(cell, ensure_ascii=False))
    return f"{cell:.5g}" if isinstance(cell, float) else _short(str(cell))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("inspect")
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="map, cube, network, estimates, index, product or native file"
    )
    given = parser.parse_args(arguments)
    if given.json:
        emit(Inspected(files=[contents(Path(path)) for path in given.files]))
        return 0
    for number, path in enumerate(given.files):
        if number:
            print()
        print(f"== {path}")
        for line in describe(Path(path)):
            print(line)
    return 0
