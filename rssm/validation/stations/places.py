"""What is known of the pixels that hold stations: water, land cover, relief, climate; and when snow or ice hides them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.cubes.place import window_index
from rssm.errors import InputError
from rssm.grid import Grid, Window
from rssm.land import read_land
from rssm.maps import read_maps
from rssm.product.formats.netcdf import YearReader
from rssm.product.values.flags import Flag
from rssm.product.values.sources import Maps
from rssm.validation.stations.specs import Role, StationsSpec

HIDDEN = (Flag.SNOW_ICE_OBSERVED.meaning, Flag.SNOW_ICE_INFERRED.meaning)
UNKNOWN = 0  # number of a class that no map tells
# Köppen-Geiger classes 1…30 as Beck et al. (2018) number them
_BECK = (
    "Af Am Aw BWh BWk BSh BSk Csa Csb Csc Cwa Cwb Cwc Cfa Cfb Cfc Dsa Dsb Dsc Dsd Dwa Dwb Dwc Dwd Dfa Dfb Dfc Dfd ET EF"
)
# IGBP classes 1…17 of MODIS, whose products call water 0 or 17
_IGBP = (
    "evergreen_needleleaf evergreen_broadleaf deciduous_needleleaf deciduous_broadleaf mixed_forest closed_shrubland"
    " open_shrubland woody_savanna savanna grassland wetland cropland urban mosaic snow_ice barren water"
)
CLIMATES, LAND_COVERS = _BECK.split(), _IGBP.split()


class Ground(NamedTuple):
    """What maps say of pixels.

    water       (pixel,) mean annual maximum of the share under water, NaN where no map tells
    topography  (pixel,) complexity 0…1, NaN where no map tells
    climate     (pixel,) 1…30 and land_cover (pixel,) 1…17, UNKNOWN where no map tells
    """

    water: NDArray[np.float32]
    topography: NDArray[np.float32]
    climate: NDArray[np.int8]
    land_cover: NDArray[np.int8]

    def at(self, position: NDArray[np.intp]) -> Ground:
        """Those of some pixels."""
        return Ground(
            self.water[position], self.topography[position], self.climate[position], self.land_cover[position]
        )


def pixel_at(grid: Grid, latitude: float, longitude: float) -> int | None:
    """Number of the pixel that holds a place; None beyond the grid's rows."""
    if not 0 <= grid.row_at(latitude) < grid.rows:
        return None
    row, column = grid.pixel(longitude, latitude)
    return row * grid.columns + column


def on_land(pixel: NDArray[np.int64], land: str, grid: Grid, window: Window) -> NDArray[np.bool_]:
    """Which pixels of a window are land."""
    _, position = window_index(pixel, window, grid)
    return read_land(land, grid, window).ravel()[position]


def ground(indices: Sequence[str], pixel: NDArray[np.int64], spec: StationsSpec) -> Ground:
    """What the maps that some indices list say of pixels; the indices may lack a role's product."""
    calendar = CALENDARS[spec.calendar]
    maps = Maps.of(indices, spec.area.grid, calendar)

    def classes(role: Role, names: Sequence[str]) -> NDArray[np.int8]:
        found = _most_frequent(_values(maps, role, pixel, spec)[1])
        if found.size and found.max() > len(names):
            raise InputError(
                f"{spec.maps[role]}: has class {found.max()}, expected 1…{len(names)}. Check its entry in the catalogue."
            )
        return found

    years, water = _values(maps, "water", pixel, spec)
    _, topography = _values(maps, "topography", pixel, spec)
    return Ground(
        mean_annual_maximum(years, water),
        topography[0] if len(topography) else np.full(pixel.size, np.nan, np.float32),
        classes("climate", CLIMATES),
        classes("land_cover", LAND_COVERS),
    )


def mean_annual_maximum(years: Sequence[int], values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over the years of the largest value (map, pixel) of each; NaN where there is none at all."""
    largest = [
        np.fmax.reduce(values[[at for at, own in enumerate(years) if own == year]]) for year in sorted(set(years))
    ]
    there = np.sum([~np.isnan(year) for year in largest], axis=0) if largest else np.zeros(values.shape[1])
    total = np.sum([np.nan_to_num(year) for year in largest], axis=0) if largest else np.zeros(values.shape[1])
    with np.errstate(invalid="ignore"):
        return np.asarray(total / np.where(there > 0, there, np.nan), np.float32)


def hidden(netcdf: Sequence[str], pixel: NDArray[np.int64], spec: StationsSpec) -> NDArray[np.bool_]:
    """Where (pixel, step) yearly files of the data set flag snow or ice; a step without a file is not judged."""
    grid, (first, last) = spec.area.grid, spec.steps
    found = np.zeros((pixel.size, last - first + 1), bool)
    for path in netcdf:
        with YearReader(path) as source:
            if (source.frame.grid.id, source.frame.calendar.id) != (grid.id, spec.calendar):
                raise InputError(f"{path}: is on another grid or calendar than the stations' pixels. Make it again.")
            inside, position = window_index(pixel, source.window, grid)
            hiding = sum(source.bit(meaning) for meaning in HIDDEN)
            row, column = np.divmod(position, source.window.columns)
            for at, step in enumerate(source.steps):
                if first <= step <= last and row.size:
                    rows = slice(int(row.min()), int(row.max()) + 1)
                    flagged = source.stored("flags", at, rows)[row - rows.start, column] & hiding
                    found[inside, step - first] = flagged != 0
    return found


def _values(
    maps: Maps, role: Role, pixel: NDArray[np.int64], spec: StationsSpec
) -> tuple[list[int], NDArray[np.float32]]:
    """Year and values (map, pixel) of all maps of a role's product."""
    product = spec.maps.get(role, "")
    entries = {label: entry for label, entry in maps.entries.get(product, {}).items() if entry["status"] != "missing"}
    calendar = CALENDARS[maps.calendars.get(product, spec.calendar)]
    labels = sorted(entries)
    years = [_year(calendar, label) for label in labels]
    if not pixel.size or not labels:
        return [], np.empty((0, pixel.size), np.float32)
    window = spec.area.window
    row = pixel // spec.area.grid.columns
    part = Window(int(row.min()), window.column, int(np.ptp(row)) + 1, window.columns)
    _, position = window_index(pixel, part, spec.area.grid)
    read = read_maps([entries[label]["path"] for label in labels], part, ("value",), spec.area.grid)
    return years, np.stack([layers["value"].ravel()[position] for layers, _ in read])


def _year(calendar: Calendar, label: str) -> int:
    return calendar.year_of(calendar.parse(label))


def _most_frequent(values: NDArray[np.float32]) -> NDArray[np.int8]:
    """The class (pixel,) that most maps (map, pixel) give, the smaller of two; UNKNOWN where none gives one."""
    found = np.zeros(values.shape[1], np.int8)
    for at, column in enumerate(values.T):
        numbers, counts = np.unique(column[column > 0], return_counts=True)  # NaN compares false
        found[at] = numbers[counts.argmax()] if numbers.size else UNKNOWN
    return found


def names_of(numbers: NDArray[np.int8], names: Sequence[str]) -> list[str]:
    """Names of classes."""
    return ["unknown" if number == UNKNOWN else names[number - 1] for number in numbers.tolist()]
