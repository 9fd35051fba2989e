"""SMAP_E: SPL3SMP_E granules, HDF5, one a day with morning and evening groups on the 9 km EASE-Grid 2.0."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np

from rssm.toy.geography import Array
from rssm.toy.observe import Overpasses
from rssm.toy.writers.layers import Asked, Layer, Native, filled, write_hdf5

GROUP = "Soil_Moisture_Retrieval_Data_"
NOT_RECOMMENDED, NOTHING = 1, 1 | 2 | 4 | 8  # 1 not recommended, 2 not attempted, 4 failed, 8 freeze/thaw failed
WATER, SNOW, FROZEN, MODEL_FROZEN, MOUNTAIN, DENSE = 1, 32, 128, 256, 512, 1024
FLAG = {"_FillValue": np.uint16(65534), "flag_masks": "1s, 2s, 4s, 8s"}
QUALITY = FLAG | {"flag_meanings": "Retrieval_recommended Retrieval_attempted Retrieval_success FT_retrieval_success"}
SURFACE = FLAG | {"flag_masks": "1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 1024s, 2048s"}


def files(asked: Asked) -> Iterator[Native]:
    """One granule a day."""
    seen = asked.seen
    relief = seen.look(asked.earth.geography.relief)
    for index, day in asked.each():
        layers = [
            layer
            for number, half in enumerate(seen.sensor.passes)
            for layer in _half(seen, relief, index, number, half, day)
        ]
        yield Native.of(asked.name(day), write_hdf5, seen.cells, layers)


def _half(seen: Overpasses, relief: Array, index: int, number: int, half: str, day: date) -> list[Layer]:
    """Variables of the morning or the evening group."""
    value, here = seen.value[index, number], seen.seen[index, number]
    frozen, snow = seen.frozen[index], seen.snow[index]
    leaves = seen.leaves[index]
    failed = np.isnan(value) | snow
    # Frozen soil: a retrieval is made, looks dry, and only the surface flag shows it.
    value = np.where(failed, np.float32(np.nan), np.where(frozen, 0.4 * value, value))
    quality = np.where(leaves > 3.5, NOT_RECOMMENDED, 0) | np.where(frozen, NOT_RECOMMENDED | 8, 0)
    quality = np.where(here, np.where(failed, NOTHING, quality), 65534).astype(np.uint16)
    surface = (seen.water > 0.05) * WATER | snow * SNOW | frozen * (FROZEN | MODEL_FROZEN)
    surface = np.where(here, surface | (relief > 20) * MOUNTAIN | (leaves > 3.5) * DENSE, 65534).astype(np.uint16)
    passage = datetime(day.year, day.month, day.day, 6 if half == "AM" else 18)
    since = (passage - datetime(2000, 1, 1, 12)).total_seconds()
    moisture = {
        "_FillValue": np.float32(-9999),
        "units": "cm**3/cm**3",
        "valid_min": np.float32(0.02),
        "valid_max": np.float32(0.5),
    }
    group, tail = f"{GROUP}{half}/", "_pm" if half == "PM" else ""
    no_fill = {} if half == "AM" else {"_FillValue": np.float32(-9999)}  # as in real granules
    shape = here.shape

    def real(name: str, data: Array, attributes: dict[str, object]) -> Layer:
        shown = filled(np.where(here, data, np.float32(np.nan)), -9999)
        return Layer(f"{group}{name}{tail}", shown, -9999, attributes)

    fill = {"_FillValue": np.float32(-9999)}
    return [
        real(
            "soil_moisture",
            value * 0.95 + 0.01,
            moisture | {"long_name": "Representative DCA soil moisture measurement"},
        ),
        real("soil_moisture_scav", value, moisture | {"long_name": "Representative SCA-V soil moisture measurement"}),
        real("soil_moisture_error", np.full(shape, np.nan, np.float32), moisture),
        Layer(f"{group}retrieval_qual_flag{tail}", quality, 65534, QUALITY),
        Layer(f"{group}retrieval_qual_flag_scav{tail}", quality, 65534, QUALITY),
        Layer(f"{group}surface_flag{tail}", surface, 65534, SURFACE),
        real("vegetation_water_content", 0.9 * leaves, fill | {"units": "kg/m**2"}),
        real("surface_temperature", seen.heat[index], fill | {"units": "Kelvins"}),
        real("latitude", np.broadcast_to(seen.cells.latitude, shape), no_fill | {"units": "degrees_north"}),
        real("longitude", np.broadcast_to(seen.cells.longitude, shape), no_fill | {"units": "degrees_east"}),
        Layer(
            f"{group}tb_time_seconds{tail}",
            np.where(here, since, -9999.0),
            -9999,
            {"_FillValue": -9999.0, "units": "seconds", "long_name": "seconds since 2000-01-01 12:00:00"},
        ),
    ]
