"""Values on points: static layers of a discrete global grid, and CF collections of time series (one file, many points).

Attributes and dimensions distinguish ragged arrays (contiguous and indexed) from orthogonal ones. A cell of the
catalogue's grid takes the value of the nearest point, if it lies within the option `reach`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile
from rssm.archive.fields import Box, Cells, Field, NativeGrid, Where, spread
from rssm.archive.grids import NATIVE_GRIDS, centres
from rssm.archive.listing import Found, overpass_of
from rssm.archive.readers.decode import FILL, Stored, is_missing, number_of, screen
from rssm.archive.readers.netcdf import Variable, Variables, kind_of, open_cf
from rssm.archive.readers.statements import Interval, check_product, check_times
from rssm.archive.readers.times import times_of
from rssm.archive.readers.variables import names_to_read
from rssm.config.catalogue import Product

EARTH = 6371.0  # km


@dataclass(frozen=True)
class Samples:
    """Which point and which day each stored number belongs to.

    point   index of the point, of each number; -1 of places that no point uses
    day     day of each number (NaT of unused places), or None of static layers
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    point: NDArray[np.intp]
    day: NDArray[np.datetime64] | None


def read(product: Product, found: Found, where: Where, first: date, last: date, strict: bool) -> list[Field]:
    """Fields of a file, one per day that it holds between `first` and `last`, or one of a static layer."""
    grid = NATIVE_GRIDS[product.native_grid or ""]
    box = where(grid)
    with open_cf(found) as there:
        check_product(product, there.said)
        variables = {role: there[name] for role, name in names_to_read(product, strict, there)}
        samples = samples_of(there, variables["value"])
        check_times(found, (), span_of(samples), there.said)
        stored = {role: Stored(v.path, v[...].reshape(1, -1), v.attributes) for role, v in variables.items()}
    if any(item.numbers.size != samples.point.size for item in stored.values()):
        raise BadFile("holds variables of different lengths", "one length")
    cells, notes = screen(product, stored, strict)
    layers = [spread(cells.there, numbers).ravel() for numbers in (cells.numbers, cells.errors) if numbers is not None]
    nearest = nearest_point(grid, box, samples.longitude, samples.latitude, product.options.reach)
    overpass = overpass_of(product, found)
    fields = []
    for day, at in _days(samples, found, first, last):
        means = [_mean_of_points(layer, samples, at) for layer in layers]
        near = Cells.of(*(np.append(layer, np.float32(np.nan))[nearest] for layer in means))
        fields.append(Field(near, grid, box, day, notes | {"valid": near.numbers.size}, overpass))
    return fields


def span_of(samples: Samples) -> list[Interval]:
    """From the first moment of the first day to the last of the last; nothing of static layers."""
    if samples.day is None or np.isnat(latest := np.fmax.reduce(samples.day, initial=np.datetime64("NaT"))):
        return []
    ends = np.array([np.fmin.reduce(samples.day), latest + np.timedelta64(1, "D")]).astype("datetime64[s]")
    first, last = ends.astype(object).tolist()
    return [(first, last)]


def samples_of(there: Variables, value: Variable) -> Samples:
    """Points and days of the numbers of `value`, by the layout that the file declares."""
    nearby = sorted(there.values(), key=lambda variable: _is_near(variable, value))  # another group may have its own
    named = {variable.name.lower(): variable for variable in nearby}
    east, north = _nearest_of(named, value, "lon", "longitude"), _nearest_of(named, value, "lat", "latitude")
    if east is None or north is None or len(north.dimensions) != 1 or north.dimensions != east.dimensions:
        raise BadFile("has no points", "lat and lon of one dimension")
    points = north.dimensions[0]
    x, y = (np.asarray(axis[...], np.float64) for axis in (east, north))
    rows = next((v for v in named.values() if v.says("sample_dimension")), None)
    index = next((v for v in named.values() if v.says("instance_dimension")), None)
    if rows is not None:  # contiguous ragged: so many numbers of each point, one after another
        counts = _whole(rows)
        if int(counts.clip(0).sum()) > value.shape[0]:
            what = f"counts {counts.clip(0).sum()} numbers but has {value.shape[0]}"
            raise BadFile(what, "as many", "Download it again")
        point = np.repeat(np.arange(x.size), counts.clip(0))
    elif index is not None:  # indexed ragged: each number names its point
        point = _whole(index)
        if point.size and point.max() >= x.size:
            raise BadFile(f"names points beyond {x.size}", "an index of every number")
    elif value.dimensions == (points,):
        return Samples(x, y, np.arange(x.size), None)
    elif len(value.dimensions) == 2 and points in value.dimensions:  # orthogonal: every point at every time
        time = _time(named, value.dimensions[1 - value.dimensions.index(points)])
        every = np.arange(x.size)
        if value.dimensions[0] == points:
            return Samples(x, y, np.repeat(every, time.size), np.tile(time, x.size))
        return Samples(x, y, np.tile(every, time.size), np.repeat(time, x.size))
    else:
        what = f"has {value.name!r} along {value.dimensions}"
        raise BadFile(what, "a ragged or orthogonal collection of points")
    day = _time(named, value.dimensions[0])
    if day.size < point.size or not np.isnat(day[point.size :]).all():
        raise BadFile(f"counts {point.size} numbers but has {day.size} times", "as many")
    if (unused := point < 0).any():
        day[: point.size][unused] = np.datetime64("NaT")
    if day.size > point.size:
        point = np.append(point, np.full(day.size - point.size, -1))
    return Samples(x, y, point, day)


def _nearest_of(named: dict[str, Variable], value: Variable, *names: str) -> Variable | None:
    """The variable of one of these names that lies nearest to the value."""
    some = [named[name] for name in names if name in named]
    return max(some, key=lambda variable: _is_near(variable, value), default=None)


def _is_near(variable: Variable, value: Variable) -> int:
    """0 of a variable in another group than the value's, more the closer above it or beside it."""
    return 1 + len(variable.group) if value.group.startswith(variable.group) else 0


def _whole(variable: Variable) -> NDArray[np.intp]:
    """Whole numbers of a variable; -1 in places that are not used, which hold a fill, the library's own or nothing."""
    numbers = variable[...]
    fill = [number for name in FILL if (number := number_of(variable.attributes, (name,))) is not None]
    unused = is_missing(numbers, tuple(fill)) | (numbers < 0) | (numbers > 2**31)
    return np.where(unused, -1, np.where(unused, 0, numbers).astype(np.intp))


def _time(named: dict[str, Variable], dimension: str) -> NDArray[np.datetime64]:
    """Days along a dimension."""
    for variable in sorted(named.values(), key=lambda variable: variable.name != "time"):  # most often the first
        if variable.dimensions == (dimension,) and kind_of(variable) == "t":
            return times_of(variable, gaps=True).astype("datetime64[D]")
    raise BadFile(f"has no times along {dimension!r}", "a variable of time")


def _days(samples: Samples, found: Found, first: date, last: date) -> list[tuple[date, NDArray[np.intp] | None]]:
    """Days within the bounds, each with the places of its numbers; None means all of them."""
    if samples.day is None:
        return [(found.start, None)]
    used = np.flatnonzero(~np.isnat(samples.day))
    order = used[np.argsort(samples.day[used], kind="stable")]
    days, starts = np.unique(samples.day[order], return_index=True)
    places = np.split(order, starts[1:])
    return [pair for pair in zip(days.astype(object).tolist(), places, strict=False) if first <= pair[0] <= last]


def _mean_of_points(values: NDArray[np.float32], samples: Samples, at: NDArray[np.intp] | None) -> NDArray[np.float32]:
    """Mean of each point over the numbers at some places, NaN where it has none."""
    if at is None:
        return values
    picked, point = values[at], samples.point[at]
    valid = np.isfinite(picked)
    total = np.bincount(point[valid], picked[valid], samples.longitude.size)
    count = np.bincount(point[valid], minlength=samples.longitude.size)
    with np.errstate(invalid="ignore"):
        return (total / count).astype(np.float32)


def nearest_point(
    grid: NativeGrid, box: Box, longitude: NDArray[np.float64], latitude: NDArray[np.float64], reach: float
) -> NDArray[np.intp]:
    """Index of the nearest point of each cell of the box; the number of points where none lies within reach (km)."""
    from scipy.spatial import cKDTree

    x, y = centres(grid, box)
    usable = np.flatnonzero((np.abs(latitude) <= 90) & (np.abs(longitude) <= 360))
    margin = np.degrees(reach / EARTH)
    usable = usable[(latitude[usable] >= y.min() - margin) & (latitude[usable] <= y.max() + margin)]
    nearest = np.full((y.size, x.size), longitude.size, np.intp)
    if usable.size == 0:
        return nearest
    tree = cKDTree(on_sphere(longitude[usable], latitude[usable]))
    chord = 2 * np.sin(reach / EARTH / 2)
    for row, north in enumerate(y):
        distance, place = tree.query(on_sphere(x, np.full_like(x, north)), distance_upper_bound=chord)
        near = np.isfinite(distance)
        nearest[row, near] = usable[place[near]]
    return nearest


def on_sphere(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors (point, 3)."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)
