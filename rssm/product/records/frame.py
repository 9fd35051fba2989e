"""Where and when the values of a file are, and how its texts speak of grid and calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from rssm.calendar import CALENDARS, Calendar
from rssm.grid import Area, Grid, Window

if TYPE_CHECKING:  # a plan asks for labels only
    import numpy as np
    from numpy.typing import NDArray

DEPTH = (0.0, 0.05)  # of what microwaves see, m
GEOGRAPHIC = "EPSG:4326"


class Words(NamedTuple):
    """Name of a calendar's steps, their length in ISO 8601, and what their labels are."""

    period: str
    length: str
    label: str


NAMED = {
    "dekad": Words("10-day period", "P10D", "year and its number 01-36 in the year"),
    "month": Words("month", "P1M", "year and month"),
}


def words(calendar: Calendar) -> Words:
    """How texts speak of a calendar's steps."""
    if calendar.id in NAMED:
        return NAMED[calendar.id]
    days = calendar.days(0)
    return Words("day" if days == 1 else f"{days}-day period", f"P{days}D", "its first day")


def season_labels(calendar: Calendar) -> list[str]:
    """Names of the places that a step may have in its year: `D01` … `D36` of dekads, else `S001` …"""
    letter, digits = ("D", 2) if calendar.id == "dekad" else ("S", 3)
    return [f"{letter}{n:0{digits}d}" for n in range(1, calendar.seasons + 1)]


def of_year(calendar: Calendar) -> str:
    """Name of such a place: `dekad_of_year`."""
    return f"{calendar.id}_of_year"


def depth_text(depth: tuple[float, float]) -> str:
    """Top and bottom of a layer of soil (m) in words: `0-5 cm`."""
    return "-".join(f"{100 * edge:g}" for edge in depth) + " cm"


@dataclass(frozen=True)
class Frame:
    """A window of a grid, the calendar of the steps, and top and bottom of the layer of soil, m."""

    grid: Grid
    window: Window
    calendar: Calendar
    depth: tuple[float, float] = DEPTH

    @classmethod
    def of(cls, area: Area, calendar: str, depth: tuple[float, float] = DEPTH) -> Frame:
        return cls(area.grid, area.window, CALENDARS[calendar], depth)

    @property
    def depth_text(self) -> str:
        """Top and bottom in words: `0-5 cm`."""
        return depth_text(self.depth)

    @property
    def middle(self) -> float:
        """Depth of the middle of the layer of soil, m."""
        return sum(self.depth) / 2

    @property
    def ids(self) -> dict[str, str]:
        """Attributes by which readers find grid and calendar again."""
        return {"grid_id": self.grid.id, "calendar_id": self.calendar.id}

    @property
    def wraps(self) -> bool:
        """Whether the last column touches the first."""
        return self.window.columns == self.grid.columns

    @property
    def grid_name(self) -> str:
        return f"{self.grid.column_step:g} degree grid" if self.grid.crs == GEOGRAPHIC else f"{self.grid.id} grid"

    @property
    def pixel_meaning(self) -> str:
        """What the number of a pixel is."""
        return f"row * {self.grid.columns} + column on the {self.grid_name}"

    def zones(self) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
        """Southern edge of the zone of each row, western edge of the zone of each column, whole degrees."""
        import numpy as np

        row, column = self.window.row, self.window.column
        souths = [self.grid.zone_of(row + k, column).south for k in range(self.window.rows)]
        wests = [self.grid.zone_of(row, (column + k) % self.grid.columns).west for k in range(self.window.columns)]
        return np.array(souths, np.intp), np.array(wests, np.intp)

    def pixel(self, row: NDArray[np.integer], column: NDArray[np.integer]) -> NDArray[np.int32]:
        """Number of pixels of the window in the whole grid, row by row."""
        whole = (row + self.window.row) * self.grid.columns + (column + self.window.column) % self.grid.columns
        return whole.astype("i4")

    def box(self) -> tuple[float, float, float, float]:
        """South, north, west, east of the outer edges; east runs past 180° across the dateline."""
        rows, columns = self.grid.row_edges(self.window), self.grid.column_edges(self.window)
        return round(float(rows[-1]), 6), float(rows[0]), round(float(columns[0]), 6), round(float(columns[-1]), 6)

    def over_places(self) -> dict[str, Any]:
        """Attributes of the extent: centres of pixels and of the layer, and the polygon of the outer edges."""
        rows, columns = self.grid.row_edges(self.window), self.grid.column_edges(self.window)
        lats, lons = ((edges[:-1] + edges[1:]) / 2 for edges in (rows, columns))
        south, north, west, east = (round(float(at), 6) for at in (lats[-1], lats[0], lons[0], lons[-1]))
        s, n, w, e = (round(edge, 6) for edge in self.box())
        return {
            "geospatial_bounds": f"POLYGON (({s} {w}, {n} {w}, {n} {e}, {s} {e}, {s} {w}))",
            "geospatial_bounds_crs": GEOGRAPHIC,
            "geospatial_bounds_vertical_crs": "none: bounds are horizontal",
            "geospatial_lat_min": south,
            "geospatial_lat_max": north,
            "geospatial_lat_units": "degrees_north",
            "geospatial_lat_resolution": f"{float(rows[0] - rows[-1]) / self.window.rows:g} degree",
            "geospatial_lon_min": west,
            "geospatial_lon_max": east,
            "geospatial_lon_units": "degrees_east",
            "geospatial_lon_resolution": f"{self.grid.column_step:g} degree",
            "geospatial_vertical_min": self.middle,
            "geospatial_vertical_max": self.middle,
            "geospatial_vertical_units": "m",
            "geospatial_vertical_positive": "down",
            "geospatial_vertical_resolution": f"{self.depth[1] - self.depth[0]:g} m",
        }

    def over_steps(self, steps: Sequence[int]) -> dict[str, str]:
        """Attributes of the extent in time of some ascending steps."""
        return over_time(self.calendar, steps[0], steps[-1], steps[-1], words(self.calendar).length)


def over_time(calendar: Calendar, first: int, stamp: int, last: int, length: str) -> dict[str, str]:
    """Attributes of periods from the step `first` to the end of `last`, the last of them stamped with `stamp`."""
    start, end = calendar.start(first), calendar.end(last)
    return {
        "time_coverage_start": f"{start}T00:00:00Z",
        "time_coverage_end": f"{calendar.start(stamp)}T00:00:00Z",
        "time_coverage_resolution": length,
        "time_coverage_duration": f"P{(end - start).days + 1}D",
    }
