"""Daily files of radiometers: LPRM, JAXA and FY-3B at X band, SMOS at L band; SMAP and AE_Land3 are written elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from rssm.toy.footprint import axes
from rssm.toy.geography import Array
from rssm.toy.writers.layers import (
    Asked,
    Layer,
    Native,
    filled,
    lat_lon,
    shifted,
    stored,
    write_hdf5,
    write_netcdf,
)

UNKNOWN = np.float32(np.nan)
LPRM_FILL, OUTSIDE = -32767, 512  # OUTSIDE: of the bit mask
HOURS = {"A": 13.5, "D": 1.5, "DY": 12.0, "NT": 0.0}
SCAN_TIME = {"units": "seconds since 1993-01-01 00:00:00"}
NO_RETRIEVAL, NO_OBSERVATION = -32768, -32767  # of JAXA
PERCENT = 0.1
CONTENT = {"SCALE FACTOR": np.array([PERCENT], np.float32), "UNIT": "%"}
FENGYUN_FILL, FENGYUN_SCALE = -999, 0.001  # m³ m⁻³; how the agency packs is not known to us, so the file states it
FENGYUN = {
    "Slope": np.array([FENGYUN_SCALE], np.float32),
    "Intercept": np.array([0], np.float32),
    "FillValue": np.array([FENGYUN_FILL], np.int16),
    "units": "m3 m-3",
    "valid_range": np.array([0, 1000], np.int16),
}
SMOS_FILL, SNOW, FROZEN = -999.0, 2, 4  # SNOW, FROZEN: scene flags
MISFIT_GOOD, MISFIT_BAD = 4.0, 12.0  # K


def lprm(asked: Asked) -> Iterator[Native]:
    """LPRM of AMSR2, AMSR-E, TMI and WindSat: netCDF-4, 0.25°, (Longitude, Latitude), north first, two files a day.

    Nothing is retrieved over frozen ground or snow.
    """
    seen, screened = asked.seen, asked.seen.screened
    latitude, longitude = axes("latlon_0.25")
    same = {"scale_factor": np.float32(1), "add_offset": np.float32(0)}
    coordinates = {
        "x": ("Longitude", longitude, same | {"units": "degrees_east", "_CoordinateAxisType": "Lon"}),
        "y": ("Latitude", latitude, same | {"units": "degrees_north", "_CoordinateAxisType": "Lat"}),
    }
    amsr2 = asked.product_id == "AMSR2-LPRM-X"
    for index, day in asked.each():
        for number, orbit in enumerate(seen.sensor.passes):
            here, value, error = seen.seen[index, number], screened[index, number], seen.error[index, number]
            got = ~np.isnan(value)
            error, depth = (np.where(got, x, UNKNOWN) for x in (100 * error, 0.12 * seen.leaves[index]))
            heat = np.where(here, seen.heat[index], UNKNOWN)
            error_name = "soil_moisture_x_error" if amsr2 else "sm_x_error"
            layers = [
                _lprm("soil_moisture_x", 100 * value, 1.0, "percent", "Volumetric Soil Moisture from 10.7 GHz"),
                _lprm(error_name, error, 0.01, "percent", "Uncertainty of Soil Moisture in 10.7 GHz"),
                _lprm("opt_depth_x", depth, 0.01, None, "Optical Depth from 10.7 GHz"),
                _lprm("ts", heat, 0.1, "Kelvin", "Skin Temperature (2mm)"),
            ]
            if amsr2:
                since = 86_400.0 * (day - date(1993, 1, 1)).days + 3600 * HOURS[orbit]
                layers += [
                    Layer("mask", np.where(got, 0, OUTSIDE).astype(np.int16), None, {"long_name": "Bit Mask"}, "xy"),
                    Layer("scantime", np.where(here, since, 0.0), 0.0, SCAN_TIME, "xy"),
                ]
            name = asked.name(day, orbit=orbit)
            yield Native.of(name, write_netcdf, seen.cells, layers, coordinates, {"Conventions": "CF-1.0"})


def _lprm(name: str, values: Array, scale: float, units: str | None, title: str) -> Layer:
    attributes: dict[str, Any] = {"long_name": title, "coordinates": "Longitude Latitude"}
    attributes |= {"units": units} if units else {}
    attributes |= {"scale_factor": np.float32(scale), "add_offset": np.float32(0)}
    return Layer(name, stored(values, scale, LPRM_FILL, np.int16), LPRM_FILL, attributes, "xy")


def jaxa(asked: Asked) -> Iterator[Native]:
    """AMSR2-JAXA and AMSR-E-JAXA, level 3: HDF5, 0.1°, two files a day.

    Column 0 is at the prime meridian where the catalogue has it so.
    """
    seen, screened = asked.seen, asked.seen.screened
    cells = shifted(seen.cells) if asked.product.options.west == 0 else seen.cells
    attributes = {
        "ProductName": "AMSR2-L3" if asked.product_id == "AMSR2-JAXA" else "AMSR-E-L3",
        "GeophysicalName": "Soil Moisture Content",
    }
    for index, day in asked.each():
        for number, (orbit, minute) in enumerate({"A": 13 * 60 + 30, "D": 90}.items()):
            here = seen.seen[index, number]
            count = stored(100 * screened[index, number], PERCENT, NO_RETRIEVAL, np.int16)
            count = np.where(here, count, NO_OBSERVATION).astype(np.int16)
            minutes = np.where(here, minute, -9999).astype(np.int16)
            layers = [
                Layer("Geophysical Data", count, NO_OBSERVATION, CONTENT, "yx1"),
                Layer("Time Information", minutes, -9999, {"UNIT": "minute"}),
            ]
            yield Native.of(asked.name(day, orbit=orbit), write_hdf5, cells, layers, attributes)


def fengyun(asked: Asked) -> Iterator[Native]:
    """FY-3B-NSMC: HDF5, both orbit directions in one daily file on the 25 km EASE-Grid 1."""
    seen, screened = asked.seen, asked.seen.screened
    for index, day in asked.each():
        counts = (stored(part, FENGYUN_SCALE, FENGYUN_FILL, np.int16) for part in screened[index])
        names = (f"{half} Soil Moisture" for half in seen.sensor.passes)
        layers = [Layer(name, count, FENGYUN_FILL, FENGYUN) for name, count in zip(names, counts, strict=True)]
        yield Native.of(asked.name(day), write_hdf5, seen.cells, layers)


def smos(asked: Asked) -> Iterator[Native]:
    """SMOS-IC: netCDF-4, 25 km EASE-Grid 2.0, south first, two files a day.

    Under frost and snow values are given, and only the flags show it.
    """
    seen = asked.seen
    coordinates = lat_lon("ease2_m25", south_first=True)
    volume = {"units": "m3.m-3"}
    for index, day in asked.each():
        cold, since = seen.frozen[index] | seen.snow[index], day.toordinal() - date(2000, 1, 1).toordinal()
        for number, orbit in enumerate(seen.sensor.passes):
            value, error, here = seen.value[index, number], seen.error[index, number], seen.seen[index, number]
            missing = np.isnan(value)
            misfit = np.where(cold, MISFIT_BAD, MISFIT_GOOD + 2 * seen.water).astype(np.float32)
            scene = seen.snow[index] * SNOW | seen.frozen[index] * FROZEN
            layers = [
                Layer("Soil_Moisture", filled(value, SMOS_FILL), SMOS_FILL, volume | {"long_name": "Soil moisture"}),
                Layer("Soil_Moisture_StdError", filled(np.where(missing, UNKNOWN, error), SMOS_FILL), SMOS_FILL, volume),
                Layer("RMSE", filled(np.where(missing, UNKNOWN, misfit), SMOS_FILL), SMOS_FILL, {"units": "K"}),
                Layer("Quality_Flag", np.where(missing, 2, np.where(cold, 1, 0)).astype(np.int8), 2),
                Layer("Scene_Flags", np.where(here, scene, 0).astype(np.uint8), 0),
                Layer("Processing_Flags", np.where(here & missing, 1, 0).astype(np.uint8), 0),
                Layer("Days", np.where(here, since, -9999).astype(np.int32), -9999, {"units": "days since 2000-01-01"}),
            ]  # fmt: skip
            name = asked.name(day, orbit=orbit)
            yield Native.of(name, write_netcdf, seen.cells, layers, coordinates, south_first=True)
