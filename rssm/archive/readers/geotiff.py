"""GeoTIFF maps: vegetation fractions, land cover, climate classes.

Of longitude and latitude the datum is not believed: GDAL gives MODIS climate grids one of 1866 that is not theirs.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from rssm.archive.bad_file import BadFile, failures_of_libraries
from rssm.archive.damage.file_format import check_format
from rssm.archive.fields import Field, Where
from rssm.archive.file_grids import is_geographic
from rssm.archive.grids import LATLON, declared
from rssm.archive.listing import Found, overpass_of
from rssm.archive.readers.axes import Misfit, place, read_box
from rssm.archive.readers.decode import Stored, outside_of, screen
from rssm.archive.readers.statements import check_product, check_times
from rssm.config.catalogue import Product


def read(product: Product, found: Found, where: Where, first: date, last: date, strict: bool) -> list[Field]:
    """The band that the option `layer` names (counted from 1; the first by default)."""
    check_format(found.path, "TIFF")
    with failures_of_libraries(RasterioError), rasterio.open(found.path) as data:
        tags = data.tags()
        said = partial(_said, tags)
        check_product(product, said)
        check_times(found, (), (), said)
        return [_field(product, found, data, where, strict)]


def _said(tags: dict[str, Any], name: str) -> str:
    """A tag of the file as text."""
    return str(tags.get(name, ""))


def _field(product: Product, found: Found, data: Any, where: Where, strict: bool) -> Field:
    band = product.options.layer or 1
    if band > data.count:
        raise BadFile(f"has {data.count} bands", f"band {band}", check="options.layer")
    turn = data.transform
    if turn.b or turn.d or turn.is_identity:
        raise Misfit("no georeference" if turn.is_identity else "a turned grid")
    x = turn.c + turn.a * (np.arange(data.width) + 0.5)
    y = turn.f + turn.e * (np.arange(data.height) + 0.5)
    known, crs = declared(product), data.crs.to_wkt() if data.crs else ""
    degrees = is_geographic(crs) if crs else known is None or known.crs == LATLON
    rows, columns, grid = place(known, x, y, degrees, crs)
    box = where(grid)

    def fetch(rows: slice, columns: slice) -> NDArray[Any]:
        window = Window.from_slices(rows, columns)
        return np.asarray(data.read(band, window=window))

    attributes: dict[str, Any] = {}
    if data.nodatavals[band - 1] is not None:
        attributes["_FillValue"] = data.nodatavals[band - 1]
    if (data.scales[band - 1], data.offsets[band - 1]) != (1.0, 0.0):
        attributes |= {"scale_factor": data.scales[band - 1], "add_offset": data.offsets[band - 1]}
    attributes["units"] = data.units[band - 1] or data.tags(band).get("units") or data.tags().get("units") or ""
    numbers = read_box(fetch, rows, columns, box, outside_of(product, attributes))
    cells, notes = screen(product, {"value": Stored(f"band {band}", numbers, attributes)}, strict)
    return Field(cells, grid, box, found.start, notes, overpass_of(product, found))
