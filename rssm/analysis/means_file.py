"""The file of what all years of a product come to: maps on land pixels, profiles over latitude, series of regions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.series import BOUNDS, Series
from rssm.analysis.specs import MeansSpec
from rssm.cubes.place import scatter
from rssm.files import Kind
from rssm.grid import Area

MEANS = Kind("means of all years")
F32 = NDArray[np.float32]
UNITS = "m3 m-3"
PIXEL, YEAR = ("pixel",), ("year",)
BY_REGION = {
    "area": ("region",),
    "step": ("step",),
    "mean": ("region", "step"),
    "coverage": ("region", "step"),
    "sigma": ("bound", "region", "step"),
    "years": ("year",),
    "annual": ("region", "year"),
    "annual_sigma": ("bound", "region", "year"),
    "annual_coverage": ("region", "year"),
    "monthly_anomaly": ("region", "year_month"),
    "anomaly": ("region", "year"),
    "anomaly_coverage": ("region", "year_month"),
}
BY_PIXEL = {
    "mean": (PIXEL, "mean of all values, weighted by days"),
    "share": (PIXEL, "share of the days of all years that have a value"),
    "monthly": (("month", "pixel"), "mean of a month over all years"),
    "annual": (("year", "pixel"), "mean of a year, of the days that have a value"),
    "anomaly": (("year", "pixel"), "mean departure of a year's months from the pixel's mean year"),
}


@dataclass(frozen=True)
class Profile:
    """Means over the land of rows.

    latitude  (row,) degrees
    mean      (13, row) of all months, and of each
    """

    latitude: NDArray[np.floating]
    mean: NDArray[np.float64]


@dataclass(frozen=True)
class Means:
    """What all years come to, on land pixels.

    pixel    (pixel,) numbers on the whole grid
    years    (year,)
    mean     (pixel,) of all values; share: of the days with one
    monthly  (month, pixel)
    annual   (year, pixel); anomaly: from the pixel's mean year
    """

    pixel: NDArray[np.int64]
    years: NDArray[np.int64]
    mean: F32
    share: F32
    monthly: F32
    annual: F32
    anomaly: F32
    profile: Profile


def write_means(path: str | Path, means: Means, series: Series, spec: MeansSpec) -> None:
    """Write the file."""
    with MEANS.created(path) as file:
        file.setncatts({"grid_id": spec.area.grid_id, "calendar_id": spec.calendar_id})
        sizes = {"pixel": means.pixel.size, "year": means.years.size, "month": 12, "row": means.profile.latitude.size}
        sizes |= {"profile": 13, "bound": len(BOUNDS), "region": len(series.label), "step": series.step.size}
        for dimension, size in (sizes | {"year_month": means.years.size * 12}).items():
            file.createDimension(dimension, size)
        _put(file, "pixel", PIXEL, means.pixel)
        _put(file, "year", YEAR, means.years)
        _put(file, "latitude", ("row",), means.profile.latitude)
        _put(file, "profile", ("profile", "row"), means.profile.mean)
        for name, (dimensions, text) in BY_PIXEL.items():
            _put(file, name, dimensions, getattr(means, name))
            file[name].setncatts({"long_name": text, "units": "1" if name == "share" else UNITS})
        group = file.createGroup("series")
        for name, words in (("kind", series.kind), ("label", series.label), ("bounds", BOUNDS)):
            dimension = "bound" if name == "bounds" else "region"
            group.createVariable(name, str, (dimension,))[:] = np.array(words, object)
        for name, dimensions in BY_REGION.items():
            _put(group, name, dimensions, getattr(series, name))


def _put(file: Any, name: str, dimensions: tuple[str, ...], values: NDArray[Any]) -> None:
    file.createVariable(name, values.dtype, dimensions, zlib=True, complevel=1)[:] = values


def read_means(path: str | Path) -> Means:
    """The maps and profiles."""
    with MEANS.opened(path) as file:
        profile = Profile(file["latitude"][:], file["profile"][:])
        mean, share, monthly, annual, anomaly = (file[name][:] for name in BY_PIXEL)
        return Means(file["pixel"][:], file["year"][:], mean, share, monthly, annual, anomaly, profile)


def read_layer(path: str | Path, name: str, area: Area) -> NDArray[np.float32]:
    """A layer of the maps (…, row, column) of an area."""
    with MEANS.opened(path) as file:
        return scatter(file[name][:], file["pixel"][:], area.window, area.grid)


def read_profile(path: str | Path) -> Profile:
    """The profiles alone."""
    with MEANS.opened(path) as file:
        return Profile(file["latitude"][:], file["profile"][:])


def read_series(path: str | Path) -> Series:
    """The series of regions."""
    with MEANS.opened(path) as file:
        group = file["series"]
        kind, label = (tuple(group[name][:].tolist()) for name in ("kind", "label"))
        return Series(kind, label, *(group[name][:] for name in BY_REGION))


def read_years(path: str | Path) -> NDArray[np.int64]:
    """The years alone."""
    with MEANS.opened(path) as file:
        years: NDArray[np.int64] = file["year"][:]
        return years
