"""The land mask of a grid and its land-zone table, from an open land mask: a pixel is land where at least half of it is.

Source: the GLOBE 30″ elevation model (NOAA, public domain) as packed by the `global-land-mask` package.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from rssm.archive.fields import NativeGrid
from rssm.archive.grids import LATLON
from rssm.grid import Grid, Window
from rssm.ingest.regrid import TIE, bands, plan_regrid
from rssm.land import write_land_zones
from rssm.maps import geotiff

GLOBE = NativeGrid("globe_30s", LATLON, (1 / 120, 0, -180, 0, -1 / 120, 90), 21600, 43200)


def build(folder: str | Path, grid: Grid) -> tuple[int, int]:
    """Write `land.tif` and `land_zones.tsv` into a folder; return the number of land zones and land pixels."""
    from global_land_mask import globe

    ocean = np.load(Path(globe.__file__).with_name("globe_combined_mask_compressed.npz"))["mask"]
    return write_land(folder, np.concatenate(list(_shares(ocean, grid))) >= 0.5, grid)


def _shares(ocean: NDArray[np.bool_], grid: Grid) -> Iterator[NDArray[np.float32]]:
    """Share of land of the pixels of a grid, band by band.

    In whole per cents: half of the cells is then half of a pixel, though those nearer to the equator are larger.
    """
    for band, box in bands(GLOBE, grid, Window(0, 0, grid.rows, grid.columns)):
        land = np.where(ocean[box.rows, box.columns], np.float32(0), np.float32(1))
        yield np.round(plan_regrid(GLOBE, box, grid, band)(land), TIE)


def write_land(folder: str | Path, land: NDArray[np.bool_], grid: Grid) -> tuple[int, int]:
    """Write the mask (row, column) of a whole grid and its zones; return the number of land zones and land pixels."""
    profile: dict[str, Any] = {"width": grid.columns, "height": grid.rows, "count": 1, "dtype": "uint8"}
    packing: dict[str, Any] = {"compress": "deflate", "nbits": 1, "tiled": True, "blockxsize": 256, "blockysize": 256}
    affine = rasterio.Affine(*grid.transform(Window(0, 0, grid.rows, grid.columns)))
    with geotiff(Path(folder) / "land.tif", crs=grid.crs, transform=affine, **profile, **packing) as file:
        file.write(land.astype("uint8"), 1)

    zones = grid.everywhere.zones()
    rows, columns = grid.zone_edges(grid.everywhere)
    from_180 = np.roll(land, -grid.window(grid.everywhere).column, axis=1)
    total = np.pad(from_180.cumsum(0).cumsum(1), ((1, 0), (1, 0)))[np.ix_(rows, columns)]
    counts = np.diff(np.diff(total, axis=0), axis=1).ravel().tolist()
    listed = [(zone, count) for zone, count in zip(zones, counts, strict=True) if count]
    write_land_zones(Path(folder) / "land_zones.tsv", listed)
    return len(listed), int(land.sum())
