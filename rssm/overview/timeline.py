"""Products, rounds and substeps along time (Fig. 1 of the article in kind): what there is, who simulates, who learns from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from rssm.atlas.colours import CLASSES, NO_VALUE, RED
from rssm.atlas.sheet import STYLE, keep, sheet
from rssm.calendar import CALENDARS, Calendar
from rssm.ingest.archive_report import COLUMNS as ARCHIVE
from rssm.overview.specs import Span, TimelineSpec
from rssm.tsv import read_tsv

ROLES = {"target": RED, "predictor": "#3c4650", "factor": "#9a7b4f"}
ROUNDS = tuple(colour for colour in CLASSES if colour != RED)
TITLES = {"target": "target", "predictor": "predictor", "factor": "leaf area (factor)"}
COLUMNS = ("panel", "name", "what", "first", "last", "networks", "share_made")
ROW = 0.23  # inches
Rows = list[tuple[Any, ...]]


def timeline(archive: Sequence[str], spec: TimelineSpec, out: Sequence[str]) -> None:
    """Draw the figure.

    archive  table of what every product-year held
    """
    calendar = CALENDARS[spec.calendar_id]
    held = _held(archive[0])
    rounds = list(dict.fromkeys(substep.round for substep in spec.substeps))
    colours = {name: ROUNDS[k % len(ROUNDS)] for k, name in enumerate(rounds)}
    sizes = (len(spec.products), len(spec.substeps))
    with matplotlib.rc_context(STYLE):
        figure = sheet(10.0, ROW * (sizes[0] + 1.6 * sizes[1]) + 1.8)
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(sizes[0], 1.6 * sizes[1]))
        rows = _products(above, spec, held, calendar) + _substeps(below, spec, colours, calendar)
        for axis in (above, below):
            _bands(axis, spec, colours, calendar)
        _time(below, spec, calendar)
        figure.suptitle(
            "What the archive holds, what every substep simulates, and what it learns from", x=0.01, ha="left"
        )
        keep(figure, COLUMNS, rows, out)


def _held(path: str) -> dict[tuple[str, int], float]:
    """Share of the maps of a product's year that have something."""
    shares = {}
    for row in (row for _, row in read_tsv(path, ARCHIVE) if row["year"].isdigit()):  # others do not change with time
        made, missing = int(row["maps_complete"]) + int(row["maps_partial"]), int(row["maps_missing"])
        shares[row["product"], int(row["year"])] = made / max(made + missing, 1)
    return shares


def _when(step: int, calendar: Calendar) -> float:
    """Beginning of a step as a year with its fraction."""
    year = calendar.year_of(step)
    steps = calendar.year(year)
    return year + (step - steps[0]) / len(steps)


def _bar(axis: Axes, at: float, height: float, span: Span, calendar: Calendar, **style: Any) -> None:
    first, last = _when(span[0], calendar), _when(span[1] + 1, calendar)
    axis.barh(at, last - first, height, left=first, **{"zorder": 3, "linewidth": 0, **style})


def _products(axis: Axes, spec: TimelineSpec, held: Mapping[tuple[str, int], float], calendar: Calendar) -> Rows:
    """A bar for every product: grey where it is used but the archive held nothing, in its colour where it did."""
    rows: Rows = []
    for at, product in enumerate(spec.products):
        first, last = max(product.span[0], spec.period[0]), min(product.span[1], spec.period[1])
        if first > last:
            continue
        _bar(axis, at, 0.62, (first, last), calendar, color=NO_VALUE)
        for year in range(calendar.year_of(first), calendar.year_of(last) + 1):
            steps = calendar.year(year)
            part = max(first, steps[0]), min(last, steps[-1])
            used = (part[1] - part[0] + 1) / len(steps)
            share = min(held.get((product.name, year), 0.0) / used, 1.0)
            if share > 0:
                _bar(axis, at, 0.62, part, calendar, color=ROLES[product.role], alpha=0.35 + 0.65 * share)
            labels = (calendar.label(step) for step in part)
            rows.append(("products", product.name, product.role, *labels, "", share))
    axis.set_yticks(range(len(spec.products)), [product.name for product in spec.products], fontsize=8)
    axis.set_ylim(len(spec.products) - 0.4, -0.6)
    shown = [role for role in ROLES if any(product.role == role for product in spec.products)]
    handles = [Patch(color=ROLES[role], label=TITLES[role]) for role in shown]
    handles.append(Patch(color=NO_VALUE, label="nothing in the archive"))
    axis.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), title="product", alignment="left")
    return rows


def _substeps(axis: Axes, spec: TimelineSpec, colours: Mapping[str, str], calendar: Calendar) -> Rows:
    """A bar for what every substep simulates, and below it thin ones for what its networks learn from."""
    rows: Rows = []
    for at, substep in enumerate(spec.substeps):
        colour = colours[substep.round]
        _bar(axis, at - 0.12, 0.42, substep.span, calendar, color=colour)
        many = f"{substep.networks} network{'' if substep.networks == 1 else 's'}"
        middle = (_when(substep.span[0], calendar) + _when(substep.span[1] + 1, calendar)) / 2
        axis.annotate(many, (middle, at - 0.47), fontsize=6.5, ha="center", va="center", zorder=5, annotation_clip=True)
        labels = (calendar.label(step) for step in substep.span)
        rows.append(("substeps", substep.name, "simulated", *labels, substep.networks, ""))
        for target, spans in substep.learnt.items():
            for span in spans:
                _bar(axis, at + 0.25, 0.14, span, calendar, facecolor=_teacher(target, colours), edgecolor="none")
                labels = (calendar.label(step) for step in span)
                rows.append(("substeps", substep.name, f"learns from {target}", *labels, "", ""))
    axis.set_yticks(range(len(spec.substeps)), [f"substep {substep.name}" for substep in spec.substeps], fontsize=8)
    axis.set_ylim(len(spec.substeps) - 0.4, -0.7)
    handles = [Patch(color=colour, label=f"round {name}") for name, colour in colours.items()]
    handles.append(Patch(color=ROLES["target"], label="target"))
    title = "thick: simulated by\nthin: learnt from"
    axis.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), title=title, alignment="left")
    return rows


def _teacher(target: str, colours: Mapping[str, str]) -> str:
    """Colour of a target: that of the round which simulated it, or of targets from outside."""
    return colours.get(target.removeprefix("SIM-").removesuffix("T"), ROLES["target"])


def _bands(axis: Axes, spec: TimelineSpec, colours: Mapping[str, str], calendar: Calendar) -> None:
    """What every round simulates, as a pale band."""
    for substep in {substep.round: substep for substep in spec.substeps}.values():
        own = [other.span for other in spec.substeps if other.round == substep.round]
        first, last = min(span[0] for span in own), max(span[1] for span in own)
        axis.axvspan(
            _when(first, calendar),
            _when(last + 1, calendar),
            color=colours[substep.round],
            alpha=0.08,
            linewidth=0,
            zorder=0,
        )


def _time(axis: Axes, spec: TimelineSpec, calendar: Calendar) -> None:
    """Years along the lower edge."""
    first, last = calendar.year_of(spec.period[0]), calendar.year_of(spec.period[1])
    axis.set_xlim(_when(spec.period[0], calendar), _when(spec.period[1] + 1, calendar))
    years = range(first, last + 1, -(-(last - first + 1) // 20))
    axis.set_xticks([year + 0.5 for year in years], [str(year) for year in years], fontsize=8)
    axis.tick_params(axis="x", length=0)
    for year in range(first, last + 1):
        for panel in axis.figure.axes:
            panel.axvline(year, color="#ffffff", linewidth=0.6, zorder=4)
