"""Classic NetCDF, by scipy and by the NetCDF library."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray
from scipy.io import netcdf_file

from legal.hdf5 import FILL, Write, X, Y, by_netcdf4, by_xarray


def by_scipy(path: Path, values: NDArray[Any], version: int = 1, kind: str = "f4", beside: str = "") -> None:
    """A map by scipy; `beside`: another variable with records, of this type."""
    with netcdf_file(path, "w", version=version) as file:
        file.createDimension("time", None)
        for name, numbers, units in (("lat", Y, "degrees_north"), ("lon", X, "degrees_east")):
            file.createDimension(name, numbers.size)
            axis = file.createVariable(name, "f8", (name,))
            axis.units, axis[:] = units, numbers
        sm = file.createVariable("sm", kind, ("time", "lat", "lon"))
        sm._FillValue = np.array(FILL, kind)
        sm[0] = np.where(np.isnan(values), FILL, values)
        if beside:
            file.createVariable("beside", beside, ("time",))[0] = 1


def records(
    path: Path, values: NDArray[Any], kind: str, count: int, cut: int = 0, form: str = "NETCDF3_CLASSIC"
) -> None:
    """Records of an odd number of bytes: alone they follow one another without padding, else each is padded."""
    with netCDF4.Dataset(path, "w", format=form) as data:
        for name, numbers, units in (("lat", Y, "degrees_north"), ("lon", X, "degrees_east")):
            data.createDimension(name, numbers.size)
            axis = data.createVariable(name, "f8", (name,))
            axis.units, axis[:] = units, numbers
        data.createDimension("obs", None)
        data.createDimension("three", 3)
        sm = data.createVariable("sm", "f4", ("lat", "lon"), fill_value=FILL)
        sm[:] = np.where(np.isnan(values), FILL, values)
        for number in range(count):
            data.createVariable(f"r{number}", kind, ("obs", "three"))[:] = np.ones((5, 3))
    if cut:
        path.write_bytes(path.read_bytes()[:-cut])


def streamed(path: Path, values: NDArray[Any]) -> None:
    """A number of records that was not yet known."""
    records(path, values, "i4", 1)
    data = bytearray(path.read_bytes())
    data[4:8] = b"\xff" * 4
    path.write_bytes(bytes(data))


def many_dimensions(path: Path, values: NDArray[Any]) -> None:
    by_netcdf4(path, values, "NETCDF3_CLASSIC")
    with netCDF4.Dataset(path, "r+") as data:
        data.createDimension("one", 1)
        data.createVariable("deep", "i1", ("one",) * 40)


def odd_fills(path: Path, values: NDArray[Any]) -> None:
    """Fills that the type cannot hold: NaN and a text of whole numbers, and a value beyond them."""
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_OFFSET") as data:
        for name, numbers, units in (("lat", Y, "degrees_north"), ("lon", X, "degrees_east")):
            data.createDimension(name, numbers.size)
            axis = data.createVariable(name, "f8", (name,))
            axis.units, axis[:] = units, numbers
        sm = data.createVariable("sm", "i2", ("lat", "lon"), fill_value=-1)
        sm.setncatts({"missing_value": np.nan, "fmissing_value": 1e15, "scale_factor": 0.01, "add_offset": 0.0})
        sm.set_auto_maskandscale(False)
        sm[:] = np.where(np.isnan(values), -1, np.round(values * 100))


VARIANTS: dict[str, Write] = {
    **{f"scipy, version {version}": partial(by_scipy, version=version) for version in (1, 2)},
    "scipy, doubles": partial(by_scipy, kind="f8"),
    "scipy, two variables with records": partial(by_scipy, beside="i1"),
    **{form: partial(by_netcdf4, kind=f"NETCDF3_{form}") for form in ("CLASSIC", "64BIT_OFFSET", "64BIT_DATA")},
    **{
        f"{form}, {kind} records of {count}": partial(records, kind=kind, count=count, form=f"NETCDF3_{form}")
        for form in ("CLASSIC", "64BIT_OFFSET", "64BIT_DATA")
        for kind, count in (("i1", 1), ("i2", 1), ("S1", 1), ("i1", 2), ("f4", 1))
    },
    "no padding at the end": partial(records, kind="i1", count=2, cut=1),
    "no records": partial(by_netcdf4, kind="NETCDF3_CLASSIC"),
    "time unlimited": partial(by_netcdf4, kind="NETCDF3_CLASSIC", time=None),
    "streamed": streamed,
    "forty dimensions": many_dimensions,
    "fills that the type cannot hold": odd_fills,
    "xarray by scipy": partial(by_xarray, engine="scipy"),
}
