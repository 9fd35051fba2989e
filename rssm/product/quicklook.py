"""A sheet of pictures per year: soil moisture, uncertainty, network used and flags, in a step of each season.

Colours of codes are those of Okabe and Ito, which the colour-blind can distinguish; what snow and ice hide is hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from rssm.files import atomic
from rssm.product.formats.layers import BY_NAME
from rssm.product.formats.netcdf import YearReader
from rssm.product.map_frame import BLACK, BLUE, GREEN, ORANGE, PINK, RED, SEA, SKY, YELLOW, frame
from rssm.product.records.provenance import picture_text
from rssm.product.records.texts import TOY, is_toy
from rssm.product.uncertainty.calibration import UNCALIBRATED
from rssm.product.values import flags
from rssm.product.values.flags import Flag
from rssm.product.values.sources import land_of

SEASONS = (1, 4, 7, 10)  # months whose middle is shown
WIDEST = 1200  # pixels of a picture
PANEL = 2.6  # inches, width of a picture
EMPTY, PLAIN, HIDDEN = "#bdbdbd", "#f4f1ea", "#ffffff"
STYLE = {"hatch.color": "#707070", "hatch.linewidth": 0.6}
HATCH = "/////"
RANKED = (BLUE, ORANGE, SKY, GREEN, YELLOW, RED, PINK)  # of the networks that serve most pixels; the others are black
SNOW = (Flag.SNOW_ICE_OBSERVED, Flag.SNOW_ICE_INFERRED)
IMAGE: dict[str, Any] = {"interpolation": "nearest", "origin": "upper", "zorder": 2}
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


def quicklook(year: str, netcdf: Sequence[str], land: Sequence[str], out: Sequence[str]) -> None:
    """Draw the sheet of a year.

    land  mask of the whole grid, for the coastlines
    """
    with YearReader(netcdf[0]) as source, matplotlib.rc_context(STYLE):
        calendar = source.frame.calendar
        middles = [calendar.of(date(int(year), month, 15)) for month in SEASONS]
        shown = sorted({min(range(len(source.steps)), key=lambda at: abs(source.steps[at] - m)) for m in middles})
        stride = -(-source.window.columns // WIDEST)
        wet = land_of(land[0], source.frame)[::stride, ::stride]
        south, north, west, east = source.frame.box()
        height = max(PANEL * (north - south) / (east - west), 1.6)  # room for a legend beside it
        figure = Figure(figsize=((PANEL + 0.5) * len(shown) + 2.3, 4 * (height + 0.5) + 0.5), layout="constrained")
        axes = figure.subplots(4, len(shown), squeeze=False)
        layers = {
            name: [BY_NAME[name].unpack(source.stored(name, at), source.packing)[::stride, ::stride] for at in shown]
            for name in ("soil_moisture", "total_uncertainty", "network_used", "flags")
        }
        moisture, sigma = layers["soil_moisture"], layers["total_uncertainty"]
        hidden = [flags.has(field, SNOW[0]) | flags.has(field, SNOW[1]) for field in layers["flags"]]
        for row, fields in zip(axes, (moisture, sigma, moisture, moisture), strict=True):
            for axis, field, snow in zip(row, fields, hidden, strict=True):
                _ground(axis, wet, np.isfinite(field), snow)
        _scaled(figure, axes[0], moisture, "YlGnBu", "Soil moisture", (0.0, 0.5))
        _scaled(figure, axes[1], sigma, "inferno_r", "Uncertainty (1 σ)", _spread(sigma), "scale: 2–98 % of values")
        _networks(axes[2], layers["network_used"], source.codes.names("network_used"))
        _flags(axes[3], layers["flags"], wet)
        for at, axis in zip(shown, axes[0], strict=True):
            step = source.steps[at]
            axis.set_title(
                f"{calendar.label(step)}   {calendar.start(step):%d %b} – {calendar.end(step):%d %b %Y}", fontsize=10
            )
        extent = (west, east, south, north)
        for axis in axes.ravel():
            frame(axis, wet, extent)
        calibration = str(source.attributes["uncertainty_calibration"]).partition(":")[0]
        stated = calibration if calibration == UNCALIBRATED else f"calibrated ({calibration})"
        toy = f"{TOY}, not the real one. " if is_toy(source.attributes) else ""
        figure.suptitle(
            f"{toy}{source.attributes['edition']}: {year}; uncertainty {stated}", fontsize=11, x=0.01, ha="left"
        )
        known = picture_text(f"quicklook-{year}", source.attributes, source.path)
        with atomic(out[0]) as beside, matplotlib.rc_context({"savefig.dpi": 110}):
            figure.savefig(beside, metadata={"Software": None, **known})


def _ground(axis: Axes, land: NDArray[np.bool_], known: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> None:
    """What lies below a layer: sea, land with and without a value, hatched where snow or ice hide it."""
    code = np.select([~land, hidden, known], [0, 1, 2], 3)
    axis.imshow(code, cmap=ListedColormap([SEA, HIDDEN, PLAIN, EMPTY]), vmin=0, vmax=3, **IMAGE | {"zorder": 1})
    if hidden.any():
        axis.contourf(hidden, levels=[0.5, 1.5], colors="none", hatches=[HATCH], zorder=2.5)


def _spread(maps: Sequence[NDArray[np.floating]]) -> tuple[float, float]:
    """From 2 to 98 % of the values, rounded outward to steps of 0.005."""
    values = np.concatenate([field[np.isfinite(field)] for field in maps])
    low, high = np.percentile(values.astype(np.float64), [2, 98]) if values.size else (0.0, 0.1)
    first = int(np.floor(low / 0.005))
    return first * 0.005, max(int(np.ceil(high / 0.005)), first + 1) * 0.005


def _scaled(
    figure: Figure,
    axes: NDArray[Any],
    maps: Sequence[NDArray[np.floating]],
    colours: str,
    name: str,
    limits: tuple[float, float],
    scale: str | None = None,
) -> None:
    """A row of one real layer with its colour bar, what is to be said of its scale, and a legend of what has none."""
    for axis, field in zip(axes, maps, strict=True):
        image = axis.imshow(np.ma.masked_invalid(field), cmap=colours, vmin=limits[0], vmax=limits[1], **IMAGE)
    beside = axes[-1].inset_axes((1.04, 0.35, 0.05, 0.63))
    bar = figure.colorbar(image, cax=beside, extend="both" if scale else "max")
    bar.ax.tick_params(labelsize=8)
    bar.set_label("m³ m⁻³", fontsize=8)
    handles = [_hatched(HIDDEN, "snow or ice"), Patch(color=EMPTY, label="no value")]
    _legend(axes, [*([Patch(color="none", label=scale)] if scale else []), *handles], name, None, 0.12)


def _networks(axes: NDArray[Any], maps: Sequence[NDArray[np.integer]], names: dict[int, str]) -> None:
    """A row of networks; those that serve most pixels are named."""
    number, n = np.unique(np.concatenate([field.ravel() for field in maps]), return_counts=True)
    order = [k for k in number[np.argsort(-n, kind="stable")].tolist() if k]
    named, others = order[: len(RANKED)], len(order) - len(RANKED)
    rank = np.zeros(max(names) + 1, np.int16)
    rank[order] = np.minimum(np.arange(len(order)), len(RANKED)) + 1
    _coded(axes, [rank[field] for field in maps], [*RANKED, BLACK])
    handles = [Patch(color=colour, label=names[k]) for k, colour in zip(named, RANKED, strict=False)]
    if others > 0:
        handles.append(Patch(color=BLACK, label=f"{others} others"))
    handles += [Patch(color=PLAIN, label="none: filled"), _hatched(HIDDEN, "snow or ice")]
    _legend(axes, [*handles, Patch(color=EMPTY, label="no value")], "Network used", "Network used")


def _flags(axes: NDArray[Any], maps: Sequence[NDArray[np.uint16]], land: NDArray[np.bool_]) -> None:
    """A row of flags, the first of `SHOWN` that a pixel has, with the share of land that has each."""
    coded = []
    for field in maps:
        code = np.zeros(field.shape, np.int16)
        for k, flag in reversed(list(enumerate(SHOWN, 1))):
            code[flags.has(field, flag)] = k
        coded.append(code)
    _coded(axes, coded, [colour for _, colour in SHOWN.values()])
    on_land = np.concatenate([field[land] for field in maps])
    share = {flag: float(np.mean(flags.has(on_land, flag))) if on_land.size else 0.0 for flag in Flag}
    handles = []
    for flag, (name, colour) in SHOWN.items():
        if share[flag] > 0:
            label = f"{name}: {_percent(share[flag])}"
            handles.append(_hatched(colour, label) if flag in SNOW else Patch(color=colour, label=label))
    handles.append(Patch(color=PLAIN, label="none of these"))
    unseen = [f"{flag.meaning.replace('_', ' ')}: {_percent(share[flag])}" for flag in NOT_SHOWN if share[flag] > 0]
    handles += [Patch(color="none", label=text) for text in (["not shown:", *unseen] if unseen else [])]
    _legend(axes, handles, "Flags", "Flags, share of land")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"


def _coded(axes: NDArray[Any], maps: Sequence[NDArray[np.integer]], colours: Sequence[str]) -> None:
    """A row of a layer of codes 1, 2 … with their colours; 0 shows the ground."""
    for axis, field in zip(axes, maps, strict=True):
        limits = {"vmin": 0.5, "vmax": len(colours) + 0.5}
        axis.imshow(np.ma.masked_equal(field, 0), cmap=ListedColormap(list(colours)), **limits, **IMAGE)


def _hatched(colour: str, label: str) -> Patch:
    return Patch(facecolor=colour, edgecolor=STYLE["hatch.color"], linewidth=0, hatch=HATCH, label=label)


def _legend(axes: NDArray[Any], handles: Sequence[Patch], name: str, title: str | None, at: float = 0.5) -> None:
    """Name of a row on its left, legend on its right."""
    axes[0].set_ylabel(name)
    axes[-1].legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(1.01, at),
        fontsize=8,
        frameon=False,
        title=title,
        title_fontsize=9,
    )
