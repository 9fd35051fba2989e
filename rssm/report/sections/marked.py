"""Tables of a Markdown page that this project wrote: heads, bars and bold cells, and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rssm.report.parts import Table, shortened


def tables_of(path: Path) -> tuple[list[str], list[Table]]:
    """Paragraphs of the whole page, and every table with its heading and what is said above it.

    A page without headings of the second order is one part, named as the file is.
    """
    text = path.read_text(encoding="utf-8")
    said: list[str] = []
    tables: list[Table] = []
    above: list[str] = []
    heading, inside = path.stem.replace("_", " ").capitalize(), "\n## " not in text
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if lines and lines[0].startswith("#"):
            first = lines.pop(0)
            said, above = [*said, *above], []
            heading, inside = first.lstrip("# ").replace("`", ""), inside or first.startswith("##")
        if lines and lines[0].startswith("|"):
            rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
            tables.append(replace(shortened(heading, rows[0], rows[2:], path.name), about=" ".join(above)))
            above = []
        elif lines:
            found = _paragraphs(lines)
            said, above = (said, [*above, *found]) if inside else ([*said, *found], above)
    return [*said, *above], tables


def _paragraphs(lines: list[str]) -> list[str]:
    """A block's text: one paragraph, or one for each item of a list."""
    found: list[str] = []
    for line in (line.strip().replace("`", "") for line in lines):
        if line.startswith("- ") or not found:
            found.append(line.removeprefix("- "))
        else:
            found[-1] += f" {line}"
    return found
