"""The place of a trace: a pixel of the grid, its zone and tile, and what the data set's files say of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rssm.calendar import Calendar, spoken
from rssm.errors import InputError
from rssm.grid import Grid, Window, Zone, relative_window
from rssm.ingest.index import read_index
from rssm.product.formats.netcdf import YearReader
from rssm.product.records.frame import Frame
from rssm.product.values.sources import land_of
from rssm.workflow.scope import Scope


@dataclass(frozen=True)
class Place:
    """A pixel. `lon` as it was asked for, degrees east."""

    grid: Grid
    calendar: Calendar
    lon: float
    row: int
    column: int
    tile_degrees: int

    @classmethod
    def at(cls, scope: Scope, lon: float, lat: float) -> Place:
        grid = scope.grid
        if not grid.south <= lat <= grid.north:
            raise InputError(f"latitude {lat:g} is not within {grid.south:g}…{grid.north:g}.")
        if not -180 <= lon <= 360:
            raise InputError(f"longitude {lon:g} is not within -180…360.")
        return cls(grid, scope.calendar, lon, *grid.pixel(lon, lat), scope.run.zones.tile_degrees)

    @property
    def here(self) -> Window:
        """The pixel as a window."""
        return Window(self.row, self.column, 1, 1)

    @property
    def number(self) -> int:
        """Of the pixel in the whole grid."""
        return self.row * self.grid.columns + self.column

    @property
    def zone(self) -> Zone:
        return self.grid.zone_of(self.row, self.column)

    @property
    def tile(self) -> str:
        return self.grid.tile_of(self.zone, self.tile_degrees).name

    def text(self, step: int) -> str:
        """Step and place."""
        days = f"{self.calendar.start(step)} to {self.calendar.end(step)}"
        return f"{self.calendar.label(step)} ({days}), row {self.row}, column {self.column}, zone {self.zone.name}"

    def within(self, source: YearReader) -> Window:
        """The pixel, counted from the corner of a year of the data set."""
        return relative_window(self.here, source.window, self.grid.columns)

    def check(self, scope: Scope, step: int, index: Path, netcdf: Path) -> None:
        """Refuse a step or a pixel that the year of the data set with some index and file does not hold."""
        label, period = self.calendar.label(step), scope.run.period
        if step not in scope.run.steps:
            raise InputError(f"{label}: not within the period of the run, {period.first} to {period.last}.")
        if not index.is_file():
            raise InputError(f"{index}: no such file. Make the data set with: snakemake product, or give --results.")
        if label not in read_index(index):
            raise InputError(f"{index}: {label} is not among its {spoken(self.calendar.id)}s.")
        with YearReader(netcdf) as source:
            at = self.within(source)
            if not (0 <= at.row < source.window.rows and at.column < source.window.columns):
                rows, columns = self.grid.row_edges(source.window), self.grid.column_edges(source.window)
                extent = f"{rows[-1]:g}…{rows[0]:g}° N, {columns[0]:g}…{columns[-1]:g}° E"
                raise InputError(f"{source.path}: does not hold this place. It covers {extent}.")
        if not land_of(scope.land, Frame(self.grid, self.here, self.calendar)).any():
            raise InputError(f"row {self.row}, column {self.column}: not a land pixel, so there is nothing to trace.")
