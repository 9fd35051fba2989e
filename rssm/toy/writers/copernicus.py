"""Copernicus Global Land: SWI10 (also the source of SNOW) and GEOV2 LAI, netCDF-4, one file a dekad."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.toy.footprint import axes
from rssm.toy.geography import Array
from rssm.toy.noise import normal
from rssm.toy.observe import observe
from rssm.toy.sensors import LEAVES_SEEN
from rssm.toy.truth import leaf_area
from rssm.toy.writers.layers import Asked, Coordinates, Layer, Native, stored, write_netcdf

WATER_CODE, INSENSITIVE_CODE = 251, 252
PERCENT = {
    "long_name": "Soil Water Index",
    "units": "%",
    "scale_factor": 0.5,
    "missing_value": np.uint8(255),
    "valid_range": np.array([0, 200], np.uint8),
    "flag_values": np.array([241, 242, 251, 252, 253, 254], np.uint8),
    "flag_meanings": "ExceedingMin ExceedingMax WaterMask SensitivityMask SlopeMask LowQFLAG",
    "grid_mapping": "crs",
    "_Unsigned": "true",
}
STATE = {
    "long_name": "Surface State Flag",
    "missing_value": np.uint8(255),
    "valid_range": np.array([0, 4], np.uint8),
    "flag_values": np.array([0, 1, 2, 3, 255], np.uint8),
    "flag_meanings": "Unknown Unfrozen Frozen Melting_or_Surface_Water Missing",
    "_Unsigned": "true",
}
LEAF_AREA = {
    "long_name": "Leaf Area Index 1km",
    "units": "",
    "scale_factor": 1 / 30,
    "add_offset": 0.0,
    "missing_value": np.uint8(255),
    "valid_range": np.array([0, 210], np.uint8),
    "_Unsigned": "true",
}


def soil_water(asked: Asked) -> Iterator[Native]:
    """SWI10; `days` are the first days of the dekads."""
    earth, truth = asked.earth, asked.truth
    seen = observe(earth, "ASCAT-SWI", np.arange(truth.first, truth.first + truth.days))
    saturation = np.clip(seen.value[:, 0] / seen.porosity, 0, 1) * 100
    rainforest = seen.look.nearest(earth.geography.rainforest)
    attributes = {"Conventions": "CF-1.6", "sensor": "ASCAT"}
    for day, at in _dekads(asked.days, truth.first):
        mean, got = _mean(saturation[at])
        count = stored(np.where(got, mean, np.float32(np.nan)), 0.5, 255, np.uint8)
        count[seen.water > 0.3] = WATER_CODE
        count[rainforest & (count == 255)] = INSENSITIVE_CODE
        slow = stored(np.where(got, 0.7 * mean + 12, np.float32(np.nan)), 0.5, 255, np.uint8)
        frozen = seen.frozen[at].mean(axis=0)
        state = np.where(frozen > 0.5, 2, np.where(seen.snow[at].mean(axis=0) > 0.5, 3, np.where(got, 1, 0)))
        state = np.where(seen.land < 0.3, 255, state).astype(np.uint8)
        quality = stored(100 * seen.seen[at, 0].mean(axis=0), 0.5, 255, np.uint8)
        layers = [
            Layer("SWI_001", count[None], 255, PERCENT, "tyx"),
            Layer("SWI_005", slow[None], 255, PERCENT, "tyx"),
            Layer("QFLAG_001", quality[None], 255, PERCENT | {"long_name": "Quality Flag with T=1"}, "tyx"),
            Layer("SSF", state[None], 255, STATE, "tyx"),
        ]
        name, coordinates = asked.name(day), _coordinates("latlon_0.1", day)
        yield Native.of(name, write_netcdf, seen.cells, layers, coordinates, attributes)


def leaves(asked: Asked) -> Iterator[Native]:
    """GEOV2 LAI at 1 km; `days` are the first days of the dekads."""
    earth, truth = asked.earth, asked.truth
    area = leaf_area(earth.geography, truth)
    look = earth.look("latlon_1/112", 1)
    grid = look.cells
    texture = 1 + 0.12 * np.clip(normal(earth.toy.seed, "leaves", grid.rows[:, None], grid.columns), -2.5, 2.5)
    texture = LEAVES_SEEN[asked.product_id] * texture * np.float32(30)  # as stored
    sea = look.nearest(~earth.geography.land)
    attributes = {"Conventions": "CF-1.6", "product_version": "V2.0"}
    for day, at in _dekads(asked.days, truth.first):
        mean = np.rint(look.nearest(area[at].mean(axis=0)) * texture)
        layers = [
            Layer("LAI", np.where(sea, 255, np.minimum(mean, 210)).astype(np.uint8)[None], 255, LEAF_AREA, "tyx"),
            Layer("QFLAG", np.where(sea, 1, 0).astype(np.uint16)[None], 65535, {"long_name": "Quality Flag"}, "tyx"),
        ]
        name, coordinates = asked.name(day), _coordinates("latlon_1/112", day)
        yield Native.of(name, write_netcdf, grid, layers, coordinates, attributes)


def _dekads(days: NDArray[np.int64], first: int) -> Iterator[tuple[date, slice]]:
    """First day of each dekad, and its days counted from 1 January."""
    for day in map(date.fromordinal, days.tolist()):
        start = day.toordinal() - first
        yield day, slice(start, start + DEKADS.days(DEKADS.of(day)))


def _mean(values: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Mean over days of what is there, and where there is any."""
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    return np.where(there, values, 0).sum(axis=0, dtype=np.float32) / np.maximum(count, 1), count > 0


def _coordinates(grid_id: str, day: date) -> Coordinates:
    latitude, longitude = axes(grid_id)
    since = np.array([(day - date(1970, 1, 1)).days], np.float64)
    return {
        "t": ("time", since, {"units": "days since 1970-01-01T12:00:00", "axis": "T", "standard_name": "time"}),
        "y": ("lat", latitude.astype(np.float64), {"units": "degrees_north", "axis": "Y", "standard_name": "latitude"}),
        "x": (
            "lon",
            longitude.astype(np.float64),
            {"units": "degrees_east", "axis": "X", "standard_name": "longitude"},
        ),
    }
