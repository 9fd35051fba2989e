"""The file of station records: one value for each pixel that holds stations and each step, and what is known of the pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.files import Kind
from rssm.grid import Grid, grid_of
from rssm.stations.steps import PixelMeans
from rssm.validation.stations.places import CLIMATES, LAND_COVERS, UNKNOWN, Ground, names_of

STATIONS = Kind("records of stations")
WHOLE = "number of a class, 0 unknown"


@dataclass(frozen=True)
class StationRecords:
    """Station records on a grid and a calendar.

    pixel     (pixel,) number in the whole grid, row by row, ascending
    steps     all of the period, ascending
    means     (pixel, step) value in m³ m⁻³ with NaN for gaps, records and sensors behind it
    ground    of the pixels
    networks  (pixel,) names of the networks there
    stations  (pixel,) number of stations that gave a value at some time
    dense     stations from which a pixel counts as dense
    flat      topographic complexity below which it counts as flat
    """

    grid: Grid
    calendar: Calendar
    pixel: NDArray[np.int32]
    steps: range
    means: PixelMeans
    ground: Ground
    networks: list[str]
    stations: NDArray[np.int16]
    dense: int
    flat: float

    @property
    def place(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitude and longitude of the pixels' centres."""
        everywhere = self.grid.window(self.grid.everywhere)
        row, column = np.divmod(self.pixel, self.grid.columns)
        lats, lons = self.grid.row_centres(everywhere), self.grid.column_centres(everywhere)
        return lats[row - everywhere.row], (lons[(column - everywhere.column) % self.grid.columns] + 180) % 360 - 180

    @property
    def climate(self) -> list[str]:
        """Köppen–Geiger class of each pixel."""
        return names_of(self.ground.climate, CLIMATES)

    @property
    def land_cover(self) -> list[str]:
        """IGBP class of each pixel."""
        return names_of(self.ground.land_cover, LAND_COVERS)

    @property
    def density(self) -> list[str]:
        """Whether each pixel holds several stations."""
        return np.where(self.stations >= self.dense, "dense", "sparse").tolist()

    @property
    def relief(self) -> list[str]:
        """Whether each pixel is flat."""
        topography = self.ground.topography
        return np.where(np.isnan(topography), "unknown", np.where(topography < self.flat, "flat", "rough")).tolist()


def write_stations(path: str | Path, records: StationRecords) -> None:
    """Write the file."""
    calendar, (lats, lons), ground = records.calendar, records.place, records.ground
    pixel, both = ("pixel",), ("pixel", "time")
    labels = np.array([calendar.label(step) for step in records.steps], object)
    layers: dict[str, tuple[tuple[str, ...], Any, dict[str, Any]]] = {
        "pixel": (pixel, records.pixel, {"long_name": "row * columns + column on the grid"}),
        "lat": (pixel, lats, {"units": "degrees_north", "standard_name": "latitude"}),
        "lon": (pixel, lons, {"units": "degrees_east", "standard_name": "longitude"}),
        "step": (("time",), np.array(records.steps, np.int32), {"long_name": "number of the step in the calendar"}),
        "period": (("time",), labels, {"long_name": "label of the step"}),
        "soil_moisture": (both, records.means.value, {"units": "m3 m-3", "long_name": "mean of the pixel's sensors"}),
        "n_records": (both, records.means.records, {"units": "1", "long_name": "records behind the mean"}),
        "n_sensors": (both, records.means.sensors, {"units": "1", "long_name": "sensors behind the mean"}),
        "water": (pixel, ground.water, {"units": "1", "long_name": "mean annual maximum of the share under water"}),
        "topography": (pixel, ground.topography, {"units": "1", "long_name": "topographic complexity"}),
        "climate": (pixel, ground.climate, {"long_name": f"Koppen-Geiger {WHOLE}", **_classes(CLIMATES)}),
        "land_cover": (pixel, ground.land_cover, {"long_name": f"IGBP {WHOLE}", **_classes(LAND_COVERS)}),
        "n_stations": (pixel, records.stations, {"units": "1", "long_name": "stations that gave a value at some time"}),
        "networks": (pixel, np.array(records.networks, object), {"long_name": "networks of the stations"}),
    }
    with STATIONS.created(path) as file:
        file.setncatts({"grid_id": records.grid.id, "calendar_id": calendar.id})
        file.setncatts({"dense": records.dense, "flat": records.flat})
        file.createDimension("pixel", records.pixel.size)
        file.createDimension("time", len(records.steps))
        for name, (dimensions, values, known) in layers.items():
            text = values.dtype == object
            variable = file.createVariable(name, str if text else values.dtype, dimensions, zlib=not text)
            variable.setncatts(known)
            variable[:] = values


def read_stations(path: str | Path) -> StationRecords:
    """Read the file."""
    with STATIONS.opened(path) as file:
        of = {name: file[name][:] for name in file.variables}
        means = PixelMeans(of["soil_moisture"], of["n_records"], of["n_sensors"])
        return StationRecords(
            grid_of(file.grid_id),
            CALENDARS[file.calendar_id],
            of["pixel"],
            range(int(of["step"][0]), int(of["step"][-1]) + 1),
            means,
            Ground(of["water"], of["topography"], of["climate"], of["land_cover"]),
            [str(name) for name in of["networks"]],
            of["n_stations"],
            int(file.dense),
            float(file.flat),
        )


def _classes(names: list[str]) -> dict[str, Any]:
    """CF attributes of a layer of classes."""
    numbers = np.arange(UNKNOWN, len(names) + 1, dtype=np.int8)
    return {"flag_values": numbers, "flag_meanings": " ".join(["unknown", *names])}
