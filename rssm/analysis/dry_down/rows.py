"""The long table of the dry-down by region: what tables and figures are made of."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from rssm.files import atomic


class Row(NamedTuple):
    """A line of the table.

    what        a result of cells (median and quartiles), `status` (number of cells), `season`, `level` (mean decline)
    at          of a status, its name; of a season, the dekad of the year; of a level, m³ m⁻³
    cells       behind it; of seasons and levels, dry pairs
    """

    family: str
    region: str
    what: str
    at: str
    value: float
    low: float
    high: float
    cells: int


def write_rows(path: str, rows: Sequence[Row]) -> None:
    """Write the table."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(["" if c != c else f"{c:.6g}" if isinstance(c, float) else c for c in row] for row in rows)
    with atomic(path) as beside:
        beside.write_text(text.getvalue(), encoding="utf-8")


def read_rows(path: str) -> list[Row]:
    """Read the table."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return [
        Row(
            *(line["family"], line["region"], line["what"], line["at"]),
            *(_number(line["value"]), _number(line["low"]), _number(line["high"])),
            int(line["cells"]),
        )
        for line in lines
    ]


def _number(text: str) -> float:
    return float(text) if text else float("nan")
