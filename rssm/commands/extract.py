"""`rssm extract`: series of a place or a box from the point cube, with flags and uncertainty, as CSV or NetCDF."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rssm.calendar import DEKADS, Calendar, days_of
from rssm.commands import parser_of
from rssm.errors import InputError
from rssm.paths import Paths

STORE = Paths().points


def steps_of(text: str, calendar: Calendar) -> tuple[int, int]:
    """First and last step of a label: a step of the calendar, a day, a month or a year."""
    try:
        return calendar.parse(text), calendar.parse(text)
    except InputError:
        first, last = days_of(text)
    return calendar.of(first), calendar.of(last)


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("extract")
    parser.add_argument("--lon", type=float, help="longitude, ° E")
    parser.add_argument("--lat", type=float, help="latitude, ° N")
    parser.add_argument(
        "--bbox", type=float, nargs=4, metavar=("W", "S", "E", "N"), help="box in degrees; W > E: across 180°"
    )
    parser.add_argument(
        "--period", nargs=2, metavar=("FIRST", "LAST"), help="dekads (2010D01), days (2010-05-03), months or years"
    )
    parser.add_argument("--layers", nargs="+", default=[], help="only these layers")
    parser.add_argument("--store", default=STORE, help="cube of points (default: %(default)s)")
    parser.add_argument(
        "-o",
        "--out",
        help="file .csv or .nc; with a .csv comes FILE.csv.json, which describes it and its origin; none: CSV on the screen",
    )
    given = parser.parse_args(arguments)
    if (given.bbox is None) == (given.lon is None and given.lat is None) or (given.lon is None) != (given.lat is None):
        raise InputError("rssm extract: give either --lon and --lat, or --bbox W S E N.")
    if given.out and Path(given.out).suffix not in (".csv", ".nc"):
        raise InputError(f"{given.out}: expected a name that ends in .csv or .nc.")
    first, last = (
        (steps_of(text, DEKADS)[end] for end, text in enumerate(given.period)) if given.period else (None, None)
    )

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
        sidecar = f" Description and origin: {given.out}.json" if given.out.endswith(".csv") else ""
        print(f"{given.out}: {position.size} pixels × {len(series.steps)} dekads.{sidecar}", file=sys.stderr)
    return 0
