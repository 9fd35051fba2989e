"""ERA5 as the Climate Data Store delivers it: daily statistics, a file a variable and month; and hours, sums apart.

Values lie on the nodes of a quarter of a degree, 90° N first, 0° to 359.75° E. They are those of the toy's reanalysis, which
is another model than the truth (rssm.toy.profiles). Sums of an hour are stamped at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.toy.footprint import Cells, Footprint, axes, cells
from rssm.toy.geography import Array
from rssm.toy.profiles import days_of_year, model_weather, model_years
from rssm.toy.weather import Weather
from rssm.toy.writers.layers import (
    LATITUDE,
    LONGITUDE,
    Asked,
    Coordinates,
    Layer,
    Native,
    shifted,
    write_netcdf,
)

EPOCH = date(1970, 1, 1).toordinal()
WIDTH = 28.0  # of what a node stands for, km
HOURS = np.arange(24)
NOON = np.cos(2 * np.pi * (HOURS - 14.5) / 24).astype(np.float32)  # hours by the sun of 0°, wherever they are
DAYLIGHT = np.maximum(np.cos(2 * np.pi * (HOURS - 11.5) / 24), 0).astype(np.float32)
SHARES: dict[str, NDArray[np.float32]] = {  # of a day's sum, by hour
    "tp": (1 + 0.6 * np.sin(2 * np.pi * HOURS / 24)).astype(np.float32) / np.float32(24),
    "ssrd": DAYLIGHT / DAYLIGHT.sum(),
    "ssr": DAYLIGHT / DAYLIGHT.sum(),
    "str": np.full(24, 1 / 24, np.float32),
}
SWINGS = {"t2m": 4.0, "d2m": 1.0, "skt": 6.0}  # of a day about its mean, K
INSTANT = ("t2m", "d2m", "sp", "skt", "swvl1", "swvl2", "swvl3")
UNITS = {
    "t2m": ("2 metre temperature", "K"),
    "d2m": ("2 metre dewpoint temperature", "K"),
    "sp": ("Surface pressure", "Pa"),
    "skt": ("Skin temperature", "K"),
    "tp": ("Total precipitation", "m"),
    "ssrd": ("Surface short-wave (solar) radiation downwards", "J m**-2"),
    "ssr": ("Surface net short-wave (solar) radiation", "J m**-2"),
    "str": ("Surface net long-wave (thermal) radiation", "J m**-2"),
    "swvl1": ("Volumetric soil water layer 1", "m**3 m**-3"),
    "swvl2": ("Volumetric soil water layer 2", "m**3 m**-3"),
    "swvl3": ("Volumetric soil water layer 3", "m**3 m**-3"),
}
TIME = {"calendar": "proleptic_gregorian", "standard_name": "time", "long_name": "time"}


def daily(asked: Asked) -> Iterator[Native]:
    """Daily mean or sum of one variable, a file a month."""
    name = asked.product.names("value")[0]
    look = _nodes(asked)
    values = look(_fields(asked, (name,), asked.year)[name][asked.days - days_of_year(asked.year)[0]])
    for at in _months(asked):
        first = date.fromordinal(int(asked.days[at[0]]))
        since = (asked.days[at] - first.toordinal()).astype(np.int64)
        time = ("valid_time", since, TIME | {"units": f"days since {first:%Y-%m-%d}"})
        layers = [Layer(name, values[at], float("nan"), _about(name), "tyx")]
        yield _native(asked, first, look.cells, layers, time)


def instant(asked: Asked) -> Iterator[Native]:
    """Values of each hour of all variables that have such, a file a month."""
    look = _nodes(asked)
    fields = {name: look(values) for name, values in _fields(asked, INSTANT, asked.year).items()}
    for at in _months(asked):
        days = asked.days[at] - days_of_year(asked.year)[0]
        layers = []
        for name, values in fields.items():
            swing = np.float32(SWINGS.get(name, 0)) * NOON
            hours = (values[days][:, None] + swing[:, None, None]).reshape(-1, *values.shape[1:])
            layers.append(Layer(name, hours, float("nan"), _about(name), "tyx"))
        yield _hourly(asked, at, look.cells, layers)


def accumulated(asked: Asked) -> Iterator[Native]:
    """Sums of each hour, stamped at its end: the first of a month belongs to the day before."""
    look = _nodes(asked)
    this, before = (_fields(asked, tuple(SHARES), year) for year in (asked.year, asked.year - 1))
    fields = {name: look(np.concatenate([before[name][-1:], this[name]])) for name in SHARES}
    for at in _months(asked):
        days = asked.days[at] - days_of_year(asked.year)[0]  # in `fields` the day before
        layers = []
        for name, values in fields.items():
            ends = np.concatenate([values[days][:, None] * SHARES[name][-1:, None, None],
                values[days + 1][:, None] * SHARES[name][:-1, None, None]], axis=1)  # fmt: skip
            layers.append(Layer(name, ends.reshape(-1, *values.shape[1:]), float("nan"), _about(name), "tyx"))
        yield _hourly(asked, at, look.cells, layers)


WRITERS = {
    **{f"ERA5-{name.upper()}": daily for name in UNITS},
    **{f"ERA5-HOURLY-{name.upper()}": accumulated if name in SHARES else instant for name in UNITS},
}


def _nodes(asked: Asked) -> Footprint:
    """What nodes see: land and sea, for weather is over both."""
    everywhere = np.ones(asked.earth.patch.shape, bool)
    return Footprint(cells("era5", asked.earth.area), asked.earth.patch, WIDTH, everywhere)


def _fields(asked: Asked, names: tuple[str, ...], year: int) -> dict[str, Array]:
    """Daily fields of a year (day, row, column) in the units of the files; soil water is 0 over sea."""
    toy, land = asked.earth.toy, asked.earth.geography
    fields: dict[str, Array] = {}
    soil = [name for name in names if name.startswith("swvl")]
    if soil:
        for _, water in model_years(toy, land, year):
            last = water
        fields = {name: last[int(name[-1]) - 1] * land.land for name in soil}
    if len(soil) < len(names):
        air = model_weather(toy, land, year)
        fields = {name: fields[name] if name in fields else _of(air, name) for name in names}
    return fields


def _of(air: Weather, name: str) -> Array:
    """A variable of the weather in the unit of its files."""
    mega, milli = np.float32(1e6), np.float32(1e-3)
    return {
        "t2m": lambda: air.temperature,
        "d2m": lambda: air.dew_point,
        "sp": lambda: air.pressure,
        "skt": lambda: air.skin,
        "tp": lambda: air.rain * milli,
        "ssrd": lambda: air.solar * mega,
        "ssr": lambda: air.net_solar * mega,
        "str": lambda: air.net_thermal * mega,
    }[name]()


def _months(asked: Asked) -> Iterator[list[int]]:
    """Positions of the days of each month."""
    for _, members in groupby(range(len(asked.days)), key=lambda i: date.fromordinal(int(asked.days[i])).month):
        yield list(members)


def _about(name: str) -> dict[str, Any]:
    text, unit = UNITS[name]
    return {"long_name": text, "units": unit, "GRIB_shortName": name}


def _hourly(asked: Asked, at: list[int], grid: Cells, layers: list[Layer]) -> Native:
    """A file of the hours of some days."""
    seconds = (asked.days[at][:, None] - EPOCH) * 86_400 + HOURS * 3600
    time = ("valid_time", seconds.reshape(-1).astype(np.int64), TIME | {"units": "seconds since 1970-01-01"})
    return _native(asked, date.fromordinal(int(asked.days[at[0]])), grid, layers, time, expver="0001")


def _native(
    asked: Asked, first: date, grid: Cells, layers: list[Layer], time: tuple[str, Any, Any], expver: str = ""
) -> Native:
    latitude, _ = axes("era5")
    longitude = np.arange(grid.grid.columns) / 4
    coordinates: Coordinates = {
        "t": time,
        "y": ("latitude", latitude.astype(np.float64), LATITUDE),
        "x": ("longitude", longitude, LONGITUDE),
    }
    write = partial(_write, expver=expver)
    return Native.of(asked.name(first), write, shifted(grid), layers, coordinates)


def _write(path: Path, grid: Cells, layers: list[Layer], coordinates: Coordinates, expver: str) -> None:
    """A file with what the Climate Data Store adds: the ensemble's number, and the version of every hour."""
    import netCDF4

    write_netcdf(path, grid, layers, coordinates, {"Conventions": "CF-1.7", "institution": "a toy Earth"})
    with netCDF4.Dataset(path, "a") as file:
        file.createVariable("number", "i8", ())[...] = 0
        if expver:
            times = len(coordinates["t"][1])
            file.createVariable("expver", str, ("valid_time",))[:] = np.array([expver] * times, object)
