"""Coverage of land by year, of the data set and its rivals (Fig. 13d)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
from matplotlib.axes import Axes

from rssm.atlas.colours import BLACK, GREEN, ORANGE, PINK, RED, SKY, YELLOW
from rssm.atlas.sheet import STYLE, keep, sheet
from rssm.tsv import Row, read_tsv
from rssm.validation.coverage import ALL, COLUMNS, OPEN, UNFILLED
from rssm.validation.figures.style import OURS
from rssm.validation.specs import CoverageSpec

COLOURS = (ORANGE, SKY, GREEN, PINK, RED, BLACK, YELLOW)
TITLES = {ALL: "all land", OPEN: "without rainforest"}


def coverage_figure(years: Sequence[str], spec: CoverageSpec, out: Sequence[str]) -> None:
    """Draw the figure of all years' tables."""
    rows = [row for path in years for _, row in read_tsv(path, COLUMNS)]
    with matplotlib.rc_context(STYLE):
        figure = sheet(9.0, 3.4)
        axes = figure.subplots(1, len(TITLES), sharey=True)
        for axis, (land, title) in zip(axes, TITLES.items(), strict=True):
            own = [row for row in rows if row["land"] == land]
            axis.set_title(f"{title}, n {int(own[0]['pixels']):,} pixels")
            axis.set_xlabel("year")
            _lines(axis, own, spec)
        axes[0].set(ylabel="share of land with a value (1)", ylim=(0, 1.02))
        axes[-1].legend(loc="upper left", bbox_to_anchor=(1.01, 1))
        keep(figure, COLUMNS, ([row[name] for name in COLUMNS] for row in rows), out)


def _lines(axis: Axes, rows: Sequence[Row], spec: CoverageSpec) -> None:
    """A line for each product; that of the data set without filled values is broken."""
    ours = (spec.product, f"{spec.product}, {UNFILLED}")
    others = [name for name in spec.spans if name != spec.product]
    colours = dict(zip(others, COLOURS, strict=False)) | dict.fromkeys(ours, OURS)
    for name in (*ours, *others):
        own = [row for row in rows if row["product"] == name]
        years, shares = [int(row["year"]) for row in own], [float(row["share"]) for row in own]
        style = "--" if name == ours[1] else "-"
        width = 2.0 if name == spec.product else 1.0
        axis.plot(
            years, shares, style, color=colours.get(name, BLACK), linewidth=width, marker="o", markersize=3, label=name
        )
    first, last = (end(int(row["year"]) for row in rows) for end in (min, max))
    axis.set(xlim=(first - 0.5, last + 0.5), xticks=range(first, last + 1, -(-(last - first + 1) // 6)))
