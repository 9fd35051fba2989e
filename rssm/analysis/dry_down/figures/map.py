"""Maps of the dry-down: how fast, when, with which constant, and why not (Fig. 15e and f in kind)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Drying
from rssm.analysis.dry_down.result import STATED, DryDown, read_dry_down
from rssm.analysis.dry_down.specs import DryDownSpec
from rssm.analysis.pixels import CELL, NORTH, SOUTH
from rssm.atlas.colours import ORANGE, PINK, SKY, limits_of
from rssm.atlas.maps import WorldMap, draw
from rssm.atlas.sheet import STYLE, keep_map, sheet
from rssm.grid import Area, LatLonGrid, Region

CELLS = LatLonGrid(CELL, 90, -90, -180)
PANELS = {
    "annual_decline": ("amount", "Decline of a dry dekad, mean of the year", "m³ m⁻³ per dekad"),
    "fastest": ("season", "When the surface dries fastest", "month"),
    "time_constant": ("amount", "Time constant of drying", "days"),
    "r": ("correlation", "Correlation of decline and soil moisture", "1"),
}
WHY = {
    Drying.NO_DATA: ("no soil moisture or rain", "#c4c4c4"),
    Drying.TOO_FEW: ("seldom dry", SKY),
    Drying.NO_DECLINE: ("rises too often while dry", ORANGE),
    Drying.TOO_SEASONAL: ("dry in one season only", PINK),
    Drying.NO_RELATION: ("no relation to soil moisture", PINK),
}
STATUS = {
    "annual_decline": "season_status",
    "fastest": "season_status",
    "time_constant": "relation_status",
    "r": "status",
}


def dry_map(found: Sequence[str], spec: DryDownSpec, out: Sequence[str]) -> None:
    """Draw the maps; a cell without a result has the colour of the reason."""
    cells, area = read_dry_down(found[0]), area_of(spec.area)
    fields = {name: laid(cells, cells.values[name].astype(np.float64), area) for name in PANELS}
    shape = min(max((area.region.north - area.region.south) / area.region.degrees, 0.35), 1.1)
    with matplotlib.rc_context(STYLE):
        figure = sheet(10.0, 2 * (4.6 * shape + 1.3))
        for axis, (name, (kind, title, unit)) in zip(figure.subplots(2, 2).ravel(), PANELS.items(), strict=True):
            shown = fields[name] - 0.5 if name == "fastest" else fields[name]  # the middle of the dekad
            low, high = limits_of([shown], kind)
            limits = (0.0, high) if kind == "amount" else (low, high)
            world = draw(axis, shown, area, kind, title=_title(title, fields[name]), unit=unit, limits=limits)
            _reasons(world, laid(cells, cells.values[STATUS[name]].astype(np.float64), area))
            world.legend()
        units = {name: STATED[name][2] for name in fields}
        keep_map(figure, fields, area, units, out)


def area_of(area: Area) -> Area:
    """The cells of an area: a grid of 0.5° in its box, 60° S to 60° N."""
    box = area.region
    return Area(CELLS.id, Region(max(box.south, SOUTH), min(box.north, NORTH), box.west, box.degrees))


def laid(cells: DryDown, values: NDArray[np.float64], area: Area) -> NDArray[np.float64]:
    """Values (cell,) on the map (row, column) of an area of cells, NaN elsewhere."""
    window = area.window
    row, column = np.divmod(cells.cell, CELLS.columns)
    field = np.full(window.shape, np.nan)
    field[row - window.row, (column - window.column) % CELLS.columns] = values
    return field


def _title(title: str, field: NDArray[np.float64]) -> str:
    return f"{title}, n {int(np.isfinite(field).sum()):,}"


def _reasons(world: WorldMap, status: NDArray[np.float64]) -> None:
    codes = np.nan_to_num(status).astype(np.int16)
    world.classes(codes, {int(why): entry for why, entry in WHY.items()}, 2.2)
