"""The decline of a dry dekad by its place in the year, by climate or belt."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np

from rssm.analysis.dry_down.figures.lines import cells, compared, curves
from rssm.analysis.dry_down.rows import read_rows
from rssm.atlas.sheet import STYLE, keep, sheet

COLUMNS = ("family", "region", "dekad", "decline_m3m3", "dry_pairs")


def dry_season(groups: Sequence[str], out: Sequence[str]) -> None:
    """Draw the figure."""
    of = compared(read_rows(groups[0]), "season")
    with matplotlib.rc_context(STYLE):
        figure = sheet(7.5, 3.6)
        axis = figure.subplots()
        curves(axis, of)
        axis.set(xlim=(0.5, 36.5), ylabel="decline (m³ m⁻³ per dekad)", xlabel="month")
        axis.set_xticks(np.arange(12) * 3 + 2, list("JFMAMJJASOND"))
        axis.set_title("Mean fall of soil moisture from one dry dekad to the next")
        keep(figure, COLUMNS, cells(of), out)
