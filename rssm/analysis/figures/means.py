"""Maps of long-term means, of the months, and of what differs from the reference (Fig. 14a–b, S11 in kind)."""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Sequence

import numpy as np

from rssm.analysis.figures.panels import Panel, keep_panels, land_of, maps_sheet
from rssm.analysis.means_file import read_layer, read_years
from rssm.analysis.specs import FigureSpec
from rssm.analysis.trend_file import read_difference
from rssm.atlas.colours import VOLUME, limits_of
from rssm.cubes.place import scatter


def mean_map(
    means: Sequence[str], difference: Sequence[str], land: Sequence[str], spec: FigureSpec, out: Sequence[str]
) -> None:
    """Draw the long-term mean of the data set and its coverage; of the reference, and the difference.

    means       of the data set, and of the reference if there is one
    difference  of both, or nothing
    """
    names = [name for name in (spec.name, spec.reference) if name]
    fields = [read_layer(path, "mean", spec.area) for path in means]
    limits = limits_of(fields, "soil_moisture")
    panels = [
        Panel(f"mean_{name}", field, "soil_moisture", f"{name}, mean {_span(path)}", VOLUME, limits)
        for name, field, path in zip(names, fields, means, strict=True)
    ]
    if difference:
        apart = read_difference(difference[0])
        field = scatter(apart.apart, apart.of_pixels.pixel, spec.area.window, spec.area.grid)
        title = f"{spec.name} less {spec.reference}, years of both"
        panels.append(Panel("difference", field, "difference", title, VOLUME))
    share = read_layer(means[0], "share", spec.area)
    panels.append(Panel("share", share, "share", f"{spec.name}, share of days with a value", "share (1)"))
    title = "Long-term mean of surface soil moisture"
    figure = maps_sheet(panels, spec.area, land_of(land, spec.area), 2, title)
    keep_panels(figure, panels, spec.area, out)


def month_maps(means: Sequence[str], land: Sequence[str], spec: FigureSpec, out: Sequence[str]) -> None:
    """Draw the mean of every month of the data set."""
    fields = read_layer(means[0], "monthly", spec.area)
    limits = limits_of(list(fields), "soil_moisture")
    panels = [
        Panel(f"month_{month:02d}", field, "soil_moisture", month_abbr[month], VOLUME, limits)
        for month, field in enumerate(fields, 1)
    ]
    title = f"{spec.name}: mean of each month, {_span(means[0])}"
    figure = maps_sheet(panels, spec.area, land_of(land, spec.area), 4, title, 2.6, shared=True)
    keep_panels(figure, panels, spec.area, out)


def _span(path: str) -> str:
    """Years of a file of means."""
    years = read_years(path)
    first, last = int(np.min(years)), int(np.max(years))
    return str(first) if first == last else f"{first}–{last}"
