"""A sheet of pictures per year: soil moisture, uncertainty, network used and flags, in a dekad of each season."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.files import atomic
from rssm.product import flags
from rssm.product.assemble import land_of
from rssm.product.attributes import box
from rssm.product.flags import Flag
from rssm.product.layers import BY_NAME
from rssm.product.netcdf import YearReader

SEASONS = (1, 10, 19, 28)  # dekads of the year, counted from 0: mid January, April, July, October
WIDEST = 1200  # pixels of a picture
SEA, LAND, COAST = "#eef3f7", "#d9d9d9", "#555555"
# of several flags of a pixel the first is shown
SHOWN: dict[str, tuple[Flag, str]] = {
    "snow or ice, observed": (Flag.SNOW_ICE_OBSERVED, "#7fb7e6"),
    "snow or ice, inferred": (Flag.SNOW_ICE_INFERRED, "#c3def5"),
    "gap filled": (Flag.GAP_FILLED, "#f28e2b"),
    "no network": (Flag.NO_NETWORK, "#222222"),
    "extrapolated inputs": (Flag.EXTRAPOLATED_INPUTS, "#c0392b"),
    "outside SMAP range": (Flag.OUTSIDE_SMAP_RANGE, "#b07aa1"),
    "fallback network": (Flag.FALLBACK_NETWORK, "#edc948"),
    "rainforest": (Flag.RAINFOREST, "#2e7d32"),
    "water above 5 %": (Flag.WATER_ABOVE_5_PERCENT, "#2166ac"),
}


def quicklook(year: str, netcdf: Sequence[str], land: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Draw the sheet of a year.

    land  mask of the whole grid, for the coastlines
    """
    with YearReader(netcdf[0]) as source:
        wanted = {min(range(len(source.steps)), key=lambda at: abs(source.steps[at] % 36 - n)) for n in SEASONS}
        shown = sorted(wanted)
        stride = -(-source.window.columns // WIDEST)
        wet = land_of(land[0], source.window)[::stride, ::stride]
        south, north, west, east = box(source.window)
        height = (north - south) / (east - west)
        figure = Figure(figsize=(4.2 * len(shown) + 2.2, 4 * (4 * height + 0.35) + 0.7), layout="constrained")
        axes = figure.subplots(4, len(shown), squeeze=False)
        layers = {
            name: [BY_NAME[name].unpack(source.stored(name, at), source.packing)[::stride, ::stride] for at in shown]
            for name in ("soil_moisture", "total_uncertainty", "network_used", "flags")
        }
        _scaled(figure, axes[0], layers["soil_moisture"], wet, "YlGnBu", "Soil moisture", (0.0, 0.5))
        _scaled(figure, axes[1], layers["total_uncertainty"], wet, "inferno_r", "Uncertainty (1 σ)", (0.0, 0.1))
        _networks(axes[2], layers["network_used"], wet, source.codes.names("network_used"))
        _flags(axes[3], layers["flags"], wet)
        for at, axis in zip(shown, axes[0], strict=True):
            step = source.steps[at]
            axis.set_title(
                f"{DEKADS.label(step)}   {DEKADS.start(step):%d %b} – {DEKADS.end(step):%d %b %Y}", fontsize=10
            )
        extent = (west, east, south, north)
        for axis in axes.ravel():
            _frame(axis, wet, extent)
        calibration = str(source.attributes["uncertainty_calibration"]).partition(":")[0]
        title = f"{source.attributes['id']}: {year}; uncertainty: {calibration}"
        figure.suptitle(title, fontsize=11, x=0.01, ha="left")
        with atomic(out[0]) as beside, matplotlib.rc_context({"savefig.dpi": 110}):
            figure.savefig(beside, metadata={"Software": None})


def _scaled(
    figure: Figure,
    axes: NDArray[Any],
    maps: Sequence[NDArray[np.floating]],
    land: NDArray[np.bool_],
    colours: str,
    name: str,
    limits: tuple[float, float],
) -> None:
    """A row of one real layer with its colour bar."""
    for axis, field in zip(axes, maps, strict=True):
        _ground(axis, land)
        image = axis.imshow(np.ma.masked_invalid(field), cmap=colours, vmin=limits[0], vmax=limits[1], **IMAGE)
    beside = axes[-1].inset_axes((1.03, 0.05, 0.04, 0.9))
    figure.colorbar(image, cax=beside, label=f"{name} (m³ m⁻³)", extend="max")
    axes[0].set_ylabel(name)


def _networks(
    axes: NDArray[Any], maps: Sequence[NDArray[np.integer]], land: NDArray[np.bool_], names: dict[int, str]
) -> None:
    """A row of networks; those that serve most pixels are named."""
    number, n = np.unique(np.concatenate([field.ravel() for field in maps]), return_counts=True)
    order = [k for k in number[np.argsort(-n, kind="stable")].tolist() if k]
    colours = {k: matplotlib.colormaps["tab20"](rank % 20) for rank, k in enumerate(order)}
    _coded(axes, maps, land, colours)
    handles = [Patch(color=colours[k], label=names[k]) for k in order[:14]]
    if len(order) > 14:
        handles.append(Patch(color="none", label=f"and {len(order) - 14} more"))
    handles.append(Patch(color=LAND, label="none: masked or filled"))
    _legend(axes, handles, "Network used")


def _flags(axes: NDArray[Any], maps: Sequence[NDArray[np.uint16]], land: NDArray[np.bool_]) -> None:
    """A row of flags, the first of `SHOWN` that a pixel has."""
    coded = []
    for field in maps:
        code = np.zeros(field.shape, np.int16)
        for k, (flag, _) in reversed(list(enumerate(SHOWN.values(), 1))):
            code[flags.has(field, flag)] = k
        coded.append(code)
    colours = {k: colour for k, (_, colour) in enumerate(SHOWN.values(), 1)}
    _coded(axes, coded, land, colours)
    present = set(np.unique(np.concatenate([code.ravel() for code in coded])).tolist())
    handles = [Patch(color=colours[k], label=name) for k, name in enumerate(SHOWN, 1) if k in present]
    _legend(axes, [*handles, Patch(color=LAND, label="none of these")], "Flags")


def _coded(
    axes: NDArray[Any], maps: Sequence[NDArray[np.integer]], land: NDArray[np.bool_], colours: dict[int, Any]
) -> None:
    """A row of a layer of codes; 0 shows the ground."""
    numbers = sorted(colours) or [1]
    shades = ListedColormap([colours.get(k, LAND) for k in numbers])
    norm = BoundaryNorm([*(k - 0.5 for k in numbers), numbers[-1] + 0.5], len(numbers)) if len(numbers) > 1 else None
    for axis, field in zip(axes, maps, strict=True):
        _ground(axis, land)
        axis.imshow(np.ma.masked_equal(field, 0), cmap=shades, norm=norm, **IMAGE)


IMAGE: dict[str, Any] = {"interpolation": "nearest", "origin": "upper", "zorder": 2}


def _ground(axis: Axes, land: NDArray[np.bool_]) -> None:
    axis.imshow(land, cmap=ListedColormap([SEA, LAND]), vmin=0, vmax=1, interpolation="nearest", zorder=1)


def _legend(axes: NDArray[Any], handles: Sequence[Patch], name: str) -> None:
    axes[0].set_ylabel(name)
    axes[-1].legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(1.01, 0.5),
        fontsize=8,
        frameon=False,
        title=name,
        title_fontsize=9,
    )


def _frame(axis: Axes, land: NDArray[np.bool_], extent: tuple[float, float, float, float]) -> None:
    """Coastlines, and degrees instead of pixels on the axes."""
    west, east, south, north = extent
    if land.any() and not land.all():
        axis.contour(land, levels=[0.5], colors=COAST, linewidths=0.4, zorder=3)
    rows, columns = land.shape
    for axes_of, low, high, size, letters in (
        (axis.xaxis, west, east, columns, "EW"),
        (axis.yaxis, north, south, rows, "NS"),
    ):
        span = abs(high - low)
        gap = next(step for step in (0.5, 1, 2, 5, 10, 20, 30, 60, 90) if span / step <= 6)
        marks = np.arange(np.ceil(min(low, high) / gap), np.floor(max(low, high) / gap) + 1) * gap
        axes_of.set_ticks((marks - low) / (high - low) * size - 0.5)
        axes_of.set_ticklabels(
            [_degrees((m + 180) % 360 - 180 if letters == "EW" else m, letters) for m in marks], fontsize=7
        )
    axis.set_xlim(-0.5, columns - 0.5)
    axis.set_ylim(rows - 0.5, -0.5)


def _degrees(value: float, letters: str) -> str:
    return f"{abs(value):g}°{letters[0] if value > 0 else letters[1] if value < 0 else ''}"
