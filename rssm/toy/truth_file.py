"""The truth of the toy Earth as a file: dekad means of a year. No rule but scoring may read it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rssm.calendar import DEKADS
from rssm.files import atomic
from rssm.toy.truth import Earth


def write_truth(earth: Earth, year: int, path: str | Path) -> None:
    """Write `moisture` (m³ m⁻³), `rain` (mm a dekad) and `frozen` (share of days) as (dekad, latitude, longitude)."""
    import netCDF4

    truth = earth.year(year)
    rows, columns = earth.inner
    sea = ~earth.geography.land[earth.inner]
    steps = DEKADS.year(year)
    edges = np.array([DEKADS.start(step).toordinal() - truth.first for step in steps])
    lengths = np.array([DEKADS.days(step) for step in steps], np.float32)[:, None, None]
    fields = {
        "moisture": (truth.moisture, lengths, "m3 m-3", "mean surface soil moisture (top 5 cm)"),
        "rain": (truth.rain, np.float32(1), "mm", "rain of the dekad"),
        "frozen": (truth.frozen.astype(np.float32), lengths, "1", "share of frozen days"),
    }
    with atomic(path) as beside, netCDF4.Dataset(beside, "w") as file:
        file.setncatts({"Conventions": "CF-1.8", "title": "Truth of the toy Earth", "comment": "for scoring only"})
        file.createDimension("time", len(steps))
        for name, values, units in (
            ("latitude", earth.geography.latitude[rows, 0], "degrees_north"),
            ("longitude", earth.geography.longitude[0, columns], "degrees_east"),
        ):
            file.createDimension(name, len(values))
            axis = file.createVariable(name, "f4", (name,))
            axis.setncatts({"units": units, "standard_name": name})
            axis[:] = values
        time = file.createVariable("time", "i4", ("time",))
        time.setncatts({"units": f"days since {year}-01-01", "standard_name": "time", "calendar": "standard"})
        time[:] = edges
        for name, (daily, divisor, units, title) in fields.items():
            sums = np.add.reduceat(daily[:, rows, columns], edges, axis=0, dtype=np.float32)
            variable = file.createVariable(
                name, "f4", ("time", "latitude", "longitude"), compression="zlib", fill_value=np.nan
            )
            variable.setncatts({"units": units, "long_name": title})
            variable[:] = np.where(sea, np.float32(np.nan), sums / divisor)
