"""One file of a collection of points, read and screened once; its numbers lie in the order of their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile
from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import centres
from rssm.archive.listing import Found
from rssm.archive.readers.decode import Stored, is_missing, packing, screen
from rssm.archive.readers.netcdf import Variable, open_cf
from rssm.archive.readers.points import EARTH, Samples, nearest_point, samples_of, span_of
from rssm.archive.readers.statements import check_product, check_times
from rssm.archive.readers.variables import names_to_read
from rssm.config.catalogue import Product

NAT = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Sums:
    """Of each point (point,): sum and number of the values, sum of the squared errors and number of those stated."""

    total: NDArray[np.float64]
    count: NDArray[np.intp]
    squares: NDArray[np.float64]
    stated: NDArray[np.intp]


@dataclass(frozen=True)
class PointFile:
    """The part of a file that a job needs, screened.

    day      (number,) ascending ordinal of the day; None of a static layer
    missing, ranged, there   (number,) which are missing, which present and in range, which pass the quality rule too
    point, value, error      (number that is there,) index of the point, value, own error (NaN where unknown) or None
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    day: NDArray[np.int32] | None
    missing: NDArray[np.bool_]
    ranged: NDArray[np.bool_]
    there: NDArray[np.bool_]
    point: NDArray[np.intp]
    value: NDArray[np.float32]
    error: NDArray[np.float32] | None

    @cached_property
    def day_there(self) -> NDArray[np.int32] | None:
        """(number that is there,) day."""
        return None if self.day is None else self.day[self.there]

    def sums(self, period: tuple[date, date] | None) -> tuple[Sums, dict[str, int]]:
        """Sums of the numbers of a period (all of a static layer), and counts of what was left out."""
        part, good = _within(self.day, period), _within(self.day_there, period)
        points, point = self.longitude.size, self.point[good]
        total = np.bincount(point, self.value[good], points).astype(np.float64)
        count = np.bincount(point, minlength=points)
        squares, stated = np.zeros(points), np.zeros(points, np.intp)
        if self.error is not None:
            error = self.error[good].astype(np.float64)
            known = ~np.isnan(error)
            squares = np.bincount(point[known], error[known] ** 2, points).astype(np.float64)
            stated = np.bincount(point[known], minlength=points)
        missing, ranged = (int(np.count_nonzero(mask[part])) for mask in (self.missing, self.ranged))
        notes = {
            "valid": point.size,
            "screened": ranged - point.size,
            "out_of_range": self.missing[part].size - missing - ranged,
            "missing": missing,
        }
        return Sums(total, count, squares, stated), notes


def _within(day: NDArray[np.int32] | None, period: tuple[date, date] | None) -> slice:
    """Places of the numbers of a period."""
    if day is None or period is None:
        return slice(None)
    first, last = (edge.toordinal() for edge in period)
    edges = np.array([first, last + 1], day.dtype)  # of another type, all days would be copied
    return slice(*np.searchsorted(day, edges).tolist())


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
        at, day = _in_order(samples.day, kept, first, last)
        stored = {role: Stored(v.path, _picked(v, at), v.attributes) for role, v in variables.items()}
    return _screened(product, samples, samples.point[at], day, stored, strict)


def _in_order(
    days: NDArray[np.datetime64] | None, kept: NDArray[np.bool_], first: date, last: date
) -> tuple[NDArray[np.intp], NDArray[np.int32] | None]:
    """Places of the numbers that are kept, between two days and in the order of their days; ordinals of these."""
    if days is None:
        return np.flatnonzero(kept), None
    epoch = date(1970, 1, 1).toordinal()
    low, high = first.toordinal() - epoch, last.toordinal() - epoch
    number = days.astype(np.int64)  # NaT is the smallest
    kept &= (number >= max(low, NAT + 1)) & (number <= high)
    at = np.flatnonzero(kept)
    number = number[at]
    since = number - number.min(initial=high)
    if since.max(initial=0) < 2**16:
        since = since.astype(np.uint16)  # such numbers are sorted by their digits, ten times as fast
    order = np.argsort(since, kind="stable")
    return at[order], (number[order] + epoch).astype(np.int32)


def _screened(
    product: Product,
    samples: Samples,
    point: NDArray[np.intp],
    day: NDArray[np.int32] | None,
    stored: dict[str, Stored],
    strict: bool,
) -> PointFile:
    """All numbers at once, with the reasons of those left out."""
    place = samples.longitude, samples.latitude, day
    if point.size == 0:
        none = np.empty(0, bool)
        return PointFile(*place, none, none, none, point, np.empty(0, np.float32), None)
    cells, notes = screen(product, stored, strict)
    ranged = cells.there
    if notes["screened"]:
        ranged = screen(product.model_copy(update={"keep": {}}), {"value": stored["value"]}, False)[0].there
    missing = is_missing(stored["value"].numbers, packing(product, "value", stored["value"]).fill)
    return PointFile(*place, missing, ranged, cells.there, point[cells.there], cells.numbers, cells.errors)


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
