"""A sheet of pictures per year: soil moisture, uncertainty, network used and flags in a step of each season, and the year's series.

Of a toy run the truth stands below the estimate. What snow and ice hide is white and hatched, land without a value grey,
land of which a layer has nothing to say cream.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.patches import Patch
from numpy.typing import NDArray

from rssm.atlas.colours import NOTHING_TO_SAY, VOLUME, Limits, beyond, class_colours
from rssm.atlas.locator import locator
from rssm.atlas.maps import WorldMap
from rssm.atlas.projection import shape_of
from rssm.atlas.scale_bar import colour_bar
from rssm.atlas.sheet import STYLE, sheet
from rssm.files import atomic
from rssm.layer import Layer
from rssm.product.formats.netcdf import YearReader
from rssm.product.quicklook_flags import SNOW, draw_flags
from rssm.product.quicklook_spec import QuicklookSpec
from rssm.product.records.attributes import in_edition
from rssm.product.records.frame import DEPTH
from rssm.product.records.provenance import picture_text
from rssm.product.records.texts import TOY, is_toy
from rssm.product.uncertainty.calibration import UNCALIBRATED
from rssm.product.values.flags import Flag
from rssm.product.values.sources import land_of
from rssm.product.year_series import YearSeries
from rssm.toy.true_soil import true_soil

SEASONS = (1, 4, 7, 10)  # months whose middle is shown
PANEL, WIDE_PANEL = 2.35, 3.4  # inches, width of a picture, and of one that is wider than high
BESIDE, BELOW = 0.6, 0.3  # inches, room for degrees beside a picture and below it
NAMED = 8  # networks that serve most pixels, by name; the others have colours too
HIDDEN = "snow or ice"


@dataclass(frozen=True)
class Step:
    """What is drawn of a step: layers and truth (row, column), and where snow or ice hide the ground."""

    step: int
    layers: dict[Layer, NDArray[Any]]
    truth: NDArray[np.floating] | None
    hidden: NDArray[np.bool_]


def quicklook(year: str, netcdf: Sequence[str], land: Sequence[str], spec: QuicklookSpec, out: Sequence[str]) -> None:
    """Draw the sheet of a year.

    land  mask of the whole grid
    """
    with YearReader(netcdf[0]) as source, matplotlib.rc_context({**STYLE, "savefig.dpi": 110}):
        calendar, area = source.frame.calendar, spec.area
        middles = [calendar.of(date(int(year), month, 15)) for month in SEASONS]
        shown = sorted({min(source.steps, key=lambda step: abs(step - middle)) for middle in middles})
        ground = land_of(land[0], source.frame)
        drawn = _drawn(source)
        steps, series = _read(source, drawn, spec, shown, ground)
        rows = ["moisture", *(["truth"] if spec.toy else []), "uncertainty", *(layer.name for layer in drawn[2:])]
        width = WIDE_PANEL if shape_of(area) < 0.8 else PANEL
        height = max(width * shape_of(area), 1.5)  # room for a legend beside it
        figure = sheet((width + BESIDE) * len(shown) + 2.8, len(rows) * (height + BELOW) + 2.4)
        grid = figure.add_gridspec(len(rows) + 1, len(shown), height_ratios=[*[height] * len(rows), 1.4])
        maps = {row: _maps(figure, grid, at, steps, area, ground) for at, row in enumerate(rows)}
        moisture, sigma = series.limits
        _scaled(maps["moisture"], [step.layers[source.main] for step in steps], steps, "soil_moisture", moisture)
        if spec.toy:
            _scaled(maps["truth"], [step.truth for step in steps], steps, "soil_moisture", moisture)
        _scaled(maps["uncertainty"], [step.layers[source.sigma] for step in steps], steps, "uncertainty", sigma)
        for layer in drawn[2:]:
            worlds, fields = maps[layer.name], [step.layers[layer] for step in steps]
            if layer.bits:
                _legend(worlds, 1.0, "share of land", draw_flags(worlds, layer, fields, ground))
            else:
                _codes(worlds, layer, steps, source)
        below = figure.add_subplot(grid[len(rows), :])
        series.draw(below, source.steps, shown, calendar)
        locator(below, maps["moisture"][0].view, (1.02, -0.1, 0.2, 0.5))
        calibration = str(source.attributes["uncertainty_calibration"]).partition(":")[0]
        stated = calibration if calibration == UNCALIBRATED else f"calibrated ({calibration})"
        names = {
            "moisture": "Soil moisture",
            "truth": "Truth of the toy Earth",
            "uncertainty": f"Uncertainty (1 σ),\n{stated}",
        }
        names |= {layer.name: layer.name.replace("_", " ").capitalize() for layer in drawn[2:]}
        for row, worlds in maps.items():
            _name(worlds[0].axes, names[row])
        for step, world in zip(steps, maps["moisture"], strict=True):
            first, last = (f"{day(step.step):%d %b}" for day in (calendar.start, calendar.end))
            days = first if first == last else f"{first} – {last}"
            world.axes.set_title(f"{calendar.label(step.step)}: {days}", fontsize=9)
        toy = f"{TOY}, not the real one. " if is_toy(source.attributes) else ""
        soil = "" if source.frame.depth == DEPTH else f"{source.frame.depth_text}, "
        figure.suptitle(f"{toy}{source.attributes['edition']}, {soil}{year}", fontsize=11, x=0.01, ha="left")
        known = picture_text(in_edition(source.attributes, f"quicklook-{year}"), source.attributes, source.path)
        with atomic(out[0]) as beside:
            figure.savefig(beside, metadata={"Software": None, **known})


def _drawn(source: YearReader) -> list[Layer]:
    """What is drawn: soil moisture, its uncertainty, the first layer of codes, and flags, as far as there are any."""
    codes = [layer for layer in source.layers.values() if layer.codes][:1]
    return [source.main, source.sigma, *codes, *(layer for layer in source.layers.values() if layer.bits)]


def _read(
    source: YearReader, drawn: Sequence[Layer], spec: QuicklookSpec, shown: Sequence[int], land: NDArray[np.bool_]
) -> tuple[list[Step], YearSeries]:
    """The steps that are shown, and what is kept of all others."""
    series, found = YearSeries(spec.area), []
    hiding = sum(source.bit(meaning) for meaning in SNOW)
    calendar = source.frame.calendar
    truths = true_soil(spec.toy, spec.area, source.steps, calendar, spec.soil) if spec.toy else None
    for at, step in enumerate(source.steps):
        layers = {layer: source.values(layer, at) for layer in (drawn if step in shown else drawn[:2])}
        truth = None if truths is None else np.where(land, truths[at], np.nan)
        series.add(layers[source.main], layers[source.sigma], truth)
        if step in shown:
            hidden = source.stored("flags", at) & hiding > 0 if hiding else np.zeros(land.shape, np.bool_)
            found.append(Step(step, layers, truth, hidden))
    return found, series


def _maps(
    figure: Figure, grid: GridSpec, row: int, steps: Sequence[Step], area: Any, land: NDArray[np.bool_]
) -> list[WorldMap]:
    """Empty maps of a row of the sheet."""
    return [WorldMap(figure.add_subplot(grid[row, at]), area, land) for at in range(len(steps))]


def _name(axis: Axes, name: str) -> None:
    """Name of a row, left of it."""
    axis.annotate(
        name, (0, 0.5), (-30, 0), xycoords="axes fraction", textcoords="offset points", linespacing=1.4,
        rotation=90, ha="right", va="center", multialignment="center", fontsize=9, annotation_clip=False,
    )  # fmt: skip


def _ground(world: WorldMap, hidden: NDArray[np.bool_], known: NDArray[np.bool_]) -> None:
    """Land without a value: white and hatched where snow or ice hide it, else grey."""
    assert world.land is not None
    world.ground(~known & ~hidden)
    world.ground(hidden, HIDDEN, "#ffffff")
    world.hatch(hidden & world.land, HIDDEN)


def _legend(worlds: Sequence[WorldMap], at: float, title: str | None = None, last: Sequence[Patch] = ()) -> None:
    """What the colours of a row mean, right of it, if there is anything to say."""
    seen = {name: patch for world in worlds for name, patch in world.seen.items()}
    if not (seen or last):
        return
    worlds[-1].axes.legend(
        handles=[*seen.values(), *last], loc="upper left", bbox_to_anchor=(1.02, at), fontsize=8, title=title,
        title_fontsize=8, alignment="left",
    )  # fmt: skip


def _scaled(
    worlds: Sequence[WorldMap],
    fields: Sequence[NDArray[np.floating] | None],
    steps: Sequence[Step],
    kind: str,
    limits: Limits,
) -> None:
    """A row of a real layer with its scale; the legend says what has no value."""
    for world, field, step in zip(worlds, fields, steps, strict=True):
        assert field is not None
        known = np.isfinite(field)
        _ground(world, step.hidden & ~known, known)
        world.values(field, kind, limits, ground=False)
    last = worlds[-1].axes
    bar = last.inset_axes((1.05, 0.3, 0.05, 0.7))
    colour_bar(
        [last], kind, limits, VOLUME, beyond([field for field in fields if field is not None], limits), True, bar
    )
    _legend(worlds, 0.2)


def _codes(worlds: Sequence[WorldMap], layer: Layer, steps: Sequence[Step], source: YearReader) -> None:
    """A row of a layer of codes, each in a colour that follows from the list of all alone; those of most pixels are named."""
    names, fields = dict(layer.codes), [step.layers[layer] for step in steps]
    number, n = np.unique(np.concatenate([field.ravel() for field in fields]), return_counts=True)
    order = [k for k in number[np.argsort(-n, kind="stable")].tolist() if k]
    colours = class_colours([names[k] for k in sorted(names) if k])
    none = "none: filled" if source.bit(Flag.GAP_FILLED.meaning) else "none"
    for world, field, step in zip(worlds, fields, steps, strict=True):
        known = np.isfinite(step.layers[source.main])
        _ground(world, step.hidden & ~known, known)
        world.classes(np.where(known & (field == 0), 1, 0), {1: (none, NOTHING_TO_SAY)})
        world.classes(field, {k: (names[k], colours[names[k]]) for k in order}, 2.1)
    others = [names[k] for k in order[NAMED:]]
    for world in worlds:
        for name in others:
            world.seen.pop(name, None)
    _legend(worlds, 1.0, last=[Patch(color="none", label=f"and {len(others)} others")] if others else [])
