"""The native grids of the catalogue with few cells, made-up fields on them, and numbers as files hold them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray
from rasterio import Affine

from rssm.archive.fields import NativeGrid
from rssm.archive.grids import NATIVE_GRIDS
from rssm.config.catalogue import Product, load_catalogue

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = load_catalogue(ROOT / "config" / "products.yaml")
GLOBE_15 = Affine(15, 0, -180, 0, -15, 90)
Values = NDArray[Any]
Expected = list[tuple[date, str, Values]]  # day, overpass, values of the whole grid, north up


def shrunk() -> dict[str, NativeGrid]:
    """The native grids with few cells."""
    small = {}
    for name, grid in NATIVE_GRIDS.items():
        if grid.crs == "EPSG:4326":
            rows = {"latlon_0.25_gldas": 10, "era5land": 13}.get(name, 12)
            north, west = (97.5, -187.5) if name == "era5land" else (90.0, -180.0)
            small[name] = NativeGrid(name, grid.crs, (15.0, 0, west, 0, -15.0, north), rows, 24)
        else:
            cell = -2 * grid.transform[2] / 24
            small[name] = NativeGrid(name, grid.crs, (cell, 0, grid.transform[2], 0, -cell, 5 * cell), 10, 24)
    return small


SMALL = shrunk()


def field(product: str, seed: int = 0) -> Values:
    """Soil moisture in steps of 0.01 with gaps, on the shrunk grid of a product."""
    grid = SMALL[CATALOGUE[product].native_grid or ""]
    rng = np.random.default_rng(seed)
    values = rng.integers(1, 80, grid.shape).astype(np.float32) / 100
    values[rng.random(grid.shape) < 0.3] = np.nan
    return values


def stored(values: Values, scale: float, fill: float, kind: str) -> NDArray[Any]:
    """Numbers as a file holds them."""
    return np.where(np.isnan(values), fill, np.round(values.astype(float) / scale)).astype(kind)


def axes(
    data: netCDF4.Dataset, product: Product, order: tuple[str, ...], south_up: bool = False, west: int = -180
) -> None:
    """Dimensions and axes of a regular grid; the names of the dimensions begin with t, la or lo."""
    grid = SMALL[product.native_grid or ""]
    a, _, c, _, e, f = grid.transform
    x, y = c + a * (np.arange(grid.columns) + 0.5), f + e * (np.arange(grid.rows) + 0.5)
    x = np.roll(x % 360, grid.columns // 2) if west == 0 else x
    for name in order:
        if name.startswith("t"):
            data.createDimension(name, None)
            continue
        numbers, units = (
            (y[::-1] if south_up else y, "degrees_north") if name[:2].lower() == "la" else (x, "degrees_east")
        )
        data.createDimension(name, numbers.size)
        variable = data.createVariable(name, "f8", (name,), zlib=True)
        variable.units, variable[:] = units, numbers
