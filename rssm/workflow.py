"""What the Snakefile asks: which files to make, from which files, with which slice of the configuration.

Pure functions of the configuration, the tables and (for digests) the names of native files. A rule's `params` hold one
canonical JSON string: exactly the settings it uses, so that a change re-runs what depends on it and nothing else.
Imports stay light, because every cluster job parses the Snakefile anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from rssm.archive.files import digest, list_files
from rssm.calendar import CALENDARS, DEKADS, runs
from rssm.config.catalogue import Catalogue, load_catalogue
from rssm.config.load import validated
from rssm.config.plan import Network, Plan, Source, Substep
from rssm.config.run import Run
from rssm.config.tables import read_plan
from rssm.digest import code_digest
from rssm.grid import GRID, Region, Tile, Zone
from rssm.land import read_land_zones

FACTORS = "FACTORS"  # name of the cube that holds the factors all networks share
REPOSITORY = Path(__file__).resolve().parents[1]  # where the shipped tables lie
VERBS = {
    "toy": "rssm.toy.job",
    "maps": "rssm.ingest.job",
    "cube": "rssm.ingest.cut",
    "range": "rssm.rounds.target",
    "kernels": "rssm.networks.warm",
    "train": "rssm.networks.job",
    "simulate": "rssm.rounds.simulate",
    "join": "rssm.rounds.join",
    "mosaic": "rssm.rounds.mosaic",
    "target": "rssm.rounds.target",
}
# What of a catalogue entry describes without deciding values: it may change without a re-run.
DESCRIPTION = ("title", "sensor", "algorithm", "version", "licence", "doi", "cite")


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal settings are equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def locate(path: str, root: Path) -> Path:
    """A path of the configuration: from the working directory, or else from the repository."""
    return Path(path) if Path(path).exists() or (root / path).exists() is False else root / path


def product_sources(catalogue: Catalogue, last: str) -> dict[str, Source]:
    """Span and sensor of each product; an open span ends with the dekad `last`."""
    return {
        name: Source(DEKADS.span(product.span[0], product.span[1] or last), product.sensor)
        for name, product in catalogue.items()
    }


class Workflow:
    """The answers for one configuration; `root` is the repository."""

    def __init__(self, config: Mapping[str, Any], root: Path, name: str = "configuration") -> None:
        self.run: Run = validated(dict(config), name)
        self.root = root
        tables = self.run.tables
        self.catalogue: Catalogue = load_catalogue(locate(tables.products, root))
        sources = product_sources(self.catalogue, self.run.period.last)
        self.plan: Plan = read_plan(locate(tables.substeps, root), locate(tables.networks, root), sources)
        self.region: Region = self.run.region.region()
        self.land = str(locate(tables.land, root))
        self._steps: dict[str, range] = {}
        self._land_zones = read_land_zones(locate(tables.land_zones, root))

    # -- what there is ------------------------------------------------------------------------------------------------

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

    def wildcards(self) -> dict[str, str]:
        """Regular expression of every wildcard."""
        return {
            "product": "|".join(self.catalogue),
            "variable": "|".join([*self.catalogue, FACTORS, *(f"SIM-{r}T" for r in self.plan.rounds)]),
            "network": "|".join(network.name for network in self.plan.networks),
            "substep": "|".join(substep.name for substep in self.plan.substeps),
            "round": "|".join(self.plan.rounds),
            "tile": r"[NS]\d\d[EW]\d\d\d",
            "year": r"\d{4}|static",
        }

    def products(self, *steps: str) -> str:
        """Regular expression of the products whose maps have one of these steps."""
        return "|".join(name for name, product in self.catalogue.items() if product.maps in steps) or "$none"

    # -- which steps and years of a variable are needed ------------------------------------------------------------------

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

    # -- inputs -------------------------------------------------------------------------------------------------------

    def archive(self, wildcards: Any) -> list[str]:
        """Manifest of a toy archive; real archives enter as a digest."""
        return [f"{self.run.inputs.root}/{wildcards.product}/{wildcards.year}.json"] if self.run.toy else []

    def porosity(self, wildcards: Any) -> list[str]:
        """Index of the porosity map, for products stored as saturation."""
        product = self.catalogue[wildcards.product]
        return ["results/rsssm/maps/POROSITY/static.json"] if product.units == "saturation" else []

    def indices(self, wildcards: Any) -> list[str]:
        """Indices of the years a cube reads."""
        return [f"results/rsssm/maps/{v}/{year}.json" for v in self.cubed(wildcards.variable) for year in self.years(v)]

    def cubes(self, wildcards: Any) -> list[str]:
        """Input cubes of a network."""
        return [f"results/rsssm/cubes/{name}/{wildcards.tile}.nc" for name in self._network_cubes[wildcards.network]]

    @cached_property
    def _network_cubes(self) -> dict[str, list[str]]:
        return {network.name: self.cube_names(self.variables(network)) for network in self.plan.networks}

    def target_cubes(self, wildcards: Any) -> list[str]:
        """Target cubes of a network, best target first."""
        targets = self.plan.training[wildcards.network].targets
        return [f"results/rsssm/cubes/{target}/{wildcards.tile}.nc" for target in targets]

    def substep_cubes(self, wildcards: Any) -> list[str]:
        """Input cubes of all networks of a substep."""
        named = [name for network in self.networks_of(wildcards.substep) for name in self._network_cubes[network.name]]
        return [f"results/rsssm/cubes/{name}/{wildcards.tile}.nc" for name in dict.fromkeys(named)]

    def substep_networks(self, wildcards: Any) -> list[str]:
        """Network files of a substep, best rank first."""
        names = [network.name for network in self.networks_of(wildcards.substep)]
        return [f"results/rsssm/networks/{name}/{wildcards.tile}.nc" for name in names]

    def simulated(self, wildcards: Any) -> list[str]:
        """Estimates of a round's substeps."""
        names = [substep.name for substep in self.plan.substeps_of(wildcards.round)]
        return [f"results/rsssm/simulated/{name}/{wildcards.tile}.nc" for name in names]

    def joined(self, wildcards: Any) -> list[str]:
        """A round's tiles."""
        return [f"results/rsssm/joined/{wildcards.round}/{tile}.nc" for tile in self.tiles]

    def ranges(self, wildcards: Any) -> list[str]:
        """Per-pixel ranges of the target from outside, all tiles."""
        return [f"results/rsssm/ranges/{tile}.nc" for tile in self.tiles]

    def range_cubes(self, wildcards: Any) -> list[str]:
        """Cubes of the targets from outside."""
        return [f"results/rsssm/cubes/{target}/{wildcards.tile}.nc" for target in self.plan.primaries]

    # -- targets people type -------------------------------------------------------------------------------------------

    def round_maps(self, round_: str) -> list[str]:
        """Indices of a round's maps."""
        years = sorted({step // 36 for step in self.plan.simulated(round_)})
        return [f"results/rsssm/maps/SIM-{round_}/{year}.json" for year in years]

    def all_maps(self) -> list[str]:
        """Indices of the maps of all rounds that serve the period."""
        wanted = set(self.run.period.steps())
        rounds = [r for r in self.plan.rounds if wanted & set(self.plan.simulated(r))]
        return [index for round_ in rounds for index in self.round_maps(round_)]

    # -- params -------------------------------------------------------------------------------------------------------

    def code(self, verb: str) -> str:
        """Digest of the code behind a verb."""
        return code_digest(VERBS[verb])

    def files(self, wildcards: Any) -> str:
        """Digest of a product-year's native files (name, size, time)."""
        if self.run.toy:
            return "toy"
        product = self.catalogue[wildcards.product]
        return digest(list_files(Path(self.run.inputs.root), product, _year(wildcards.year)))

    def toy_spec(self, wildcards: Any) -> str:
        """The toy's settings, and the product whose files it writes."""
        assert self.run.toy is not None
        toy = self.run.toy.model_dump(mode="json", exclude={"products"})
        return canonical(
            {
                "toy": toy,
                "entry": self._entry(wildcards.product),
                "region": self.region_spec(),
                "last": self.run.period.last,
            }
        )

    def map_spec(self, wildcards: Any) -> str:
        """Settings of the maps of a product-year."""
        inputs = self.run.inputs.model_dump(mode="json")
        return canonical(
            {
                "entry": self._entry(wildcards.product),
                "inputs": inputs,
                "ingest": self.run.ingest.model_dump(mode="json"),
                "region": self.region_spec(),
                "last": self.run.period.last,
            }
        )

    def cube_spec(self, wildcards: Any) -> str:
        """Which variables, steps and zones a cube holds."""
        parts = {}
        for variable in self.cubed(wildcards.variable):
            steps, entry = self.steps(variable), self.catalogue.get(variable)
            parts[variable] = {
                "calendar": self.map_step(variable),
                "steps": [steps[0], steps[-1]],
                "layers": self.layers(variable),
                "outside_span": entry.outside_span if entry else "missing",
            }
        degrees = self.run.zones.tile_degrees
        return canonical({"parts": parts, "region": self.region_spec(), "tile_degrees": degrees})

    def layers(self, variable: str) -> list[str]:
        """Layers of a variable's maps that its cube holds: the chains of a simulated target, else the value."""
        if variable not in self.catalogue and self.run.chains > 1:
            return [f"chain{k}" for k in range(self.run.chains)]
        return ["value"]

    def network_spec(self, wildcards: Any) -> str:
        """A network's row, its targets and the training settings of its round."""
        network = self.plan.network(wildcards.network)
        substep = self.plan.substep(network.substep)
        targets = self.plan.training[network.name].targets
        return canonical(
            {
                "network": network.name,
                "inputs": self.variables(network),
                "predictors": len(network.predictors),
                "targets": [[name, [list(run) for run in runs(list(steps))]] for name, steps in targets.items()],
                "training": self.run.training_in(substep.round).model_dump(mode="json"),
                "seed": self.run.seed,
                "chains": self.run.chains,
            }
        )

    def substep_spec(self, wildcards: Any) -> str:
        """Which dekads a substep simulates, with which networks in which order."""
        substep = self.plan.substep(wildcards.substep)
        training = self.run.training_in(substep.round)
        return canonical(
            {
                "substep": substep.name,
                "span": [substep.span[0], substep.span[-1]],
                "networks": [[n.name, len(n.predictors), self.variables(n)] for n in self.networks_of(substep.name)],
                "extrapolation": training.extrapolation,
            }
        )

    def join_spec(self, wildcards: Any) -> str:
        """How a round's substeps become one series."""
        substeps = self.plan.substeps_of(wildcards.round)
        networks = {n.name: list(n.predictors) for s in substeps for n in self.networks_of(s.name)}
        return canonical({"merge": self.run.rounds.merge.model_dump(), "networks": networks})

    def mosaic_spec(self, wildcards: Any) -> str:
        """Region and blending of a round's maps."""
        steps = [step for step in self.plan.simulated(wildcards.round) if step // 36 == int(wildcards.year)]
        return canonical(
            {
                "fuzzify": self.run.rounds.fuzzify.model_dump(),
                "region": self.region_spec(),
                "steps": [steps[0], steps[-1]],
            }
        )

    def kernel_spec(self) -> str:
        """What compiled code depends on besides itself."""
        return canonical({"cpu": self.run.training.cpu})

    def range_spec(self, wildcards: Any) -> str:
        """Fewest dekads of a range."""
        return canonical({"min_dekads": self.run.rounds.screen.min_dekads})

    def target_spec(self, wildcards: Any) -> str:
        """Screening of SIM-n."""
        return canonical({"sigma": self.run.rounds.screen.sigma, "region": self.region_spec()})

    def region_spec(self) -> list[int]:
        """South, north, west, degrees of longitude."""
        region = self.region
        return [region.south, region.north, region.west, region.degrees]

    def _entry(self, product: str) -> dict[str, Any]:
        entry = self.catalogue[product].model_dump(mode="json", exclude_defaults=True)
        return entry | {name: "-" for name in DESCRIPTION if name in entry}


def _nearest_year(step: int, first: int, last: int, year: int) -> int:
    """A step moved by whole years into first … last."""
    early, late = max(first - step, 0), max(step - last, 0)
    return step + -(-early // year) * year - -(-late // year) * year


def _year(text: str) -> int | None:
    return None if text == "static" else int(text)
