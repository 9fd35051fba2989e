"""What figures of validation share: names of scores, a title with a legend, panels that are empty."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rssm.atlas.colours import BLUE, ORANGE, VOLUME

OURS, THEIRS = BLUE, ORANGE
NAMES = {
    "r": ("correlation r", "1"),
    "r2": ("R²", "1"),
    "rmse": ("RMSE", VOLUME),
    "bias": ("bias", VOLUME),
    "ubrmse": ("ubRMSE", VOLUME),
    "anomaly_r": ("correlation of anomalies", "1"),
}


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
