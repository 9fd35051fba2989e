"""The decline of a dry dekad against soil moisture, by climate or belt."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib

from rssm.analysis.dry_down.figures.lines import cells, compared, curves
from rssm.analysis.dry_down.rows import read_rows
from rssm.atlas.sheet import STYLE, keep, sheet

COLUMNS = ("family", "region", "soil_moisture_m3m3", "decline_m3m3", "dry_pairs")


def dry_level(groups: Sequence[str], out: Sequence[str]) -> None:
    """Draw the figure."""
    of = compared(read_rows(groups[0]), "level")
    with matplotlib.rc_context(STYLE):
        figure = sheet(6.5, 3.6)
        axis = figure.subplots()
        curves(axis, of)
        axis.set(xlabel="mean soil moisture of both dekads (m³ m⁻³)", ylabel="decline (m³ m⁻³ per dekad)")
        axis.set_title("Mean fall of soil moisture from one dry dekad to the next")
        keep(figure, COLUMNS, cells(of), out)
