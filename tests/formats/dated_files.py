"""Files of maps at some times, which say more or less of themselves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from real_samples import described

from rssm.archive.grids import NATIVE_GRIDS, whole
from rssm.archive.listing import found_at
from rssm.archive.readers.dispatch import read
from rssm.config.catalogue import Product
from rssm.errors import InputError

X, Y = np.arange(-172.5, 180, 15), np.arange(82.5, -90, -15)
DAILY = described("CCI", keep={}, variables={"value": "sm"})
MONTHLY = DAILY.model_copy(update={"step": "month", "maps": "month"})


def written(path: Path, times: Any, units: str = "hours since 2015-01-01", scalar: bool = False, **said: Any) -> Path:
    """Maps whose cells all hold their number in hundredths, at some times; `bounds` and global attributes are `said`."""
    bounds, calendar = said.pop("bounds", None), said.pop("calendar", None)
    with netCDF4.Dataset(path, "w") as data:
        for name, numbers in (("lat", Y), ("lon", X), ("time", np.atleast_1d(times))):
            if name != "time" or not scalar:
                data.createDimension(name, numbers.size)
            data.createVariable(name, "f8", () if name == "time" and scalar else (name,))[...] = numbers
        data["time"].units = units
        if calendar:
            data["time"].calendar = calendar
        if bounds is not None:
            data.createDimension("nv", 2)
            data["time"].bounds = "time_bnds"
            data.createVariable("time_bnds", "f8", ("time", "nv"))[:] = bounds
        sm = data.createVariable("sm", "f4", ("lat", "lon") if scalar else ("time", "lat", "lon"), fill_value=-9999)
        sm[:] = 0.01 if scalar else np.arange(1, sm.shape[0] + 1)[:, None, None] / 100
        data.setncatts(said)
    return path


def hours(day: date) -> float:
    return 24.0 * (day - date(2015, 1, 1)).days


def refused(product: Product, path: Path, start: date, end: date | None = None) -> str:
    """The complaint about a file under the name of some days; empty where it is read."""
    found = found_at(path, start, end)
    try:
        read(product, found, whole(NATIVE_GRIDS[product.native_grid or ""]))
    except InputError as error:
        return str(error)
    return ""
