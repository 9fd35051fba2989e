"""Water, frost, vegetation fractions and constants: SWAMPS, MEaSUREs freeze/thaw, VCF5KYR, SMAP and ASCAT constants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.grid import Region
from rssm.toy.footprint import KM_PER_DEGREE
from rssm.toy.noise import normal
from rssm.toy.writers.layers import (
    Asked,
    Layer,
    Native,
    checksum,
    filled,
    lat_lon,
    stored,
    write_geotiff,
    write_hdf5,
    write_netcdf,
)

FROZEN, THAWED, MORNING_FROST, ALL_WATER, FILL = 0, 1, 2, 254, 255
NO_VEGETATION_MAP = (1994, 2000)


def water(asked: Asked) -> Iterator[Native]:
    """SWAMPS: daily fraction of surface water, 25 km, netCDF-4."""
    earth = asked.earth
    look = earth.look("ease1_25km", 25)
    grid = look.cells
    wet = earth.open_water(asked.year)
    places = lat_lon("ease1_25km")
    about = {"long_name": "fraction of surface water", "units": "1"}
    for index, day in asked.each():
        noise = normal(earth.toy.seed, "swamps", int(asked.days[index]), grid.rows[:, None], grid.columns)
        fraction = np.clip(look(wet[day.timetuple().tm_yday - 1]) * (1 + 0.1 * noise), 0, 1)
        fraction = np.where(look.land < 0.05, np.float32(np.nan), fraction)
        layers = [Layer("fw", filled(fraction, -999)[None], -999.0, about, "tyx")]
        since = np.array([(day - date(1970, 1, 1)).days], np.float64)
        coordinates = {"t": ("time", since, {"units": "days since 1970-01-01"}), **places}
        yield Native.of(asked.name(day), write_netcdf, grid, layers, coordinates)


def frost(asked: Asked) -> Iterator[Native]:
    """MEaSUREs freeze/thaw of morning and evening combined, 25 km, HDF5."""
    earth = asked.earth
    look = earth.look("ease1_25km", 25)
    grid = look.cells
    truth = asked.truth
    for _, day in asked.each():
        heat = look(truth.temperature[day.toordinal() - truth.first])
        code = np.select([look.land < 0.05, heat < 271, heat < 274.5], [ALL_WATER, FROZEN, MORNING_FROST], THAWED)
        meaning = {"_FillValue": np.uint8(FILL), "long_name": "freeze/thaw status", "coordinates": "cell_lat cell_lon"}
        layers = [Layer("TFT", code.astype(np.uint8), FILL, meaning)]
        yield Native.of(asked.name(day), write_hdf5, grid, layers)


def vegetation(asked: Asked) -> Iterator[Native]:
    """VCF5KYR: yearly per cent of trees, other vegetation and bare ground, GeoTIFF of three bands."""
    earth = asked.earth
    if asked.year in NO_VEGETATION_MAP:
        return
    look = earth.look("latlon_0.05", 1)
    grid, land = look.cells, earth.geography
    spread = 0.04 * normal(earth.toy.seed, "vcf", asked.year, grid.rows[:, None], grid.columns)
    tree = np.clip(look.nearest(land.tree) + spread - 0.001 * (asked.year - 2010), 0, 1)
    other = np.clip(look.nearest(land.nontree) - spread, 0, 1 - tree)
    sea = look.nearest(~land.land)
    bands = [
        Layer(name, stored(np.where(sea, np.float32(np.nan), 100 * part), 1, FILL, np.uint8))
        for name, part in (("tree", tree), ("nontree", other), ("bare", 1 - tree - other))
    ]
    name = asked.name(date(asked.year, 1, 1))
    yield Native.of(name, write_geotiff, grid, bands, FILL)


def soil(asked: Asked) -> Iterator[Native]:
    """SPL4SMLM: land model constants, 9 km, HDF5."""
    earth = asked.earth
    look = earth.look("ease2_m09", 9)
    grid, land = look.cells, earth.geography

    def layer(name: str, field: NDArray[np.float32], units: str) -> Layer:
        values = np.where(look.land < 0.05, np.float32(np.nan), look(field))
        fill = np.float32(-9999)
        attributes = {"_FillValue": fill, "missing_value": fill, "units": units, "long_name": name}
        return Layer(f"Land-Model-Constants_Data/{name}", filled(values, -9999), -9999, attributes)

    whole = np.ones(grid.shape, np.float32)
    layers = [
        layer("mwrtm_sand", land.sand, "dimensionless"),
        layer("mwrtm_clay", land.clay, "dimensionless"),
        layer("mwrtm_poros", land.porosity, "m3 m-3"),
        layer("clsm_poros", land.porosity, "m3 m-3"),
        layer("cell_elevation", land.elevation, "m"),
        Layer("cell_lat", grid.latitude * whole, -9999, {"units": "degrees"}),
        Layer("cell_lon", grid.longitude * whole, -9999, {"units": "degrees"}),
    ]
    name = asked.name(date(2000, 1, 1))
    yield Native.of(name, write_hdf5, grid, layers)


def points(asked: Asked) -> Iterator[Native]:
    """The ASCAT constants: values on points some 12.5 km apart, netCDF-4; the first points lie at 0° N, 0° E."""
    land, patch = asked.earth.geography, asked.earth.patch
    latitude, longitude, number = _points(asked.earth.area.region)
    n = patch.grid.zone_pixels
    row = np.clip(np.floor((land.latitude[0, 0] + 0.5 / n - latitude) * n).astype(int), 0, patch.rows - 1)
    start = (patch.column / n + patch.grid.west) % 360
    column = np.clip(np.floor((longitude - start) % 360 * n).astype(int), 0, patch.columns - 1)
    on_land = land.land[row, column]
    on_land[:2] = False

    def layer(name: str, field: NDArray[Any], title: str, units: str) -> Layer:
        values = np.where(on_land, np.rint(field[row, column]), 127).astype(np.int8)
        return Layer(name, values, 127, {"missing_value": np.int8(127), "long_name": title, "units": units})

    layers = [
        layer("topo", land.relief, "Topographic complexity", "percent"),
        layer("wetland", land.wetland, "Fraction coverage inundation and wetlands", "percent"),
        layer("rainforest", land.rainforest.astype(np.int8), "Rainforest mask", "1"),
    ]

    def save(path: Path) -> None:
        import netCDF4

        with netCDF4.Dataset(path, "w") as file:
            file.createDimension("obs", len(latitude))
            file.setncattr("featureType", "point")
            for name, values, units in (("lat", latitude, "degrees_north"), ("lon", longitude, "degrees_east")):
                axis = file.createVariable(name, "f4", ("obs",))
                axis.units = units
                axis[:] = values
            file.createVariable("location_id", "i4", ("obs",))[:] = number
            for layer in layers:
                variable = file.createVariable(layer.name, "i1", ("obs",))
                variable.setncatts(layer.attributes)
                variable.set_auto_maskandscale(False)
                variable[:] = layer.data

    name = asked.name(date(2000, 1, 1))
    yield Native(name, save, checksum(name, layers))


def _points(region: Region) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Latitudes, longitudes and numbers of the points of a region, in bands, after two at 0° N, 0° E."""
    step = 12.5 / KM_PER_DEGREE
    bands = np.arange(int(np.floor((region.south - 0.2) / step)), int(np.ceil((region.north + 0.2) / step)))
    latitudes, longitudes, numbers = [np.zeros(2)], [np.zeros(2)], [np.arange(2)]
    for band in bands:
        around = max(int(360 * np.cos(np.radians((band + 0.5) * step)) / step), 1)
        turn = np.arange(around) * 360 / around
        near = turn[(turn - region.west + 0.2) % 360 <= region.degrees + 0.4]
        latitudes.append(np.full(len(near), (band + 0.5) * step))
        longitudes.append((near + 180) % 360 - 180)
        numbers.append(4000 * (band + 1000) + np.rint(near / 360 * around).astype(int))
    return np.concatenate(latitudes), np.concatenate(longitudes), np.concatenate(numbers)
