"""The truth: daily surface soil moisture of the toy Earth, and the weather, snow and leaves that go with it.

Every calendar year is simulated by itself, from 1 September of the year before without snow: 122 days of spin-up, in
which the start is forgotten to within 0.01 m³ m⁻³ even in the north, glaciers excepted. So a day's values depend on
neither the region nor the period asked for. Soil moisture of the top 5 cm is a bucket: rain and melt fill it, it drains
above field capacity and dries exponentially towards its residual content, faster in warmth, sand and under trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rssm.config.toy import Toy
from rssm.errors import InputError
from rssm.grid import Area, Grid, Window
from rssm.toy.footprint import Footprint, cells
from rssm.toy.geography import Array, Geography, geography
from rssm.toy.noise import Patch, smooth

SPIN_UP = 122  # days
Days = slice | NDArray[np.int64]  # days of a year, counted from 1 January
ALL = slice(None)
DEPTH = 50.0  # mm of soil that the sensors see
NUDGE = 1e-6  # of a pixel: a centre on an edge belongs to the pixel south or east of it, whatever the rounding
COARSE = "wgs84_0.25"  # grid of the truth where the method's own shares no edges with whole degrees


@dataclass(frozen=True)
class Year:
    """Daily fields (day, row, column) of one calendar year, day 0 = 1 January."""

    year: int
    moisture: Array  # m³ m⁻³
    temperature: Array  # of the surface, daily mean, K
    rain: Array  # mm day⁻¹
    snow: Array  # water equivalent, mm
    climate: Array  # slow departure of rain, no unit

    @property
    def first(self) -> int:
        """Day number of 1 January."""
        return date(self.year, 1, 1).toordinal()

    @property
    def days(self) -> int:
        return len(self.moisture)

    @cached_property
    def frozen(self) -> NDArray[np.bool_]:
        return self.temperature < 272.5


class Earth:
    """The toy Earth of an area and a margin of one degree, which footprints and native cells at its edge may need.

    asked   the area on the grid of the run
    area    on the grid of the truth, which is that of the run unless its pixels cut across zones or another is asked for
    patch   pixels with the margin; inner: rows and columns there of the area itself
    """

    def __init__(
        self, toy: Toy, area: Area, land: NDArray[np.bool_] | None = None, truth_grid: str | None = None
    ) -> None:
        """The Earth that a run sees.

        land        land mask of the whole grid of the run; None: the toy's own continents
        truth_grid  id of the grid of the truth, not finer than the run's: random fields are drawn on it, so that runs on
                    different grids share a truth where they share this
        """
        self.toy, self.asked = toy, area
        self.area = Area(truth_grid, area.region) if truth_grid else home(area)
        land = land if land is None or self.area == area else resampled(land, area.grid, self.area.grid)
        area = self.area
        window, margin = area.window, area.grid.zone_pixels
        beside = 0 if area.region.wraps else margin
        rows, columns = window.rows + 2 * margin, window.columns + 2 * beside
        self.patch = Patch(window.row - margin, window.column - beside, rows, columns, area.grid)
        self.inner = slice(margin, margin + window.rows), slice(beside, beside + window.columns)
        self.geography = geography(toy.seed, self.patch, land)
        self._years: dict[int, Year] = {}

    def look(self, grid_id: str, width: float) -> Footprint:
        """What a sensor with footprints of `width` km on a native grid makes of fields of the patch."""
        return Footprint(cells(grid_id, self.area), self.patch, width, self.geography.land)

    def run_centres(self) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Centres of the run's rows and columns in pixels of the truth, counted as those of the patch."""
        if self.area == self.asked:
            rows, columns = np.arange(self.patch.rows)[self.inner[0]], np.arange(self.patch.columns)[self.inner[1]]
            return rows + self.patch.row + 0.5, columns + self.patch.column + 0.5
        truth, run, window = self.area.grid, self.asked.grid, self.asked.window
        north, east = truth.north - run.row_centres(window), run.column_centres(window) - truth.west
        return north * truth.zone_pixels, east * truth.zone_pixels

    def on_run(self, field: Array) -> Array:
        """A field of the patch (…, row, column) on the pixels of the run: itself, copied, or means over their areas."""
        if self.area == self.asked:
            return field[..., *self.inner]
        if self.asked.grid.column_step < self.area.grid.column_step:
            centres = zip(self.run_centres(), (self.patch.row, self.patch.column), strict=True)
            row, column = (np.floor(at + NUDGE).astype(int) - first for at, first in centres)
            return field[..., row[:, None], column]
        everywhere = np.ones((self.patch.rows, self.patch.columns), bool)
        under, window = cells(self.asked.grid_id, self.area), self.asked.window
        top, left = window.row - int(under.rows[0]), (window.column - int(under.columns[0])) % under.grid.columns
        mean = Footprint(under, self.patch, 0.0, everywhere)(field)
        return mean[..., top : top + window.rows, left : left + window.columns]

    def year(self, year: int) -> Year:
        """Daily truth of a calendar year (the last three asked for are kept)."""
        if year not in self._years:
            while len(self._years) > 2:
                del self._years[next(iter(self._years))]
            self._years[year] = simulate(self.toy, self.geography, year)
        return self._years[year]

    def leaf_area(self, year: int) -> Array:
        """Leaf area index (month, row, column), m² m⁻²."""
        return monthly(leaf_area(self.geography, self.year(year)), year)

    def surface_heat(self, year: int) -> tuple[Array, Array]:
        """Land surface temperature (month, row, column): mean of day and night, and half their difference, K."""
        bare = np.exp(-0.5 * self.leaf_area(year))
        swing = (4 + 8 * bare) * (1.2 - 0.5 * self.geography.wetness)
        return monthly(self.year(year).temperature, year) + 2 * bare, swing

    def open_water(self, year: int, at: Days = ALL) -> Array:
        """Daily water fraction (day, row, column): lakes, and plains that flood in wet seasons."""
        climate = self.year(year).climate[at]
        flood = 0.04 * self.geography.wetness * np.maximum(climate, 0)
        return np.clip(self.geography.water * (1 + 0.1 * climate) + flood, 0, 1)


def home(area: Area) -> Area:
    """The area on a grid whose pixels share their edges with zones, as the toy's random fields need."""
    try:
        area.grid.zone_pixels  # noqa: B018  a grid without whole pixels a zone refuses
    except InputError:
        return Area(COARSE, area.region)
    return area


def resampled(land: NDArray[np.bool_], grid: Grid, to: Grid) -> NDArray[np.bool_]:
    """The land mask (row, column) of a whole grid on another: that of the pixel which holds each centre."""
    window = Window(0, 0, to.rows, to.columns)
    rows = [min(max(int(grid.row_at(float(at))), 0), grid.rows - 1) for at in to.row_centres(window)]
    columns = ((to.column_centres(window) - grid.west) / grid.column_step).astype(int) % grid.columns
    return land[np.array(rows)][:, columns]


def simulate(toy: Toy, land: Geography, year: int) -> Year:
    """Daily truth of one calendar year."""
    first, last = date(year, 1, 1).toordinal() - SPIN_UP, date(year, 12, 31).toordinal()
    days = np.arange(first, last + 1)
    heat = temperature(toy.seed, land, days)
    climate = climate_of(toy.seed, land, days)
    rare = dryness(land, days, climate)
    rain = rain_of(land, days, fronts(toy.seed, land, days), rare, drought_of(toy))
    moisture, snow = _bucket(land, heat, rain, climate)
    keep = slice(SPIN_UP, None)
    return Year(year, moisture[keep], heat[keep], rain[keep], snow[keep], climate[keep])


def season(days: NDArray[np.int64]) -> Array:
    """Cosine of the season (day, 1, 1): 1 about 24 July, −1 half a year away."""
    return np.cos(2 * np.pi * ((days - 730_325) / 365.2425)).astype(np.float32)[:, None, None]


def temperature(seed: int, land: Geography, days: NDArray[np.int64]) -> Array:
    """Daily mean surface temperature (day, row, column), K."""
    mean = 302 - 0.0085 * land.latitude**2 - 0.0065 * land.elevation
    swing = 0.28 * land.latitude * (0.8 + 0.4 * (1 - land.wetness))
    spell = 2.0 * smooth(seed, "spells", land.patch, 60, days, 12)
    return mean + swing * season(days) + spell


def climate_of(seed: int, land: Geography, days: NDArray[np.int64]) -> Array:
    """Slow departure of rain (day, row, column), no unit."""
    return 0.6 * smooth(seed, "months", land.patch, 60, days, 30) + 0.6 * smooth(
        seed, "years", land.patch, 120, days, 180
    )


def dryness(land: Geography, days: NDArray[np.int64], climate: Array) -> Array:
    """How strong a front must be to bring rain (day, row, column): less in wet climates and rainy seasons."""
    # Summer rains in the tropics, winter rains beyond 25°.
    lean = np.where(abs(land.latitude) < 25, np.float32(0.4), np.float32(-0.4)) * np.sign(land.latitude)
    often = 0.02 + 0.40 * land.wetness * (1 + lean * season(days)) * np.exp(0.45 * climate)
    often = np.clip(often, 0.004, 0.75)
    return np.log(1 / often - 1) / np.float32(1.702)  # logistic approximation of the normal quantile


def fronts(seed: int, land: Geography, days: NDArray[np.int64]) -> Array:
    """Fronts of 30 pixels with cells of 6 in them (day, row, column), no unit."""
    front = 0.8 * smooth(seed, "fronts", land.patch, 30, days)
    front += 0.6 * smooth(seed, "cells", land.patch, 6, days)
    return front


def rain_of(
    land: Geography, days: NDArray[np.int64], front: Array, rare: Array, drought: tuple[int, int, float]
) -> Array:
    """Daily rain (day, row, column), mm, of fronts that exceed `rare`; a drought takes a share of it in some years."""
    rain = np.maximum(front - rare, 0) * (5 + 9 * land.wetness)
    if drought[2]:
        low, high = (date(y, 1, 1).toordinal() for y in (drought[0], drought[1] + 1))
        rain[(days >= low) & (days < high)] *= 1 - drought[2]
    return rain


def drought_of(toy: Toy) -> tuple[int, int, float]:
    """First and last year of the drought, and the share of the rain that it takes away: none but in world drift."""
    return (*toy.drought, toy.drought_depth if toy.world == "drift" else 0.0)


def _bucket(land: Geography, heat: Array, rain: Array, climate: Array) -> tuple[Array, Array]:
    """Soil moisture, m³ m⁻³, and snow, mm water (day, row, column)."""
    residual = 0.02 + 0.12 * land.clay
    capacity = residual + 0.12 + 0.35 * land.clay
    warm = np.exp(-(heat - 286) / 14)  # slower drying in the cold
    days_to_dry = np.clip(9 * warm * (0.6 + 1.6 * land.clay) / (1 + 0.5 * land.tree), 2.5, 30)
    keep = np.exp(-1 / days_to_dry)
    melt = np.maximum(heat - 273.15, 0) * 3
    falls_as_snow = heat < 273.15
    inflow = np.where(falls_as_snow, 0, rain) / DEPTH
    snowfall = np.where(falls_as_snow, rain, 0)
    moisture, snow = np.empty_like(rain), np.empty_like(rain)
    soil = residual + 0.5 * (capacity - residual) * land.wetness
    pack = np.zeros_like(soil)
    for day in range(len(rain)):
        melted = np.minimum(pack, melt[day])
        pack = pack + snowfall[day] - melted
        soil = residual + (soil - residual) * keep[day] + inflow[day] + melted / DEPTH
        soil = np.minimum(soil - 0.35 * np.maximum(soil - capacity, 0), 0.96 * land.porosity)
        moisture[day], snow[day] = soil, pack
    return moisture, snow


def leaf_area(land: Geography, year: Year, at: Days = ALL) -> Array:
    """Daily leaf area index (day, row, column), m² m⁻²: leaves follow warmth, evergreens less, and wet seasons."""
    warmth = 1 / (1 + np.exp(-(year.temperature[at] - 283) / 4))
    evergreen = np.where(abs(land.latitude) < 20, np.float32(0.8), np.float32(0.35))
    grown = evergreen + (1 - evergreen) * warmth
    leaves = (5.2 * land.tree * grown + 2.6 * land.nontree * warmth) * (1 + 0.12 * year.climate[at])
    return np.clip(leaves, 0.02, 7).astype(np.float32)


def monthly(daily: Array, year: int) -> Array:
    """Means of the twelve months of daily fields of a year (month, row, column)."""
    edges = [date(year, m, 1).timetuple().tm_yday - 1 for m in range(1, 13)]
    sums = np.add.reduceat(daily, edges, axis=0, dtype=np.float32)
    lengths = np.diff([*edges, len(daily)]).astype(np.float32)
    return sums / lengths[:, None, None]
