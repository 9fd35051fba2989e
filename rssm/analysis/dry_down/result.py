"""The file of the dry-down: what is known of each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Drying
from rssm.analysis.dry_down.season import PLACES
from rssm.analysis.dry_down.specs import DryDownSpec
from rssm.analysis.pixels import cell_centres
from rssm.files import Kind

DRY_DOWN = Kind("dry-down of cells")
EDGES = np.linspace(
    0, 0.6, 31
)  # m³ m⁻³, of the soil moisture by which declines are stated; what lies beyond is at the ends
BINS = EDGES.size - 1
BY_SEASON, BY_LEVEL, OF_CELL = ("season", "cell"), ("level", "cell"), ("cell",)
STATED: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "status": ("i1", OF_CELL, "1", "why the cell has a result or not"),
    "threshold": ("f4", OF_CELL, "mm", "effective precipitation of two dekads below which they count as dry"),
    "cases": ("i2", OF_CELL, "1", "dry pairs of dekads"),
    "decreases": ("i2", OF_CELL, "1", "dry pairs in which soil moisture falls"),
    "increases": ("i2", OF_CELL, "1", "dry pairs in which soil moisture rises"),
    "decline": ("f4", OF_CELL, "m3 m-3", "mean fall of soil moisture from a dekad to the next while it is dry"),
    "season_status": ("i1", OF_CELL, "1", "why the cell has a season or not"),
    "terms": ("i1", OF_CELL, "1", "terms of the Fourier series, 0 without a fit"),
    "annual_decline": ("f4", OF_CELL, "m3 m-3", "decline of a dekad if dry dekads came at random throughout the year"),
    "fastest": (
        "f4",
        OF_CELL,
        "1",
        "dekad of the year, 1 to 36, of the fastest decline, by the fit, among those with a dry case",
    ),
    "range": ("f4", OF_CELL, "m3 m-3", "fastest less slowest decline of a dekad, by the fit"),
    "season_r2": ("f4", OF_CELL, "1", "adjusted R2 of the fit"),
    "relation_status": ("i1", OF_CELL, "1", "why the cell has a time constant or not"),
    "r": ("f4", OF_CELL, "1", "correlation of the decline with the mean soil moisture of both dekads"),
    "r_before": ("f4", OF_CELL, "1", "correlation of the decline with the soil moisture of the dekad before"),
    "time_constant": ("f4", OF_CELL, "days", "time constant of exponential drying"),
    "residual": ("f4", OF_CELL, "m3 m-3", "soil moisture at which nothing more dries"),
    "intercepted": ("f4", OF_CELL, "1", "share of the rain that leaves keep"),
    "season_cases": ("i2", BY_SEASON, "1", "dry pairs by dekad of the year"),
    "season_decline": ("f4", BY_SEASON, "m3 m-3", "sum of their declines"),
    "level_cases": ("i2", BY_LEVEL, "1", "dry pairs by mean soil moisture of both dekads"),
    "level_decline": ("f4", BY_LEVEL, "m3 m-3", "sum of their declines"),
}


def create(file: Any, cell: NDArray[np.int64], pixels: NDArray[np.int64], spec: DryDownSpec) -> None:
    """Lay out an open file of this kind."""
    file.setncatts({"product": spec.product, "grid_id": spec.area.grid_id})
    for name, size in (("cell", cell.size), ("season", PLACES), ("level", BINS)):
        file.createDimension(name, size)
    latitude, longitude = cell_centres(cell)
    own = {"cell": ("i4", cell), "pixels": ("i4", pixels), "latitude": ("f8", latitude), "longitude": ("f8", longitude)}
    for name, (kind, values) in own.items():
        file.createVariable(name, kind, OF_CELL, zlib=True)[:] = values
    file.createVariable("level_edge", "f8", ("level",))[:] = EDGES[:-1]
    words = {"flag_values": np.array(list(Drying), np.int8), "flag_meanings": " ".join(why.word for why in Drying)}
    for name, (kind, dimensions, unit, text) in STATED.items():
        variable = file.createVariable(name, kind, dimensions, zlib=True, fill_value=np.nan if kind == "f4" else False)
        variable.setncatts({"units": unit, "long_name": text, **(words if name.endswith("status") else {})})


@dataclass(frozen=True)
class DryDown:
    """The cells of a file; values: name → (…, cell), as `STATED` has them."""

    product: str
    cell: NDArray[np.int64]
    pixels: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    values: dict[str, NDArray[Any]]


def read_dry_down(path: str) -> DryDown:
    """Read a file."""
    with DRY_DOWN.opened(path) as file:
        cell, pixels, latitude, longitude = (file[name][:] for name in ("cell", "pixels", "latitude", "longitude"))
        values = {name: file[name][:] for name in STATED}
        return DryDown(str(file.product), cell, pixels, latitude, longitude, values)


def counted(found: DryDown, status: str = "status") -> dict[Drying, int]:
    """Cells by status."""
    return {why: int((found.values[status] == why).sum()) for why in Drying}
