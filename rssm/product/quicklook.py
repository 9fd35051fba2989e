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

from rssm.atlas.colours import (
    BLACK,
    BLUE,
    GREEN,
    NOTHING_TO_SAY,
    ORANGE,
    PINK,
    RED,
    SKY,
    VOLUME,
    YELLOW,
    Limits,
    beyond,
    class_colours,
)
from rssm.atlas.locator import locator
from rssm.atlas.maps import WorldMap
from rssm.atlas.projection import shape_of
from rssm.atlas.scale_bar import colour_bar
from rssm.atlas.sheet import STYLE, sheet
from rssm.files import atomic
from rssm.product.formats.layers import BY_NAME
from rssm.product.formats.netcdf import YearReader
from rssm.product.quicklook_spec import QuicklookSpec
from rssm.product.records.provenance import picture_text
from rssm.product.records.texts import TOY, is_toy
from rssm.product.uncertainty.calibration import UNCALIBRATED
from rssm.product.values import flags
from rssm.product.values.flags import Flag
from rssm.product.values.sources import land_of
from rssm.product.year_series import YearSeries
from rssm.toy.composites import true_moisture

SEASONS = (1, 4, 7, 10)  # months whose middle is shown
PANEL, WIDE_PANEL = 2.35, 3.4  # inches, width of a picture, and of one that is wider than high
BESIDE, BELOW = 0.6, 0.3  # inches, room for degrees beside a picture and below it
NAMED = 8  # networks that serve most pixels, by name; the others have colours too
SNOW = (Flag.SNOW_ICE_OBSERVED, Flag.SNOW_ICE_INFERRED)
HIDDEN = "snow or ice"
LAYERS = ("soil_moisture", "total_uncertainty", "network_used", "flags")
# of several flags of a pixel the first is shown; the rest, and flags that are no fault, are only named
SHOWN: dict[Flag, tuple[str, str]] = {
    Flag.SNOW_ICE_OBSERVED: ("snow or ice, observed", SKY),
    Flag.SNOW_ICE_INFERRED: ("snow or ice, inferred", "#c3def5"),
    Flag.GAP_FILLED: ("gap filled", ORANGE),
    Flag.NO_NETWORK: ("no network", BLACK),
    Flag.NO_SKILL: ("no skill", "#7f7f7f"),
    Flag.EXTRAPOLATED_INPUTS: ("extrapolated inputs", RED),
    Flag.OUTSIDE_SMAP_RANGE: ("outside SMAP range", PINK),
    Flag.FALLBACK_NETWORK: ("fallback network", YELLOW),
    Flag.RAINFOREST: ("rainforest", GREEN),
    Flag.WATER_ABOVE_5_PERCENT: ("water above 5 %", BLUE),
}
NOT_SHOWN = tuple(flag for flag in Flag if flag not in SHOWN)


@dataclass(frozen=True)
class Step:
    """What is drawn of a step: layers and truth (row, column), and where snow or ice hide the ground."""

    step: int
    layers: dict[str, NDArray[Any]]
    truth: NDArray[np.floating] | None

    @property
    def hidden(self) -> NDArray[np.bool_]:
        return flags.has(self.layers["flags"], SNOW[0]) | flags.has(self.layers["flags"], SNOW[1])


def quicklook(year: str, netcdf: Sequence[str], land: Sequence[str], spec: QuicklookSpec, out: Sequence[str]) -> None:
    """Draw the sheet of a year.

    land  mask of the whole grid
    """
    with YearReader(netcdf[0]) as source, matplotlib.rc_context({**STYLE, "savefig.dpi": 110}):
        calendar, area = source.frame.calendar, spec.area
        middles = [calendar.of(date(int(year), month, 15)) for month in SEASONS]
        shown = sorted({min(source.steps, key=lambda step: abs(step - middle)) for middle in middles})
        ground = land_of(land[0], source.frame)
        steps, series = _read(source, spec, shown, ground)
        rows = ["moisture", *(["truth"] if spec.toy else []), "uncertainty", "network", "flags"]
        width = WIDE_PANEL if shape_of(area) < 0.8 else PANEL
        height = max(width * shape_of(area), 1.5)  # room for a legend beside it
        figure = sheet((width + BESIDE) * len(shown) + 2.8, len(rows) * (height + BELOW) + 2.4)
        grid = figure.add_gridspec(len(rows) + 1, len(shown), height_ratios=[*[height] * len(rows), 1.4])
        maps = {row: _maps(figure, grid, at, steps, area, ground) for at, row in enumerate(rows)}
        moisture, sigma = series.limits
        _scaled(maps["moisture"], [step.layers["soil_moisture"] for step in steps], steps, "soil_moisture", moisture)
        if spec.toy:
            _scaled(
                maps["truth"],
                [step.truth for step in steps],
                steps,
                "soil_moisture",
                moisture,
            )
        _scaled(maps["uncertainty"], [step.layers["total_uncertainty"] for step in steps], steps, "uncertainty", sigma)
        _networks(maps["network"], steps, source.codes.names("network_used"))
        _flags(maps["flags"], steps, ground)
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
        names |= {"network": "Network used", "flags": "Flags"}
        for row, worlds in maps.items():
            _name(worlds[0].axes, names[row])
        for step, world in zip(steps, maps["moisture"], strict=True):
            days = f"{calendar.start(step.step):%d %b} – {calendar.end(step.step):%d %b}"
            world.axes.set_title(f"{calendar.label(step.step)}: {days}", fontsize=9)
        toy = f"{TOY}, not the real one. " if is_toy(source.attributes) else ""
        figure.suptitle(f"{toy}{source.attributes['edition']}, {year}", fontsize=11, x=0.01, ha="left")
        known = picture_text(f"quicklook-{year}", source.attributes, source.path)
        with atomic(out[0]) as beside:
            figure.savefig(beside, metadata={"Software": None, **known})


def _read(
    source: YearReader, spec: QuicklookSpec, shown: Sequence[int], land: NDArray[np.bool_]
) -> tuple[list[Step], YearSeries]:
    """The steps that are shown, and what is kept of all others."""
    series, found = YearSeries(spec.area), []
    truths = true_moisture(spec.toy, spec.area, source.steps, source.frame.calendar) if spec.toy else None
    for at, step in enumerate(source.steps):
        names = LAYERS if step in shown else LAYERS[:2]
        layers = {name: BY_NAME[name].unpack(source.stored(name, at), source.packing) for name in names}
        truth = None if truths is None else np.where(land, truths[at], np.nan)
        series.add(layers["soil_moisture"], layers["total_uncertainty"], truth)
        if step in shown:
            found.append(Step(step, layers, truth))
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


def _networks(worlds: Sequence[WorldMap], steps: Sequence[Step], names: dict[int, str]) -> None:
    """A row of networks, each in a colour that follows from the list of all alone; those that serve most pixels are named."""
    fields = [step.layers["network_used"] for step in steps]
    number, n = np.unique(np.concatenate([field.ravel() for field in fields]), return_counts=True)
    order = [k for k in number[np.argsort(-n, kind="stable")].tolist() if k]
    colours = class_colours([names[k] for k in sorted(names) if k])
    for world, field, step in zip(worlds, fields, steps, strict=True):
        known = np.isfinite(step.layers["soil_moisture"])
        _ground(world, step.hidden & ~known, known)
        world.classes(np.where(known & (field == 0), 1, 0), {1: ("none: filled", NOTHING_TO_SAY)})
        world.classes(field, {k: (names[k], colours[names[k]]) for k in order}, 2.1)
    others = [names[k] for k in order[NAMED:]]
    for world in worlds:
        for name in others:
            world.seen.pop(name, None)
    _legend(worlds, 1.0, last=[Patch(color="none", label=f"and {len(others)} others")] if others else [])


def _flags(worlds: Sequence[WorldMap], steps: Sequence[Step], land: NDArray[np.bool_]) -> None:
    """A row of flags, the first of `SHOWN` that a pixel has, with the share of land that has each."""
    fields = [step.layers["flags"] for step in steps]
    on_land = np.concatenate([field[land] for field in fields])
    share = {flag: float(np.mean(flags.has(on_land, flag))) if on_land.size else 0.0 for flag in Flag}
    for world, field in zip(worlds, fields, strict=True):
        code = np.zeros(field.shape, np.int16)
        for k, flag in reversed(list(enumerate(SHOWN, 1))):
            code[flags.has(field, flag)] = k
        named = {
            k: (f"{name}: {_percent(share[flag])}", colour) for k, (flag, (name, colour)) in enumerate(SHOWN.items(), 1)
        }
        world.classes(np.where(land & (code == 0), 1, 0), {1: ("none of these", NOTHING_TO_SAY)})
        world.classes(code, named, 2.1)
    unseen = [f"{flag.meaning.replace('_', ' ')}: {_percent(share[flag])}" for flag in NOT_SHOWN if share[flag] > 0]
    said = [Patch(color="none", label=text) for text in (["not shown:", *unseen] if unseen else [])]
    _legend(worlds, 1.0, "share of land", said)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"
