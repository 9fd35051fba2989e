"""GRIB files of regular longitude–latitude fields, as weather services give them; edition 1 and 2.

A variable's name is the short name of a parameter (`swvl1`) or its number (`39`); the options `level_type` and `level`
choose among several. Messages may be of any times: those of a day are averaged. The package `eccodes` is an extra.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile, failures_of_libraries
from rssm.archive.damage.child_process import ChildProcess
from rssm.archive.damage.file_format import check_format
from rssm.archive.damage.grib_bytes import messages
from rssm.archive.fields import Box, Field, NativeGrid, Where
from rssm.archive.grids import declared
from rssm.archive.listing import Found, found_at, overpass_of
from rssm.archive.readers.axes import place, read_box
from rssm.archive.readers.decode import Stored, mean_of_times, screen
from rssm.archive.readers.statements import check_product
from rssm.archive.readers.times import Clock, maps_of_days, weight_of
from rssm.archive.readers.variables import names_to_read
from rssm.config.catalogue import Product
from rssm.errors import InputError

MISSING = 1e33


@dataclass(frozen=True)
class Message:
    """One field of a file: where it lies, and what it is of."""

    offset: int
    length: int
    names: frozenset[str]
    level: tuple[str, float]
    start: np.datetime64
    stamp: np.datetime64


@dataclass(frozen=True)
class Parameter:
    """One parameter of a file: its short name, what it is called, unit, levels, rows and columns, and moments."""

    name: str
    title: str
    units: str
    levels: tuple[tuple[str, float], ...]
    shape: tuple[int, int]
    moments: tuple[np.datetime64, ...]


def contents(path: Path) -> list[Parameter]:
    """What any file holds, by parameter."""
    found = found_at(path)
    check_format(path, "GRIB")
    codes = _library(path.name)
    listed: dict[str, list[tuple[Message, tuple[str, str], tuple[int, int]]]] = {}
    with failures_of_libraries(codes.CodesInternalError):
        _try_in_child(found.location)
        for one in _messages(codes, found):
            with path.open("rb") as file, _opened(codes, file, one.offset, one.length) as message:
                said = _text(codes, message, "name"), _text(codes, message, "units")
                shape = int(codes.codes_get(message, "Nj")), int(codes.codes_get(message, "Ni"))
                listed.setdefault(_text(codes, message, "shortName"), []).append((one, said, shape))
    return [
        Parameter(
            name,
            *some[0][1],
            levels=tuple(sorted({one.level for one, _, _ in some})),
            shape=some[0][2],
            moments=tuple(sorted({one.stamp for one, _, _ in some})),
        )
        for name, some in listed.items()
    ]


def read(product: Product, found: Found, where: Where, first: date, last: date, strict: bool) -> list[Field]:
    """Fields of a file, one per day that it holds between `first` and `last`."""
    codes = _library(product.id or product.title)
    check_format(found.path, "GRIB")
    with failures_of_libraries(codes.CodesInternalError):
        _try_in_child(found.location)
        with found.path.open("rb") as file, _opened(codes, file, *next(messages(file, found.size))) as head:
            check_product(product, lambda key: _text(codes, head, key))
        there = [message for message in _messages(codes, found) if _wanted(product, message)]
        names = {name for message in there for name in message.names}
        roles = {role: _series(product, there, name) for role, name in names_to_read(product, strict, names)}
        series = roles["value"]
        stamps = np.array([message.stamp for message in series])
        clock = Clock(stamps, np.array([(message.start, message.stamp) for message in series]))
        days = maps_of_days(product, found, lambda _: "", clock, len(series), first, last)
        by_time = {role: {message.stamp: message for message in some} for role, some in roles.items()}
        return [
            _field(codes, product, found, where, strict, day, [stamps[at] for at in places], by_time)
            for day, places in days
        ]


def _field(
    codes: Any, product: Product, found: Found, where: Where, strict: bool, day: date, stamps: list[Any], by_time: Any
) -> Field:
    """The mean of the times of one day."""
    grid = declared(product)
    screened = []
    for stamp in stamps:
        stored = {}
        for role, some in by_time.items():
            if stamp not in some:
                raise BadFile(f"has no {product.names(role)[0]!r} at {stamp}", "a field of each variable at each time")
            with found.path.open("rb") as file, _opened(codes, file, some[stamp].offset, some[stamp].length) as message:
                numbers, placed, box = _numbers(codes, message, grid, where)
                name = _text(codes, message, "shortName")
                stored[role] = Stored(name, numbers, {"units": _text(codes, message, "units")})
        screened.append(screen(product, stored, strict))
    cells, notes = mean_of_times(screened)
    return Field(cells, placed, box, day, notes, overpass_of(product, found), weight_of(product, len(stamps)))


def _numbers(codes: Any, message: Any, grid: NativeGrid | None, where: Where) -> tuple[NDArray[Any], NativeGrid, Box]:
    """The part of a field that is wanted, NaN where it is missing, its grid and which part it is."""
    kind = _text(codes, message, "gridType")
    if kind != "regular_ll":
        expected = "a regular grid of longitude and latitude"
        raise BadFile(f"lies on a grid of the kind {kind!r}", expected, "Interpolate it to one (cdo, MIR)")
    wide, high = (int(codes.codes_get(message, key)) for key in ("Ni", "Nj"))
    ends = [
        codes.codes_get(message, f"{k}Of{e}GridPointInDegrees")
        for k in ("longitude", "latitude")
        for e in ("First", "Last")
    ]
    west, east, top, bottom = map(float, ends)
    if codes.codes_get(message, "iScansNegatively"):
        east -= 360 * (east > west)
    else:
        east += 360 * (east < west)
    rows, columns, placed = place(grid, np.linspace(west, east, wide), np.linspace(top, bottom, high), degrees=True)
    codes.codes_set(message, "missingValue", MISSING)
    values = codes.codes_get_values(message)
    if values.size != wide * high:
        raise BadFile(f"holds {values.size} values on {wide} × {high} points", "as many")
    if codes.codes_get(message, "jPointsAreConsecutive"):
        values = values.reshape(wide, high).T
    else:
        values = values.reshape(high, wide)
        if codes.codes_get(message, "alternativeRowScanning"):
            values[1::2] = values[1::2, ::-1].copy()
    values = np.where(values == MISSING, np.nan, values)
    box = where(placed)
    return read_box(lambda r, c: values[r, c], rows, columns, box, np.nan), placed, box


def _messages(codes: Any, found: Found) -> Iterator[Message]:
    """What each message is of."""
    with found.path.open("rb") as file:
        for offset, length in messages(file, found.size):
            with _opened(codes, file, offset, length) as message:
                names = frozenset(_text(codes, message, key) for key in ("shortName", "paramId"))
                level = _text(codes, message, "typeOfLevel"), float(codes.codes_get(message, "level"))
                stamp = _moment(codes, message, "validityDate", "validityTime")
                start = stamp
                if _text(codes, message, "stepType") != "instant":  # a mean or sum over hours
                    codes.codes_set(message, "stepUnits", 1)
                    hours = int(codes.codes_get(message, "endStep")) - int(codes.codes_get(message, "startStep"))
                    start = stamp - np.timedelta64(hours, "h")
                yield Message(offset, length, names, level, start, stamp)


def _wanted(product: Product, message: Message) -> bool:
    """Whether a message is of the level that the options name."""
    kind, level = product.options.level_type, product.options.level
    return (not kind or kind == message.level[0]) and (level is None or level == message.level[1])


def _series(product: Product, there: list[Message], name: str) -> list[Message]:
    """Messages of a parameter, in order of time; they must be of one level."""
    some = sorted((message for message in there if name in message.names), key=lambda message: message.stamp)
    if len(levels := sorted({message.level for message in some})) > 1:
        shown = ", ".join(f"{kind} {level:g}" for kind, level in levels[:6])
        hint = f"Set level_type and level of {product.id}.options in the catalogue"
        raise BadFile(f"has {name!r} on {len(levels)} levels ({shown})", "the name of one", hint)
    return some


@contextmanager
def _opened(codes: Any, file: Any, offset: int, length: int) -> Iterator[Any]:
    """One message of an open file, while it is in use."""
    file.seek(offset)
    message = codes.codes_new_from_message(file.read(length))
    try:
        yield message
    finally:
        codes.codes_release(message)


def _text(codes: Any, message: Any, key: str) -> str:
    """A key of a message as text; empty where it has none."""
    return str(codes.codes_get_string(message, key)) if codes.codes_is_defined(message, key) else ""


def _moment(codes: Any, message: Any, day: str, time: str) -> np.datetime64:
    number, clock = (int(codes.codes_get(message, key)) for key in (day, time))
    text = f"{number:08d}"
    return np.datetime64(f"{text[:4]}-{text[4:6]}-{text[6:]}T{clock // 100:02d}:{clock % 100:02d}:00", "s")


def _library(name: str) -> Any:
    """The package that reads GRIB; a sentence where it is absent."""
    try:
        return import_module("eccodes")
    except (ImportError, RuntimeError) as error:
        reason = str(error).split("\n")[0]
        raise InputError(
            f"{name}: the reader grib needs the package eccodes ({reason}). Install it: pip install 'rssm[grib]'."
        ) from None


def _try(location: str) -> None:
    """Decode every field of a file."""
    codes = import_module("eccodes")
    path = Path(location)
    with path.open("rb") as file:
        for offset, length in messages(file, path.stat().st_size):
            with _opened(codes, file, offset, length) as message:
                codes.codes_get_values(message)


_try_in_child = ChildProcess(_try)
