"""The scope of a run of any method: which zones and variables there are, and which steps of each variable are needed.

What is needed follows from a method's plan, which its own scope knows; all else is the same for all methods.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from rssm.calendar import CALENDARS, DEKADS, STATIC, days_of
from rssm.config.catalogue import Product, load_catalogue
from rssm.config.common import CommonRun
from rssm.errors import InputError, suggestion
from rssm.grid import Tile, Zone
from rssm.land import read_land_zones
from rssm.paths import Paths
from rssm.workflow import rivals

REPOSITORY = Path(__file__).resolve().parents[2]  # where the shipped tables lie


def locate(path: str, root: Path, beside: Path = Path(), setting: str = "") -> Path:
    """A path of the configuration: beside the file that names it, in the working folder, or else in the repository."""
    for folder in (beside, Path(), root):
        if (folder / path).exists():
            return folder / path
    if Path(path).is_absolute():
        return Path(path)  # who reads it says what it should be
    places = list(dict.fromkeys(str(folder.absolute()) for folder in (beside, Path(), root)))
    raise InputError(f"{setting}: {path}: no such file in {' nor in '.join(places)}.")


class Scope(ABC):
    """What one configuration covers; `root` is the repository, `beside` the folder of the file that was read."""

    def __init__(self, run: CommonRun, root: Path = REPOSITORY, beside: Path = Path()) -> None:
        self.run, self.root, self.beside = run, root, beside
        self.catalogue_file = self.table("products")
        self.catalogue: dict[str, Product] = load_catalogue(self.catalogue_file)
        self.grid, self.calendar, self.area = run.grid, run.calendar, run.area
        self.region = run.area.region
        self.paths = Paths(run.method)
        self.land = str(self.table("land"))
        self._land_zones = read_land_zones(self.table("land_zones"))
        self._steps: dict[tuple[str, str], range] = {}

    def table(self, name: str) -> Path:
        """Where one of the tables lies."""
        return locate(getattr(self.run.tables, name), self.root, self.beside, f"tables.{name}")

    def contradictions(self) -> Iterator[str]:
        """What of the settings does not fit the tables, or cannot be: sentences that begin with the setting."""
        if not Path(self.land).is_file():
            yield f"tables.land: {self.land}: no such file. A land mask is made by: rssm land"
        if not self.tiles:
            yield f"region: no land lies in this box, by {self.run.tables.land_zones}. Choose one with land."
        yield from self._unknown_products("ingest.strict", self.run.ingest.strict)
        if self.run.toy:
            yield from self._unknown_products("toy.products", self.run.toy.products or ())
            yield from self._unknown_products("toy.noise_of", self.run.toy.noise_of)
        yield from rivals.contradictions(self.run, self.catalogue)
        last, today = self.calendar.start(self.run.steps[-1]), date.today()
        if last > today:
            yield (
                f"period.last: {self.run.period.last} begins after today ({today}), of which no archive has data. "
                "Set an earlier end."
            )

    def _unknown_products(self, setting: str, names: Iterable[str]) -> Iterator[str]:
        """A sentence for each name that the catalogue does not have."""
        for name in names:
            if name not in self.catalogue:
                yield (
                    f"{setting}: {name!r} is not in the catalogue ({self.run.tables.products}). "
                    f"{suggestion(name, self.catalogue)}"
                )

    def toy_writes(self, product: str) -> bool:
        """Whether a toy Earth writes the archive of a product; others are looked for below inputs.root, as of a real run."""
        toy = self.run.toy
        return toy is not None and (toy.products is None or product in toy.products)

    # -- what a method's plan decides ------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def cubes(self) -> Mapping[str, Mapping[str, set[int]]]:
        """Cube → its variables → steps of the method's calendar that something learns from or simulates with."""

    def made_steps(self, variable: str) -> range:
        """Steps of a variable that the run itself makes maps of."""
        raise KeyError(variable)

    def made_years(self, variable: str) -> list[int]:
        """Years of such maps."""
        raise KeyError(variable)

    @property
    def given(self) -> dict[str, str]:
        """Files that the run is given: their names in the results, and where they lie."""
        return {"land.tif": self.land}

    def cubed(self, cube: str) -> list[str]:
        """Variables that a cube file holds."""
        return list(self.cubes.get(cube, [cube]))

    # -- where -----------------------------------------------------------------------------------------------------------

    @cached_property
    def tiles(self) -> dict[str, Tile]:
        """Tiles of the region that hold land, by name."""
        degrees = self.run.zones.tile_degrees
        return {tile.name: tile for tile in self.grid.tiles(self.region, degrees) if self.land_zones(tile)}

    def land_zones(self, tile: Tile) -> list[Zone]:
        """Zones of a tile that hold land and lie in the region."""
        return [zone for zone in self.grid.tile_zones(tile, self.region) if zone in self._land_zones]

    def land_pixels(self, tile: Tile) -> int:
        """Number of land pixels of a tile in the region."""
        return sum(self._land_zones[zone] for zone in self.land_zones(tile))

    # -- when ------------------------------------------------------------------------------------------------------------

    def span(self, product: str) -> range:
        """Steps of the method's calendar in which a product is used; an open span ends with the period."""
        return product_span(self.catalogue[product], self.run, self.run.period.last)

    def steps(self, variable: str, cube: str = "") -> range:
        """Steps of a variable in a cube (or in all its cubes), in its own calendar: what is needed of what there is."""
        if (variable, cube) not in self._steps:
            parts = [of[variable] for name, of in self.cubes.items() if variable in of and cube in ("", name)]
            self._steps[variable, cube] = self._find_steps(variable, set().union(*parts))
        return self._steps[variable, cube]

    def _find_steps(self, variable: str, wanted: set[int]) -> range:
        if variable not in self.catalogue:
            steps = sorted(wanted) or list(self.made_steps(variable))
            return range(min(steps), max(steps) + 1)
        product, own = self.catalogue[variable], self.calendar
        if product.maps == STATIC:
            return range(1)
        calendar = CALENDARS[product.maps]
        span = self.span(variable)
        first, last = calendar.of(own.start(span[0])), calendar.of(own.end(span[-1]))
        needed = {calendar.of(day(step)) for step in wanted or span for day in (own.start, own.end)}
        if product.outside_span == "nearest_year" and calendar.steps_per_year:
            needed = {_nearest_year(step, first, last, calendar.steps_per_year) for step in needed}
        inside = [step for step in needed if first <= step <= last]
        return range(min(inside), max(inside) + 1) if inside else range(first, last + 1)

    def years(self, variable: str, cube: str = "") -> list[str]:
        """Years whose maps a variable's cube (or all its cubes) reads."""
        if self.map_step(variable) == STATIC:
            return [STATIC]
        calendar = CALENDARS[self.map_step(variable)]
        steps = self.steps(variable, cube)
        years = range(calendar.year_of(steps[0]), calendar.year_of(steps[-1]) + 1)
        made = years if variable in self.catalogue else self.made_years(variable)
        return [str(year) for year in years if year in made]

    def derived_from(self, product: str, year: str) -> list[tuple[str, str]]:
        """Products and years from whose maps those of a derived product-year follow; none where it is not derived."""
        derive = self.catalogue[product].derive
        own = [year] if self.catalogue[product].maps != STATIC else self.reference_years()
        return [
            (source, STATIC if self.catalogue[source].maps == STATIC else other)
            for source in (derive.of if derive else ())
            for other in own
        ]

    def map_years(self) -> list[tuple[str, str]]:
        """Product and year of all maps that are made of the archive."""
        products = [v for v in self.needed_variables() if v in self.catalogue]
        found = dict.fromkeys((v, year) for v in products for year in self.years(v))
        waiting = list(found)
        for product, year in waiting:  # grows by what derived products follow from
            more = [source for source in self.derived_from(product, year) if source not in found]
            found |= dict.fromkeys(more)
            waiting += more
        return list(found)

    @cached_property
    def years_read(self) -> dict[str, list[str]]:
        """Product with files of its own → years of the maps that are made of them."""
        found: dict[str, list[str]] = {}
        for product, year in sorted(self.map_years(), key=lambda one: one[1]):
            if not self.catalogue[product].derive:
                found.setdefault(product, []).append(year)
        return found

    def period_of(self, product: str) -> range:
        """Steps that a product's files are asked for: the run's, and those of years beyond that something learns from."""
        years = [int(year) for year in self.years_read.get(product, ()) if year != STATIC]
        asked = [step for year in years for step in (self.calendar.year(year)[0], self.calendar.year(year)[-1])]
        outside = [step for step in asked if self.calendar.year_of(step) not in self._own_years]
        return range(min([self.run.steps[0], *outside]), max([self.run.steps[-1], *outside]) + 1)

    @cached_property
    def _own_years(self) -> range:
        year_of, steps = self.calendar.year_of, self.run.steps
        return range(year_of(steps[0]), year_of(steps[-1]) + 1)

    def reference_years(self) -> list[str]:
        """Years whose maps make one map of what hardly changes (catalogue: derive)."""
        return [str(year) for year in self._own_years]

    def map_step(self, variable: str) -> str:
        """Calendar of a variable's maps."""
        return self.catalogue[variable].maps if variable in self.catalogue else self.calendar.id

    def first_year(self) -> int:
        """First year that any product is needed of."""
        return min(int(year) for v in self.needed_variables() for year in self.years(v) if year != STATIC)

    # -- which variables -------------------------------------------------------------------------------------------------

    def needed_variables(self) -> list[str]:
        """Variables that get cubes."""
        return list(dict.fromkeys(variable for variables in self.cubes.values() for variable in variables))

    def porosity(self, products: Iterable[str]) -> list[str]:
        """The variable that holds pore space, where one of some products is stored as saturation."""
        saturated = any(self.catalogue[product].units == "saturation" for product in products)
        return [self.run.ingest.porosity] if saturated else []

    def maps_per_year(self, variable: str) -> int:
        """Number of a variable's maps in a year (or in all, for a static one)."""
        return CALENDARS[self.map_step(variable)].seasons

    def native_files_per_year(self, variable: str) -> int:
        """Rough number of native files of a product in a year."""
        product = self.catalogue[variable]
        if product.step == "day" and "%m" in product.files and not re.search("%[dj]", product.files):
            return 12
        # of each dekad, or shorter map, a toy Earth's archive may hold some days only
        often = CALENDARS[product.maps] if product.maps in ("day", "3day") else DEKADS
        daily = min(often.seasons * self.run.toy.days_per_dekad, 365) if self.run.toy else 365
        per_year = {"day": daily, "8day": 46}.get(product.step) or CALENDARS[product.step].seasons
        return per_year * (2 if ":A|D" in product.files or ":DY|NT" in product.files else 1)


def product_span(product: Product, run: CommonRun, last: str) -> range:
    """Steps of a method's calendar in which a product is used; an open span ends with the step `last`."""
    first_day, last_day = days_of(product.span[0])[0], days_of(product.span[1] or last)[1]
    return range(run.calendar.of(first_day), run.calendar.of(last_day) + 1)


def _nearest_year(step: int, first: int, last: int, year: int) -> int:
    """A step moved by whole years into first … last."""
    early, late = max(first - step, 0), max(step - last, 0)
    return step + -(-early // year) * year - -(-late // year) * year
