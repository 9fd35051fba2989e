"""Coordinates of the data set's NetCDF and Zarr files: unequal steps as bounds, depth, cells, reference system."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.product.records.frame import DEPTH, GEOGRAPHIC, Frame, words

EPOCH = date(1970, 1, 1)
WKT = (
    'GEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],CS[ellipsoidal,2],AXIS["geodetic latitude (Lat)",north],'
    'AXIS["geodetic longitude (Lon)",east],UNIT["degree",0.0174532925199433],ID["EPSG",4326]]'
)


class Axis(NamedTuple):
    """A coordinate variable: dimensions, values, attributes."""

    dimensions: tuple[str, ...]
    values: NDArray[Any]
    attributes: dict[str, Any]


def day_number(day: date) -> int:
    return (day - EPOCH).days


def time_axes(calendar: Calendar, steps: Sequence[int]) -> dict[str, Axis]:
    """First day of each step, its bounds, its label."""
    bounds = [[day_number(calendar.start(step)), day_number(calendar.end(step)) + 1] for step in steps]
    edges = np.array(bounds, np.int32).reshape(-1, 2)
    period, _, label = words(calendar)
    known = {
        "standard_name": "time",
        "long_name": f"first day of the {period}",
        "units": f"days since {EPOCH} 00:00:00",
        "calendar": "standard",
        "units_metadata": "leap_seconds: utc",
        "axis": "T",
        "bounds": "time_bnds",
    }
    labels = np.array([calendar.label(step) for step in steps], object)
    return {
        "time": Axis(("time",), edges[:, 0].copy(), known),
        "time_bnds": Axis(("time", "bnds"), edges, {}),
        "period": Axis(("time",), labels, {"long_name": f"label of the {period}: {label}"}),
    }


def space_axes(frame: Frame) -> dict[str, Axis]:
    """Latitude (north to south) and longitude of the middle of the pixels, with their edges."""
    axes = {}
    for name, standard, units, letter, edges in (
        ("lat", "latitude", "degrees_north", "Y", frame.grid.row_edges(frame.window)),
        ("lon", "longitude", "degrees_east", "X", frame.grid.column_edges(frame.window)),
    ):
        known = {"standard_name": standard, "long_name": standard, "units": units, "axis": letter}
        edges = np.round(edges, 9)
        middle = np.round((edges[:-1] + edges[1:]) / 2, 9)
        axes[name] = Axis((name,), middle, known | {"bounds": f"{name}_bnds"})
        axes[f"{name}_bnds"] = Axis((name, "bnds"), np.stack([edges[:-1], edges[1:]], axis=1), {})
    return axes


def scalar_axes(frame: Frame) -> dict[str, Axis]:
    """Depth with its bounds, and the reference system."""
    depth = {
        "standard_name": "depth",
        "long_name": f"depth of the {'surface' if frame.depth == DEPTH else 'soil'} layer",
        "units": "m",
        "axis": "Z",
        "positive": "down",
        "bounds": "depth_bnds",
    }
    return {
        "depth": Axis((), np.array(frame.middle), depth),
        "depth_bnds": Axis(("bnds",), np.array(frame.depth), {}),
        "crs": Axis((), np.array(0, np.int32), reference_system(frame.grid.crs)),
    }


def reference_system(crs: str) -> dict[str, Any]:
    """CF attributes of a grid mapping; `spatial_ref` is where GDAL looks."""
    if crs == GEOGRAPHIC:
        known: dict[str, Any] = {
            "grid_mapping_name": "latitude_longitude",
            "semi_major_axis": 6378137.0,
            "inverse_flattening": 298.257223563,
            "longitude_of_prime_meridian": 0.0,
            "crs_wkt": WKT,
        }
    else:
        from pyproj import CRS

        known = CRS.from_user_input(crs).to_cf()
    return {"long_name": "coordinate reference system", **known, "spatial_ref": known["crs_wkt"]}
