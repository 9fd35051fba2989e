"""Tab-separated tables: the way every table of this project is written and read, and how people see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rssm.errors import InputError
from rssm.files import atomic

NOTHING = "-"  # how a missing cell is written
Row = dict[str, str]


def tsv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]], about: str = "") -> str:
    """A table as text; `about` stands above it as comments, None is written as a dash."""
    head = [*(f"# {line}" for line in about.splitlines()), "\t".join(columns)]
    return "\n".join([*head, *("\t".join(NOTHING if c is None else str(c) for c in row) for row in rows)]) + "\n"


def write_tsv(path: str | Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], about: str = "") -> None:
    """Write a table."""
    with atomic(path) as beside:
        beside.write_text(tsv_text(columns, rows, about), encoding="utf-8")


def read_tsv(
    path: str | Path, columns: Sequence[str] = (), hint: str = "", also: Sequence[str] = ()
) -> list[tuple[int, Row]]:
    """(line number, row) of a table; empty lines and those that begin with # are skipped.

    columns  that the table must have, in this order; none: any
    hint     what to do where the file is no such table
    also     columns that may follow, all or none
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}. {hint}".rstrip()) from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not a text file. {hint}".rstrip()) from None
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    names = lines[0][1].split("\t") if lines else []
    if not lines or (columns and names not in ([*columns], [*columns, *also])):
        found = ", ".join(names) or "nothing"
        wanted = ", ".join(columns) or "a head"
        raise InputError(f"{path}: expected the columns {wanted} (tab-separated), found {found}. {hint}".rstrip())
    rows = []
    for number, line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(names):
            raise InputError(f"{path}: line {number} has {len(cells)} columns, expected {len(names)}.")
        rows.append((number, dict(zip(names, cells, strict=True))))
    return rows


def aligned(rows: Sequence[Sequence[str]], left: int = 1, gap: str = "  ") -> str:
    """Rows of cells as columns for people: the first `left` columns to the left, the others to the right."""
    wide = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        gap.join(
            cell.ljust(w) if i < left else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, wide, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
