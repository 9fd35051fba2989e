"""Tables of a Markdown page that this project wrote: heads, bars and bold cells, and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rssm.report.parts import Table, shortened


def tables_of(path: Path) -> tuple[list[str], list[Table]]:
    """Paragraphs above the first heading of the second order, and every table with its heading and what is said above it."""
    said: list[str] = []
    tables: list[Table] = []
    heading, above, level = "", "", 1
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if lines and lines[0].startswith("#"):
            first = lines.pop(0)
            heading, above, level = first.lstrip("# "), "", len(first) - len(first.lstrip("#"))
        if lines and lines[0].startswith("|"):
            rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
            tables.append(replace(shortened(heading, rows[0], rows[2:], path.name), about=above))
            above = ""
        elif lines:
            text = " ".join(line.strip() for line in lines).replace("`", "")
            above, said = (text, said) if level > 1 else ("", [*said, text])
    return said, tables
