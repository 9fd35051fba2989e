"""The file of seasons: what is known of the mean year of every 0.5° cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.pixels import CELL, NORTH, SOUTH, cell_centres
from rssm.analysis.specs import SeasonSpec
from rssm.cubes.place import scatter
from rssm.files import Kind
from rssm.grid import Area, LatLonGrid, Region

SEASONS = Kind("seasons of cells")
GRID = LatLonGrid(CELL, 90, -90, -180)
OF_EACH = {
    "terms": ("1", "terms of the Fourier series, 0 where there is no fit"),
    "adjusted_r2": ("1", "adjusted R² of the fit"),
    "gain": ("1", "by how much a second term raises it"),
    "peak": ("time of the year", "time of the highest value of the fitted year, 1 is the middle of its first step"),
    "second": ("time of the year", "time of the second peak, where there is one"),
    "trough": ("time of the year", "time of the lowest value"),
    "peak_value": ("", "value there"),
    "trough_value": ("", "value there"),
    "range": ("", "difference of these"),
    "peak_error": ("steps", "standard error of the time of the peak"),
    "range_error": ("", "standard error of the range"),
}
OF_BOTH = {
    "r": ("1", "correlation of soil moisture with precipitation, step by step"),
    "fit_r": ("1", "correlation of both fitted years"),
    "delay": ("steps", "how much later soil moisture peaks than precipitation"),
}
RAIN = "rain_"
COEFFICIENTS = ("mean", "cosine_1", "sine_1", "cosine_2", "sine_2")


@dataclass(frozen=True)
class Seasons:
    """What is known of cells.

    cell    (cell,) numbers
    class_  (cell,) most common class of climate, 0 unknown
    values  name → (cell,): OF_EACH of soil moisture, of precipitation with `rain_` before it, and OF_BOTH
    """

    cell: NDArray[np.int64]
    class_: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]]

    @property
    def latitude(self) -> NDArray[np.float64]:
        return cell_centres(self.cell)[0]


def write_seasons(path: str | Path, seasons: Seasons, spec: SeasonSpec) -> None:
    """Write the file."""
    latitude, longitude = cell_centres(seasons.cell)
    with SEASONS.created(path) as file:
        file.setncatts({"grid_id": GRID.id, "calendar_id": spec.calendar_id})
        file.createDimension("cell", seasons.cell.size)
        for name, places in (("cell", seasons.cell), ("latitude", latitude), ("longitude", longitude)):
            file.createVariable(name, places.dtype, ("cell",))[:] = places
        climate = file.createVariable("climate", "i1", ("cell",))
        climate.long_name = "most common Köppen-Geiger class 1 to 30, 0 unknown"
        climate[:] = seasons.class_
        for name, values in seasons.values.items():
            unit, text = (OF_EACH | OF_BOTH).get(name.removeprefix(RAIN), ("", "coefficient of the Fourier series"))
            variable = file.createVariable(name, "f4", ("cell",), zlib=True, fill_value=np.nan)
            variable.setncatts(
                {"long_name": text, "units": unit or ("mm day-1" if name.startswith(RAIN) else "m3 m-3")}
            )
            variable[:] = values


def read_seasons(path: str | Path) -> Seasons:
    """Read the file."""
    apart = ("cell", "latitude", "longitude", "climate")
    with SEASONS.opened(path) as file:
        values = {name: file[name][:].astype(np.float64) for name in file.variables if name not in apart}
        return Seasons(file["cell"][:], file["climate"][:].astype(np.int64), values)


def area_of_cells(area: Area) -> Area:
    """The cells of an area."""
    region = area.region
    south, north = max(region.south, SOUTH), min(region.north, NORTH)
    return Area(GRID.id, Region(south, max(north, south + 1), region.west, region.degrees))


def on_map(values: NDArray[np.floating], cell: NDArray[np.int64], area: Area) -> NDArray[np.float32]:
    """Values (cell,) as a map (row, column) of an area of cells."""
    return scatter(values.astype(np.float32), cell, area.window, area.grid)
