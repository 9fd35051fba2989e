"""Maps of trends, of the data set, of the reference and of their difference; what is not significant is hatched (Fig. 14c–d)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssm.analysis.figures.panels import Mask, Panel, keep_panels, land_of, maps_sheet
from rssm.analysis.specs import FigureSpec
from rssm.analysis.trend_file import TrendMap, read_difference, read_trends
from rssm.atlas.colours import VOLUME, limits_of
from rssm.cubes.place import scatter

UNIT = f"{VOLUME} per decade"
UNSURE = "not significant"


def trend_map(
    trends: Sequence[str], difference: Sequence[str], land: Sequence[str], spec: FigureSpec, out: Sequence[str]
) -> None:
    """Draw the trends.

    trends      of the data set, and of the reference if there is one
    difference  of both, or nothing
    """
    names = [name for name in (spec.name, spec.reference) if name]
    maps = {name: read_trends(path)[0] for name, path in zip(names, trends, strict=True)}
    if difference:
        maps[f"{spec.name} less {spec.reference}"] = read_difference(difference[0]).of_pixels
    dry = land_of(land, spec.area)
    fields = {name: _field(found, spec) for name, found in maps.items()}
    limits = limits_of(list(fields.values()), "trend")
    panels = [
        Panel(
            f"trend_{number}",
            fields[name],
            "trend",
            f"{name}: {_counted(found)}",
            UNIT,
            limits,
            (_unsure(found, spec), UNSURE),
            dry & ~np.isfinite(fields[name]),
        )
        for number, (name, found) in enumerate(maps.items(), 1)
    ]
    figure = maps_sheet(panels, spec.area, dry, len(panels), "Trends of annual anomalies (Theil–Sen)")
    sure = {f"{panel.name}_significant": (~hatch[0]).astype(np.int32) for panel in panels if (hatch := panel.hatched)}
    keep_panels(figure, panels, spec.area, out, sure)


def _field(found: TrendMap, spec: FigureSpec) -> np.ndarray:
    return scatter(found.trend.slope.astype(np.float32), found.pixel, spec.area.window, spec.area.grid)


def _unsure(found: TrendMap, spec: FigureSpec) -> Mask:
    """Pixels with a trend that is not significant."""
    unsure = (np.isfinite(found.trend.slope) & ~found.significant).astype(np.float32)
    return scatter(unsure, found.pixel, spec.area.window, spec.area.grid) > 0


def _counted(found: TrendMap) -> str:
    """How many pixels have a significant trend."""
    tested = int(np.isfinite(found.trend.p).sum())
    if not tested:
        return "too few years"
    return f"significant in {100 * int(found.significant.sum()) / tested:.0f} % of {tested:,}"
