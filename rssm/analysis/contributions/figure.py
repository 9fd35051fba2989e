"""What inputs contribute: the article's network by itself (Fig. 16), and all networks as stacked bars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from rssm.analysis.contributions.rows import FACTOR, PRODUCT, Row, read_rows
from rssm.analysis.contributions.specs import ContributionsSpec
from rssm.atlas.colours import BLUE, CLASSES, ORANGE, class_colours
from rssm.atlas.sheet import STYLE, keep, sheet

BAR, FIRST = 0.15, 4.2  # inches of a network, and of the first one alone
GREY = "#7f7f7f"
KINDS = {PRODUCT: ("soil-moisture product", BLUE), FACTOR: ("quality factor", ORANGE)}


def contribution_figure(table: Sequence[str], spec: ContributionsSpec, out: Sequence[str]) -> None:
    """Draw the figure."""
    rows = read_rows(table[0])
    networks = [network.name for network in spec.networks if any(row.network == network.name for row in rows)]
    with matplotlib.rc_context(STYLE):
        height = max(FIRST, 1.6 + BAR * len(networks))
        figure = sheet(10.5, height)
        places = figure.add_gridspec(2, 2, width_ratios=(1, 1.7), height_ratios=(FIRST, height - FIRST + 0.01))
        left, right = figure.add_subplot(places[0, 0]), figure.add_subplot(places[:, 1])
        _first(left, [row for row in rows if row.network == spec.first], spec)
        _all(right, rows, networks)
        keep(figure, Row._fields, rows, out)


def _first(axis: Axes, rows: Sequence[Row], spec: ContributionsSpec) -> None:
    """Inputs of one network, the largest share on top, with quartiles over zones."""
    order = sorted(rows, key=lambda row: row.share)
    share, low, high = (np.array([getattr(row, end) for row in order]) for end in ("share", "low", "high"))
    axis.barh([row.input for row in order], share, color=[KINDS[row.kind][1] for row in order])
    axis.hlines(range(len(order)), low, high, color="#333333", linewidth=1.0)
    for at, row in enumerate(order):
        axis.text(max(row.high, row.share) + 0.01, at, f"{row.share:.1%}", va="center", fontsize=7)
    axis.set(
        xlim=(0, min(1.0, float(high.max(initial=0.5)) * 1.3)), xlabel="share in the growth of the squared error (1)"
    )
    axis.set_title(f"{spec.first}: mean, and quartiles over zones")
    axis.legend(handles=[Patch(color=colour, label=name) for name, colour in KINDS.values()], loc="lower right")


def _all(axis: Axes, rows: Sequence[Row], networks: Sequence[str]) -> None:
    """A bar for each network, a gap between substeps; products come first."""
    of = {(row.network, row.input): row.share for row in rows}
    products, factors = (list(dict.fromkeys(row.input for row in rows if row.kind == kind)) for kind in KINDS)
    names = [*products, *factors]
    colours = {**class_colours(products), **dict(zip(factors, cycle((*CLASSES, GREY)), strict=False))}
    substeps = {row.network: row.substep for row in rows}
    place, gap = {}, 0.0
    for at, name in enumerate(networks):
        gap += 0.8 if at and substeps[name] != substeps[networks[at - 1]] else 0.0
        place[name] = at + gap
    left = dict.fromkeys(networks, 0.0)
    for name in names:
        wide = {network: of.get((network, name), 0.0) for network in networks}
        hatch: dict[str, Any] = {"hatch": "////", "edgecolor": "white", "linewidth": 0} if name in factors else {}
        axis.barh(list(place.values()), list(wide.values()), left=list(left.values()), color=colours[name], label=name,
                  height=0.85, **hatch)  # fmt: skip
        left = {network: left[network] + wide[network] for network in networks}
    axis.set_yticks(list(place.values()), networks, fontsize=6)
    axis.set(xlim=(0, 1), xlabel="share in the growth of the squared error (1)")
    axis.invert_yaxis()
    axis.margins(y=0.01)
    axis.set_title("All networks; hatched: factors")
    if names:
        axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=7)
