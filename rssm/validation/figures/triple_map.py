"""Maps of triple collocation: correlation with the truth and standard deviation of the error of three products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

from rssm.atlas.colours import VOLUME, beyond, limits_of
from rssm.atlas.maps import draw, legend_of
from rssm.atlas.projection import shape_of
from rssm.atlas.scale_bar import colour_bar
from rssm.atlas.sheet import STYLE, keep_map, sheet
from rssm.cubes.place import scatter
from rssm.grid import Area
from rssm.land import read_land
from rssm.validation.figures.specs import MapSpec
from rssm.validation.triple.tiles import TileErrors, read_triple

# score → label, kind of its colours, unit
SHOWN = {"r": ("r with the truth (1)", "score", "1"), "error_sd": (f"error sd ({VOLUME})", "error", "m3 m-3")}
PANEL = 2.6  # inches


def triple_map(tiles: Sequence[str], land: Sequence[str], spec: MapSpec, out: Sequence[str]) -> None:
    """Draw the maps of all tiles.

    out  SVG, PNG, NetCDF with a layer for each score and product
    """
    area, parts = spec.area, [read_triple(path) for path in tiles]
    ground = read_land(land[0], area.grid, area.window)
    kept: dict[str, NDArray[Any]] = {}
    with matplotlib.rc_context(STYLE):
        height = max(PANEL * shape_of(area), 1.0) + 0.75
        figure = sheet(len(spec.names) * PANEL + 1.2, len(SHOWN) * height + 0.3)
        axes = figure.subplots(len(SHOWN), len(spec.names))
        for line, (score, (label, kind, _)) in zip(axes, SHOWN.items(), strict=True):
            fields = _laid(parts, score, area)
            limits = limits_of(fields, kind)
            kept |= {f"{score}_{product}": field for product, field in zip(spec.names, fields, strict=True)}
            look: dict[str, Any] = {"limits": limits, "land": ground, "bar": False, "legend": False}
            worlds = [
                draw(axis, field, area, kind, title=_title(product, field), **look)
                for axis, product, field in zip(line, spec.names, fields, strict=True)
            ]
            legend_of(worlds)
            colour_bar(line.tolist(), kind, limits, label, beyond(fields, limits), beside=True)
        figure.suptitle("Errors without a reference, by extended triple collocation", x=0.01, ha="left", fontsize=9)
        units = {name: unit for name in kept for score, (*_, unit) in SHOWN.items() if name.startswith(score)}
        keep_map(figure, kept, area, units, out)


def _laid(parts: Sequence[TileErrors], score: str, area: Area) -> list[NDArray[np.float32]]:
    """A score of each product (row, column), from all tiles."""
    pixel = np.concatenate([part.pixel for part in parts])
    values = np.concatenate([part.values[score] for part in parts], axis=1)
    return list(scatter(values.astype(np.float32), pixel, area.window, area.grid))


def _title(product: str, field: NDArray[np.floating]) -> str:
    known = field[np.isfinite(field)]
    return f"{product}, n {known.size:,}" + (f", median {np.median(known):.2g}" if known.size else "")
