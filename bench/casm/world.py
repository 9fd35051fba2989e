"""A toy Earth as CASM's cubes: brightness temperatures of three radiometers, SMAP, and the truth, in steps of three days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import rasterio
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.config.toy import Toy
from rssm.cubes.cube import Cube
from rssm.grid import Area, Region, grid_of
from rssm.toy.footprint import Cells
from rssm.toy.observe import observe
from rssm.toy.radiance import Radiances
from rssm.toy.truth import Earth
from rssm.workflow.scope import REPOSITORY

GRID, CALENDAR = grid_of("ease2_m25"), CALENDARS["3day"]
REGION = Region(38, 42, -6, 5)  # of Iberia: plains and mountains
MORNING = 1  # SMAP's second pass
SPANS = {
    "AMSR-E": ("2002-06-19", "2011-10-03"),
    "SMOS": ("2010-01-17", "2020-08-31"),
    "AMSR2": ("2012-07-03", "2020-08-31"),
    "SMAP": ("2015-03-31", "2020-08-31"),
}
CHANNELS = {
    "SMOS": {"SMOS-TB-H": ("1.4", "H"), "SMOS-TB-V": ("1.4", "V")},
    "AMSR2": {f"AMSR2-TB{f}V": (f, "V") for f in ("10", "18", "36", "89")},
    "AMSR-E": {f"AMSR-E-TB{f}V": (f, "V") for f in ("10", "18", "36", "89")},
}
TARGET = "SMAP_E"
F4 = NDArray[np.float32]


@dataclass(frozen=True)
class World:
    """Cubes by sensor, and beside them what nobody has: the truth, and SMAP in years without it.

    steps   (step,) of the whole time
    truth, like  (pixel, step): soil moisture, and what SMAP would have seen; m³ m⁻³
    """

    cubes: dict[str, list[Cube]]
    steps: NDArray[np.int64]
    truth: F4
    like: F4


def span(sensor: str) -> tuple[int, int]:
    """First and last step of a sensor."""
    first, last = (CALENDAR.of(date.fromisoformat(day)) for day in SPANS[sensor])
    return first, last


def make_world(world: str, seed: int, region: Region = REGION) -> World:
    """The cubes of a world, on the Earth's own land."""
    with rasterio.open(REPOSITORY / "resources" / GRID.id / "land.tif") as source:
        land = source.read(1) == 1
    earth = Earth(Toy.model_validate({"world": world, "seed": seed}), Area(GRID.id, region), land)
    steps = np.arange(span("AMSR-E")[0], span("SMOS")[1] + 1)
    window = GRID.window(region)
    daily = _Daily(steps)
    names = ["truth", TARGET, *(name for channels in CHANNELS.values() for name in channels)]
    sums = {name: np.zeros((2, steps.size, *window.shape), np.float32) for name in names}
    for year in range(2002, 2021):
        days = daily.of_year(year)
        daily.add(sums["truth"], days, earth.on_run(earth.year(year).moisture[days - date(year, 1, 1).toordinal()]))
        seen = observe(earth, TARGET, days)
        daily.add(sums[TARGET], days, _onto(seen.screened[:, MORNING], seen.cells, window))
        for sensor, channels in CHANNELS.items():
            first, last = (date.fromisoformat(day).toordinal() for day in SPANS[sensor])
            those = days[(days >= first) & (days <= last)]
            if those.size:
                sees = Radiances(earth, sensor, those)
                for name, (frequency, polarisation) in channels.items():
                    daily.add(sums[name], those, _onto(sees.brightness(frequency, polarisation), sees.cells, window))
    row, column = np.nonzero(
        land[window.row : window.row + window.rows, window.column : window.column + window.columns]
    )
    pixel = ((row + window.row) * GRID.columns + (column + window.column) % GRID.columns).astype(np.int32)
    with np.errstate(invalid="ignore"):
        means = {name: (total[0] / total[1])[:, row, column].T for name, total in sums.items()}
    cubes = {
        sensor: [_cube(name, means[name], pixel, steps, sensor) for name in CHANNELS[sensor]] for sensor in CHANNELS
    }
    cubes["SMAP"] = [_cube(TARGET, means[TARGET], pixel, steps, "SMAP")]
    return World(cubes, steps, means["truth"], means[TARGET])


@dataclass(frozen=True)
class _Daily:
    """Days summed into steps."""

    steps: NDArray[np.int64]

    def of_year(self, year: int) -> NDArray[np.int64]:
        """Days of a year within the steps."""
        first, last = CALENDAR.start(int(self.steps[0])).toordinal(), CALENDAR.end(int(self.steps[-1])).toordinal()
        return np.arange(max(first, date(year, 1, 1).toordinal()), min(last, date(year, 12, 31).toordinal()) + 1)

    def add(self, sums: F4, days: NDArray[np.int64], values: F4) -> None:
        """Add values (day, row, column) and their number to the steps that hold the days."""
        at = np.array([CALENDAR.of(date.fromordinal(int(day))) for day in days]) - self.steps[0]
        known = np.isfinite(values)
        np.add.at(sums[0], at, np.where(known, values, 0))
        np.add.at(sums[1], at, known)


def _onto(values: F4, cells: Cells, window) -> F4:  # type: ignore[no-untyped-def]
    """Values (day, row, column) of native cells on the pixels of a window: of each the mean of the cells around."""
    latitude, longitude = GRID.row_centres(window), GRID.column_centres(window)
    rows = _near(latitude, cells.latitude[:, 0], float(np.abs(np.diff(GRID.row_edges(window))).mean()))
    columns = _near(longitude, cells.longitude[0], GRID.column_step)
    total = np.zeros((len(values), len(latitude), len(longitude)), np.float32)
    count = np.zeros_like(total)
    for row in rows.T:
        for column in columns.T:
            part = values[:, row[:, None], column]
            known = np.isfinite(part) & (row >= 0)[:, None] & (column >= 0)
            total += np.where(known, part, 0)
            count += known
    with np.errstate(invalid="ignore"):
        return total / count


def _near(centres: NDArray[np.floating], native: NDArray[np.floating], width: float) -> NDArray[np.int64]:
    """Cells (pixel, at most three) whose centres lie in a pixel, −1 for none; of coarser cells the nearest."""
    away = np.abs(centres[:, None] - native)
    order = np.argsort(away, axis=1)[:, :3]
    inside = np.take_along_axis(away, order, axis=1) <= width / 2
    inside[:, 0] = True
    return np.where(inside, order, -1)


def _cube(name: str, values: F4, pixel: NDArray[np.int32], steps: NDArray[np.int64], sensor: str) -> Cube:
    """The cube of a variable over its sensor's span."""
    first, last = span(sensor)
    here = (steps >= first) & (steps <= last)
    start = np.array([0, pixel.size], np.int32)
    units = "m3 m-3" if sensor == "SMAP" else "K"
    return Cube(
        name, units, values[:, here], pixel, ("N00E000",), start, steps[here].astype("i4"), CALENDAR.id, GRID.id
    )
