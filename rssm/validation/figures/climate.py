"""Temporal accuracy by climate: boxes over the pixels of each Köppen–Geiger class (Figs. 5, 8 and 11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from rssm.atlas.sheet import sheet
from rssm.validation.figures.scored import Scored
from rssm.validation.figures.style import OURS, THEIRS, legend, named, nothing

METRICS = ("r", "rmse", "ubrmse", "anomaly_r")
COLUMNS = ("metric", "climate", "product", "pixel", "value")
UNKNOWN = "unknown"
WIDTH = 0.36  # of a box, where classes are 1 apart
Rows = list[tuple[Any, ...]]


def climate_figure(scored: Scored, climate: Mapping[int, str]) -> tuple[Figure, tuple[str, ...], Rows]:
    """Figure, columns and rows of its data.

    climate  pixel → class
    """
    rows = _rows(scored, climate)
    classes = sorted({row[1] for row in rows}, key=lambda name: (name == UNKNOWN, name))
    figure = sheet(max(7.0, 1.2 + 1.0 * len(classes)), 5.2)
    for axis, metric in zip(figure.subplots(2, 2).ravel(), METRICS, strict=True):
        axis.set_ylabel(named(metric))
        own = [row for row in rows if row[0] == metric]
        if own:
            _boxes(axis, own, classes, scored.products)
        else:
            nothing(axis, scored.why_not(pattern="temporal", statistic="pixel", metric=metric))
    handles = [Patch(color=c, label=name) for c, name in zip((OURS, THEIRS), scored.products, strict=True)]
    legend(
        figure,
        handles,
        "Scores of pixels against stations, by climate: median, quartiles, whiskers to 1.5 times the box",
    )
    return figure, COLUMNS, rows


def _rows(scored: Scored, climate: Mapping[int, str]) -> Rows:
    """Scores of the pixels in which both products have one."""
    out = []
    for metric in METRICS:
        table = scored.known(pattern="temporal", statistic="pixel", metric=metric)
        pixels, count = np.unique(table["place"].astype(np.int64), return_counts=True)
        both = set(pixels[count == 2].tolist())
        for product, place, value in zip(table["product"], table["place"], table["value"], strict=True):
            if int(place) in both:
                out.append((metric, climate.get(int(place)) or UNKNOWN, product, int(place), float(value)))
    return out


def _boxes(axis: Axes, rows: Rows, classes: list[str], products: tuple[str, str]) -> None:
    """Boxes of both products side by side; whiskers reach 1.5 times the box."""
    for side, product, colour in ((-1, products[0], OURS), (1, products[1], THEIRS)):
        values = [[row[4] for row in rows if row[1] == name and row[2] == product] for name in classes]
        found = axis.boxplot(
            values,
            positions=np.arange(len(classes)) + side * WIDTH / 2,
            widths=0.8 * WIDTH,
            patch_artist=True,
            flierprops={"marker": ".", "markersize": 3, "markeredgecolor": colour},
            medianprops={"color": "black", "linewidth": 1.2},
            whiskerprops={"color": colour},
            capprops={"color": colour},
        )
        for box in found["boxes"]:
            box.set(facecolor=colour, edgecolor=colour)
    n = [sum(row[1] == name and row[2] == products[0] for row in rows) for name in classes]
    axis.set_xticks(range(len(classes)), [f"{name}\nn {count}" for name, count in zip(classes, n, strict=True)])
    axis.tick_params(axis="x", length=0, labelsize=8)
    axis.set_xlim(-0.6, len(classes) - 0.4)
