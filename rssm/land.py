"""The land-zone table: zones that hold land, so that the workflow knows every file name without reading a raster.

It lies beside the land mask; `rssm land` makes both, for any grid, and those of 0.1° are shipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rssm.errors import InputError
from rssm.grid import Grid, Window, Zone, parse_corner
from rssm.tsv import read_tsv, write_tsv

if TYPE_CHECKING:  # a plan reads the table, and needs no arrays
    import numpy as np
    from numpy.typing import NDArray

COLUMNS = ("zone", "land_pixels")


def read_land_zones(path: str | Path) -> dict[Zone, int]:
    """Number of land pixels of each zone that has any."""
    rows = read_tsv(path, COLUMNS, "A land-zone table is made by: rssm land")
    try:
        return {Zone(*parse_corner(row["zone"])): int(row["land_pixels"]) for _, row in rows}
    except (InputError, ValueError) as error:
        raise InputError(f"{path}: {error} A land-zone table is made by: rssm land") from None


def write_land_zones(path: str | Path, zones: Iterable[tuple[Zone, int]]) -> None:
    """Write the table, in the order given."""
    write_tsv(path, COLUMNS, ((zone.name, count) for zone, count in zones))


def read_land(path: str | Path, grid: Grid, window: Window) -> NDArray[np.bool_]:
    """Land (row, column) of a window, from the mask of the whole grid."""
    import numpy as np
    import rasterio

    with rasterio.open(path) as source:
        if source.shape != (grid.rows, grid.columns):
            raise InputError(f"{path}: a land mask of {source.shape} pixels, expected {(grid.rows, grid.columns)}.")
        whole = source.read(1, window=((window.row, window.row + window.rows), (0, grid.columns)))
    return np.take(whole, np.arange(window.column, window.column + window.columns), axis=1, mode="wrap") > 0
