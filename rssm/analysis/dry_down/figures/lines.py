"""What the curves of the dry-down share: the regions that they compare, and their colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from rssm.analysis.dry_down.rows import Row
from rssm.atlas.colours import BLACK, class_colours

FAMILIES = ("climate", "belt", "hemisphere", "whole")


def compared(rows: Sequence[Row], what: str) -> dict[str, list[Row]]:
    """Region → its rows of a kind: the whole, and the regions of the first family that has two at least."""
    found: dict[str, dict[str, list[Row]]] = {family: {} for family in FAMILIES}
    for row in rows:
        if row.what == what and row.family in found:
            found[row.family].setdefault(row.region, []).append(row)
    whole = found.pop("whole")
    return whole | next((regions for regions in found.values() if len(regions) > 1), {})


def curves(axis: Axes, of: dict[str, list[Row]]) -> None:
    """A curve for each region, through the places that it has."""
    colours = class_colours([region for region in of if region != "all"])
    for region, rows in of.items():
        style: dict[str, Any] = (
            {"color": BLACK, "linewidth": 2.0} if region == "all" else {"color": colours[region], "linewidth": 1.2}
        )
        axis.plot([float(row.at) for row in rows], [row.value for row in rows], marker=".", label=region, **style)
    axis.set_ylim(bottom=min(0.0, axis.get_ylim()[0]))
    if of:
        axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    else:
        axis.text(0.5, 0.5, "no region has enough dry dekads", transform=axis.transAxes, ha="center", va="center")


def cells(of: dict[str, list[Row]]) -> list[tuple[str, str, str, float, int]]:
    """Lines of the figure's data."""
    return [(row.family, row.region, row.at, row.value, row.cells) for rows in of.values() for row in rows]
