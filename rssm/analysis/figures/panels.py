"""Sheets of maps: what every figure of maps shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from rssm.atlas.colours import VOLUME, Limits, beyond, limits_of
from rssm.atlas.maps import WorldMap, draw, legend_of
from rssm.atlas.projection import shape_of
from rssm.atlas.scale_bar import colour_bar
from rssm.atlas.sheet import STYLE, keep_map, sheet
from rssm.grid import Area
from rssm.land import read_land

Mask = NDArray[np.bool_]
Chart = Callable[[Axes], None]
UNITS = {VOLUME: "m3 m-3", f"{VOLUME} per decade": "m3 m-3 (10 year)-1", "mm day⁻¹": "mm day-1"}  # as CF writes them
WIDTH, BESIDE, BELOW = 3.6, 0.5, 1.05  # inches: of a map, of letters beside it, of its title, scale and legend


@dataclass(frozen=True)
class Panel:
    """A map of a sheet.

    name        of its field in the data
    hatched     pixels to hatch, and what that means
    not_tested  land of which nothing can be said
    """

    name: str
    values: NDArray[np.floating]
    kind: str
    title: str
    unit: str
    limits: Limits | None = None
    hatched: tuple[Mask, str] | None = None
    not_tested: Mask | None = None


def maps_sheet(
    panels: Sequence[Panel],
    area: Area,
    land: Mask,
    columns: int,
    title: str,
    width: float = WIDTH,
    chart: Chart | None = None,
    shared: bool = False,
) -> Figure:
    """Draw maps side by side, and after them a chart; `shared`: all on the scale of the first, which is drawn once."""
    charts = 1 if chart else 0
    shape = shape_of(area)
    width *= float(np.clip(np.sqrt(0.7 / shape), 0.8, 1.3))  # flat maps are wider, tall ones narrower
    tall = min(max(width * shape, 0.8), 1.4 * width)
    rows = -(-(len(panels) + charts) // columns)
    with matplotlib.rc_context(STYLE):
        figure = sheet(columns * (width + BESIDE), rows * (tall + BELOW) + 0.3)
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        drawn = [_draw(axis, panel, area, land, not shared) for axis, panel in zip(axes, panels, strict=False)]
        if shared:
            one = panels[0]
            limits = one.limits or limits_of([panel.values for panel in panels], one.kind)
            outside = beyond([panel.values for panel in panels], limits)
            colour_bar(axes[: len(panels)].tolist(), one.kind, limits, one.unit, outside)
            legend_of(drawn)
        if chart:
            chart(axes[len(panels)])
        for axis in axes[len(panels) + charts :]:
            axis.axis("off")
        figure.suptitle(title, x=0.01, ha="left", fontsize=9)
    return figure


def _draw(axis: Axes, panel: Panel, area: Area, land: Mask, alone: bool) -> WorldMap:
    """One map, fitted to its values where no limits are given; with its scale and legend where it stands `alone`."""
    return draw(
        axis,
        panel.values,
        area,
        panel.kind,
        title=panel.title,
        unit=panel.unit,
        limits=panel.limits,
        land=land,
        hatch=panel.hatched,
        not_tested=panel.not_tested,
        bar=alone,
        legend=alone,
    )


def keep_panels(
    figure: Figure,
    panels: Sequence[Panel],
    area: Area,
    out: Sequence[str],
    more: Mapping[str, NDArray[Any]] | None = None,
) -> None:
    """Write a sheet and its fields, of the panels and whatever `more` there is to say."""
    fields: dict[str, NDArray[Any]] = {panel.name: panel.values for panel in panels}
    units = {panel.name: UNITS.get(panel.unit, "1") for panel in panels}
    keep_map(figure, fields | dict(more or {}), area, units, out)


def land_of(land: Sequence[str], area: Area) -> Mask:
    """Land (row, column) of an area of pixels."""
    return read_land(land[0], area.grid, area.window)
