"""Real cell files of time series (Hawaii), as they are: ragged and orthogonal, with unused places and empty texts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose
from real_samples import described

from rssm.archive.fields import Box, Field
from rssm.archive.grids import NATIVE_GRIDS, box_of, centres
from rssm.archive.listing import found_at
from rssm.archive.readers.dispatch import read
from rssm.config.catalogue import Options, Product

SHIPPED = described("SMAP_E").keep
ENTRIES: dict[str, dict[str, Any]] = {
    "ASCAT_H113": {"variables": {"value": "sm"}, "multiply": 0.01, "scale": {"value": 1}, "units": "saturation"},
    "ASCAT_H119": {"variables": {"value": "sm"}, "multiply": 0.01, "units": "saturation"},
    "SMAP_V9": {
        "variables": {"value": "soil_moisture", "quality": "retrieval_qual_flag", "surface": "surface_flag"},
        "keep": SHIPPED,
    },
    "SMOS_105_ASC": {
        "variables": {"value": "Soil_Moisture", "quality": "Quality_Flag"},
        "keep": {"quality": {"one_of": [0, 1]}},
    },
    "ERA5_LAND": {"variables": {"value": "swvl1"}, "native_grid": "era5land"},
}
FILES = ["ASCAT_H113/0166", "ASCAT_H119/0165"] + [
    f"{name}/{cell}" for name in ("SMAP_V9", "SMOS_105_ASC", "ERA5_LAND") for cell in ("0165", "0166")
]


def entry(name: str) -> Product:
    common = {"step": "day", "maps": "dekad", "files": "*.nc", "file_units": [], "fill": [], "multiply": 1.0}
    common |= {"options": Options(reach=8.0), "scale": {}, "valid_range": (0, 1), "units": "m3 m-3"}
    return Product.model_validate(described("TOPOGRAPHY").model_dump() | common | ENTRIES[name])


def box(product: Product) -> Box:
    """The islands."""
    return box_of(NATIVE_GRIDS[product.native_grid or ""], -160, 15, -155, 23, margin=1)


def decoded(path: Path, name: str) -> tuple[Any, Any, Any, Any]:
    """Longitude, latitude of points, and (point, time) of the file's own days, by netCDF4 and numpy alone."""
    with netCDF4.Dataset(path) as data:
        data.set_auto_mask(False)
        data.set_auto_scale(name == "ASCAT_H119")
        value = np.asarray(data[entry(name).names("value")[0]][:], float)
        x, y = (np.asarray(data[axis][:], float) for axis in ("lon", "lat"))
        stamps = netCDF4.num2date(
            data["time"][:], data["time"].units, only_use_cftime_datetimes=False, only_use_python_datetimes=True
        )
        days = np.array([stamp.toordinal() for stamp in np.asarray(stamps).ravel()])
        if name.startswith("ASCAT"):
            missing = 127 if name == "ASCAT_H113" else 655.35
            value = np.where((np.abs(value - missing) < 0.01) | (value < 0) | (value > 100), np.nan, value / 100)
            counts = data["row_size"][:]
            counts = np.where(counts < 0, 0, counts)
            return x, y, np.repeat(np.arange(x.size), counts), (days, value)
        if name == "SMAP_V9":
            quality, surface = (np.asarray(data[flag][:]) for flag in ("retrieval_qual_flag", "surface_flag"))
            good = (value >= 0) & (value <= 1) & (quality & 4 == 0) & (surface & (32 + 64 + 256) == 0)
            good &= (surface & 128 == 0) | (quality & 8 > 0)
            return x, y, data["locationIndex"][:], (days, np.where(good, value, np.nan))
        if name == "SMOS_105_ASC":
            value = np.where(np.isin(data["Quality_Flag"][:], (0, 1)), value, np.nan)
        value = np.where((value >= 0) & (value <= 1), value, np.nan)
        return x, y, np.repeat(np.arange(x.size), days.size), (np.tile(days, x.size), value.ravel())


def centre_of(field: Field, longitude: float, latitude: float) -> tuple[int, int, float, float]:
    """Row and column of the cell that holds a point, and its centre."""
    x, y = centres(field.grid, field.box)
    row, column = int(np.abs(y - latitude).argmin()), int(np.abs(x - longitude).argmin())
    return row, column, float(x[column]), float(y[row])


@pytest.mark.parametrize("file", FILES)
def test_cell_files_are_read_as_they_are(real: Path, file: str) -> None:
    name, path = file.partition("/")[0], real / "cells" / f"{file}.nc"
    x, y, point, (days, values) = decoded(path, name)
    first, last, product = date(2017, 5, 1), date(2017, 5, 12), entry(name)
    fields = read(product, found_at(path), box(product), first, last)
    here = np.flatnonzero((days >= first.toordinal()) & (days <= last.toordinal()))
    assert [field.start for field in fields] == [date.fromordinal(day) for day in np.unique(days[here]).tolist()]
    used, compared = np.flatnonzero(np.abs(y) <= 90), 0
    for field in fields:
        of_day = here[(days[here] == field.start.toordinal()) & np.isfinite(values[here])]
        for index in np.unique(point[of_day])[:: 1 + np.unique(point[of_day]).size // 12]:
            row, column, east, north = centre_of(field, x[index], y[index])
            away = np.hypot((x[used] - east) * np.cos(np.radians(north)), y[used] - north)
            if used[away.argmin()] == index:  # else another point is nearer
                assert_allclose(field.values[row, column], values[of_day[point[of_day] == index]].mean(), rtol=1e-5)
                compared += 1
    assert compared >= 5


def test_the_shipped_rule_keeps_hawaii(real: Path) -> None:
    """Every retrieval over Hawaii has the bit `frozen by radiometer`, because no freeze/thaw retrieval is made there."""
    path, first = real / "cells/SMAP_V9/0165.nc", date(2017, 1, 1)
    product, old = entry("SMAP_V9"), {"surface": {"without": [32, 64, 128, 256]}}
    found, last = found_at(path), first + timedelta(days=30)
    fields = read(product, found, box(product), first, last)
    assert sum(field.cells.numbers.size for field in fields) > 50
    changed = Product.model_validate(product.model_dump() | {"keep": old})
    assert sum(field.cells.numbers.size for field in read(changed, found, box(product), first, last)) == 0
    with netCDF4.Dataset(path) as data:
        quality, surface, value = (
            np.asarray(data[name][:]) for name in ("retrieval_qual_flag", "surface_flag", "soil_moisture")
        )
    there = np.asarray(value) != -9999
    assert (surface[there] & 128 > 0).all() and (quality[there] & 8 > 0).all()
