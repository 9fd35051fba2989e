"""The series of a year below its maps: mean soil moisture of the land, and how it is spread over pixels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from rssm.atlas.colours import BLUE, ORANGE, VOLUME, Limits, limits_of
from rssm.calendar import Calendar
from rssm.grid import Area

SPREAD = (0.1, 0.9)  # quantiles of the pixels
KEPT = 50_000  # values of a step, at most, from which scales are fitted


@dataclass
class YearSeries:
    """What is kept of every step of a year while its maps are read one by one.

    mean, low, high, truth  (step,) m³ m⁻³
    """

    area: Area
    mean: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    truth: list[float] = field(default_factory=list)
    _moisture: list[NDArray[np.floating]] = field(default_factory=list)
    _sigma: list[NDArray[np.floating]] = field(default_factory=list)

    def __post_init__(self) -> None:
        edges = np.radians(self.area.grid.row_edges(self.area.window))
        self._weight = np.sin(edges[:-1]) - np.sin(edges[1:])  # areas of the pixels of each row

    def add(
        self, moisture: NDArray[np.floating], sigma: NDArray[np.floating], truth: NDArray[np.floating] | None
    ) -> None:
        """Take in a step: fields (row, column)."""
        known = np.isfinite(moisture)
        values = moisture[known].astype(np.float64)
        weight = np.broadcast_to(self._weight[:, None], moisture.shape)[known]
        self.mean.append(_mean(values, weight))
        low, high = np.quantile(values, SPREAD) if values.size else (np.nan, np.nan)
        self.low.append(float(low))
        self.high.append(float(high))
        if truth is not None:
            self.truth.append(_mean(truth[known].astype(np.float64), weight))
        for kept, own in ((self._moisture, values), (self._sigma, sigma[np.isfinite(sigma)])):
            kept.append(own[:: max(own.size // KEPT, 1)])

    @property
    def limits(self) -> tuple[Limits, Limits]:
        """Scales of soil moisture and of uncertainty for all maps of the year; in coarse steps, so that years differ little."""
        return limits_of(self._moisture, "soil_moisture", step=0.05), limits_of(self._sigma, "uncertainty", step=0.01)

    def draw(self, axis: Axes, steps: list[int], shown: list[int], calendar: Calendar) -> None:
        """Draw it; `shown` are the steps that the maps show."""
        middle = [(calendar.start(step).timetuple().tm_yday + calendar.days(step) / 2) for step in steps]
        axis.fill_between(
            middle, self.low, self.high, color=BLUE, alpha=0.15, linewidth=0, label="10 % to 90 % of the pixels"
        )
        axis.plot(
            middle,
            self.mean,
            color=BLUE,
            marker="o",
            markersize=2.5,
            linewidth=1.2,
            label="mean of the land with values",
        )
        if self.truth:
            axis.plot(middle, self.truth, color=ORANGE, linewidth=1.2, label="truth of the toy Earth, same pixels")
        for at, step in zip(middle, steps, strict=True):
            if step in shown:
                axis.axvline(at, color="#888888", linewidth=0.8, linestyle=":", zorder=0)
        starts = [1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335]
        axis.set_xticks(starts, list("JFMAMJJASOND"), fontsize=8)
        axis.set_xlim(1, 366)
        axis.set_ylabel(f"soil moisture\n({VOLUME})", fontsize=8)
        axis.tick_params(axis="y", labelsize=8)
        axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=8, frameon=False)


def _mean(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    return float(np.average(values, weights=weight)) if values.size else float("nan")
