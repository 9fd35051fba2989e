"""The scope of a run: which zones, networks and variables there are, and which steps of each variable are needed.

Everything follows from the configuration, the catalogue, the tables of the plan and the land-zone table. Imports stay
light: the workflow asks at parse time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from rssm.calendar import CALENDARS, DEKADS
from rssm.config.catalogue import Catalogue, load_catalogue
from rssm.config.load import validated
from rssm.config.plan import Network, Plan, Source, Substep
from rssm.config.run import Run
from rssm.config.tables import read_plan
from rssm.grid import GRID, Region, Tile, Zone
from rssm.land import read_land_zones

FACTORS = "FACTORS"  # name of the cube that holds the factors all networks share
REPOSITORY = Path(__file__).resolve().parents[1]  # where the shipped tables lie


def locate(path: str, root: Path) -> Path:
    """A path of the configuration: from the working directory, or else from the repository."""
    return Path(path) if Path(path).exists() or (root / path).exists() is False else root / path


def product_sources(catalogue: Catalogue, last: str) -> dict[str, Source]:
    """Span and sensor of each product; an open span ends with the dekad `last`."""
    return {
        name: Source(DEKADS.span(product.span[0], product.span[1] or last), product.sensor)
        for name, product in catalogue.items()
    }


class Scope:
    """What one configuration covers; `root` is the repository."""

    def __init__(self, config: Mapping[str, Any], root: Path = REPOSITORY, name: str = "configuration") -> None:
        self.run: Run = validated(dict(config), name)
        tables = self.run.tables
        self.catalogue: Catalogue = load_catalogue(locate(tables.products, root))
        sources = product_sources(self.catalogue, self.run.period.last)
        self.networks_table = locate(tables.networks, root)
        strict = self.run.profile == "paper"
        self.plan: Plan = read_plan(locate(tables.substeps, root), self.networks_table, sources, strict)
        self.region: Region = self.run.region.region()
        self.land = str(locate(tables.land, root))
        self._steps: dict[str, range] = {}
        self._land_zones = read_land_zones(locate(tables.land_zones, root))

    @cached_property
    def tiles(self) -> dict[str, Tile]:
        """Tiles of the region that hold land, by name."""
        degrees = self.run.zones.tile_degrees
        return {tile.name: tile for tile in GRID.tiles(self.region, degrees) if self.land_zones(tile)}

    def land_zones(self, tile: Tile) -> list[Zone]:
        """Zones of a tile that hold land and lie in the region."""
        return [zone for zone in GRID.tile_zones(tile, self.region) if zone in self._land_zones]

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """Networks that are trained."""
        chosen = self.run.plan.train == "all"
        return tuple(n for n in self.plan.networks if chosen or self.plan.shadow(n) is None)

    def networks_of(self, substep: str) -> list[Network]:
        """Trained networks of a substep, best rank first."""
        return [network for network in self.plan.networks_of(substep) if network in self.networks]

    def factors(self, substep: Substep) -> list[str]:
        """Products that give the factors in a substep."""
        named = (substep.lai if factor == "LAI" else factor for factor in self.run.factors)
        return [factor for factor in named if factor]

    def variables(self, network: Network) -> list[str]:
        """Inputs of a network: its predictors, then the factors."""
        return [*network.predictors, *self.factors(self.plan.substep(network.substep))]

    def cube_names(self, variables: Iterable[str]) -> list[str]:
        """Cubes that hold some variables: the factors that all substeps share lie together in one."""
        return list(dict.fromkeys(FACTORS if v in self.shared_factors else v for v in variables))

    @cached_property
    def shared_factors(self) -> tuple[str, ...]:
        """Factors that every network uses, whatever its substep."""
        return tuple(factor for factor in self.run.factors if factor != "LAI")

    def cubed(self, name: str) -> tuple[str, ...]:
        """Variables that a cube file holds."""
        return self.shared_factors if name == FACTORS else (name,)

    @cached_property
    def _needed(self) -> dict[str, set[int]]:
        """Dekads of each variable that some network learns from or simulates with."""
        needed: dict[str, set[int]] = {}
        for network in self.networks:
            training = self.plan.training[network.name]
            steps = {*training.steps, *self.plan.substep(network.substep).span}
            for variable in self.variables(network):
                needed.setdefault(variable, set()).update(steps)
            for target, part in training.targets.items():
                needed.setdefault(target, set()).update(part)
        for target in self.plan.primaries:
            needed.setdefault(target, set()).update(self.plan.sources[target].span)
        return needed

    def steps(self, variable: str) -> range:
        """Steps of a variable's cube, in its own calendar: what is needed of what there is."""
        if variable not in self._steps:
            self._steps[variable] = self._find_steps(variable)
        return self._steps[variable]

    def _find_steps(self, variable: str) -> range:
        if variable not in self.catalogue:
            steps = sorted(self._needed.get(variable, ())) or list(self.plan.target_steps(variable))
            return range(min(steps), max(steps) + 1)
        product = self.catalogue[variable]
        if product.maps == "static":
            return range(1)
        calendar = CALENDARS[product.maps]
        span = self.plan.sources[variable].span
        first, last = (calendar.of(DEKADS.start(step)) for step in (span[0], span[-1]))
        needed = {calendar.of(DEKADS.start(step)) for step in self._needed.get(variable, span)}
        if product.outside_span == "nearest_year" and calendar.steps_per_year:
            needed = {_nearest_year(step, first, last, calendar.steps_per_year) for step in needed}
        inside = [step for step in needed if first <= step <= last]
        return range(min(inside), max(inside) + 1) if inside else range(first, last + 1)

    def years(self, variable: str) -> list[str]:
        """Years whose maps a variable's cube reads."""
        if variable in self.catalogue and self.catalogue[variable].maps == "static":
            return ["static"]
        calendar = CALENDARS[self.map_step(variable)]
        steps = self.steps(variable)
        return [str(y) for y in range(calendar.start(steps[0]).year, calendar.start(steps[-1]).year + 1)]

    def map_step(self, variable: str) -> str:
        """Calendar of a variable's maps."""
        return self.catalogue[variable].maps if variable in self.catalogue else "dekad"

    def needed_variables(self) -> list[str]:
        """Variables that get cubes."""
        return [v for v in self._needed if v in self.catalogue or self._needed[v]]

    def round_years(self, round_: str) -> list[int]:
        """Years that a round simulates, wholly or in part."""
        return sorted({step // 36 for step in self.plan.simulated(round_)})

    def first_year(self) -> int:
        """First year that any product is needed of."""
        return min(int(year) for v in self.needed_variables() for year in self.years(v) if year != "static")

    def maps_per_year(self, variable: str) -> int:
        """Number of a variable's maps in a year (or in all, for a static one)."""
        step = self.map_step(variable)
        return 1 if step == "static" else CALENDARS[step].steps_per_year or 366

    def native_files_per_year(self, variable: str) -> int:
        """Rough number of native files of a product in a year."""
        step = self.catalogue[variable].step
        daily = 36 * self.run.toy.days_per_dekad if self.run.toy else 365
        per_year = {"day": daily, "8day": 46, "dekad": 36, "month": 12, "year": 1, "static": 1}[step]
        return per_year * (
            2 if ":A|D" in self.catalogue[variable].files or ":DY|NT" in self.catalogue[variable].files else 1
        )

    def land_pixels(self, tile: Tile) -> int:
        """Number of land pixels of a tile in the region."""
        return sum(self._land_zones[zone] for zone in self.land_zones(tile))


def _nearest_year(step: int, first: int, last: int, year: int) -> int:
    """A step moved by whole years into first … last."""
    early, late = max(first - step, 0), max(step - last, 0)
    return step + -(-early // year) * year - -(-late // year) * year
