"""Tables 3 and 4 of the RSSSM article in kind: each pair of products side by side, as CSV and as Markdown."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from rssm.errors import InputError
from rssm.files import atomic
from rssm.tsv import read_tsv
from rssm.validation.scores.compare import STATION
from rssm.validation.scores.groups import ALL
from rssm.validation.scores.results import NAN
from rssm.validation.scores.table import Table, read_table
from rssm.validation.specs import TablesSpec
from rssm.validation.statistics.metrics import ANOMALY, BASIC
from rssm.validation.statistics.status import Status

PUBLISHED = ("pattern", "comparison", "product", "statistic", "metric", "value")
METRICS = {"overall": ("r2", "rmse"), "temporal": (*BASIC, ANOMALY), "spatial": BASIC}
TITLES = {
    "overall": "Overall accuracy, all pixels and periods at once",
    "temporal": "Temporal accuracy, over pixels",
    "spatial": "Spatial accuracy, over periods",
}
NOTE = """Values with their 95 % intervals. Of each pair the better is bold, with a star where the paired difference is
significant (p < 0.05). Rows marked `published` are the article's own, of other stations and other editions of the products.
"""
NONE = "No station has a value that the data set and a rival have too: dropped.tsv says of every sensor why."
LOWER = ("rmse", "ubrmse", "bias")  # better where lower; the bias by its amount
SIGNIFICANT = 0.05


class Cell(NamedTuple):
    """A number of a table; `n` is 0 and the interval empty where it is published."""

    source: str
    comparison: str
    product: str
    statistic: str
    metric: str
    value: float
    low: float = NAN
    high: float = NAN
    n: int = 0
    p: float = NAN
    status: str = Status.OK.word


def score_tables(scores: Sequence[str], published: Sequence[str], spec: TablesSpec, out: Sequence[str]) -> None:
    """Write the tables: of each pattern (overall, temporal, spatial) a CSV, and last one Markdown file of them all."""
    table, apart, known = (
        read_table(scores[0], "scores"),
        read_table(scores[0], "differences"),
        _published(published[0], spec.published),
    )
    pages, notes = [], [*spec.said]
    if not any(table["n"][at] for at in _rows(table, "overall")):
        notes.insert(0, NONE)
    for path, pattern in zip(out, METRICS, strict=False):
        cells = [*_cells(table, apart, pattern), *known[pattern]]
        _write(path, csv_text(cells))
        pages.append(f"## {TITLES[pattern]}\n\n{markdown(cells, pattern)}")
    _write(out[-1], "\n".join(["# Scores against stations\n", NOTE, *(f"{text}\n" for text in notes), *pages]))


def _cells(table: Table, apart: Table, pattern: str) -> list[Cell]:
    """Scores of all samples of each comparison."""
    p_of = {
        (apart["comparison"][at], apart["statistic"][at], apart["metric"][at]): float(apart["p"][at])
        for at in _rows(apart, pattern)
    }
    out = []
    for at in _rows(table, pattern):
        if table["statistic"][at] in ("mean", "median", "value") and table["reference"][at] == STATION:
            key = (table["comparison"][at], table["statistic"][at], table["metric"][at])
            about = (table["comparison"][at], table["product"][at], table["statistic"][at], table["metric"][at])
            value, low, high = (float(table[name][at]) for name in ("value", "low", "high"))
            out.append(Cell("here", *about, value, low, high, int(table["n"][at]), p_of[key], table["status"][at]))
    return out


def _rows(table: Table, pattern: str) -> list[int]:
    chosen = (table["pattern"] == pattern) & (table["kind"] == ALL)
    return [int(at) for at in chosen.nonzero()[0]]


def _published(path: str, product: str) -> dict[str, list[Cell]]:
    """The article's values by pattern: of comparisons of one product, or of all."""
    out: dict[str, list[Cell]] = {pattern: [] for pattern in METRICS}
    for line, row in read_tsv(path, PUBLISHED):
        try:
            value = float(row["value"])
            cells = out[row["pattern"]]
        except (ValueError, KeyError):
            raise InputError(
                f"{path}: line {line}: expected a pattern ({', '.join(METRICS)}) and a number, found"
                f" {row['pattern']!r} and {row['value']!r}."
            ) from None
        if not product or row["comparison"].partition("~")[0] == product:
            cells.append(Cell("published", row["comparison"], row["product"], row["statistic"], row["metric"], value))
    return out


def csv_text(cells: Sequence[Cell]) -> str:
    """One line a number; what is not there is empty."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Cell._fields)
    for cell in cells:
        writer.writerow(
            "" if value != value else f"{value:.6g}" if isinstance(value, float) else value for value in cell
        )
    return text.getvalue()


def markdown(cells: Sequence[Cell], pattern: str) -> str:
    """A table with a row for each product of each pair and each statistic, and a column for each metric."""
    metrics = METRICS[pattern]
    lines = [
        f"| comparison | product | source | statistic | n | {' | '.join(metrics)} |",
        "|---" * (5 + len(metrics)) + "|",
    ]
    for source, comparison, statistic in dict.fromkeys((c.source, c.comparison, c.statistic) for c in cells):
        block = [c for c in cells if (c.source, c.comparison, c.statistic) == (source, comparison, statistic)]
        for product in dict.fromkeys(cell.product for cell in block):
            of = {cell.metric: cell for cell in block if cell.product == product}
            n = str(max(cell.n for cell in of.values())) if source == "here" else ""
            words = [_word(of[m], block) if m in of else "" for m in metrics]
            lines.append(f"| {' | '.join([comparison, product, source, statistic, n, *words])} |")
    return "\n".join(lines) + "\n"


def _word(cell: Cell, block: Sequence[Cell]) -> str:
    """A number with its interval, bold where it is better than the other's; the reason where there is none."""
    if cell.status != Status.OK.word:
        return cell.status
    text = f"{cell.value:.3f}"
    if any(_better(cell, other) for other in block if other.metric == cell.metric and other.status == cell.status):
        text = f"**{text}**" + ("*" if cell.p < SIGNIFICANT else "")
    return text + ("" if cell.low != cell.low else f" ({cell.low:.3f} to {cell.high:.3f})")


def _better(cell: Cell, other: Cell) -> bool:
    ours, theirs = ((abs(c.value) if c.metric == "bias" else c.value) for c in (cell, other))
    return ours < theirs if cell.metric in LOWER else ours > theirs


def _write(path: str | Path, text: str) -> None:
    with atomic(path) as beside:
        beside.write_text(text, encoding="utf-8")
