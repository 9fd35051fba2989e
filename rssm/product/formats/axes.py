"""Coordinates of the data set's NetCDF and Zarr files: unequal dekads as bounds, depth, cells, reference system."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.grid import GRID, Window

EPOCH = date(1970, 1, 1)
DEPTH = (0.0, 0.05)
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


def time_axes(steps: Sequence[int]) -> dict[str, Axis]:
    """First day of each dekad, its bounds, its label."""
    bounds = [[day_number(DEKADS.start(step)), day_number(DEKADS.end(step)) + 1] for step in steps]
    edges = np.array(bounds, np.int32).reshape(-1, 2)
    units = f"days since {EPOCH} 00:00:00"
    return {
        "time": Axis(
            ("time",),
            edges[:, 0].copy(),
            {
                "standard_name": "time",
                "long_name": "first day of the 10-day period",
                "units": units,
                "calendar": "standard",
                "units_metadata": "leap_seconds: utc",
                "axis": "T",
                "bounds": "time_bnds",
            },
        ),
        "time_bnds": Axis(("time", "bnds"), edges, {}),
        "period": Axis(
            ("time",),
            np.array([DEKADS.label(step) for step in steps], object),
            {"long_name": "label of the 10-day period: year and its number 01-36 in the year"},
        ),
    }


def space_axes(window: Window) -> dict[str, Axis]:
    """Latitude (north to south) and longitude of pixel centres, with their edges."""
    a, _, west, _, e, north = GRID.transform(window)
    lat_edges = np.round(north + e * np.arange(window.rows + 1), 9)
    lon_edges = np.round(west + a * np.arange(window.columns + 1), 9)
    axes = {}
    for name, standard, units, letter, edges in (
        ("lat", "latitude", "degrees_north", "Y", lat_edges),
        ("lon", "longitude", "degrees_east", "X", lon_edges),
    ):
        attributes = {
            "standard_name": standard,
            "long_name": standard,
            "units": units,
            "axis": letter,
            "bounds": f"{name}_bnds",
        }
        axes[name] = Axis((name,), np.round((edges[:-1] + edges[1:]) / 2, 9), attributes)
        axes[f"{name}_bnds"] = Axis((name, "bnds"), np.stack([edges[:-1], edges[1:]], axis=1), {})
    return axes


def scalar_axes() -> dict[str, Axis]:
    """Depth with its bounds, and the reference system."""
    return {
        "depth": Axis(
            (),
            np.array(sum(DEPTH) / 2),
            {
                "standard_name": "depth",
                "long_name": "depth of the surface layer",
                "units": "m",
                "axis": "Z",
                "positive": "down",
                "bounds": "depth_bnds",
            },
        ),
        "depth_bnds": Axis(("bnds",), np.array(DEPTH), {}),
        "crs": Axis(
            (),
            np.array(0, np.int32),
            {
                "long_name": "coordinate reference system",
                "grid_mapping_name": "latitude_longitude",
                "semi_major_axis": 6378137.0,
                "inverse_flattening": 298.257223563,
                "longitude_of_prime_meridian": 0.0,
                "crs_wkt": WKT,
                "spatial_ref": WKT,
            },
        ),
    }
