"""Accuracy by year: means over pixels and over steps, with 95 % intervals where a year has blocks enough (Fig. 13)."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from rssm.atlas.sheet import sheet
from rssm.validation.figures.scored import Scored
from rssm.validation.figures.style import OURS, THEIRS, legend, named, nothing
from rssm.validation.scores.table import Table

METRICS = ("r", "rmse", "ubrmse")
PATTERNS = {"temporal": "mean over pixels", "spatial": "mean over steps"}
COLUMNS = ("pattern", "metric", "product", "year", "value", "low", "high", "n")
Rows = list[tuple[Any, ...]]


def years_figure(scored: Scored) -> tuple[Figure, tuple[str, ...], Rows]:
    """Figure, columns and rows of its data."""
    rows: Rows = []
    figure = sheet(9.0, 4.6)
    axes = figure.subplots(len(PATTERNS), len(METRICS))
    for (pattern, what), line in zip(PATTERNS.items(), axes, strict=True):
        for axis, metric in zip(line, METRICS, strict=True):
            axis.set_ylabel(named(metric))
            about = {"kind": "year", "pattern": pattern, "statistic": "mean", "metric": metric}
            tables = {name: scored.known(**about, product=name) for name in scored.products}
            n = np.concatenate([table["n"] for table in tables.values()])
            for side, (product, table) in zip((-1, 1), tables.items(), strict=True):
                _years(axis, table, side)
                columns = (table[name] for name in ("group", "value", "low", "high", "n"))
                rows += [(pattern, metric, product, *map(_plain, row)) for row in zip(*columns, strict=True)]
            if n.size:
                count = f"{n.min()}" if n.min() == n.max() else f"{n.min()} to {n.max()}"
                axis.set_title(f"{what}, n {count}", fontsize=8)
            else:
                nothing(axis, scored.why_not(**about))
    handles = [
        Line2D([], [], color=colour, marker="o", markersize=4, label=name)
        for colour, name in zip((OURS, THEIRS), scored.products, strict=True)
    ]
    legend(figure, handles, "Scores against stations by year")
    return figure, COLUMNS, rows


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else value.item()


def _years(axis: Axes, table: Table, side: int) -> None:
    """Points with their intervals, those of two products beside each other."""
    if not len(table["value"]):
        return
    year, value = table["group"].astype(np.int64), table["value"]
    order = np.argsort(year)
    ends = np.stack([value - table["low"], table["high"] - value])  # NaN where there is no interval: no bar
    axis.errorbar(
        year[order] + 0.12 * side,
        value[order],
        yerr=np.maximum(ends[:, order], 0),
        color=OURS if side < 0 else THEIRS,
        marker="o",
        markersize=3,
        linewidth=1,
        elinewidth=0.8,
    )
    first, last = int(year.min()), int(year.max())
    axis.set(xlim=(first - 0.5, last + 0.5), xticks=range(first, last + 1, -(-(last - first + 1) // 6)))
