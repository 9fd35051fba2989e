"""Maps of triple collocation: correlation with the truth and standard deviation of the error of three products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

from rssm.cubes.place import scatter
from rssm.validation.figures.maps import Ground
from rssm.validation.figures.specs import MapSpec
from rssm.validation.figures.style import STYLE, VOLUME, keep, sheet
from rssm.validation.triple.tiles import TileErrors, read_triple

SHOWN = {"r": ("r with the truth (1)", "viridis"), "error_sd": (f"error sd ({VOLUME})", "inferno_r")}
COLUMNS = ("latitude", "longitude", "product", *SHOWN)
EMPTY = "#bdbdbd"
PANEL = 2.6  # inches


def triple_map(tiles: Sequence[str], land: Sequence[str], spec: MapSpec, out: Sequence[str]) -> None:
    """Draw the maps of all tiles; pixels without an estimate are grey."""
    ground, parts = Ground(land[0], spec.area), [read_triple(path) for path in tiles]
    fields = {name: _laid(parts, name, ground) for name in SHOWN}
    with matplotlib.rc_context(STYLE):
        figure = sheet(3 * PANEL + 1.2, 2 * (max(PANEL * ground.shape, 1.0) + 0.45) + 0.3)
        axes = figure.subplots(len(SHOWN), len(spec.names))
        for line, (name, (label, colours)) in zip(axes, SHOWN.items(), strict=True):
            low, high = (0.0, 1.0) if name == "r" else (0.0, _upper(fields[name]))
            for axis, product, field in zip(line, spec.names, fields[name], strict=True):
                ground.under(axis, EMPTY)
                known = field[np.isfinite(field)]
                image = axis.imshow(np.ma.masked_invalid(field), cmap=colours, vmin=low, vmax=high, zorder=2)
                axis.set_title(_title(product, known), fontsize=8)
            figure.colorbar(image, ax=line, label=label, extend="neither" if name == "r" else "max", pad=0.01)
        figure.suptitle("Extended triple collocation; grey: land without an estimate", x=0.01, ha="left", fontsize=9)
        keep(figure, COLUMNS, _rows(fields, ground, spec.names), out)


def _laid(parts: Sequence[TileErrors], name: str, ground: Ground) -> NDArray[Any]:
    """A score (product, row, column) of all tiles, thinned."""
    pixel = np.concatenate([part.pixel for part in parts])
    values = np.concatenate([part.values[name] for part in parts], axis=1)
    whole = scatter(values.astype(np.float32), pixel, ground.window, ground.area.grid)
    return np.stack([ground.thinned(field) for field in whole])


def _upper(fields: NDArray[Any]) -> float:
    """98 % of all values, rounded up to a hundredth."""
    known = fields[np.isfinite(fields)]
    return float(np.ceil(np.percentile(known, 98) * 100) / 100) if known.size else 0.1


def _title(product: str, known: NDArray[Any]) -> str:
    return f"{product}, n {known.size:,}" + (f", median {np.median(known):.2g}" if known.size else "")


def _rows(fields: dict[str, NDArray[Any]], ground: Ground, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """What the maps show, pixel by pixel."""
    grid, window, stride = ground.area.grid, ground.window, ground.stride
    lats, lons = grid.row_centres(window)[::stride], grid.column_centres(window)[::stride]
    out = []
    for k, product in enumerate(names):
        there = np.argwhere(np.isfinite(fields["r"][k]))
        for i, j in there:
            values = (float(fields[name][k, i, j]) for name in SHOWN)
            out.append((float(lats[i]), float((lons[j] + 180) % 360 - 180), product, *values))
    return out
