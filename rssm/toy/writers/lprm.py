"""The LPRM products of AMSR2, AMSR-E, TMI and WindSat: netCDF-4, 0.25°, arrays (Longitude, Latitude), north first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.config.catalogue import Product
from rssm.toy.footprint import axes
from rssm.toy.geography import Array
from rssm.toy.names import file_name
from rssm.toy.observe import observe
from rssm.toy.truth import Earth
from rssm.toy.writers.layers import Layer, Native, each, stored, write_netcdf

FILL = -32767
HOURS = {"A": 13.5, "D": 1.5, "DY": 12.0, "NT": 0.0}
OUTSIDE = 512  # of the bit mask
SCAN_TIME = {"units": "seconds since 1993-01-01 00:00:00"}


def files(earth: Earth, product_id: str, product: Product, year: int, days: NDArray[np.int64]) -> Iterator[Native]:
    """Two files a day; nothing is retrieved over frozen ground or snow."""
    seen = observe(earth, product_id, days)
    screened = seen.screened
    latitude, longitude = axes("latlon_0.25")
    same = {"scale_factor": np.float32(1), "add_offset": np.float32(0)}
    coordinates = {
        "x": ("Longitude", longitude, same | {"units": "degrees_east", "_CoordinateAxisType": "Lon"}),
        "y": ("Latitude", latitude, same | {"units": "degrees_north", "_CoordinateAxisType": "Lat"}),
    }
    amsr2 = product_id == "AMSR2-LPRM-X"
    for index, day in each(days):
        depth = 0.12 * seen.leaves[index]
        for number, orbit in enumerate(seen.sensor.passes):
            here = seen.seen[index, number]
            value = screened[index, number]
            got = ~np.isnan(value)
            layers = [
                _layer("soil_moisture_x", 100 * value, 1.0, "percent", "Volumetric Soil Moisture from 10.7 GHz"),
                _layer(
                    "soil_moisture_x_error" if amsr2 else "sm_x_error",
                    np.where(got, 100 * seen.error[index, number], np.float32(np.nan)),
                    0.01,
                    "percent",
                    "Uncertainty of Soil Moisture in 10.7 GHz",
                ),
                _layer(
                    "opt_depth_x", np.where(got, depth, np.float32(np.nan)), 0.01, None, "Optical Depth from 10.7 GHz"
                ),
                _layer(
                    "ts", np.where(here, seen.heat[index], np.float32(np.nan)), 0.1, "Kelvin", "Skin Temperature (2mm)"
                ),
            ]
            if amsr2:
                since = 86_400.0 * (day - date(1993, 1, 1)).days + 3600 * HOURS[orbit]
                layers += [
                    Layer("mask", np.where(got, 0, OUTSIDE).astype(np.int16), None, {"long_name": "Bit Mask"}, "xy"),
                    Layer("scantime", np.where(here, since, 0.0), 0.0, SCAN_TIME, "xy"),
                ]
            name = file_name(product_id, product, day, orbit=orbit)
            yield Native.of(name, write_netcdf, seen.cells, layers, coordinates, {"Conventions": "CF-1.0"})


def _layer(name: str, values: Array, scale: float, units: str | None, title: str) -> Layer:
    attributes: dict[str, Any] = {"long_name": title, "coordinates": "Longitude Latitude"}
    attributes |= {"units": units} if units else {}
    attributes |= {"scale_factor": np.float32(scale), "add_offset": np.float32(0)}
    return Layer(name, stored(values, scale, FILL, np.int16), FILL, attributes, "xy")
