"""The job of a year: its maps, one after the other, become monthly means, sums of regions and means of 0.5° cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.pixels import Family, Land
from rssm.analysis.specs import YearSpec
from rssm.analysis.year_file import REGIONAL, YearSums, write_year
from rssm.calendar import CALENDARS, Calendar
from rssm.validation.samples.fields import fields

HALF = 0.5  # of a cell's land that must have a value
F64 = NDArray[np.float64]
Step = tuple[int, F64, F64]


def year_sums(
    analysed: str,
    year: str,
    maps: Sequence[str],
    land: Sequence[str],
    climate: Sequence[str],
    spec: YearSpec,
    out: Sequence[str],
) -> None:
    """Write what a year of the product that is analysed comes to.

    maps     the year of the data set, or the index of a product's maps
    climate  index of the map of climates, or nothing
    """
    ground = Land.with_climate(land[0], spec.area, climate, spec.climate, spec.calendar_id)
    calendar = CALENDARS[spec.calendar_id]
    write_year(out[0], analysed, reduced(steps_of(maps, ground, spec), ground, calendar, spec.error_degrees), spec)


def steps_of(maps: Sequence[str], ground: Land, spec: YearSpec) -> Iterator[Step]:
    """(step, values (pixel,), uncertainties (pixel,)) of every map; a product that states no uncertainty has NaN."""
    calendar = CALENDARS[spec.calendar_id]
    where = spec.area.window, spec.area.grid, calendar, spec.filled
    ours = maps[0].endswith(".nc")
    unknown = np.full(ground.row.size, np.nan)
    sigmas = (field[ground.there] for _, field in fields(maps, *where, sigma=True)) if ours else repeat(unknown)
    for (step, field), sigma in zip(fields(maps, *where), sigmas, strict=False):
        yield step, field[ground.there].astype(np.float64), sigma.astype(np.float64)


def reduced(steps: Iterator[Step], ground: Land, calendar: Calendar, error_degrees: int) -> YearSums:
    """What some steps of a year come to; one of them is in memory at a time."""
    months = np.zeros((12, ground.row.size), np.float32)
    days = np.zeros((12, ground.row.size), np.uint8)
    made = Regions(ground, error_degrees)
    seen, regional, cells = [], [], []
    for step, value, sigma in steps:
        known, month = np.isfinite(value), calendar.start(step).month - 1
        length = calendar.days(step)
        months[month, known] += (value[known] * length).astype(np.float32)
        days[month, known] += np.uint8(length)
        seen.append(step)
        regional.append(made.sums(value, sigma, known))
        cells.append(_cell_means(ground, value, known))
    with np.errstate(invalid="ignore"):
        means = np.where(days > 0, months / np.maximum(days, 1), np.nan).astype(np.float32)
    return YearSums(
        pixel=ground.pixel,
        regions=ground.families,
        step=np.array(seen, np.int64),
        mean=means,
        days=days,
        sums=np.array(regional, np.float64).reshape(len(seen), len(REGIONAL), made.size).transpose(1, 2, 0),
        cell=ground.cells[0],
        cell_mean=np.array(cells, np.float32).reshape(len(seen), ground.cells[0].size),
    )


class Regions:
    """Sums over regions of a step; what does not change from step to step is kept."""

    def __init__(self, ground: Land, error_degrees: int) -> None:
        self.area = ground.area_km2
        self.families = ground.families
        self.size = sum(len(family.labels) for family in self.families)
        block = ground.block(error_degrees)
        self._blocks = [_blocks(family, block) for family in self.families]

    def sums(self, value: F64, sigma: F64, known: NDArray[np.bool_]) -> F64:
        """REGIONAL (sum, region) of values and uncertainties (pixel,)."""
        both = known & np.isfinite(sigma)
        area = np.where(known, self.area, 0)
        error = np.where(both, self.area * np.nan_to_num(sigma), 0)
        parts = (area, area * np.nan_to_num(value), np.where(both, self.area, 0), error, error**2)
        found = []
        for family, (of_pixel, region) in zip(self.families, self._blocks, strict=True):
            inside, size = family.code >= 0, len(family.labels)
            code = family.code[inside]
            sums = [np.bincount(code, part[inside], size) for part in parts]
            together = np.bincount(of_pixel, error[inside], region.size)
            found.append(np.stack([*sums, np.bincount(region, together**2, size)]))
        return np.concatenate(found, axis=1)


def _blocks(family: Family, block: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which part of a region in a block holds each pixel of a family, and the region of each such part."""
    inside = family.code >= 0
    both = block[inside] * len(family.labels) + family.code[inside]
    parts, of_pixel = np.unique(both, return_inverse=True)
    return of_pixel, parts % len(family.labels)


def _cell_means(ground: Land, value: F64, known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Means (cell,) over the area of the pixels with a value, NaN where they are less than half of the cell's land."""
    number, code = ground.cells
    inside = code >= 0
    area = ground.area_km2[inside]
    there = np.where(known[inside], area, 0)
    whole, with_value, total = (
        np.bincount(code[inside], weights, number.size)
        for weights in (area, there, there * np.nan_to_num(value[inside]))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(with_value >= HALF * whole, total / with_value, np.nan).astype(np.float32)
