"""Factors and masks in NetCDF, GeoTIFF and HDF5: leaf area, vegetation, climate, topography, soil, frost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import rasterio

from handmade.grids import CATALOGUE, GLOBE_15, SMALL, Expected, axes, field, stored
from rssm.archive.grids import centres, whole


def geov2(path: Path) -> Expected:
    """Leaf area index in thirtieths, one byte."""
    values = np.round(field("LAI-VGT") * 250) / 30
    with netCDF4.Dataset(path, "w") as data:
        axes(data, CATALOGUE["LAI-VGT"], ("lat", "lon"))
        variable = data.createVariable("LAI", "u1", ("lat", "lon"), zlib=True, fill_value=255)
        variable.set_auto_maskandscale(False)
        variable[:] = stored(values, 1 / 30, 255, "u1")
        variable.setncatts({"scale_factor": 1 / 30, "add_offset": 0.0})
    return [(date(2009, 7, 1), "", values)]


def vegetation(path: Path) -> Expected:
    """Tree cover and the rest of the vegetation as bands of one picture; these are the values of the second."""
    values = field("NONTREE")
    with rasterio.open(path, "w", driver="GTiff", width=24, height=12, count=2, dtype="uint8", nodata=255,
                       crs="EPSG:4326", transform=GLOBE_15, compress="deflate") as data:  # fmt: skip
        data.write(np.full((12, 24), 7, "u1"), 1)
        data.write(stored(values, 0.01, 255, "u1"), 2)
    return [(date(2010, 1, 1), "", values)]


def koppen(path: Path) -> Expected:
    """Climate classes without a stated fill; 0 is sea."""
    values = np.clip(np.round(field("KOPPEN") * 30), 1, 30)
    with rasterio.open(path, "w", driver="GTiff", width=24, height=12, count=1, dtype="uint8", crs="EPSG:4326",
                       transform=GLOBE_15) as data:  # fmt: skip
        data.write(stored(values, 1, 0, "u1"), 1)
    return [(date.min, "", values)]


def topography(path: Path) -> Expected:
    """One point a cell, in no order, a missing_value and no fill value."""
    values = field("TOPOGRAPHY")
    longitude, latitude = centres(SMALL["latlon_0.1"], whole(SMALL["latlon_0.1"]))
    x, y = np.meshgrid(longitude, latitude)
    order = np.random.default_rng(1).permutation(values.size)
    with netCDF4.Dataset(path, "w") as data:
        data.createDimension("obs", values.size)
        for name, numbers, kind in (
            ("lat", y, "f4"),
            ("lon", x, "f4"),
            ("topo", stored(values, 0.01, 127, "i1"), "i1"),
        ):
            variable = data.createVariable(name, kind, ("obs",), zlib=True)
            variable[:] = numbers.ravel()[order]
            if name == "topo":
                variable.setncatts({"missing_value": np.int8(127), "units": "percent"})
    return [(date.min, "", values)]


def constants(path: Path) -> Expected:
    """Land constants of SMAP level 4."""
    values = field("SAND")
    with h5py.File(path, "w") as file:
        data = file.create_dataset("Land-Model-Constants_Data/mwrtm_sand", compression="gzip",
                                   data=np.where(np.isnan(values), -9999, values).astype("f4"))  # fmt: skip
        data.attrs["_FillValue"] = np.float32(-9999)
        file["Land-Model-Constants_Data/clsm_poros"] = np.full(values.shape, 0.5, "f4")
    return [(date.min, "", values)]


def freeze_thaw(path: Path) -> Expected:
    """Codes of frozen, thawed and the transitions; everything above is none of them."""
    codes = np.random.default_rng(2).choice([0, 1, 2, 3, 252, 253, 254, 255], SMALL["ease1_25km"].shape).astype("u1")
    with h5py.File(path, "w") as file:
        file.create_dataset("SSMI_37V_CO_FT", data=codes, compression="gzip")
        file["cell_lat"] = np.zeros(codes.shape, "f4")
    meaning = np.full(256, np.nan, np.float32)
    meaning[:4] = 0, 1, 0.5, 0.5
    return [(date(2012, 12, 31), "", meaning[codes])]
