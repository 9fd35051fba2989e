"""`rssm land`: build the land mask and the land-zone table of a grid."""

from __future__ import annotations

from collections.abc import Sequence

from rssm.commands import parser_of
from rssm.grid import GRID, grid_of
from rssm.ingest.land_mask import build


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("land")
    parser.add_argument("folder", nargs="?", default="resources", help="where to write them (default: %(default)s)")
    parser.add_argument("--grid", default=GRID.id, metavar="ID", help="such as ease2_m25 (default: %(default)s)")
    given = parser.parse_args(arguments)
    zones, pixels = build(given.folder, grid_of(given.grid))
    print(f"{zones} land zones, {pixels} land pixels")
    return 0
