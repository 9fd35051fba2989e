"""What pictures of maps share: coastlines, degrees on the axes, colours that the colour-blind can distinguish (Okabe and Ito)."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

SEA, COAST = "#e3ebf2", "#555555"
BLUE, ORANGE, SKY, GREEN = "#0072b2", "#e69f00", "#56b4e9", "#009e73"
YELLOW, RED, PINK, BLACK = "#f0e442", "#d55e00", "#cc79a7", "#000000"


def frame(axis: Axes, land: NDArray[np.bool_], extent: tuple[float, float, float, float]) -> None:
    """Coastlines, and degrees instead of pixels on the axes."""
    west, east, south, north = extent
    if land.any() and not land.all():
        axis.contour(land, levels=[0.5], colors=COAST, linewidths=0.4, zorder=3)
    rows, columns = land.shape
    for axes_of, low, high, size, letters in (
        (axis.xaxis, west, east, columns, "EW"),
        (axis.yaxis, north, south, rows, "NS"),
    ):
        span = abs(high - low)
        gap = next(step for step in (0.5, 1, 2, 5, 10, 20, 30, 60, 90) if span / step <= 6)
        marks = np.arange(np.ceil(min(low, high) / gap), np.floor(max(low, high) / gap) + 1) * gap
        axes_of.set_ticks((marks - low) / (high - low) * size - 0.5)
        axes_of.set_ticklabels(
            [degrees((m + 180) % 360 - 180 if letters == "EW" else m, letters) for m in marks], fontsize=7
        )
    axis.set_xlim(-0.5, columns - 0.5)
    axis.set_ylim(rows - 0.5, -0.5)


def degrees(value: float, letters: str) -> str:
    return f"{abs(value):g}°{letters[0] if value > 0 else letters[1] if value < 0 else ''}"
