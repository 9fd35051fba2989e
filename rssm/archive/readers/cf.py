"""Regular grids with axes, in NetCDF or HDF5: LPRM, Copernicus, SMOS, CCI, GLDAS, ERA5-Land, GLEAM, IMERG, any other.

Axes may run either way, begin at 0° or 180° W, stand in any order, or cover a cut of the grid; latitude and longitude
of a cylindrical projection count as axes too. A file without axes is not read here: nothing in it shows where north is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile
from rssm.archive.fields import Box, Cells, Field, NativeGrid, Where
from rssm.archive.grids import declared
from rssm.archive.listing import Found, overpass_of
from rssm.archive.readers.axes import Axis, Misfit, place, read_box
from rssm.archive.readers.crs import crs_of
from rssm.archive.readers.decode import Stored, filled, mean_of_times, outside_of, screen
from rssm.archive.readers.netcdf import Variable, Variables, coordinate_of, kind_of, open_cf, units_of
from rssm.archive.readers.statements import check_product
from rssm.archive.readers.times import clock_of, maps_of_days, time_along, weight_of
from rssm.archive.readers.variables import names_to_read
from rssm.archive.readers.versions import Versions, first_there, versions_of
from rssm.config.catalogue import Product

KM = ("km", "kilometer", "kilometers", "kilometre", "kilometres")


@dataclass(frozen=True)
class Layout:
    """Where the cells of a file lie: positions of its dimensions, and its axes on the grid; versions, if it tells them apart."""

    row: int
    column: int
    time: int | None
    rows: Axis
    columns: Axis
    grid: NativeGrid
    versions: Versions | None


def read(product: Product, found: Found, where: Where, first: date, last: date, strict: bool) -> list[Field]:
    """Fields of a file, one per day that it holds between `first` and `last`."""
    with open_cf(found) as there:
        check_product(product, there.said)
        variables = {role: there[name] for role, name in names_to_read(product, strict, there)}
        value = variables["value"]
        layout = _layout(product, there, value)
        box = where(layout.grid)
        clock, count = clock_of(there, value, layout.time), _number_of_times(variables, layout)
        fields = []
        for day, times in maps_of_days(product, found, there.said, clock, count, first, last):
            cells, notes = mean_of_times([_screened(product, variables, layout, box, strict, time) for time in times])
            weight = weight_of(product, len(times))
            fields.append(Field(cells, layout.grid, box, day, notes, overpass_of(product, found), weight))
        return fields


def _number_of_times(variables: dict[str, Variable], layout: Layout) -> int:
    """How many times all variables have; values, flags and errors must lie on the same cells."""
    shapes = [list(variable.shape) for variable in variables.values()]
    counts = [1]
    if layout.time is not None:  # along a dimension without a limit some may have been written farther than others
        counts = [shape.pop(layout.time) for shape in shapes if len(shape) > layout.time]
    if any(shape != shapes[0] for shape in shapes):
        raise BadFile(f"holds variables of different shapes {shapes}", "one shape")
    return min(counts)


def _layout(product: Product, there: Variables, variable: Variable) -> Layout:
    """Which dimension is which, and where its cells lie."""
    at: dict[str, int] = {}
    axes: dict[str, Variable] = {}
    for position, dimension in enumerate(variable.dimensions):
        coordinate = coordinate_of(there, variable, dimension)
        if coordinate is not None and (kind := kind_of(coordinate)):
            at[kind], axes[kind] = position, coordinate
        elif dimension.rpartition("/")[2].lower() in ("time", "valid_time") or time_along(there, variable, dimension):
            at["t"] = position
    grid, crs = declared(product), crs_of(there, variable)
    if "x" in axes and "y" in axes:
        metres = not any("degree" in units_of(axes[k]) or axes[k].name.lower().startswith("l") for k in "xy")
        x, y = (
            np.asarray(axes[k][...], np.float64) * (1000 if metres and units_of(axes[k]) in KM else 1) for k in "xy"
        )
        rows, columns, grid = place(grid, x, y, not metres, crs)
    else:
        at["y"], at["x"], x, y = _axes_of_maps(there, variable)
        rows, columns, grid = place(grid, x, y, degrees=True, crs=crs)
    return Layout(at["y"], at["x"], at.get("t"), rows, columns, grid, versions_of(there, variable))


def _axes_of_maps(there: Variables, variable: Variable) -> tuple[int, int, NDArray[np.float64], NDArray[np.float64]]:
    """(row dimension, column dimension, x, y) from maps of latitude and longitude that have gaps."""
    maps: dict[str, Variable] = {}
    for name, other in there.items():
        short = name.rsplit("/", 1)[-1].lower()
        inside = len(other.dimensions) == 2 and set(other.dimensions) <= set(variable.dimensions)
        if inside and (kind := "y" if "lat" in short else "x" if "lon" in short else ""):
            maps.setdefault(kind, other)
    if len(maps) < 2 or maps["x"].dimensions != maps["y"].dimensions:
        what = f"has no axes for the dimensions {variable.dimensions}"
        raise BadFile(what, "axes of latitude and longitude", "Use reader hdf5")
    row, column = maps["y"].dimensions
    y, x = (np.asarray(maps[kind][...], np.float64) for kind in "yx")
    y, x = np.where(np.abs(y) <= 90, y, np.nan), np.where(np.abs(x) <= 360, x, np.nan)
    if np.isnan(y).all(axis=1).any() or np.isnan(x).all(axis=0).any():
        raise Misfit("maps of latitude and longitude with empty rows or columns")
    position = variable.dimensions.index
    return position(row), position(column), np.nanmedian(x, axis=0), np.nanmedian(y, axis=1)


def _screened(
    product: Product, variables: dict[str, Variable], layout: Layout, box: Box, strict: bool, time: int
) -> tuple[Cells, dict[str, int]]:
    """(cells, notes) of one time; where the file tells versions apart, also how many values are `preliminary`."""
    parts = {role: _stored(product, variable, layout, box, time) for role, variable in variables.items()}
    cells, notes = screen(product, {role: stored for role, (stored, _) in parts.items()}, strict)
    if (versions := layout.versions) is not None:
        one = 0 if versions.at is not None or versions.is_final(time) else notes["valid"]
        notes["preliminary"] = parts["value"][1] + one
    return cells, notes


def _stored(product: Product, variable: Variable, layout: Layout, box: Box, time: int) -> tuple[Stored, int]:
    """The box's part of a variable at one time, and how many of its cells are preliminary beside final ones.

    Of versions each cell has the first with a value; other dimensions are indexed by the option `layer`.
    """
    turned, versions, preliminary = layout.column < layout.row, layout.versions, 0
    fill = (*product.fill, *filled(variable.attributes))
    index: list[slice | int] = []
    for position, length in enumerate(variable.shape):
        if position == layout.time:
            index.append(time)
        elif length == 1 or position in (layout.row, layout.column, versions.at if versions else None):
            index.append(0)
        elif product.options.layer is not None and product.options.layer < length:
            index.append(product.options.layer)
        else:
            dimension = variable.dimensions[position]
            hint = f"Set {product.id}.options.layer in the catalogue"
            raise BadFile(f"has {length} layers along {dimension!r}", "the number of one", hint)

    def fetch(rows: slice, columns: slice) -> NDArray[np.generic]:
        nonlocal preliminary
        index[layout.row], index[layout.column] = rows, columns
        if versions is None or versions.at is None:
            part = variable[tuple(index)]
        else:
            part, count = first_there(partial(version, versions.at), versions, fill)
            preliminary += count
        return part.T if turned else part

    def version(at: int, place: int) -> NDArray[np.generic]:
        index[at] = place
        return variable[tuple(index)]

    numbers = read_box(fetch, layout.rows, layout.columns, box, outside_of(product, variable.attributes))
    return Stored(variable.path, numbers, variable.attributes), preliminary
