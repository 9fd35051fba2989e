"""The files of trends, and of the difference of two products."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.statistics.trend import Trend
from rssm.files import Kind

TRENDS, DIFFERENCE = Kind("trends"), Kind("difference of two products")
NUMBERS = ("slope", "low", "high", "p", "n", "widened")
ABOUT = {
    "slope": "Theil and Sen's slope, per decade",
    "low": "lower end of its interval",
    "high": "upper end of its interval",
    "p": "of no trend, by Mann and Kendall's test with serial correlation",
    "n": "values behind it",
    "widened": "factor by which serial correlation raises the variance of the test",
}
OF_YEARS, OF_MONTHS = "annual", "monthly"


@dataclass(frozen=True)
class TrendMap:
    """Trends (pixel,) per decade, and which are significant on the map as a whole."""

    pixel: NDArray[np.int64]
    trend: Trend
    significant: NDArray[np.bool_]


@dataclass(frozen=True)
class RegionTrends:
    """Trends (region,) per decade of annual and of monthly anomalies."""

    kind: tuple[str, ...]
    label: tuple[str, ...]
    annual: Trend
    monthly: Trend


def write_trends(path: str | Path, of_pixels: TrendMap, of_regions: RegionTrends) -> None:
    """Write the trends of a product."""
    with TRENDS.created(path) as file:
        _put_map(file, of_pixels)
        file.createDimension("region", len(of_regions.label))
        for name, words in (("kind", of_regions.kind), ("label", of_regions.label)):
            file.createVariable(name, str, ("region",))[:] = np.array(words, object)
        for name, trend in ((OF_YEARS, of_regions.annual), (OF_MONTHS, of_regions.monthly)):
            _put_trend(file.createGroup(name), "region", trend)


def read_trends(path: str | Path) -> tuple[TrendMap, RegionTrends]:
    """Read them."""
    with TRENDS.opened(path) as file:
        kind, label = (tuple(file[name][:].tolist()) for name in ("kind", "label"))
        annual, monthly = (_trend(file[name]) for name in (OF_YEARS, OF_MONTHS))
        return _map(file), RegionTrends(kind, label, annual, monthly)


def write_difference(
    path: str | Path,
    of_pixels: TrendMap,
    years: NDArray[np.int64],
    apart: NDArray[np.floating],
    alike: NDArray[np.floating],
) -> None:
    """Write by how much two products differ.

    of_pixels  trends of the difference
    years      (year,) that both have
    apart      (pixel,) difference of the means of these years
    alike      (pixel,) correlation of their anomalies
    """
    with DIFFERENCE.created(path) as file:
        _put_map(file, of_pixels)
        file.createDimension("year", years.size)
        file.createVariable("year", "i8", ("year",))[:] = years
        for name, values, text in (
            ("difference", apart, "difference of the means of these years"),
            ("r", alike, "correlation of the anomalies of these years"),
        ):
            variable = file.createVariable(name, "f4", ("pixel",), zlib=True, fill_value=np.nan)
            variable.long_name = text
            variable[:] = values


@dataclass(frozen=True)
class Difference:
    """By how much two products differ; see `write_difference`."""

    of_pixels: TrendMap
    years: NDArray[np.int64]
    apart: NDArray[np.float32]
    alike: NDArray[np.float32]


def read_difference(path: str | Path) -> Difference:
    """Read it."""
    with DIFFERENCE.opened(path) as file:
        return Difference(_map(file), file["year"][:], file["difference"][:], file["r"][:])


def _put_map(file: Any, found: TrendMap) -> None:
    file.createDimension("pixel", found.pixel.size)
    file.createVariable("pixel", "i8", ("pixel",), zlib=True)[:] = found.pixel
    _put_trend(file, "pixel", found.trend)
    variable = file.createVariable("significant", "i1", ("pixel",), zlib=True)
    variable.long_name = "1: significant, with false discoveries over the whole map controlled"
    variable[:] = found.significant


def _put_trend(file: Any, dimension: str, trend: Trend) -> None:
    for name in NUMBERS:
        values = getattr(trend, name)
        variable = file.createVariable(name, "i4" if name == "n" else "f4", (dimension,), zlib=True)
        variable.long_name = ABOUT[name]
        variable[:] = values


def _map(file: Any) -> TrendMap:
    return TrendMap(file["pixel"][:], _trend(file), file["significant"][:] == 1)


def _trend(file: Any) -> Trend:
    values = {name: file[name][:].astype(np.int64 if name == "n" else np.float64) for name in NUMBERS}
    return Trend(**values)
