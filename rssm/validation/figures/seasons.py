"""Spatial accuracy through the year: median and quartiles, over years, of the scores of each step (Figs. 6, 9 and 12)."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rssm.atlas.sheet import sheet
from rssm.calendar import Calendar, spoken
from rssm.validation.figures.scored import Scored, quartiles
from rssm.validation.figures.style import OURS, THEIRS, named, nothing
from rssm.validation.scores.table import Table

METRICS = ("r", "rmse", "ubrmse")
COLUMNS = ("metric", "product", "place_in_year", "years", "lower_quartile", "median", "upper_quartile")
MONTHS = "JFMAMJJASOND"
Rows = list[tuple[Any, ...]]


def seasons_figure(scored: Scored, calendar: Calendar) -> tuple[Figure, tuple[str, ...], Rows]:
    """Figure, columns and rows of its data."""
    rows: Rows = []
    figure = sheet(7.0, 6.0)
    for axis, metric in zip(figure.subplots(len(METRICS), 1, sharex=True), METRICS, strict=True):
        axis.set_ylabel(named(metric))
        for product, colour in zip(scored.products, (OURS, THEIRS), strict=True):
            table = scored.known(pattern="spatial", statistic="dekad", metric=metric, product=product)
            own = _rows(table, metric, product, calendar)
            rows += own
            if own:
                _band(
                    axis, own, f"{product} (n {len(table['value'])} {spoken(calendar.id)}s)", colour, calendar.seasons
                )
        if axis.lines:
            axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
        else:
            nothing(axis, scored.why_not(pattern="spatial", statistic="dekad", metric=metric))
    _months(axis, calendar.seasons)
    figure.suptitle("Scores over pixels, of each step: median and quartiles over years", x=0.01, ha="left", fontsize=9)
    return figure, COLUMNS, rows


def _rows(table: Table, metric: str, product: str, calendar: Calendar) -> Rows:
    place = np.array([calendar.season_of(calendar.parse(str(label))) for label in table["place"]], np.int64)
    return [
        (metric, product, int(at) + 1, int((place == at).sum()), *quartiles(table["value"][place == at]))
        for at in np.unique(place)
    ]


def _band(axis: Axes, rows: Rows, label: str, colour: str, seasons: int) -> None:
    """A line with a band; broken where the year has no score."""
    line = np.full((3, seasons), np.nan)
    for _, _, place, _, *ends in rows:
        line[:, place - 1] = ends
    at = np.arange(1, seasons + 1)
    axis.fill_between(at, line[0], line[2], color=colour, alpha=0.25, linewidth=0)
    axis.plot(at, line[1], color=colour, label=label, linewidth=1.4, marker=".", markersize=3)
    axis.set_xlim(0.5, seasons + 0.5)


def _months(axis: Axes, seasons: int) -> None:
    """Months below the steps of a year."""
    middle = (np.arange(12) + 0.5) * seasons / 12 + 0.5
    axis.set_xticks(middle, list(MONTHS))
    axis.tick_params(axis="x", length=0)
    axis.set_xlabel("month")
