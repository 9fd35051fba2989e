"""`rssm extract`: series of a place or a box from the point cube, or a box as maps, with flags and uncertainty."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from rssm.calendar import Calendar, days_of, spoken
from rssm.commands import parser_of
from rssm.commands.answers import Answer, emit
from rssm.errors import InputError
from rssm.paths import RESULTS, Paths, data_sets_in

if TYPE_CHECKING:
    from rssm.product.formats.points import Series

STORE = Paths().points


class Step(Answer):
    """A step of the data set."""

    label: str = Field(description="Its label, such as 2015D10.")
    start: str = Field(description="First day.")
    end: str = Field(description="Last day.")


class Place(Answer):
    """Series of a pixel."""

    lat: float = Field(description="Latitude of its middle, degrees north.")
    lon: float = Field(description="Longitude of its middle, degrees east, counted as it was asked for.")
    layers: dict[str, list[float | int | str | None]] = Field(
        description="Layer → a value for each step; null is a gap, networks and rounds are names, flags numbers."
    )
    flag_words: list[list[str]] | None = Field(description="The flags in words; null where they were not asked for.")


class Extracted(Answer):
    """Series out of the data set."""

    about: dict[str, Any] = Field(description="Where they are from: attributes, as in a NetCDF file.")
    units: dict[str, str] = Field(description="Layer → unit.")
    steps: list[Step] = Field(description="One entry a step.")
    places: list[Place] = Field(description="One entry a pixel.")


def steps_of(text: str, calendar: Calendar) -> tuple[int, int]:
    """First and last step of a label: a step of the calendar, a day, a month or a year."""
    try:
        return calendar.parse(text), calendar.parse(text)
    except InputError:
        first, last = days_of(text)
    return calendar.of(first), calendar.of(last)


def extracted(series: Series) -> Extracted:
    """Series as an answer."""
    from rssm.product.formats.points import about, plain
    from rssm.product.values.flags import meanings

    calendar, flags = series.frame.calendar, series.layers.get("flags")
    columns = {name: plain(name, series) for name in series.layers}
    places = [
        Place(
            lat=round(float(series.lat[k]), 4),
            lon=round(float(series.lon[k]), 4),
            layers={name: values[k] for name, values in columns.items()},
            flag_words=None if flags is None else [meanings(number) for number in flags[k].tolist()],
        )
        for k in range(series.pixel.size)
    ]
    days = [(calendar.label(step), str(calendar.start(step)), str(calendar.end(step))) for step in series.steps]
    units = {name: str(known.get("units", "")) for name, known in series.known.items()}
    steps = [Step(label=label, start=start, end=end) for label, start, end in days]
    return Extracted(about=about(series), units=units, steps=steps, places=places)


def _here() -> str:
    """The cube of RSSSM, or of another method whose data set lies here."""
    return RESULTS if not Path(STORE).is_dir() and data_sets_in(RESULTS) else STORE


def _refuse_contradictions(given: Namespace) -> None:
    """Refuse what cannot be meant together."""
    if (given.bbox is None) == (given.lon is None and given.lat is None) or (given.lon is None) != (given.lat is None):
        raise InputError("rssm extract: give either --lon and --lat, or --bbox W S E N.")
    if given.out and Path(given.out).suffix not in (".csv", ".nc"):
        raise InputError(f"{given.out}: expected a name that ends in .csv or .nc.")
    if given.grid and (given.bbox is None or not (given.out or "").endswith(".nc")):
        raise InputError("rssm extract: --grid lays a box on its grid: give --bbox W S E N and -o FILE.nc with it.")
    if given.json and given.out:
        raise InputError("rssm extract: --json goes to the screen; leave out either it or --out.")


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("extract")
    parser.add_argument("--lon", type=float, help="longitude, ° E, within -180…180 or 0…360; it is printed alike")
    parser.add_argument("--lat", type=float, help="latitude, ° N")
    parser.add_argument(
        "--bbox", type=float, nargs=4, metavar=("W", "S", "E", "N"), help="box in degrees; W > E: across 180°"
    )
    parser.add_argument("--grid", action="store_true", help="the box as maps (time, lat, lon), not as a list of pixels")
    parser.add_argument(
        "--period", nargs=2, metavar=("FIRST", "LAST"), help="dekads (2010D01), days (2010-05-03), months or years"
    )
    parser.add_argument("--layers", nargs="+", default=[], help="only these layers")
    parser.add_argument(
        "--store", help=f"cube of points, or a data set that has one (default: {STORE}, or else what lies in {RESULTS})"
    )
    parser.add_argument(
        "-o",
        "--out",
        help="file .csv or .nc; with a .csv comes FILE.csv.json, which describes it and its origin; none: CSV on the screen",
    )
    given = parser.parse_args(arguments)
    _refuse_contradictions(given)
    from rssm.product.formats.points import Points, series_as_asked

    points = Points.of(given.store or _here())
    first, last = (
        (steps_of(text, points.calendar)[end] for end, text in enumerate(given.period))
        if given.period
        else (None, None)
    )
    position = points.within(*given.bbox) if given.bbox else points.at(given.lon, given.lat)
    asked = (given.bbox[0], given.bbox[2]) if given.bbox else (given.lon,)
    series = series_as_asked(points.series(position, first, last, given.layers), asked)
    if given.json:
        emit(extracted(series))
    else:
        _write(given, series, points)
    return 0


def _write(given: Namespace, series: Series, points: Any) -> None:
    """Write the series to the screen or a file, as its name and the options say."""
    from rssm.files import atomic
    from rssm.product.formats.box import write_box
    from rssm.product.formats.points import write_csv, write_netcdf, write_sidecar

    if not given.out:
        write_csv(sys.stdout, series)
        return
    if given.grid:
        write_box(given.out, series, points.packing)
    elif given.out.endswith(".nc"):
        write_netcdf(given.out, series)
    else:
        with atomic(given.out) as beside, beside.open("w", encoding="utf-8", newline="") as file:
            write_csv(file, series)
        write_sidecar(f"{given.out}.json", series)
    sidecar = f" Description and origin: {given.out}.json" if given.out.endswith(".csv") else ""
    shape = " × ".join(map(str, series.frame.window.shape)) if given.grid else str(series.pixel.size)
    print(
        f"{given.out}: {shape} pixels × {len(series.steps)} {spoken(series.frame.calendar.id)}s.{sidecar}",
        file=sys.stderr,
    )
