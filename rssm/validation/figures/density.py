"""Density of pairs of values: how many pairs each cell of two axes holds, on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from rssm.atlas.colours import VOLUME
from rssm.atlas.sheet import sheet
from rssm.validation.figures.style import nothing
from rssm.validation.statistics.metrics import scores_of, with_r2
from rssm.validation.statistics.sums import Sums

EDGES = np.linspace(0, 0.6, 61)  # m³ m⁻³; what lies beyond counts in the outermost cells
COLUMNS = ("panel", "x", "y", "x_m3_m3", "y_m3_m3", "pairs")
SIZE = 3.0  # inches, of a panel


class Panel(NamedTuple):
    """Pairs of x and y.

    counts  (x, y) pairs by value, between EDGES
    sums    of all pairs, x the estimate
    """

    x: str
    y: str
    counts: NDArray[np.int64]
    sums: Sums

    @classmethod
    def of(cls, names: tuple[str, str], x: NDArray[np.floating], y: NDArray[np.floating]) -> Panel:
        """Of values (sample,)."""
        last = EDGES.size - 2
        at = [np.floor((values - EDGES[0]) / (EDGES[1] - EDGES[0])).astype(int).clip(0, last) for values in (x, y)]
        counts = np.bincount(at[0] * (last + 1) + at[1], minlength=(last + 1) ** 2).reshape(last + 1, last + 1)
        return cls(*names, counts, Sums.of(x, y, np.zeros(x.size, np.int64), 1))


def densities(panels: Sequence[Panel]) -> Figure:
    """A figure of panels with one colour scale, with scores and the line of equality on each."""
    figure = sheet(SIZE * len(panels) + 0.9, SIZE + 0.5)
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    most = max((int(panel.counts.max(initial=0)) for panel in panels), default=0)
    image = None
    for axis, panel in zip(axes, panels, strict=True):
        axis.set(xlabel=f"{panel.x} ({VOLUME})", ylabel=f"{panel.y} ({VOLUME})")
        if not panel.counts.any():
            nothing(axis, "no pair")
            continue
        image = _density(axis, panel, max(most, 2))
    if image is not None:
        ticks = _decades(most)
        bar = figure.colorbar(image, ax=axes, label="pairs per cell", pad=0.02, aspect=30, format="%d", ticks=ticks)
        bar.minorticks_off()  # their labels are powers of ten
    return figure


def _density(axis: Axes, panel: Panel, most: int) -> Any:
    counts = np.ma.masked_equal(panel.counts.T, 0)
    image = axis.pcolormesh(EDGES, EDGES, counts, cmap="viridis", norm=LogNorm(1, most), rasterized=True)
    top = _top(panel.counts)
    axis.plot([0, top], [0, top], color="#555555", linewidth=0.8)
    axis.set(xlim=(0, top), ylim=(0, top), aspect="equal")
    marks = np.arange(0, top + 0.01, 0.1)
    axis.set(xticks=marks, yticks=marks)
    found = {name: float(score.value[0]) for name, score in with_r2(scores_of(panel.sums, 2)).items()}
    bias = f"{round(found['bias'], 3) + 0.0:+.3f}".replace("-", "−")  # no "−0.000"
    axis.set_title(f"R² {found['r2']:.3f}, RMSE {found['rmse']:.3f}\nbias {bias}, n {int(panel.sums.n[0]):,}")
    return image


def _decades(most: int) -> list[int]:
    """Marks of a colour bar: 1, 10, 100 … and, where there are few of these, 2 and 5 times as many."""
    marks = [10**k for k in range(len(str(most)))]
    return marks if len(marks) > 2 else [n * mark for mark in marks for n in (1, 2, 5) if n * mark <= most]


def _top(counts: NDArray[np.int64]) -> float:
    """Upper end of both axes: a tenth above 99.9 % of the values of either."""
    share = [np.cumsum(counts.sum(axis=at)) / max(counts.sum(), 1) for at in (0, 1)]
    last = max(int(np.searchsorted(part, 0.999)) for part in share) + 1
    return float(np.clip(np.ceil(EDGES[min(last, EDGES.size - 1)] * 10 - 1e-9) / 10, 0.2, EDGES[-1]))


def density_rows(panels: Sequence[Panel]) -> Iterator[tuple[Any, ...]]:
    """The cells of all panels that hold pairs, as rows of COLUMNS."""
    middle = (EDGES[:-1] + EDGES[1:]) / 2
    for number, panel in enumerate(panels, 1):
        for i, j in np.argwhere(panel.counts):
            x, y = float(middle[i]), float(middle[j])
            yield (number, panel.x, panel.y, x, y, int(panel.counts[i, j]))
