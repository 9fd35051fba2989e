"""Files that the jobs of validation read, made up: maps with their index, and the records of stations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rssm.calendar import DEKADS
from rssm.grid import GRID, Window
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.validation.reference import STATIONS

CLIMATES = ("unknown", "Aw", "BSk", "Cfb")


def write_year_maps(folder: Path, product: str, steps: Sequence[int], values: np.ndarray, window: Window) -> str:
    """Maps (step, row, column) of a product's year and their index; a step that is NaN throughout is `missing`."""
    entries = {}
    for step, field in zip(steps, values, strict=True):
        label = DEKADS.label(step)
        path = folder / product / f"{product}_{label}.tif"
        write_map(path, {"value": field.astype(np.float32)}, GRID, window, {"product": product, "label": label})
        entries[label] = {"map": path.name, "status": "complete" if np.isfinite(field).any() else "missing"}
    index = folder / product / f"{steps[0] // 36}.json"
    write_index(index, product, "", entries, calendar_id="dekad")
    return str(index)


def write_station_file(path: Path, pixel: np.ndarray, steps: Sequence[int], values: np.ndarray) -> str:
    """Records (pixel, step) of stations; every other pixel is dense, every third rough, climates take turns."""
    with STATIONS.created(path) as file:
        file.setncatts({"grid_id": GRID.id, "calendar_id": DEKADS.id, "dense": 2, "flat": 0.1})
        file.createDimension("pixel", pixel.size)
        file.createDimension("time", len(steps))
        file.createVariable("pixel", "i4", ("pixel",))[:] = pixel
        file.createVariable("step", "i4", ("time",))[:] = np.array(steps)
        file.createVariable("soil_moisture", "f8", ("pixel", "time"))[:] = values
        number = np.arange(pixel.size)
        climate = file.createVariable("climate", "i1", ("pixel",))
        climate.setncatts({"flag_values": np.arange(4, dtype=np.int8), "flag_meanings": " ".join(CLIMATES)})
        climate[:] = number % 4
        file.createVariable("n_stations", "i2", ("pixel",))[:] = 1 + number % 2
        file.createVariable("topography", "f4", ("pixel",))[:] = np.where(number % 3, 0.05, 0.2)
    return str(path)
