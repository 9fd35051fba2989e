"""The land-zone table: zones that hold land, so that the workflow knows every file name without reading a raster.

It lies beside the land mask; `rssm land` makes both, for any grid, and those of 0.1° are shipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rssm.grid import Zone, parse_corner
from rssm.tsv import read_tsv, write_tsv

COLUMNS = ("zone", "land_pixels")


def read_land_zones(path: str | Path) -> dict[Zone, int]:
    """Number of land pixels of each zone that has any."""
    rows = read_tsv(path, COLUMNS, "A land-zone table is made by: rssm land")
    return {Zone(*parse_corner(row["zone"])): int(row["land_pixels"]) for _, row in rows}


def write_land_zones(path: str | Path, zones: Iterable[tuple[Zone, int]]) -> None:
    """Write the table, in the order given."""
    write_tsv(path, COLUMNS, ((zone.name, count) for zone, count in zones))
