"""What sections are made of: tables, figures and sentences, as the template lays them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rssm.tsv import NOTHING, Row, read_tsv

MOST = 120  # lines of a table that a page shows
SHORT = 30  # characters of a cell that stay on one line
LOW = 15  # lines of a table that need no scrolling of its own


@dataclass(frozen=True)
class Table:
    """A table.

    rows    texts; a number stands to the right
    more    lines that are left out, and where they are
    about   what is said above it
    folded  whether it is shown only when it is asked for
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: str = ""
    folded: bool = False
    about: str = ""

    @property
    def kinds(self) -> list[str]:
        """How columns are laid out: `right` of numbers, `short` on one line, `long` of sentences."""
        return [_kind([row[k] for row in self.rows]) for k in range(len(self.heads))]

    @property
    def high(self) -> bool:
        """Whether it scrolls within itself."""
        return len(self.rows) > LOW


@dataclass(frozen=True)
class Bar:
    """A line of a chart of bars: name, length as a share of the chart, and the value as text; `ours`: the data set."""

    name: str
    length: float
    value: str
    ours: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure: its caption, and the picture as a data address."""

    name: str
    caption: str
    picture: str


@dataclass(frozen=True)
class Section:
    """A section; `empty` says why there is nothing where there is nothing.

    kind  what the template lays out beside texts, tables and figures
    """

    id: str
    title: str
    said: Sequence[str] = ()
    bars: Sequence[Bar] = ()
    bars_title: str = ""
    tables: Sequence[Table] = ()
    figures: Sequence[Figure] = ()
    empty: str = ""
    kind: str = ""
    parts: Sequence[Section] = field(default_factory=tuple)


def shortened(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], place: str, folded: bool = False
) -> Table:
    """A table whose first lines are shown; `place` tells where the others are."""
    left = len(rows) - MOST
    more = f"{left:,} more lines in {place}" if left > 0 else ""
    return Table(title, heads, rows[:MOST], more, folded)


def of_file(title: str, path: str | Path, columns: Sequence[str] = (), folded: bool = False) -> Table:
    """A tab-separated file as a table, or some of its columns."""
    rows = [row for _, row in read_tsv(path)]
    heads = list(columns) or list(rows[0] if rows else ())
    return shortened(title, [words(head) for head in heads], cells(rows, heads), Path(path).name, folded)


def cells(rows: Iterable[Row], columns: Sequence[str]) -> list[list[str]]:
    """Cells of some columns for people."""
    return [[shown(row.get(name, "")) for name in columns] for row in rows]


def words(name: str) -> str:
    """The name of a column as words."""
    return name.replace("_", " ")


def shown(text: str) -> str:
    """A cell for people: real numbers to four figures, whole ones as they are."""
    if text in (NOTHING, ""):
        return "–"
    if "." in text and _is_number(text):
        return f"{float(text):.4g}"
    return text


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.1f} %"


def _kind(column: Sequence[str]) -> str:
    if all(_is_number(text) for text in column):
        return "right"
    return "short" if all(len(text) <= SHORT for text in column) else "long"


def _is_number(text: str) -> bool:
    try:
        float(text.rstrip("%").replace(",", "").replace("–", "0").strip() or "0")
    except ValueError:
        return False
    return True
