"""Cloud-Optimized GeoTIFF: one file per dekad with all layers as bands, and the table that relates file and period.

A GeoTIFF has one type for all bands: int16 where values are packed, float32 else. Overviews take the nearest pixel, so
that a value, its flags and its uncertainty remain those of one pixel at every zoom.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from rssm.calendar import DEKADS
from rssm.files import atomic
from rssm.grid import GRID, Window
from rssm.product.formats.layers import LAYERS, MISSING, Codes, Packing, attributes

BLOCK = 512
# said by GDAL's own fields, or true of stored numbers only: tags outlive scaling, and of NetCDF variables they speak
LEFT_OUT = ("units", "valid_min", "valid_max", "ancillary_variables")
COLUMNS = ("file", "period", "start", "end", "days", "year", "dekad_of_year", "round", "release", "sha256")


def write_cog(
    path: str | Path,
    stored: Mapping[str, NDArray[Any]],
    window: Window,
    codes: Codes,
    storage: Mapping[str, Any],
    tags: Mapping[str, str],
) -> None:
    """Write a dekad.

    stored   layer → packed numbers (row, column)
    storage  packing, level (settings)
    tags     text that travels with the file
    """
    packing: Packing = storage["packing"]
    dtype, nodata = ("int16", MISSING) if packing == "int16" else ("float32", np.nan)
    with (
        atomic(path) as beside,
        rasterio.open(
            beside,
            "w",
            driver="COG",
            dtype=dtype,
            nodata=nodata,
            count=len(LAYERS),
            height=window.rows,
            width=window.columns,
            crs=CRS.from_string(GRID.crs),
            transform=Affine(*GRID.transform(window)),
            compress="deflate",
            level=storage["level"],
            predictor="yes",
            blocksize=BLOCK,
            overview_resampling="nearest",
        ) as target,
    ):
        for band, layer in enumerate(LAYERS, 1):
            target.write(stored[layer.name].astype(dtype, copy=False), band)
            known = attributes(layer, codes, packing)
            target.update_tags(band, **{name: _text(value) for name, value in known.items() if name not in LEFT_OUT})
        target.descriptions = tuple(layer.name for layer in LAYERS)
        target.units = tuple(layer.units for layer in LAYERS)
        target.scales = tuple(layer.scale(packing) or 1.0 for layer in LAYERS)
        target.update_tags(**tags)


def _text(value: Any) -> str:
    """An attribute as a tag."""
    return " ".join(map(str, value.tolist())) if isinstance(value, np.ndarray) else str(value)


def read_cog(path: str | Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Layer → stored numbers (row, column) in the layer's own type, and the tags."""
    with rasterio.open(path) as source:
        packing: Packing = "int16" if source.dtypes[0] == "int16" else "float32"
        bands = {name: number for number, name in enumerate(source.descriptions, 1)}
        stored = {
            layer.name: source.read(bands[layer.name]).astype(layer.stored_dtype(packing), copy=False)
            for layer in LAYERS
        }
        return stored, source.tags()


def period_table(rows: Iterable[Mapping[str, Any]]) -> str:
    """CSV text that relates each file to its nominal period.

    rows   file, step, round, release, sha256
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        step = row["step"]
        writer.writerow(
            {
                "file": row["file"],
                "period": DEKADS.label(step),
                "start": DEKADS.start(step).isoformat(),
                "end": DEKADS.end(step).isoformat(),
                "days": DEKADS.days(step),
                "year": step // 36,
                "dekad_of_year": step % 36 + 1,
                "round": row["round"],
                "release": row["release"],
                "sha256": row["sha256"],
            }
        )
    return text.getvalue()
