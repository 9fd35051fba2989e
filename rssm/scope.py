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
from rssm.config.plan import Joint, Network, Plan, Source, Substep, simulated_round
from rssm.config.run import Run
from rssm.config.tables import read_plan
from rssm.errors import InputError
from rssm.grid import GRID, Region, Tile, Zone
from rssm.land import read_land_zones
from rssm.product.calibration import read_calibration
from rssm.product.release import Parent

FACTORS = "FACTORS"  # how the names of the cubes begin that hold all factors of a substep
# sections that decide values or what is learnt, besides the plan and some of `product`
KEPT = {
    *("method", "seed", "region", "zones", "ingest", "factors", "plan"),
    *("training", "training_of_round", "chains", "rounds"),
}
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
        self.root, tables = root, self.run.tables
        self.catalogue: Catalogue = load_catalogue(locate(tables.products, root))
        release, period = self.run.product.release, self.run.period
        self.parent = Parent.at(release.extends) if release.extends else None
        last = self.parent.record["last"] if self.parent else period.last
        self.networks_table = locate(tables.networks, root)
        self.plan: Plan = read_plan(
            locate(tables.substeps, root),
            self.networks_table,
            product_sources(self.catalogue, last),
            strict=self.run.profile == "paper",
            last=last,
        )
        if self.parent:
            later = self.parent.later(period.steps())
            self.parent.check_settings(self.settings_kept())
            self.plan = self.plan.extended(product_sources(self.catalogue, period.last), self.parent.dekads, later)
        for name in self.porosity(p for network in self.plan.networks for p in network.predictors):
            if name not in self.catalogue:
                raise InputError(f"ingest.porosity: {name} is not in the catalogue ({tables.products}).")
        self.region: Region = self.run.region.region()
        self.land = str(locate(tables.land, root))
        calibration = self.run.product.uncertainty.calibration
        several = self.run.chains > 1  # c and b scale the spread between chains, which one chain does not have
        self.calibration = str(locate(calibration, root)) if calibration and several else None
        if self.calibration:
            read_calibration([self.calibration]).serves(self.plan.rounds)
        self._steps: dict[tuple[str, str], range] = {}
        self._land_zones = read_land_zones(locate(tables.land_zones, root))

    def settings_kept(self) -> dict[str, Any]:
        """Settings that decide values or what is learnt: an extension of the data set keeps them."""
        run = self.run.model_dump(mode="json", include=KEPT)
        return run | {
            "product": self.run.product.model_dump(
                mode="json", include={"fill", "water_flag", "layers", "climatology"}
            ),
            "networks": [[n.name, n.substep, n.rank, "+".join(n.predictors)] for n in self.plan.networks],
        }

    def learnt(self, path: str) -> str:
        """Where a file that holds what was learnt lies: in an extension, in the folder of the edition it extends."""
        return self.parent.path(path) if self.parent else path

    @cached_property
    def dekads(self) -> range:
        """Dekads that the run makes: those of its period, of an extension the later ones."""
        period = self.run.period.steps()
        return self.parent.later(period) if self.parent else period

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
        """Networks that are trained: those that can be, and that can be chosen if that is asked for."""
        taught = (n for n in self.plan.networks if self.plan.training[n.name].steps)
        return tuple(n for n in taught if self.run.plan.train == "all" or self.plan.shadow(n) is None)

    def networks_of(self, substep: str) -> list[Network]:
        """Trained networks of a substep, best rank first."""
        return self._networks_of[substep]

    @cached_property
    def _networks_of(self) -> dict[str, list[Network]]:
        trained = {network.name for network in self.networks}
        named = [substep.name for substep in self.plan.substeps]
        return {name: [n for n in self.plan.networks_of(name) if n.name in trained] for name in named}

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """Joints between sources of LAI, if LAI is a factor at all."""
        return self.plan.joints if "LAI" in self.run.factors else ()

    def factors(self, substep: Substep) -> list[str]:
        """Products that give the factors in a substep."""
        named = (substep.lai if factor == "LAI" else factor for factor in self.run.factors)
        return [factor for factor in named if factor]

    def variables(self, network: Network) -> list[str]:
        """Inputs of a network: its predictors, then the factors."""
        return [*network.predictors, *self.factors(self.plan.substep(network.substep))]

    def factor_cube(self, substep: Substep) -> str:
        """Cube of all factors of a substep, which differ by the source of LAI alone; empty where there are none."""
        if not self.factors(substep):
            return ""
        return f"{FACTORS}-{substep.lai}" if substep.lai and "LAI" in self.run.factors else FACTORS

    def network_cubes(self, network: Network) -> list[str]:
        """Cubes that hold the inputs of a network."""
        factors = self.factor_cube(self.plan.substep(network.substep))
        return [*network.predictors, *([factors] if factors else [])]

    @cached_property
    def _factors_in(self) -> dict[str, list[str]]:
        return {cube: self.factors(s) for s in self.plan.substeps if (cube := self.factor_cube(s))}

    def cubed(self, cube: str) -> list[str]:
        """Variables that a cube file holds."""
        return self._factors_in.get(cube, [cube])

    @cached_property
    def cubes(self) -> dict[str, dict[str, set[int]]]:
        """Cube → its variables → dekads of them that some network learns from or simulates with."""
        cubes: dict[str, dict[str, set[int]]] = {}

        def need(cube: str, variable: str, steps: Iterable[int]) -> None:
            cubes.setdefault(cube, {}).setdefault(variable, set()).update(steps)

        for network in self.networks:
            training = self.plan.training[network.name]
            learnt = {} if self.parent else training.targets
            steps = {*self.plan.substep(network.substep).span}.union(*learnt.values())
            for cube in self.network_cubes(network) if steps else ():
                for variable in self.cubed(cube):
                    need(cube, variable, steps)
            for target, part in learnt.items():
                need(target, target, part)
        for joint in self.joints:
            for network in (n for substep in joint.substeps for n in self.networks_of(substep)):
                for cube in self.network_cubes(network):
                    for variable in self.cubed(cube):
                        need(cube, variable, joint.steps)
        for target in self.plan.primaries if not self.parent else ():  # ranges
            need(target, target, self.plan.sources[target].span)
        return cubes

    def _needed(self, variable: str, cube: str) -> set[int]:
        parts = [of[variable] for name, of in self.cubes.items() if variable in of and cube in ("", name)]
        return set().union(*parts)

    def steps(self, variable: str, cube: str = "") -> range:
        """Steps of a variable in a cube (or in all its cubes), in its own calendar: what is needed of what there is."""
        if (variable, cube) not in self._steps:
            self._steps[variable, cube] = self._find_steps(variable, self._needed(variable, cube))
        return self._steps[variable, cube]

    def _find_steps(self, variable: str, dekads: set[int]) -> range:
        if variable not in self.catalogue:
            steps = sorted(dekads) or list(self.plan.target_steps(variable))
            return range(min(steps), max(steps) + 1)
        product = self.catalogue[variable]
        if product.maps == "static":
            return range(1)
        calendar = CALENDARS[product.maps]
        span = self.plan.sources[variable].span
        first, last = (calendar.of(DEKADS.start(step)) for step in (span[0], span[-1]))
        needed = {calendar.of(DEKADS.start(step)) for step in dekads or span}
        if product.outside_span == "nearest_year" and calendar.steps_per_year:
            needed = {_nearest_year(step, first, last, calendar.steps_per_year) for step in needed}
        inside = [step for step in needed if first <= step <= last]
        return range(min(inside), max(inside) + 1) if inside else range(first, last + 1)

    def years(self, variable: str, cube: str = "") -> list[str]:
        """Years whose maps a variable's cube (or all its cubes) reads."""
        if variable in self.catalogue and self.catalogue[variable].maps == "static":
            return ["static"]
        calendar = CALENDARS[self.map_step(variable)]
        steps = self.steps(variable, cube)
        years = range(calendar.start(steps[0]).year, calendar.start(steps[-1]).year + 1)
        made = years if variable in self.catalogue else self.round_years(simulated_round(variable))
        return [str(year) for year in years if year in made]

    def map_step(self, variable: str) -> str:
        """Calendar of a variable's maps."""
        return self.catalogue[variable].maps if variable in self.catalogue else "dekad"

    def porosity(self, products: Iterable[str]) -> list[str]:
        """The variable that tells of pore space, where one of some products is stored as saturation."""
        saturated = any(self.catalogue[product].units == "saturation" for product in products)
        return [self.run.ingest.porosity] if saturated else []

    def needed_variables(self) -> list[str]:
        """Variables that get cubes."""
        return list(dict.fromkeys(variable for variables in self.cubes.values() for variable in variables))

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
