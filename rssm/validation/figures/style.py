"""How all figures of validation look, and how they are kept: SVG, PNG, and what they show as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from rssm.files import atomic
from rssm.product.map_frame import BLUE, ORANGE

OURS, THEIRS = BLUE, ORANGE
STYLE = {
    "svg.hashsalt": "rssm",  # the same figure is the same file
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "savefig.dpi": 150,
}
VOLUME = "m³ m⁻³"
NAMES = {
    "r": ("correlation r", "1"),
    "r2": ("R²", "1"),
    "rmse": ("RMSE", VOLUME),
    "bias": ("bias", VOLUME),
    "ubrmse": ("ubRMSE", VOLUME),
    "anomaly_r": ("correlation of anomalies", "1"),
}


def sheet(width: float, height: float) -> Figure:
    """An empty figure; sizes in inches."""
    return Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06))


def named(metric: str) -> str:
    """A metric with its unit, for an axis."""
    name, unit = NAMES[metric]
    return f"{name} ({unit})"


def legend(figure: Figure, handles: Sequence[Artist], title: str) -> None:
    """A title above all panels, and below them what colours mean."""
    figure.suptitle(title, x=0.01, ha="left", fontsize=9)
    figure.legend(handles=handles, loc="outside lower left", ncols=len(handles))


def nothing(axis: Axes, why: str) -> None:
    """Say in an empty panel why it is empty."""
    axis.text(0.5, 0.5, why, transform=axis.transAxes, ha="center", va="center", color="#555555", fontsize=8)
    axis.set(xticks=[], yticks=[])


def keep(figure: Figure, columns: Sequence[str], rows: Iterable[Sequence[Any]], out: Sequence[str]) -> None:
    """Write a figure and its data.

    out  SVG, PNG, CSV
    """
    svg, png, table = out
    with matplotlib.rc_context(STYLE):
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once, not for every format
        with atomic(svg) as beside:
            figure.savefig(beside, metadata={"Date": None, "Creator": "rssm"})
        with atomic(png) as beside:
            figure.savefig(beside, metadata={"Software": None})
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    with atomic(table) as beside:
        beside.write_text(text.getvalue(), encoding="utf-8")


def _cell(value: Any) -> Any:
    """Six digits of a number; nothing where there is none."""
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return value
