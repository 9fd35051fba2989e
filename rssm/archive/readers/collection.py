"""One file of a collection of points, read once: which of its numbers are of which day, and what they say when asked.

Numbers stay as they are stored until a period asks for them, and lie in the order of their days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile
from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import centres
from rssm.archive.listing import Found
from rssm.archive.readers.decode import Stored, screen
from rssm.archive.readers.netcdf import Variable, open_cf
from rssm.archive.readers.points import EARTH, nearest_point, samples_of, span_of
from rssm.archive.readers.statements import check_product, check_times
from rssm.archive.readers.variables import names_to_read
from rssm.config.catalogue import Product


@dataclass(frozen=True)
class Sums:
    """Of each point (point,): sum and number of the values, sum of the squared errors and number of those stated."""

    total: NDArray[np.float64]
    count: NDArray[np.intp]
    squares: NDArray[np.float64]
    stated: NDArray[np.intp]


@dataclass(frozen=True)
class PointFile:
    """The part of a file that a job needs.

    point    (number,) index of the point
    day      (number,) ascending ordinal of the day; None of a static layer
    stored   role → numbers (number,)
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    point: NDArray[np.intp]
    day: NDArray[np.int32] | None
    stored: dict[str, Stored]

    def sums(self, product: Product, period: tuple[date, date] | None, strict: bool) -> tuple[Sums, dict[str, int]]:
        """Sums of the numbers of a period (all of a static layer) that pass the quality rule, and what was left out."""
        part = slice(0, self.point.size)
        if self.day is not None and period is not None:
            first, last = (edge.toordinal() for edge in period)
            part = slice(*np.searchsorted(self.day, [first, last + 1]).tolist())
        points = self.longitude.size
        if self.point[part].size == 0:
            none, no = np.zeros(points), np.zeros(points, np.intp)
            return Sums(none, no, none, no), {}
        some = {
            role: Stored(item.name, item.numbers[part].reshape(1, -1), item.attributes)
            for role, item in self.stored.items()
        }
        cells, notes = screen(product, some, strict)
        point = self.point[part][cells.there.ravel()]
        errors = np.full(point.size, np.nan) if cells.errors is None else cells.errors.astype(float)
        known = ~np.isnan(errors)
        total = np.bincount(point, cells.numbers, points).astype(np.float64)
        squares = np.bincount(point[known], errors[known] ** 2, points).astype(np.float64)
        count, stated = (np.bincount(some_points, minlength=points) for some_points in (point, point[known]))
        return Sums(total, count, squares, stated), notes


def load(
    product: Product, found: Found, first: date, last: date, strict: bool, near: tuple[NativeGrid, Box]
) -> PointFile:
    """Read what a file holds between two days, of points within reach of a box."""
    with open_cf(found) as there:
        check_product(product, there.said)
        variables = {role: there[name] for role, name in names_to_read(product, strict, there)}
        samples = samples_of(there, variables["value"])
        check_times(found, (), span_of(samples), there.said)
        if any(np.prod(item.shape) != samples.point.size for item in variables.values()):
            raise BadFile("holds variables of different lengths", "one length")
        wanted = _within_reach(samples.longitude, samples.latitude, *near, product.options.reach)
        kept = np.append(wanted, False)[samples.point]  # -1 is the place behind the last
        day = None
        if samples.day is not None:
            ordinal = samples.day.astype("datetime64[D]").astype(np.int64) + date(1970, 1, 1).toordinal()
            kept &= ~np.isnat(samples.day) & (ordinal >= first.toordinal()) & (ordinal <= last.toordinal())
            at = np.flatnonzero(kept)
            at = at[np.argsort(ordinal[at], kind="stable")]
            day = ordinal[at].astype(np.int32)
        else:
            at = np.flatnonzero(kept)
        stored = {role: Stored(v.path, _picked(v, at), v.attributes) for role, v in variables.items()}
    return PointFile(samples.longitude, samples.latitude, samples.point[at], day, stored)


def _picked(variable: Variable, at: NDArray[np.intp]) -> NDArray[np.generic]:
    """Numbers at flat places; of a long record only the part between the first and the last is read."""
    if at.size == 0:
        return np.empty(0, variable[tuple(slice(0, 0) for _ in variable.shape)].dtype)
    if len(variable.shape) > 1:
        return variable[...].reshape(-1)[at]
    low = int(at.min())
    return variable[(slice(low, int(at.max()) + 1),)][at - low]


def _within_reach(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64], grid: NativeGrid, box: Box, reach: float
) -> NDArray[np.bool_]:
    """Which points lie so near to a box that one of its cells may take them."""
    x, y = centres(grid, box)
    margin = float(np.degrees(reach / EARTH)) * 1.01
    highest = min(float(np.abs(y).max()) + margin, 89.9)
    wide = (x.max() - x.min()) / 2 + margin / np.cos(np.radians(highest))
    usable = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 360)
    with np.errstate(invalid="ignore"):
        away = np.abs((np.where(usable, longitude, 0) - (x.max() + x.min()) / 2 + 180) % 360 - 180)
    return usable & (latitude >= y.min() - margin) & (latitude <= y.max() + margin) & (away <= wide)


def nearest_of_all(grid: NativeGrid, box: Box, files: list[PointFile], reach: float) -> NDArray[np.intp]:
    """Index, over the points of all files one after another, of the nearest to each cell; their number where none is."""
    longitude = np.concatenate([file.longitude for file in files])
    latitude = np.concatenate([file.latitude for file in files])
    return nearest_point(grid, box, longitude, latitude, reach)
