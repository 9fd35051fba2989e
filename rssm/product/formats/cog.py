"""Cloud-Optimized GeoTIFF: one file per step with all layers as bands, and the table that relates file and period.

A GeoTIFF has one type for all bands: int16 where values are packed, float32 else. Overviews take the nearest pixel, so
that a value, its flags and its uncertainty remain those of one pixel at every zoom.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from rssm.calendar import Calendar
from rssm.layer import MISSING, Layer
from rssm.maps import geotiff
from rssm.product.formats.described import described
from rssm.product.records.frame import Frame, of_year, words

if TYPE_CHECKING:
    from rssm.config.product import Layers

BLOCK = 512
# said by GDAL's own fields, or true of stored numbers only: tags outlive scaling, and of NetCDF variables they speak
LEFT_OUT = ("units", "valid_min", "valid_max", "ancillary_variables")


def write_cog(
    path: str | Path,
    stored: Mapping[str, NDArray[Any]],
    frame: Frame,
    layers: Sequence[Layer],
    storage: Layers,
    tags: Mapping[str, str],
) -> None:
    """Write a step.

    stored  layer → packed numbers (row, column)
    tags    text that travels with the file
    """
    window, packing, period = frame.window, storage.packing, words(frame.calendar).period
    dtype, nodata = ("int16", MISSING) if packing == "int16" else ("float32", np.nan)
    with geotiff(
        path,
        driver="COG",
        dtype=dtype,
        nodata=nodata,
        count=len(layers),
        height=window.rows,
        width=window.columns,
        crs=CRS.from_string(frame.grid.crs),
        transform=Affine(*frame.grid.transform(window)),
        compress="deflate",
        level=storage.level,
        predictor="yes",
        blocksize=BLOCK,
        overview_resampling="nearest",
    ) as target:
        for band, (layer, known) in enumerate(described(layers, packing, period).items(), 1):
            target.write(stored[layer.name].astype(dtype, copy=False), band)
            target.update_tags(band, **{name: _text(value) for name, value in known.items() if name not in LEFT_OUT})
        target.descriptions = tuple(layer.name for layer in layers)
        target.units = tuple(layer.units for layer in layers)
        target.scales = tuple(layer.scale(packing) or 1.0 for layer in layers)
        target.update_tags(**tags)


def _text(value: Any) -> str:
    """An attribute as a tag."""
    return " ".join(map(str, value.tolist())) if isinstance(value, np.ndarray) else str(value)


def period_table(rows: Iterable[Mapping[str, Any]], calendar: Calendar) -> str:
    """CSV text that relates each file to its nominal period.

    rows   file, step, release, sha256, of rounds also round
    """
    text, rows = io.StringIO(), list(rows)
    rounds = ("round",) if rows and "round" in rows[0] else ()
    columns = ("file", "period", "start", "end", "days", "year", of_year(calendar), *rounds, "release", "sha256")
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        step = row["step"]
        known = {
            "period": calendar.label(step),
            "start": calendar.start(step).isoformat(),
            "end": calendar.end(step).isoformat(),
            "days": calendar.days(step),
            "year": calendar.year_of(step),
            of_year(calendar): calendar.season_of(step) + 1,
        }
        writer.writerow({**row, **known})
    return text.getvalue()
