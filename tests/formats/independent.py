"""Samples decoded without our readers, and what a pixel of 0.1° gets of their cells by the definition, in plain numpy.

Cells as wide as a pixel or wider: the one that holds the pixel's centre, on an edge the one south or east. Finer ones:
the mean by shared area, of classes the one with the largest share. Cells of other projections: the mean of those whose
centres lie in the pixel, or else the one that holds its centre. Points: the nearest within reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import rasterio
from numpy.typing import NDArray
from pyhdf.SD import SD
from pyproj import Transformer
from scipy.io import netcdf_file

from rssm.grid import Region

Numbers = NDArray[Any]
Raw = Callable[[str], Numbers]  # name → stored numbers, without dimensions of length 1
Axis = str | Callable[[Raw], Numbers]  # a name, or what makes an axis of stored numbers
EARTH = 6371.0  # km
NUDGE = 1e-8  # degrees south and east


@dataclass(frozen=True)
class Lattice:
    """Values (y, x), NaN where missing, at cell centres along two axes: degrees, or metres of a projection."""

    x: Numbers
    y: Numbers
    values: Numbers
    crs: str = ""


@dataclass(frozen=True)
class Points:
    """Values (point,) at longitudes and latitudes, each standing for what lies within reach (km)."""

    x: Numbers
    y: Numbers
    values: Numbers
    reach: float


Decoded = Lattice | Points
Decode = Callable[[Path], Decoded]


# -- decoding --------------------------------------------------------------------------------------------------------------


def by_netcdf(
    value: Callable[[Raw], Numbers], x: Axis = "lon", y: Axis = "lat", crs: str = "", degrees: str = ""
) -> Decode:
    """Axes and values by the NetCDF library; `degrees`: axes in degrees of this projection."""

    def decode(path: Path) -> Lattice:
        with netCDF4.Dataset(path) as data:
            data.set_auto_maskandscale(False)

            def raw(name: str) -> Numbers:
                return np.squeeze(np.asarray(data[name][...]))

            axes = (np.asarray(raw(axis) if isinstance(axis, str) else axis(raw), float) for axis in (x, y))
            return Lattice(*_metres(*axes, degrees), value(raw), crs or degrees)

    return decode


def _metres(x: Numbers, y: Numbers, projection: str) -> tuple[Numbers, Numbers]:
    """Axes in degrees as metres of a cylindrical projection; as they are without one."""
    if not projection:
        return x, y
    forward = Transformer.from_crs(4326, projection, always_xy=True).transform
    return np.asarray(forward(x, 0 * x)[0]), np.asarray(forward(0 * y, y)[1])


def by_scipy(value: Callable[[Raw], Numbers], x: str, y: str, degrees: str = "") -> Decode:
    """The same of classic files, by scipy."""

    def decode(path: Path) -> Lattice:
        with netcdf_file(path, mmap=False) as data:
            axes = (data.variables[name].data.astype(float) for name in (x, y))
            return Lattice(*_metres(*axes, degrees), value(lambda name: data.variables[name].data.copy()), degrees)

    return decode


def by_gdal(value: Callable[[Numbers], Numbers], crs: str = "") -> Decode:
    """The first band of a picture."""

    def decode(path: Path) -> Lattice:
        with rasterio.open(path) as picture:
            turn, numbers = picture.transform, picture.read(1)
        x, y = (np.arange(count) + 0.5 for count in numbers.shape[::-1])
        return Lattice(turn.c + turn.a * x, turn.f + turn.e * y, value(numbers), crs)

    return decode


def by_hdf(name: str, value: Callable[[Numbers], Numbers], left: float, top: float) -> Decode:
    """A data set of a MODIS tile with 1200 cells along a side, whose corner lies at `left` and `top` (m, sinusoidal)."""

    def decode(path: Path) -> Lattice:
        step = 1111950.519667 / 1200
        numbers = np.asarray(SD(str(path)).select(name)[:])
        centres = step * (np.arange(len(numbers)) + 0.5)
        return Lattice(left + centres, top - centres, value(numbers), "+proj=sinu +R=6371007.181")

    return decode


def points(value: Callable[[Raw], Numbers], reach: float, x: str = "lon", y: str = "lat") -> Decode:
    """Points by the NetCDF library; those without a place are left out."""

    def decode(path: Path) -> Points:
        with netCDF4.Dataset(path) as data:
            data.set_auto_maskandscale(False)

            def raw(name: str) -> Numbers:
                return np.asarray(data[name][...])

            east, north, values = raw(x).astype(float), raw(y).astype(float), value(raw)
        used = (np.abs(north) <= 90) & (np.abs(east) <= 360)
        return Points(east[used], north[used], values[used], reach)

    return decode


# -- pixels ----------------------------------------------------------------------------------------------------------------


def centres(region: Region) -> tuple[Numbers, Numbers]:
    """Longitudes and latitudes (row, column) of the pixels' centres."""
    x = region.west + 0.1 * np.arange(region.degrees * 10) + 0.05
    y = region.north - 0.1 * np.arange((region.north - region.south) * 10) - 0.05
    return np.meshgrid(x, y)  # type: ignore[return-value]


def step_of(axis: Numbers) -> float:
    """Distance of the cells of an axis."""
    return float(abs(axis[-1] - axis[0]) / (axis.size - 1))


def holder(cells: Lattice, region: Region) -> Numbers:
    """The value of the cell that holds each pixel's centre."""
    x, y = centres(region)
    x, y = x + NUDGE, y - NUDGE
    if cells.crs:
        x, y = (np.asarray(axis) for axis in Transformer.from_crs(4326, cells.crs, always_xy=True).transform(x, y))
    across, down = step_of(cells.x), step_of(cells.y)
    east = x - (cells.x.min() - across / 2)
    east = east if cells.crs else east % 360
    column, row = np.floor(east / across), np.floor((cells.y.max() + down / 2 - y) / down)
    inside = (column >= 0) & (column < cells.x.size) & (row >= 0) & (row < cells.y.size)
    values = cells.values[:: 1 if cells.y[0] > cells.y[-1] else -1, :: 1 if cells.x[0] < cells.x[-1] else -1]
    out = np.full(x.shape, np.nan)
    out[inside] = values[row[inside].astype(int), column[inside].astype(int)]
    return out


def area_mean(cells: Lattice, region: Region) -> Numbers:
    """Mean of the valid parts of cells in each pixel, by shares of rows and columns as dense matrices."""
    across, down = _shares(cells, region)
    valid = np.isfinite(cells.values)
    with np.errstate(invalid="ignore"):
        mean: Numbers = (down @ np.where(valid, cells.values, 0) @ across.T) / (down @ valid @ across.T)
    return mean


def largest_class(cells: Lattice, region: Region) -> Numbers:
    """The class with the largest share, of shares that agree within a per cent the smaller one."""
    cells = _near(cells, region)
    across, down = _shares(cells, region)
    out, best = np.full((len(down), len(across)), np.nan), np.zeros((len(down), len(across)))
    valid = down @ np.isfinite(cells.values) @ across.T
    for number in np.unique(cells.values[np.isfinite(cells.values)]):
        with np.errstate(invalid="ignore"):
            share = np.round(down @ (cells.values == number) @ across.T / valid, 2)
        out, best = np.where(share > best, number, out), np.fmax(share, best)
    return out


def _near(cells: Lattice, region: Region) -> Lattice:
    """The cells within a degree of a region."""
    row = (cells.y > region.south - 1) & (cells.y < region.north + 1)
    column = (cells.x > region.west - 1) & (cells.x < region.west + region.degrees + 1)
    return Lattice(cells.x[column], cells.y[row], cells.values[np.ix_(row, column)])


def _shares(cells: Lattice, region: Region) -> tuple[Numbers, Numbers]:
    """(pixel, cell) lengths that pixels and cells share along columns and, in proportion to area, along rows."""
    sides = []
    for axis, low, count in (
        ((cells.x - region.west + 180) % 360 - 180 + region.west, region.west, region.degrees * 10),
        (cells.y, region.south, (region.north - region.south) * 10),
    ):
        half, edge = step_of(cells.x if len(sides) == 0 else cells.y) / 2, low + 0.1 * np.arange(count + 1)
        high, bottom = np.minimum(edge[1:, None], axis + half), np.maximum(edge[:-1, None], axis - half)
        length = high - bottom if not sides else np.sin(np.radians(high)) - np.sin(np.radians(bottom))
        sides.append(np.where(high - bottom > 1e-5 * half, length, 0))
    return sides[0], sides[1][::-1]


def by_centres(cells: Lattice, region: Region) -> Numbers:
    """Mean of the valid cells whose centres lie in a pixel, and of a pixel without any what holds its centre."""
    back = Transformer.from_crs(cells.crs, 4326, always_xy=True).transform
    x, y = (np.asarray(axis).ravel() for axis in back(*np.meshgrid(cells.x, cells.y)))
    row = np.floor((region.north - (y - NUDGE)) * 10)
    column = np.floor((x + NUDGE - region.west) * 10)
    shape = (region.north - region.south) * 10, region.degrees * 10
    inside = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
    pixel = (row[inside] * shape[1] + column[inside]).astype(int)
    value = cells.values.ravel()[inside]
    there, size = np.isfinite(value), shape[0] * shape[1]
    count, total = np.bincount(pixel[there], minlength=size), np.bincount(pixel[there], value[there], size)
    with np.errstate(invalid="ignore"):
        mean = (total / count).reshape(shape)
    alone = np.bincount(pixel, minlength=size).reshape(shape) == 0
    return np.where(alone, holder(cells, region), mean)


def nearest(cells: Points, region: Region) -> Numbers:
    """The value of the nearest point, by the angle between places; NaN where none lies within reach."""
    out, margin = [], 1.1 * np.degrees(cells.reach / EARTH)
    some = (cells.y > region.south - margin) & (cells.y < region.north + margin)
    cells = Points(cells.x[some], cells.y[some], cells.values[some], cells.reach)
    for longitude, latitude in zip(*(axis.ravel() for axis in centres(region)), strict=True):
        north = np.flatnonzero(np.abs(cells.y - latitude) < margin)
        to_east = np.sin(np.radians(cells.x[north] - longitude) / 2) ** 2 * np.cos(np.radians(cells.y[north]))
        to_north = np.sin(np.radians(cells.y[north] - latitude) / 2) ** 2
        away = 2 * EARTH * np.arcsin(np.sqrt(to_north + to_east * np.cos(np.radians(latitude))))
        out.append(cells.values[north[away.argmin()]] if north.size and away.min() <= cells.reach else np.nan)
    return np.array(out, float).reshape(centres(region)[0].shape)
