"""By GDAL, in its packings, tilings, byte orders and interleavings."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.windows import Window

from rewritten.netcdf import Rewrite


def copied(
    source: Path, target: Path, part: Window | None = None, overviews: bool = False, mask: bool = False, **how: Any
) -> None:
    """A picture or a part of it; `overviews`: smaller copies within; `mask`: a mask of all cells."""
    with rasterio.open(source) as old:
        profile, numbers = old.profile, old.read(window=part)
        form = {name: profile[name] for name in ("crs", "dtype", "nodata")} | {"driver": "GTiff"}
        form |= {"count": how.get("count", old.count), "height": numbers.shape[1], "width": numbers.shape[2]}
        form["transform"] = old.window_transform(part) if part else old.transform
        with rasterio.open(target, "w", **(form | how)) as new:
            for band in range(1, new.count + 1):
                new.write(numbers[min(band, old.count) - 1], band)
            new.update_tags(**old.tags())
            for band in range(1, old.count + 1):
                new.update_tags(band, **old.tags(band))
            if mask:
                new.write_mask(np.full(numbers.shape[1:], 255, "u1"))
        if overviews:
            with rasterio.open(target, "r+") as new:
                new.build_overviews([2, 4], Resampling.nearest)


TILES = {"tiled": True, "blockxsize": 32, "blockysize": 32}
VARIANTS: dict[str, Rewrite] = {
    "plain": copied,
    "one row a strip": partial(copied, blockysize=1),
    "one strip, deflate": partial(copied, compress="deflate", blockysize=10_000),
    "deflate": partial(copied, compress="deflate", zlevel=9),
    "deflate, predictor": partial(copied, compress="deflate", predictor=2),
    "lzw": partial(copied, compress="lzw"),
    "lzw, predictor, tiles": partial(copied, compress="lzw", predictor=2, **TILES),
    "zstd": partial(copied, compress="zstd"),
    "zstd, tiles": partial(copied, compress="zstd", **TILES),
    "packbits": partial(copied, compress="packbits"),
    "lzma": partial(copied, compress="lzma"),
    "lerc without loss": partial(copied, compress="lerc", MAX_Z_ERROR=0),
    "tiles": partial(copied, **TILES),
    "tiles, deflate": partial(copied, compress="deflate", **TILES),
    "big": partial(copied, BIGTIFF="YES"),
    "big, tiles, deflate": partial(copied, BIGTIFF="YES", compress="deflate", **TILES),
    "big-endian": partial(copied, ENDIANNESS="BIG"),
    "big-endian, big, deflate": partial(copied, ENDIANNESS="BIG", BIGTIFF="YES", compress="deflate"),
    "overviews": partial(copied, overviews=True, compress="deflate", **TILES),
    "mask within": partial(copied, mask=True, compress="deflate"),
    "two bands by pixel": partial(copied, count=2, INTERLEAVE="PIXEL", compress="deflate"),
    "two bands by band": partial(copied, count=2, INTERLEAVE="BAND", compress="lzw"),
    "sparse": partial(copied, SPARSE_OK=True, compress="deflate", **TILES),
    "cloud-optimized": partial(copied, driver="COG", compress="deflate"),
}
