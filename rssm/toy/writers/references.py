"""What the product is compared with: GLDAS, ERA5-Land, ESA CCI, GLEAM, IMERG precipitation, Köppen classes.

Their errors are wide and slow, of models rather than of sensors, and have nothing to do with the products'.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.toy.footprint import Footprint, axes, cells
from rssm.toy.geography import Array, climate_class
from rssm.toy.noise import smooth
from rssm.toy.writers.layers import (
    LATITUDE,
    LONGITUDE,
    Asked,
    Layer,
    Native,
    filled,
    lat_lon,
    shifted,
    write_geotiff,
    write_netcdf,
)

EPOCH = date(1970, 1, 1).toordinal()


def _model(asked: Asked, look: Footprint) -> Array:
    """Soil moisture as a model has it (day, row, column): smoother than the truth, NaN over sea."""
    earth, truth = asked.earth, asked.truth
    error = 0.035 * smooth(earth.toy.seed, f"model {asked.product_id}", earth.patch, 20, asked.days, 30)
    value = 0.05 + 0.8 * look(truth.moisture[asked.days - truth.first]) + look.nearest(error)
    return np.where(look.land < 0.3, np.float32(np.nan), np.clip(value, 0.01, 0.6)).astype(np.float32)


def _time(days: NDArray[np.int64], units: str = "days since 1970-01-01 00:00:00") -> tuple[str, Any, Any]:
    return "time", (days - EPOCH).astype(np.float64), {"units": units, "standard_name": "time", "calendar": "standard"}


def gldas(asked: Asked) -> Iterator[Native]:
    """Noah 2.1, one of the eight files of a day: 600 rows, south first, kg m⁻² in 10 cm."""
    look = asked.earth.look("latlon_0.25_gldas", 25)
    grid = look.cells
    if not len(grid.rows):
        return
    value = filled(100 * _model(asked, look), -9999)
    places = lat_lon("latlon_0.25_gldas", south_first=True)
    about = {
        "units": "kg m-2",
        "standard_name": "soil_moisture_content",
        "long_name": "Soil moisture",
        "missing_value": np.float32(-9999),
    }
    for index, day in asked.each():
        layers = [Layer("SoilMoi0_10cm_inst", value[index : index + 1], -9999.0, about, "tyx")]
        minutes = np.array([1440.0 * (day - date(2000, 1, 1)).days + 540], np.float64)
        time = ("time", minutes, {"units": " minutes since 2000-01-01 03:00:00", "long_name": "time"})
        coordinates = {"t": time, **places}
        yield Native.of(asked.name(day), write_netcdf, grid, layers, coordinates, south_first=True)


def cci(asked: Asked) -> Iterator[Native]:
    """ESA CCI combined: netCDF-4 classic, one file a day."""
    earth, days = asked.earth, asked.days
    look = earth.look("latlon_0.25", 25)
    grid = look.cells
    truth = asked.truth
    value = _model(asked, look)
    frozen = look.nearest(truth.frozen[days - truth.first])
    places = lat_lon("latlon_0.25")
    volume = {"units": "m3 m-3", "valid_range": np.array([0, 1], np.float32), "_CoordinateAxes": "time lat lon"}
    for index, day in asked.each():
        shown = np.where(frozen[index], np.float32(np.nan), value[index])
        flag = np.where(np.isnan(value[index]), 127, np.where(frozen[index], 1, 0)).astype(np.int8)
        layers = [
            Layer("sm", filled(shown, -9999)[None], -9999.0, volume | {"long_name": "Volumetric Soil Moisture"}, "tyx"),
            Layer("sm_uncertainty", filled(0.03 + 0 * shown, -9999)[None], -9999.0, volume, "tyx"),
            Layer("flag", flag[None], 127, {"long_name": "Flag", "_CoordinateAxes": "time lat lon"}, "tyx"),
        ]
        time = _time(days[index : index + 1], units="days since 1970-01-01 00:00:00 UTC")
        coordinates = {"t": time, **places}
        yield Native.of(asked.name(day), write_netcdf, grid, layers, coordinates, classic=True)


def era5_land(asked: Asked) -> Iterator[Native]:
    """ERA5-Land: one file a month, longitudes from 0° to 359.9°, the hour of 12 UTC of each day."""
    days = asked.days
    look = asked.earth.look("era5land", 10)
    grid = look.cells
    value = _model(asked, look)
    latitude, _ = axes("era5land")
    longitude = np.arange(grid.grid.columns) / 10
    places = {"y": ("latitude", latitude.astype(np.float64), LATITUDE), "x": ("longitude", longitude, LONGITUDE)}
    about = {"units": "m**3 m**-3", "long_name": "Volumetric soil water layer 1"}
    time = {"units": "seconds since 1970-01-01", "calendar": "proleptic_gregorian", "standard_name": "time"}
    for month, members in groupby(range(len(days)), key=lambda i: date.fromordinal(int(days[i])).month):
        at = list(members)
        layers = [Layer("swvl1", value[at], float("nan"), about, "tyx")]
        seconds = ((days[at] - EPOCH) * 86_400 + 43_200).astype(np.int64)
        coordinates = {"t": ("valid_time", seconds, time), **places}
        yield Native.of(asked.name(date(asked.year, month, 1)), write_netcdf, shifted(grid), layers, coordinates)


def gleam(asked: Asked) -> Iterator[Native]:
    """GLEAM v3.3: one file a year, arrays (time, lon, lat), north first, with the days that the archive holds."""
    look = asked.earth.look("latlon_0.25", 25)
    grid = look.cells
    value = filled(_model(asked, look), -999)
    layers = [Layer("SMsurf", value, -999.0, {"units": "m3/m3", "long_name": "Surface soil moisture"}, "txy")]
    coordinates = {"t": _time(asked.days), **lat_lon("latlon_0.25", order="xy")}
    yield Native.of(asked.name(date(asked.year, 1, 1)), write_netcdf, grid, layers, coordinates)


def imerg(asked: Asked) -> Iterator[Native]:
    """IMERG daily: (time, lon, lat), south first, mm; close to the truth, less so in relief.

    In an archive that has some days of a dekad only, each stands for its share of all, because rain is a sum.
    """
    earth, days = asked.earth, asked.days
    grid = cells("latlon_0.1", earth.area)
    look = Footprint(grid, earth.patch, 10, np.ones(earth.patch.shape, bool))
    truth = asked.truth
    factor = np.exp(0.3 * smooth(earth.toy.seed, "imerg", earth.patch, 10, days))
    rain = look(np.stack([truth.rain[part].mean(axis=0) for part in _shares(asked)]) * factor)
    places = lat_lon("latlon_0.1", order="xy", south_first=True)
    about = {"units": "mm", "long_name": "Daily accumulated precipitation (combined microwave-IR) estimate"}
    for index, day in asked.each():
        layers = [Layer("precipitationCal", rain[index : index + 1], -9999.9, about, "txy")]
        coordinates = {"t": _time(days[index : index + 1]), **places}
        yield Native.of(asked.name(day), write_netcdf, grid, layers, coordinates, south_first=True)


def _shares(asked: Asked) -> Iterator[slice]:
    """Days of the year for which each file of a day stands: every n-th to the end of its dekad, where n of a dekad have one."""
    for _, day in asked.each():
        end = DEKADS.end(DEKADS.of(day)).toordinal()
        yield slice(day.toordinal() - asked.truth.first, end - asked.truth.first + 1, asked.earth.toy.days_per_dekad)


def koppen(asked: Asked) -> Iterator[Native]:
    """Köppen–Geiger classes 1…30 at 0.5°, 0 = sea, from the toy's climate."""
    earth = asked.earth
    look = earth.look("latlon_0.5", 50)
    grid, land = look.cells, earth.geography
    classes = np.where(look.land < 0.5, np.uint8(0), climate_class(look(land.wetness), grid.latitude))
    bands = [Layer("class", classes)]
    name = asked.name(date(2018, 1, 1))
    yield Native.of(name, write_geotiff, grid, bands, None)
