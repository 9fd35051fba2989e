"""The shipped land mask and land-zone table, and the command that builds them from an open land mask.

`resources/land.tif` holds 1 where at least half of a 0.1° pixel is land; `resources/land_zones.tsv` lists the zones
with land and their number of land pixels, so that the workflow knows every file name without reading a raster.
Source: the GLOBE 30″ elevation model (NOAA, public domain) as packed by the `global-land-mask` package.
"""

from __future__ import annotations

from pathlib import Path

from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import GRID, Zone, parse_corner


def read_land_zones(path: str | Path) -> dict[Zone, int]:
    """Number of land pixels of each zone that has any."""
    lines = Path(path).read_text().splitlines()
    if not lines or lines[0] != "zone\tland_pixels":
        raise InputError(
            f"{path}: is no land-zone table (expected the columns zone, land_pixels). Run: rssm land resources"
        )
    rows = (line.split("\t") for line in lines[1:])
    return {Zone(*parse_corner(name)): int(count) for name, count in rows}


def build(folder: str | Path) -> tuple[int, int]:
    """Write `land.tif` and `land_zones.tsv` into a folder; return the number of land zones and land pixels."""
    import numpy as np
    import rasterio
    from global_land_mask import globe

    n = 12  # 30″ cells in a 0.1° pixel
    source = np.load(Path(globe.__file__).with_name("globe_combined_mask_compressed.npz"))["mask"]  # True: ocean
    top = (90 - GRID.north) * 120
    land30 = ~source[top : top + GRID.rows * n]
    land = land30.reshape(GRID.rows, n, GRID.columns, n).mean(axis=(1, 3)) >= 0.5

    whole = GRID.window(GRID.everywhere)
    profile = {"driver": "GTiff", "width": GRID.columns, "height": GRID.rows, "count": 1, "dtype": "uint8"}
    packing = {"compress": "deflate", "nbits": 1, "tiled": True, "blockxsize": 256, "blockysize": 256}
    affine = rasterio.Affine(*GRID.transform(whole))
    with (
        atomic(Path(folder) / "land.tif") as path,
        rasterio.open(path, "w", crs=GRID.crs, transform=affine, **profile, **packing) as file,
    ):
        file.write(land.astype("uint8"), 1)

    per_zone = land.reshape(GRID.rows // 10, 10, GRID.columns // 10, 10).sum(axis=(1, 3))
    table = ["zone\tland_pixels"]
    for i, j in np.argwhere(per_zone):
        table.append(f"{Zone(GRID.everywhere.north - 1 - int(i), int(j) - 180).name}\t{per_zone[i, j]}")
    with atomic(Path(folder) / "land_zones.tsv") as path:
        path.write_text("\n".join(table) + "\n")
    return len(table) - 1, int(land.sum())
