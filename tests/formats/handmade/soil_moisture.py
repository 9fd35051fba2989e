"""Sensors' soil moisture in HDF5 and NetCDF: SMAP, ASCAT-SWI, SMOS-IC, JAXA, LPRM, FY-3B."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import h5py
import netCDF4
import numpy as np

from handmade.grids import CATALOGUE, SMALL, Expected, axes, field, stored
from rssm.archive.grids import centres, whole


def smap(path: Path) -> Expected:
    """Morning and evening groups of a new granule, and a polar group that is not to be read."""
    expected = []
    with h5py.File(path, "w") as file:
        for seed, (overpass, suffix) in enumerate((("AM", ""), ("PM", "_pm"))):
            values = field("SMAP_E", seed)
            group = file.create_group(f"Soil_Moisture_Retrieval_Data_{overpass}")
            quality = np.where(np.isnan(values), 65534, 0).astype("u2")
            quality[0], quality[1] = 1, 5  # attempted, not recommended; not successful
            surface = np.zeros(values.shape, "u2")
            surface[2], surface[3] = 128, 1024  # frozen; dense vegetation
            name = "soil_moisture_scav" + suffix
            group.create_dataset(name, data=np.where(np.isnan(values), -9999, values).astype("f4"), compression="gzip")
            group[name].attrs.update(
                _FillValue=np.float32(-9999), units=np.bytes_("cm**3/cm**3"), valid_max=np.float32(0.5)
            )
            group["soil_moisture" + suffix] = np.full(values.shape, 0.99, "f4")  # another algorithm
            for kind, numbers in (("retrieval_qual_flag_scav", quality), ("surface_flag", surface)):
                group.create_dataset(kind + suffix, data=numbers, compression="gzip")
                group[kind + suffix].attrs["_FillValue"] = np.uint16(65534)
            group["latitude" + suffix] = np.full(values.shape, -9999, "f4")
            values[1:3] = np.nan
            expected.append((date(2015, 4, 1), overpass, values))
        file["Soil_Moisture_Retrieval_Data_Polar_AM/soil_moisture_scav"] = np.zeros((20, 20), "f4")
    return expected


def smap_old(path: Path) -> Expected:
    """The oldest granules: one group, the morning only, one algorithm."""
    values = field("SMAP_E", 3)
    with h5py.File(path, "w") as file:
        group = file.create_group("Soil_Moisture_Retrieval_Data")
        group.create_dataset(
            "soil_moisture", data=np.where(np.isnan(values), -9999, values).astype("f4"), compression="gzip"
        )
        group["soil_moisture"].attrs["_FillValue"] = np.float32(-9999)
        group.create_dataset("retrieval_qual_flag", data=np.zeros(values.shape, "u2"), compression="gzip")
        group.create_dataset("surface_flag", data=np.zeros(values.shape, "u2"), compression="gzip")
    return [(date(2015, 4, 1), "AM", values)]


def swi(path: Path) -> Expected:
    """Copernicus 10-daily: half per cents, codes above 240, the surface state beside."""
    values = np.round(field("ASCAT-SWI") * 200) / 200
    numbers = stored(values, 0.005, 255, "u1")
    numbers[0, :4] = 241, 251, 252, 254  # codes, not values
    state = np.ones(values.shape, "u1")
    state[1], state[2], state[3] = 2, 255, 0  # frozen, missing, unknown
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["ASCAT-SWI"], ("time", "lat", "lon"))
        for name, raw, scale in (("SWI_001", numbers, 0.5), ("SSF", state, None)):
            variable = data.createVariable(name, "u1", ("time", "lat", "lon"), zlib=True, fill_value=255)
            variable.set_auto_maskandscale(False)
            variable[0] = raw
            attributes = {"missing_value": np.uint8(255), "_Unsigned": "true", "valid_range": np.array([0, 200], "u1")}
            variable.setncatts(attributes | ({"scale_factor": scale, "units": "%"} if scale else {}))
    values[0, :4] = np.nan
    values[1] = np.nan
    return [(date(2015, 4, 1), "", values)]


def smos(path: Path) -> Expected:
    """Classic NetCDF on latitudes and longitudes of EASE-Grid 2, south first, with quality and error."""
    grid, values = SMALL["ease2_m25"], field("SMOS-IC")
    longitude, latitude = centres(grid, whole(grid))
    quality = np.zeros(values.shape, "i1")
    quality[4] = 1  # not recommended
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_OFFSET") as data:
        for name, numbers in (("lat", latitude[::-1]), ("lon", longitude)):
            data.createDimension(name, numbers.size)
            variable = data.createVariable(name, "f4", (name,))
            variable.units, variable[:] = f"degrees_{'north' if name == 'lat' else 'east'}", numbers
        for name, raw, kind, scale in (
            ("Soil_Moisture", stored(values, 0.01, -32768, "i2"), "i2", 0.01),
            ("Soil_Moisture_StdError", np.full(values.shape, 5, "i2"), "i2", 0.01),
            ("Quality_Flag", quality, "i1", None),
        ):
            fill = {"i2": -32768, "i1": 2}[kind]
            variable = data.createVariable(name, kind, ("lat", "lon"), fill_value=fill)
            variable.set_auto_maskandscale(False)
            variable[:] = raw[::-1]
            if scale:
                variable.setncatts({"scale_factor": scale, "add_offset": 0.0, "units": "m3.m-3"})
    values[4] = np.nan
    return [(date(2015, 4, 1), "D", values)]


def jaxa(path: Path) -> Expected:
    """Blanks in names, (rows, columns, 1), tenths of per cent, column 0 at Greenwich."""
    values = field("AMSR2-JAXA")
    raw = stored(values, 0.001, -32768, "i2")
    raw[0, 0] = -32767
    with h5py.File(path, "w") as file:
        data = file.create_dataset("Geophysical Data", data=np.roll(raw, 12, axis=1)[..., None], compression="gzip")
        data.attrs["SCALE FACTOR"], data.attrs["UNIT"] = np.float32(0.1), np.bytes_("%")
        file["Time Information"] = np.zeros(values.shape, "i2")
    values[0, 0] = np.nan
    return [(date(2015, 4, 1), "A", values)]


def lprm(product: str, error: str, dimensions: tuple[str, str], overpass: str) -> Callable[[Path], Expected]:
    """LPRM level 3: per cent in int16, longitude first, north first."""

    def write(path: Path) -> Expected:
        values = field(product)
        with netCDF4.Dataset(path, "w") as data:
            axes(data, CATALOGUE[product], ("Longitude", "Latitude"))
            for name, raw, scale in (
                ("soil_moisture_x", stored(values, 0.01, -32767, "i2"), 1.0),
                (error, stored(values * 0 + 0.05, 0.0001, -32767, "i2"), 0.01),
                ("mask", np.full(values.shape, 512, "i2"), None),
            ):
                variable = data.createVariable(
                    name, "i2", dimensions, zlib=True, fill_value=None if name == "mask" else -32767
                )
                variable.set_auto_maskandscale(False)
                variable[:] = raw.T if dimensions[0] == "Longitude" else raw
                if scale:
                    variable.setncatts(
                        {"scale_factor": np.float32(scale), "add_offset": np.float32(0), "units": "percent"}
                    )
        return [(date(2015, 3, 24), overpass, values)]

    return write


def fengyun(path: Path) -> Expected:
    """Blanks in names, both overpasses in one file, scale in attributes called Slope and Intercept."""
    expected = []
    with h5py.File(path, "w") as file:
        for seed, overpass in enumerate(("Ascending", "Descending")):
            values = field("FY-3B-NSMC", seed)
            data = file.create_dataset(
                f"{overpass} Soil Moisture", data=stored(values, 0.001, -999, "i2"), compression="gzip"
            )
            data.attrs.update(
                Slope=np.array([0.001], "f4"), Intercept=np.array([0], "f4"), FillValue=np.array([-999], "i2")
            )
            expected.append((date(2015, 3, 24), overpass, values))
    return expected
