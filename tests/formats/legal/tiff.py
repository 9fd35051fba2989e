"""GeoTIFF pictures, by GDAL."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import Affine

from legal.hdf5 import Write


def by_gdal(
    path: Path, values: NDArray[Any], dtype: str = "float32", nodata: float | None = -9999, **options: Any
) -> None:
    """A map; whole numbers are hundredths."""
    whole = not dtype.startswith("float")
    numbers = np.where(np.isnan(values), 255 if nodata is None else nodata, np.round(values * 100) if whole else values)
    form = {"driver": "GTiff", "height": 12, "width": 24, "count": 1, "crs": "EPSG:4326"}
    place = {"transform": Affine(15, 0, -180, 0, -15, 90), "dtype": dtype, "nodata": nodata}
    with rasterio.open(path, "w", **(form | place | options)) as data:
        for band in range(1, data.count + 1):
            data.write(numbers.astype(dtype), band)
        if options.get("photometric") == "palette":
            data.write_colormap(1, {code: (code, 0, 0, 255) for code in range(256)})
        data.update_tags(note="x" * 70_000, empty="")
        if whole:
            data.scales, data.offsets = [0.01] * data.count, [0.0] * data.count


TILES = {"tiled": True, "blockxsize": 16, "blockysize": 16}
VARIANTS: dict[str, Write] = {
    "strips": by_gdal,
    "one row a strip": partial(by_gdal, blockysize=1, compress="deflate"),
    "tiles": partial(by_gdal, **TILES),
    "tiles, deflate": partial(by_gdal, compress="deflate", zlevel=9, **TILES),
    "predictor 3": partial(by_gdal, compress="deflate", predictor=3),
    "predictor 2": partial(by_gdal, dtype="uint8", nodata=255, compress="deflate", predictor=2),
    "lzw": partial(by_gdal, compress="lzw", predictor=3),
    "packbits": partial(by_gdal, compress="packbits", dtype="uint8", nodata=255),
    "zstd": partial(by_gdal, compress="zstd"),
    "big": partial(by_gdal, BIGTIFF="YES"),
    "big, deflate, tiles": partial(by_gdal, BIGTIFF="YES", compress="deflate", **TILES),
    "big-endian": partial(by_gdal, ENDIANNESS="BIG", compress="deflate"),
    "doubles": partial(by_gdal, dtype="float64"),
    "palette": partial(by_gdal, dtype="uint8", nodata=255, photometric="palette"),
    "no nodata": partial(by_gdal, dtype="uint8", nodata=None),
    "nodata NaN": partial(by_gdal, nodata=float("nan")),
    "shorts": partial(by_gdal, dtype="int16", nodata=-1),
    "three bands, by band": partial(by_gdal, count=3, INTERLEAVE="BAND", compress="deflate"),
    "three bands, by pixel": partial(by_gdal, count=3, INTERLEAVE="PIXEL", compress="deflate"),
    "sparse": partial(by_gdal, SPARSE_OK=True, compress="deflate", **TILES),
    "no coordinate system": partial(by_gdal, crs=None),
    "cloud-optimized": partial(by_gdal, driver="COG", compress="deflate"),
}
