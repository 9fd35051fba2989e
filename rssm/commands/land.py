"""`rssm land`: build the land mask and the land-zone table."""

from __future__ import annotations

from collections.abc import Sequence

from rssm.commands import parser_of
from rssm.land import build


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("land")
    parser.add_argument("folder", nargs="?", default="resources")
    zones, pixels = build(parser.parse_args(arguments).folder)
    print(f"{zones} land zones, {pixels} land pixels")
    return 0
