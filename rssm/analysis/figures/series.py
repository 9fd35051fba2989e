"""Series of the whole and of its regions: years as anomalies with trend, steps with interval and coverage (Fig. S12b in kind)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rssm.analysis.means_file import read_series
from rssm.analysis.series import BOUNDS, Series
from rssm.analysis.specs import FigureSpec
from rssm.analysis.trend_file import RegionTrends, read_trends
from rssm.atlas.colours import BLUE, ORANGE, VOLUME
from rssm.atlas.sheet import STYLE, keep, sheet
from rssm.calendar import CALENDARS, Calendar

SHOWN = ("whole", "hemisphere", "belt", "climate")  # kinds of regions with a row of their own
MOST = 8  # rows
COLUMNS = ("product", "region", "year", "anomaly", "mean", "low", "high", "coverage")
NORMAL = 1.96  # standard uncertainties of a 95 % interval


def series_figure(means: Sequence[str], trends: Sequence[str], spec: FigureSpec, out: Sequence[str]) -> None:
    """Draw them.

    means, trends  of the data set, and of the reference if there is one; trends may be none
    """
    names = [name for name in (spec.name, spec.reference) if name]
    found = dict(zip(names, map(read_series, means), strict=True))
    slopes = dict(zip(names, (read_trends(path)[1] for path in trends), strict=False))
    ours, calendar = found[spec.name], CALENDARS[spec.calendar_id]
    rows = [at for at, kind in enumerate(ours.kind) if kind in SHOWN][:MOST]
    with matplotlib.rc_context(STYLE):
        figure = sheet(9.5, 1.6 * len(rows) + 0.9)
        axes = figure.subplots(len(rows), 2, squeeze=False, sharex=True, width_ratios=[1.0, 1.3])
        for (left, right), at in zip(axes, rows, strict=True):
            for (name, series), colour in zip(found.items(), (BLUE, ORANGE), strict=False):
                _years(left, series, ours.label[at], name, colour, slopes.get(name))
            _steps(right, ours, at, calendar)
            left.set_title(ours.label[at] + _slope(slopes.get(spec.name), ours.label[at]))
            if not left.lines:
                left.set(title=f"{ours.label[at]}: too few years for departures", yticks=[])
        if axes[0, 0].lines:
            axes[0, 0].legend(loc="upper left", fontsize=7)
        axes[0, 1].set_title(
            f"{spec.name}, {calendar.id} by {calendar.id}, 95 % interval; grey: share of land with a value"
        )
        for axis in axes[:, 0]:
            axis.set_ylabel(VOLUME, fontsize=8)
        figure.suptitle(
            "Area-weighted means; left: departures from the pixels' own mean years", x=0.01, ha="left", fontsize=9
        )
        keep(figure, COLUMNS, (row for name, series in found.items() for row in _rows(name, series)), out)


def _years(axes: Axes, series: Series, label: str, name: str, colour: str, trends: RegionTrends | None) -> None:
    """Annual anomalies, and the line of the trend."""
    if label not in series.label:
        return
    at = series.label.index(label)
    anomaly, middle = series.anomaly[at], series.years + 0.5
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    if not np.isfinite(anomaly).any():
        return
    axes.plot(middle, anomaly, color=colour, marker="o", markersize=2.5, linewidth=1.0, label=name)
    if trends and label in trends.label:
        slope = trends.annual.slope[trends.label.index(label)] / 10
        if np.isfinite(slope):
            line = slope * (middle - np.mean(middle)) + np.nanmedian(anomaly - slope * (middle - np.mean(middle)))
            axes.plot(middle, line, color=colour, linewidth=0.8, linestyle="--")


def _steps(axes: Axes, series: Series, at: int, calendar: Calendar) -> None:
    """Every step with its interval, and behind it the coverage."""
    time = [
        calendar.year_of(int(step)) + (calendar.season_of(int(step)) + 0.5) / calendar.seasons for step in series.step
    ]
    beside = axes.twinx()
    beside.fill_between(time, series.coverage[at], color="#999999", alpha=0.3, linewidth=0)
    beside.set(ylim=(0, 1), yticks=[0, 1])
    beside.spines["right"].set_visible(True)
    axes.set_zorder(beside.get_zorder() + 1)
    axes.patch.set_visible(False)
    mean, half = series.mean[at], NORMAL * series.sigma[BOUNDS.index("sigma_blocks"), at]
    axes.plot(time, mean, color=BLUE, linewidth=0.7)
    axes.fill_between(time, mean - half, mean + half, color=BLUE, alpha=0.2, linewidth=0)


def _slope(trends: RegionTrends | None, label: str) -> str:
    """`: 0.0012 per decade (p 0.03)`."""
    if trends is None or label not in trends.label:
        return ""
    at = trends.label.index(label)
    if not np.isfinite(trends.annual.slope[at]):
        return ""
    return f": {trends.annual.slope[at]:+.4f} per decade (p {trends.annual.p[at]:.2g})"


def _rows(name: str, series: Series) -> Iterator[tuple[Any, ...]]:
    blocks = BOUNDS.index("sigma_blocks")
    for at, label in enumerate(series.label):
        for k, year in enumerate(series.years.tolist()):
            mean, half = float(series.annual[at, k]), NORMAL * float(series.annual_sigma[blocks, at, k])
            coverage, anomaly = float(series.annual_coverage[at, k]), float(series.anomaly[at, k])
            yield (name, label, year, anomaly, mean, mean - half, mean + half, coverage)
