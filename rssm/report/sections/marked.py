"""Tables of a Markdown page that this project wrote: heads, bars and bold cells, and no more."""

from __future__ import annotations

from pathlib import Path

from rssm.report.parts import Table, shortened


def tables_of(path: Path) -> tuple[list[str], list[Table]]:
    """Sentences before the first table's head, and every table under the heading above it."""
    said: list[str] = []
    tables: list[Table] = []
    heading, lines = "", [*path.read_text(encoding="utf-8").splitlines(), ""]
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            tables.append(shortened(heading, rows[0], rows[2:], path.name))
            rows = []
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.strip():
            said.append(line.strip().replace("`", ""))
    return [" ".join(said)] if said else [], tables
