"""Maps of a made-up year, as jobs leave them: a stack of days with its index, and a land mask that is all land."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.grid import Area, Grid, Window
from rssm.ingest.index import write_index
from rssm.maps import write_maps


def land_tif(path: Path, grid: Grid) -> None:
    """A mask of a whole grid without sea."""
    transform = rasterio.Affine(*grid.transform(Window(0, 0, grid.rows, grid.columns)))
    shape = {"height": grid.rows, "width": grid.columns}
    with rasterio.open(path, "w", "GTiff", count=1, dtype="uint8", crs=grid.crs, transform=transform, **shape) as file:
        file.write(np.ones((grid.rows, grid.columns), np.uint8), 1)


def written_year(folder: Path, product: str, year: int, area: Area, fields: Sequence[NDArray[Any]]) -> None:
    """Maps of the days of a year (row, column of the area), and their index."""
    folder.mkdir(parents=True, exist_ok=True)
    days = CALENDARS["day"]
    labels = [days.label(step) for step in days.year(year)]
    name = f"{product}_{year}.tif"
    maps = ((label, {"value": np.asarray(field, np.float32)}, {}) for label, field in zip(labels, fields, strict=True))
    write_maps(folder / name, maps, len(labels), area.grid, area.window, {"product": product, "calendar_id": "day"})
    entries = {label: {"map": f"{name}#{label}", "status": "complete"} for label in labels}
    write_index(folder / f"{year}.json", product, str(year), entries, calendar_id="day")
