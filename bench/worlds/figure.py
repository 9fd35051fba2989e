"""The figure of skill: ubRMSE by round and method above, paired differences with intervals below, a column per world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.worlds.experiment import WORLDS
from rssm.files import atomic
from rssm.worlds.scores import Row

OWN = "fused_joint"  # what profile `product` publishes
COLOURS = {
    OWN: "black",
    "fused": "grey",
    "rsssm": "tab:cyan",
    "unchained": "tab:red",
    "cdf_tc": "tab:blue",
    "ridge2": "tab:green",
    "universal": "tab:purple",
    "climatology": "tab:orange",
}


def draw(skill: Sequence[Row], differences: Sequence[Row], path: Path) -> None:
    """Write the figure as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    worlds = [world for world in WORLDS if any(row["world"] == world for row in skill)]
    figure = Figure(figsize=(3.6 * len(worlds) + 1.2, 7), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(2, len(worlds), sharey="row", squeeze=False)
    for column, world in enumerate(worlds):
        _by_round(axes[0, column], [row for row in skill if row["world"] == world])
        axes[0, column].set_title(f"world {world}")
        own = [row for row in differences if row["world"] == world and row["method"] == OWN]
        _by_rival(axes[1, column], [row for row in own if row["period"] == "all"])
    axes[0, 0].set_ylabel("ubRMSE against truth (m³ m⁻³)")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=len(COLOURS), fontsize=8)
    with atomic(path) as beside:
        figure.savefig(beside, dpi=110)


def _by_round(axes: object, rows: Sequence[Row]) -> None:
    """A line per method over the rounds, the latest dekads first; mean of the seeds."""
    periods = [period for period in dict.fromkeys(row["period"] for row in rows) if period != "all"]
    for method, colour in COLOURS.items():
        means = [
            np.mean([r["ubrmse"] for r in rows if r["method"] == method and r["period"] == period])
            for period in periods
        ]
        axes.plot(periods, means, "o-", color=colour, label=method, markersize=4)  # type: ignore[attr-defined]
    axes.set_xlabel("round whose dekads are scored")  # type: ignore[attr-defined]


def _by_rival(axes: object, rows: Sequence[Row]) -> None:
    """Differences of ubRMSE to each rival in a row of their own."""
    rivals = [rival for rival in COLOURS if rival != OWN]
    found = {row["rival"]: row for row in rows if row["metric"] == "ubrmse"}
    for place, rival in enumerate(rivals):
        row = found[rival]
        if row["mean"] != row["mean"]:
            continue
        span = [[row["mean"] - row["low"]], [row["high"] - row["mean"]]]
        axes.errorbar([row["mean"]], [place], xerr=span, fmt="o", color=COLOURS[rival], capsize=3)  # type: ignore[attr-defined]
    axes.axvline(0, color="grey", linewidth=0.8)  # type: ignore[attr-defined]
    axes.tick_params("x", rotation=45)  # type: ignore[attr-defined]
    axes.set_yticks(range(len(rivals)), rivals)  # type: ignore[attr-defined]
    axes.set_xlabel(f"{OWN} − rival: ubRMSE, all dekads\n(left of zero: {OWN} is better)")  # type: ignore[attr-defined]
