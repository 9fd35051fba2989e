"""The HDF4 products: AE_Land3, MODIS temperature and land cover, GLASS leaf area index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from rssm.toy.geography import Array
from rssm.toy.noise import normal
from rssm.toy.observe import Overpasses
from rssm.toy.sensors import LEAVES_SEEN
from rssm.toy.truth import leaf_area
from rssm.toy.writers.layers import Asked, Layer, Native, eos_grid, stored, struct_metadata, write_hdf4

NO_SWATH, NO_RETRIEVAL = 9999, -9999
DENSE_BIT, FROZEN_BIT = 16, 8
LAND3_CORNERS = ((-17334194.0, 7344784.825), (17334193.5375, -7344785.0))
GEO_CORNERS = ((-180000000.0, 90000000.0), (180000000.0, -90000000.0))
LST_ATTRIBUTES: Mapping[str, Any] = {
    "long_name": "Monthly Land-surface Temperature",
    "units": "Kelvin",
    "valid_range": [7500, 65535],
    "_FillValue": 0,
    "scale_factor": 0.02,
    "add_offset": 0.0,
}
QC_ATTRIBUTES: Mapping[str, Any] = {"long_name": "Quality control", "valid_range": [0, 255], "_FillValue": "NA\0"}


def land3(asked: Asked) -> Iterator[Native]:
    """AE_Land3: both orbit directions in one daily file, 25 km EASE-Grid 1."""
    seen = asked.seen
    names = ("Ascending_Land_Grid", "Descending_Land_Grid")
    text = {"StructMetadata.0": struct_metadata([eos_grid(n, seen.cells, LAND3_CORNERS, "GCTP_BCEA") for n in names])}
    for index, day in asked.each():
        layers = [
            layer
            for number, orbit in enumerate(seen.sensor.passes)
            for layer in _land3_grid(seen, index, number, orbit, day)
        ]
        yield Native.of(asked.name(day), write_hdf4, seen.cells, layers, text)


def _land3_grid(seen: Overpasses, index: int, number: int, orbit: str, day: date) -> list[Layer]:
    here, cold = seen.seen[index, number], seen.frozen[index] | seen.snow[index]
    value = seen.value[index, number]  # a value is given for frozen ground; only the flag shows it
    got = ~np.isnan(value)

    def layer(name: str, values: Array, scale: float, units: str) -> Layer:
        count = np.where(here, stored(values, scale, NO_RETRIEVAL, np.int16), NO_SWATH).astype(np.int16)
        return Layer(f"{orbit}_{name}", count, None, {"units": units})

    flags = np.where(cold, FROZEN_BIT, np.where(seen.leaves[index] > 5, DENSE_BIT, 0))
    since = 86_400.0 * (day - date(1993, 1, 1)).days + (48_600.0 if orbit == "A" else 5_400.0)
    return [
        Layer(f"{orbit}_Time", np.where(here, since, 9999.0), None, {"units": "seconds since 1993-01-01"}),
        layer("Soil_Moisture", value, 0.001, "g cm-3"),
        layer("Veg_Water_Content", np.where(got, 0.8 * seen.leaves[index], np.float32(np.nan)), 0.01, "kg m-2"),
        layer("Inversion_QC_Flag", flags.astype(np.float32), 1, "none"),
    ]


def surface_temperature(asked: Asked) -> Iterator[Native]:
    """MOD11C3 and MYD11C3: monthly means by day and night; `days` are the first days of the months."""
    earth = asked.earth
    look = earth.look("latlon_0.05", 1)
    grid = look.cells
    mean, swing = map(look.nearest, earth.surface_heat(asked.year))
    sea = look.nearest(~earth.geography.land)
    text = {
        "StructMetadata.0": struct_metadata([eos_grid("MODIS_MONTHLY_0.05DEG_CMG_LST", grid, GEO_CORNERS, "GCTP_GEO")])
    }
    for _, day in asked.each():
        month = day.month - 1
        for satellite, share in (("MOD", 0.8), ("MYD", 1.0)):
            if satellite == "MYD" and day < date(2002, 7, 1):
                continue
            layers = []
            for half, sign in (("Day", 1.0), ("Night", -1.0)):
                spread = 0.4 * normal(
                    earth.toy.seed, f"{satellite}{half}", day.toordinal(), grid.rows[:, None], grid.columns
                )
                kelvin = np.where(sea, np.float32(np.nan), mean[month] + sign * share * swing[month] + spread)
                layers.append(Layer(f"LST_{half}_CMG", stored(kelvin, 0.02, 0, np.uint16), 0, LST_ATTRIBUTES))
                layers.append(Layer(f"QC_{half}", np.where(sea, 2, 0).astype(np.uint8), None, QC_ATTRIBUTES))
            name = asked.name(day, satellite=satellite)
            yield Native.of(name, write_hdf4, grid, layers, text)


def land_cover(asked: Asked) -> Iterator[Native]:
    """MCD12C1: the yearly class; a tenth of the 0.05° cells differ from their 0.1° pixel."""
    earth = asked.earth
    look = earth.look("latlon_0.05", 1)
    grid = look.cells
    there = look.nearest(earth.geography.cover(asked.year))
    mixed = (normal(0, "mixed cover", grid.rows[:, None], grid.columns) > 1.28) & (there > 0)
    cover = np.where(mixed, 12, there).astype(np.uint8)
    attributes = {
        "long_name": "Majority_Land_Cover_Type_1",
        "units": "class number",
        "valid_range": [0, 16],
        "_FillValue": 255,
    }
    layers = [Layer("Majority_Land_Cover_Type_1", cover, 255, attributes)]
    text = {"StructMetadata.0": struct_metadata([eos_grid("MOD12C1", grid, GEO_CORNERS, "GCTP_GEO")])}
    name = asked.name(date(asked.year, 1, 1))
    yield Native.of(name, write_hdf4, grid, layers, text)


def glass(asked: Asked) -> Iterator[Native]:
    """GLASS01B01: leaf area index of eight days; `days` are the first days."""
    earth, truth = asked.earth, asked.truth
    area = leaf_area(earth.geography, truth)
    look = earth.look("latlon_0.05", 1)
    grid = look.cells
    texture = LEAVES_SEEN[asked.product_id] + 0.08 * np.clip(
        normal(earth.toy.seed, "glass", grid.rows[:, None], grid.columns), -2.5, 2.5
    )
    sea = look.nearest(~earth.geography.land)
    attributes = {
        "long_name": "LAI",
        "units": "m2/m2",
        "valid_range": [0, 100],
        "_FillValue": 255,
        "scale_factor": 0.1,
        "add_offset": 0.0,
    }
    text = {"StructMetadata.0": struct_metadata([eos_grid("GLASS01B01", grid, GEO_CORNERS, "GCTP_GEO")])}
    for _, day in asked.each():
        start = day.toordinal() - truth.first
        leaves = look.nearest(area[start : start + 8].mean(axis=0)) * texture
        layers = [Layer("LAI", stored(np.where(sea, np.float32(np.nan), leaves), 0.1, 255, np.uint8), 255, attributes)]
        name = asked.name(day)
        yield Native.of(name, write_hdf4, grid, layers, text)
