"""`rssm extract`: series of a place or a box from the point cube, with flags and uncertainty, as CSV or NetCDF."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.paths import Paths

STORE = Paths().points


def dekad(text: str) -> int:
    """A dekad from its label or from a day."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return DEKADS.of(date.fromisoformat(text))
        except ValueError:
            raise InputError(f"{text!r} is not a day: expected for example 2015-04-01.") from None
    return DEKADS.parse(text)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rssm extract",
        description="Extract series of a place (--lon --lat) or a box (--bbox) from the data set.",
        epilog="Example: rssm extract --bbox -3 39 0 42 --period 2010D01 2012D36 -o box.nc",
    )
    parser.add_argument("--lon", type=float, help="longitude, ° E")
    parser.add_argument("--lat", type=float, help="latitude, ° N")
    parser.add_argument(
        "--bbox", type=float, nargs=4, metavar=("W", "S", "E", "N"), help="box in degrees; W > E: across 180°"
    )
    parser.add_argument("--period", nargs=2, metavar=("FIRST", "LAST"), help="dekads (2010D01) or days (2010-05-03)")
    parser.add_argument("--layers", nargs="+", default=[], help="only these layers")
    parser.add_argument("--store", default=STORE, help="cube of points (default: %(default)s)")
    parser.add_argument(
        "-o",
        "--out",
        help="file .csv or .nc; beside a .csv lies FILE.csv.json, which says what it is and where it is from;"
        " without it CSV goes to the screen",
    )
    given = parser.parse_args(arguments)
    if (given.bbox is None) == (given.lon is None and given.lat is None) or (given.lon is None) != (given.lat is None):
        raise InputError("rssm extract: give either --lon and --lat, or --bbox W S E N.")
    if given.out and Path(given.out).suffix not in (".csv", ".nc"):
        raise InputError(f"{given.out}: expected a name that ends in .csv or .nc.")
    first, last = map(dekad, given.period) if given.period else (None, None)

    from rssm.files import atomic
    from rssm.product.formats.points import Points, write_csv, write_netcdf, write_sidecar

    points = Points(given.store)
    position = points.within(*given.bbox) if given.bbox else points.at(given.lon, given.lat)
    series = points.series(position, first, last, given.layers)
    if not given.out:
        write_csv(sys.stdout, series)
    elif given.out.endswith(".nc"):
        write_netcdf(given.out, series)
    else:
        with atomic(given.out) as beside, beside.open("w", encoding="utf-8", newline="") as file:
            write_csv(file, series)
        write_sidecar(f"{given.out}.json", series)
    if given.out:
        sidecar = f" What it is and where it is from: {given.out}.json" if given.out.endswith(".csv") else ""
        print(f"{given.out}: {position.size} pixels × {len(series.steps)} dekads.{sidecar}", file=sys.stderr)
    return 0
