"""The file of a year, as the job of a year leaves it and all others read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.pixels import Family
from rssm.analysis.specs import YearSpec
from rssm.errors import InputError
from rssm.files import Kind
from rssm.product.formats.netcdf import CACHE

YEAR_SUMS = Kind("a year, reduced for analysis")
REGIONAL = ("area", "value", "area_sigma", "sigma", "sigma_squared", "sigma_blocks")
ABOUT = {
    "area": "km2, of the pixels with a value",
    "value": "sum of area × value",
    "area_sigma": "km2, of those that state an uncertainty too",
    "sigma": "sum of area × uncertainty",
    "sigma_squared": "sum of (area × uncertainty)²",
    "sigma_blocks": "sum over blocks of (sum of area × uncertainty)²",
}


@dataclass(frozen=True)
class YearSums:
    """What a year comes to.

    pixel      (pixel,) numbers of the land pixels on the whole grid
    regions    families of regions
    step       (step,)
    mean       (month, pixel) means of the values of a month, weighted by days; NaN where there is none
    days       (month, pixel) days behind them
    sums       (REGIONAL, region, step) of the regions of all families, one behind the other
    cell       (cell,) numbers of 0.5° cells
    cell_mean  (step, cell) NaN where less than half of the cell's land has a value
    """

    pixel: NDArray[np.int64]
    regions: Sequence[Family]
    step: NDArray[np.int64]
    mean: NDArray[np.float32]
    days: NDArray[np.uint8]
    sums: NDArray[np.float64]
    cell: NDArray[np.int64]
    cell_mean: NDArray[np.float32]


def write_year(path: str | Path, name: str, year: YearSums, spec: YearSpec) -> None:
    """Write the file."""
    with YEAR_SUMS.created(path) as file:
        file.setncatts({"product": name, "grid_id": spec.area.grid_id, "calendar_id": spec.calendar_id})
        kinds = [family.kind for family in year.regions for _ in family.labels]
        labels = [label for family in year.regions for label in family.labels]
        sizes = {"pixel": year.pixel.size, "step": year.step.size, "month": 12, "cell": year.cell.size}
        for dimension, size in (sizes | {"region": len(labels), "family": len(year.regions)}).items():
            file.createDimension(dimension, size)
        for text, words in (("kind", kinds), ("label", labels)):
            file.createVariable(text, str, ("region",))[:] = np.array(words, object)
        _put(file, "pixel", ("pixel",), year.pixel)
        _put(file, "step", ("step",), year.step)
        _put(file, "cell", ("cell",), year.cell)
        _put(file, "code", ("family", "pixel"), np.stack([family.code for family in year.regions]).astype(np.int8))
        _put(file, "mean", ("month", "pixel"), year.mean)
        _put(file, "days", ("month", "pixel"), year.days)
        _put(file, "cell_mean", ("step", "cell"), year.cell_mean)
        for number, sums in zip(REGIONAL, year.sums, strict=True):
            _put(file, number, ("region", "step"), sums)
            file[number].long_name = ABOUT[number]


def _put(file: Any, name: str, dimensions: tuple[str, ...], values: NDArray[Any]) -> None:
    """Write a variable; of several rows each is a chunk, as they are read."""
    chunks = (1, values.shape[1]) if values.ndim == 2 and values.size else None
    variable = file.createVariable(name, values.dtype, dimensions, zlib=True, complevel=1, chunksizes=chunks)
    variable[:] = values


class YearFile:
    """An open year: what is small at once, months and cells as they are asked for."""

    def __init__(self, file: Any) -> None:
        self._file = file
        for name in ("mean", "days", "cell_mean"):
            file[name].set_var_chunk_cache(CACHE)
        self.pixel: NDArray[np.int64] = file["pixel"][:]
        self.step: NDArray[np.int64] = file["step"][:]
        self.cell: NDArray[np.int64] = file["cell"][:]
        self.product = str(file.product)

    @property
    def regions(self) -> list[Family]:
        """Families of regions."""
        kinds, labels, codes = self._file["kind"][:], self._file["label"][:], self._file["code"][:]
        names = list(dict.fromkeys(kinds.tolist()))
        own = [tuple(labels[kinds == kind].tolist()) for kind in names]
        return [Family(kind, words, code.astype(np.int64)) for kind, words, code in zip(names, own, codes, strict=True)]

    @property
    def sums(self) -> NDArray[np.float64]:
        """REGIONAL (sum, region, step)."""
        return np.stack([self._file[name][:] for name in REGIONAL])

    def month(self, at: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Means (pixel,) of a month, and the days behind them."""
        return self._file["mean"][at], self._file["days"][at]

    def cells(self, at: int) -> NDArray[np.float32]:
        """Means (cell,) of the step at a position."""
        values: NDArray[np.float32] = self._file["cell_mean"][at]
        return values


def same_pixels(years: Sequence[YearFile], paths: Sequence[str]) -> None:
    """Refuse years of different pixels."""
    for year, path in zip(years, paths, strict=True):
        if not np.array_equal(year.pixel, years[0].pixel):
            raise InputError(f"{path}: holds other pixels than {paths[0]}. Remove both and run their rules again.")
