"""The rules of a run and what flows between them (Fig. 2 of the article in kind), drawn from the rules themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import matplotlib
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.path import Path

from rssm.atlas.colours import CLASSES, RED
from rssm.atlas.sheet import STYLE, keep, sheet
from rssm.overview.layers import bands, essential, places, returning, rows_of, stages, way
from rssm.overview.specs import FlowSpec

COLUMNS = ("from", "to", "stage_from", "stage_to", "arrow")
ROW, ACROSS = 0.52, 1.4  # inches between rows, and between boxes of a row
BOX = (0.88, 0.42)  # width of a box in parts of ACROSS, height in parts of ROW
MANY = 12  # arrows to a box; of more, their number is said instead
INK, LINE = "#222222", "#8a8a8a"


def flow_chart(spec: FlowSpec, out: Sequence[str]) -> None:
    """Draw the chart; arrows that follow from others are in its table alone."""
    of = {rule: stage for stage, rules in stages(spec).items() for rule in rules}
    alone = [edge for edge in spec.edges if edge[0] == edge[1]]
    back = returning(spec)
    onward = essential([edge for edge in spec.edges if edge not in back and edge not in alone])
    read = Counter(b for _, b in onward)
    crowded = {rule: n for rule, n in read.items() if n > MANY}
    counted = [edge for edge in onward if edge[1] in crowded]
    onward = [edge for edge in onward if edge[1] not in crowded]
    rows = rows_of(spec, onward)
    where = places(rows, onward)
    row = {rule: at for rule, (_, at) in where.items()}
    with matplotlib.rc_context(STYLE):
        half = max(x for x, _ in where.values()) + 1.1  # half the sheet's width
        figure = sheet(2 * half * ACROSS, ROW * len(rows) + 0.7)
        axis = figure.subplots()
        axis.set(xlim=(-half, half), ylim=(len(rows) - 0.4, -0.6))
        axis.axis("off")
        axis.set_title("Rules of the workflow: every arrow is files of one that another reads")
        colours = _bands(axis, bands(rows), half)
        for edge in onward:
            _arrow(axis, [where[at] for at in way(edge, row)])
        for a, b in back:
            _return(axis, where[a], where[b], half - 0.25)
        for rule, stage in of.items():
            name = rule.replace("_", " ") + (f"\n(of {crowded[rule]} rules)" if rule in crowded else "")
            _box(axis, where[rule], name, colours[stage])
        kinds = (
            dict.fromkeys(onward, "drawn")
            | dict.fromkeys(counted, "counted")
            | dict.fromkeys(back, "to the next round")
            | dict.fromkeys(alone, "to itself")
        )
        keep(figure, COLUMNS, ((a, b, of[a], of[b], kinds.get((a, b), "follows")) for a, b in spec.edges), out)


def _bands(axis: Axes, shown: Sequence[tuple[str, int, int]], half: float) -> dict[str, str]:
    """A pale band with its name for every stage; stage → its colour."""
    colours = {}
    for k, (stage, first, last) in enumerate(shown):
        colours[stage] = CLASSES[k % (len(CLASSES) - 1)]
        place = (-half, first - 0.5)
        axis.add_patch(
            Rectangle(place, 2 * half, last - first + 1, facecolor=colours[stage], alpha=0.1, linewidth=0, zorder=0)
        )
        axis.text(
            -half + 0.06, (first + last) / 2, stage, rotation=90, va="center", fontsize=7, color=INK, weight="bold"
        )
    return colours


def _box(axis: Axes, place: tuple[float, int], name: str, colour: str) -> None:
    (width, height), (x, y) = BOX, place
    style = "round,pad=0,rounding_size=0.08"
    box = FancyBboxPatch((x - width / 2, y - height / 2), width, height, style, facecolor="white", edgecolor=colour)
    axis.add_patch(box)
    box.set(linewidth=1.2, zorder=3)
    axis.text(x, y, name, ha="center", va="center", fontsize=6 if "\n" in name else 7.5, color=INK, zorder=4)


def _arrow(axis: Axes, through: Sequence[tuple[float, int]]) -> None:
    """From the lower edge of a box to the upper edge of another, or back up where it stands higher."""
    down = 1 if through[-1][1] > through[0][1] else -1
    points = [(x, float(y)) for x, y in through]
    points[0] = points[0][0], points[0][1] + down * BOX[1] / 2
    points[-1] = points[-1][0], points[-1][1] - down * BOX[1] / 2
    corners, codes = [points[0]], [Path.MOVETO]
    for (x0, y0), (x1, y1) in pairwise(points):
        bend = down * max(abs(y1 - y0) * 0.45, 0.2)
        corners += [(x0, y0 + bend), (x1, y1 - bend), (x1, y1)]
        codes += [Path.CURVE4] * 3
    _drawn(axis, Path(corners, codes), LINE, 0.8)


def _return(axis: Axes, start: tuple[float, int], end: tuple[float, int], side: float) -> None:
    """Along the right side, back up."""
    (x0, y0), (x1, y1) = (start[0] + BOX[0] / 2, start[1]), (end[0] + BOX[0] / 2, end[1])
    corners = [(x0, y0), (side, y0), (side, y0), (side, (y0 + y1) / 2), (side, y1), (side, y1), (x1, y1)]
    _drawn(axis, Path(corners, [Path.MOVETO, *[Path.CURVE4] * 6]), RED, 1.2)
    axis.text(side + 0.05, (y0 + y1) / 2, "the next round", rotation=90, va="center", fontsize=7.5, color=RED)


def _drawn(axis: Axes, path: Path, colour: str, width: float) -> None:
    arrow = FancyArrowPatch(path=path, arrowstyle="-|>,head_length=3,head_width=1.5", color=colour, linewidth=width)
    arrow.set_zorder(2)
    axis.add_patch(arrow)
