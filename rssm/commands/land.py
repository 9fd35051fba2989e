"""`rssm land`: build the land mask and the land-zone table."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rssm.land import build


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="rssm land", description="Build land.tif and land_zones.tsv in a folder.")
    parser.add_argument("folder", nargs="?", default="resources")
    zones, pixels = build(parser.parse_args(arguments).folder)
    print(f"{zones} land zones, {pixels} land pixels")
    return 0
