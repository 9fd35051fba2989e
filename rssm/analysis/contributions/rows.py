"""The table of contributions: what page and figure are made of."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from rssm.files import atomic

LEAVES = "LAI"  # one factor, whatever its source
PRODUCT, FACTOR = "product", "factor"


class Row(NamedTuple):
    """An input of a network.

    share      mean over zones of its share in the growth of the squared error, weighted by points, 1
    low, high  quartiles over zones, weighted alike
    growth     mean growth of the squared error, (m³ m⁻³)²
    """

    network: str
    substep: str
    rank: int
    input: str
    kind: str
    share: float
    low: float
    high: float
    growth: float
    points: int
    zones: int


def write_rows(path: str, rows: Sequence[Row]) -> None:
    """Write the table."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows([f"{cell:.6g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    with atomic(path) as beside:
        beside.write_text(text.getvalue(), encoding="utf-8")


def read_rows(path: str) -> list[Row]:
    """Read the table."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [
            Row(
                *(line["network"], line["substep"], int(line["rank"]), line["input"], line["kind"]),
                *(float(line["share"]), float(line["low"]), float(line["high"]), float(line["growth"])),
                *(int(line["points"]), int(line["zones"])),
            )
            for line in csv.DictReader(file)
        ]
