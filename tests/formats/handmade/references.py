"""Models and merged products: GLDAS, ERA5-Land, ESA CCI, GLEAM, IMERG."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import netCDF4
import numpy as np

from handmade.grids import CATALOGUE, Expected, axes, field, stored


def gldas(path: Path) -> Expected:
    """Kilograms in 10 cm, south first, ten rows that end at 60° S, a blank before the unit of time."""
    values = field("GLDAS")
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["GLDAS"], ("time", "lat", "lon"), south_up=True)
        time = data.createVariable("time", "f8", ("time",))
        time.units, time[:] = " minutes since 2016-01-01 03:00:00", [0]
        variable = data.createVariable("SoilMoi0_10cm_inst", "f4", ("time", "lat", "lon"), zlib=True, fill_value=-9999)
        variable.units = "kg m-2"
        variable[0] = np.where(np.isnan(values), -9999, values * 100)[::-1]
    return [(date(2016, 1, 1), "", values)]


def era5_land(path: Path) -> Expected:
    """Hours of two days in one file, packed, from 0° to 360°, nodes with both poles."""
    fields = [field("ERA5-LAND", seed) for seed in range(4)]
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["ERA5-LAND"], ("time", "latitude", "longitude"), west=0)
        time = data.createVariable("time", "i4", ("time",))
        first = (date(2015, 4, 2) - date(1900, 1, 1)).days * 24
        time.units, time[:] = "hours since 1900-01-01 00:00:0.0", [first, first + 12, first + 24, first + 36]
        variable = data.createVariable("swvl1", "i2", ("time", "latitude", "longitude"), zlib=True, fill_value=-32767)
        variable.setncatts({"scale_factor": 1e-4, "add_offset": 0.3, "units": "m**3 m**-3"})
        variable.set_auto_maskandscale(False)
        for index, values in enumerate(fields):
            variable[index] = np.roll(stored(values - np.float32(0.3), 1e-4, -32767, "i2"), 12, axis=1)
    means = []
    for day, pair in enumerate((fields[:2], fields[2:])):
        valid = np.isfinite(pair[0]).astype(int) + np.isfinite(pair[1])
        total = np.nan_to_num(pair[0]) + np.nan_to_num(pair[1])
        mean = np.where(valid > 0, total / np.maximum(valid, 1), np.nan).astype(np.float32)
        means.append((date(2015, 4, 2) + timedelta(day), "", mean))
    return means


def cci(path: Path) -> Expected:
    """Fraction with an uncertainty; only flag 0 counts."""
    values = field("CCI")
    flag = np.zeros(values.shape, "i1")
    flag[2] = 1
    with netCDF4.Dataset(path, "w", format="NETCDF4_CLASSIC") as data:
        axes(data, CATALOGUE["CCI"], ("time", "lat", "lon"))
        for name, numbers, kind, fill in (
            ("sm", np.where(np.isnan(values), -9999, values), "f4", -9999),
            ("sm_uncertainty", np.where(np.isnan(values), -9999, 0.03), "f4", -9999),
            ("flag", flag, "i1", 127),
        ):
            variable = data.createVariable(name, kind, ("time", "lat", "lon"), zlib=True, fill_value=fill)
            variable.set_auto_maskandscale(False)
            variable[0] = numbers
            if kind == "f4":
                variable.units = "m3 m-3"
    values[2] = np.nan
    return [(date(2010, 7, 1), "", values)]


def gleam(path: Path) -> Expected:
    """A year in one file, longitude before latitude."""
    fields = [field("GLEAM-A", seed) for seed in range(3)]
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["GLEAM-A"], ("time", "lon", "lat"))
        time = data.createVariable("time", "f8", ("time",))
        time.units, time[:] = "days since 2015-01-01", [0, 1, 364]
        variable = data.createVariable("SMsurf", "f4", ("time", "lon", "lat"), zlib=True, fill_value=-999)
        for index, values in enumerate(fields):
            variable[index] = np.where(np.isnan(values), -999, values).T
    return [(date(2015, 1, 1) + timedelta(n), "", values) for n, values in zip((0, 1, 364), fields, strict=True)]


def imerg(path: Path) -> Expected:
    """Longitude before latitude, south first, a calendar called julian."""
    values = field("IMERG") * 100
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["IMERG"], ("time", "lon", "lat"), south_up=True)
        time = data.createVariable("time", "i4", ("time",))
        time.units, time.calendar = "seconds since 1970-01-01 00:00:00 UTC", "julian"
        time[:] = [(date(2015, 4, 1) - date(1970, 1, 1)).days * 86400]
        variable = data.createVariable("precipitationCal", "f4", ("time", "lon", "lat"), zlib=True, fill_value=-9999.9)
        variable.units = "mm"
        variable[0] = np.where(np.isnan(values), np.float32(-9999.9), values)[::-1].T
    return [(date(2015, 4, 1), "", values)]
