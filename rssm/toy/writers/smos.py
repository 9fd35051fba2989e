"""SMOS-IC: netCDF-4, one file for each day and orbit direction on the 25 km EASE-Grid 2.0, south first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rssm.config.catalogue import Product
from rssm.toy.names import file_name
from rssm.toy.observe import observe
from rssm.toy.truth import Earth
from rssm.toy.writers.layers import Layer, Native, each, filled, lat_lon, write_netcdf

FILL = -999.0
SNOW, FROZEN = 2, 4
MISFIT_GOOD, MISFIT_BAD = 4.0, 12.0  # K


def files(earth: Earth, product_id: str, product: Product, year: int, days: NDArray[np.int64]) -> Iterator[Native]:
    """Two files a day; under frost and snow values are given, and only the flags tell."""
    seen = observe(earth, product_id, days)
    coordinates = lat_lon("ease2_m25", south_first=True)
    volume, unknown = {"units": "m3.m-3"}, np.float32(np.nan)
    for index, day in each(days):
        cold, since = seen.frozen[index] | seen.snow[index], day.toordinal() - date(2000, 1, 1).toordinal()
        for number, orbit in enumerate(seen.sensor.passes):
            value, error, here = seen.value[index, number], seen.error[index, number], seen.seen[index, number]
            missing = np.isnan(value)
            misfit = np.where(cold, MISFIT_BAD, MISFIT_GOOD + 2 * seen.water).astype(np.float32)
            scene = seen.snow[index] * SNOW | seen.frozen[index] * FROZEN
            layers = [
                Layer("Soil_Moisture", filled(value, FILL), FILL, volume | {"long_name": "Soil moisture"}),
                Layer("Soil_Moisture_StdError", filled(np.where(missing, unknown, error), FILL), FILL, volume),
                Layer("RMSE", filled(np.where(missing, unknown, misfit), FILL), FILL, {"units": "K"}),
                Layer("Quality_Flag", np.where(missing, 2, np.where(cold, 1, 0)).astype(np.int8), 2),
                Layer("Scene_Flags", np.where(here, scene, 0).astype(np.uint8), 0),
                Layer("Processing_Flags", np.where(here & missing, 1, 0).astype(np.uint8), 0),
                Layer("Days", np.where(here, since, -9999).astype(np.int32), -9999, {"units": "days since 2000-01-01"}),
            ]  # fmt: skip
            name = file_name(product_id, product, day, orbit=orbit)
            yield Native.of(name, write_netcdf, seen.cells, layers, coordinates, south_first=True)
