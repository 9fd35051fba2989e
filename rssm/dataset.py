"""What the rules of the data set ask: files, inputs and settings from SIM-n maps to a published edition."""

from __future__ import annotations

from dataclasses import asdict
from functools import cached_property
from hashlib import sha256
from typing import Any

from rssm.answers import canonical
from rssm.calendar import DEKADS, runs
from rssm.config.plan import Network
from rssm.config.product import ROLES
from rssm.config.run import Tables
from rssm.digest import code_digest
from rssm.ingest.index import checksum
from rssm.product.release import RELEASE
from rssm.scope import Scope, locate
from rssm.workflow import VERBS

FOLDER = "results/rsssm/product"
USUAL = "results/rsssm/maps/SNOW-USUAL/static.json"
CLIMATOLOGY = f"{FOLDER}/derived/RSSSM_climatology.nc"
GUIDE = "docs/product.md"
MASKS = ("snow", "freeze_thaw", "rainforest", "water")  # roles
CITED = {"title", "version", "licence", "cite", "doi"}  # of a catalogue entry: whom to cite, which decides no value
# settings that decide no value: places, jobs, texts. What the tables hold counts, not where they lie.
NO_VALUE: dict[str, Any] = {
    **dict.fromkeys(("profile", "zones", "tables", "crossval", "keep"), True),
    "inputs": {"root", "pin"},
    "product": {"formats": True, "release": True, "about": True, "uncertainty": {"calibration"}},
}
LAND_MASK = {
    "title": "Global Land One-kilometer Base Elevation (GLOBE), whose land makes the land mask, 30″",
    "version": "1",
    "licence": "public domain",
    "cite": "NOAA National Geophysical Data Center 1999; packed by global-land-mask (Karin)",
    "doi": "10.7289/V52R3PMS",
}


class DataSetWorkflow:
    """The answers for one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.settings = scope.run.product

    @cached_property
    def years(self) -> list[str]:
        """Years that are made: those of the period, of an extension the later ones."""
        return _years(self.scope.dekads)

    @cached_property
    def all_years(self) -> list[str]:
        """Yearly files of the whole period; in an extension the earlier ones are those of the edition it extends."""
        files = {year: f"{FOLDER}/netcdf/RSSSM_{year}.nc" for year in _years(self.scope.run.period.steps())}
        return [path if year in self.years else self.scope.learnt(path) for year, path in files.items()]

    @cached_property
    def rounds(self) -> tuple[str, ...]:
        """Rounds that simulate some dekad of the period, in an extension or before."""
        wanted, plan = set(self.scope.run.period.steps()), self.scope.plan
        both = [p for p in (plan.frozen, plan) if p]
        return tuple(r for r in plan.rounds if any(wanted & set(p.simulated(r)) for p in both))

    def rounds_of(self, year: str) -> list[str]:
        return [r for r in self.rounds if int(year) in self.scope.round_years(r)]

    def networks_of(self, round_: str) -> list[Network]:
        """Networks of a round in the order of its substeps and ranks."""
        return [n for substep in self.scope.plan.substeps_of(round_) for n in self.scope.networks_of(substep.name)]

    # -- inputs -------------------------------------------------------------------------------------------------------

    def snow_years(self) -> list[str]:
        """Indices of all years in which snow is reported."""
        return self._maps(ROLES["snow"], range(1900, int(self.years[-1]) + 1))

    def _maps(self, product: str, years: range) -> list[str]:
        """Indices of a product's maps in those of some years that its span touches."""
        if self.scope.catalogue[product].maps == "static":
            return [f"results/rsssm/maps/{product}/static.json"]
        span = self.scope.plan.sources[product].span
        inside = range(max(years[0], span[0] // 36), min(years[-1], span[-1] // 36) + 1)
        return [f"results/rsssm/maps/{product}/{year}.json" for year in inside]

    def year_maps(self, wildcards: Any) -> list[str]:
        """Indices of everything a year of the data set rests on."""
        year = range(int(wildcards.year), int(wildcards.year) + 1)
        rounds = self.rounds_of(wildcards.year)
        simulated = [f"results/rsssm/maps/SIM-{r}/{wildcards.year}.json" for r in rounds]
        predictors = dict.fromkeys(p for r in rounds for n in self.networks_of(r) for p in n.predictors)
        wanted = [*predictors, *self.scope.porosity(predictors), *(ROLES[r] for r in MASKS)]
        maps = [index for product in dict.fromkeys(wanted) for index in self._maps(product, year)]
        usual = self.usual() if year[0] * 36 < self._ascat else []
        return [*simulated, *maps, *self._factor_maps(year[0]), *usual, *self.land_cover(wildcards)]

    def _factor_maps(self, year: int) -> list[str]:
        """Indices of the factors' maps that serve a year: of a product that lends its nearest year, that one.

        Without products that tell of the ground: the job reads these, and of land cover one year must serve all.
        """
        substeps = [s for r in self.rounds_of(str(year)) for s in self.scope.plan.substeps_of(r)]
        serving = [s for s in substeps if s.span and s.span[0] // 36 <= year <= s.span[-1] // 36]
        indices = []
        factors = dict.fromkeys(factor for s in serving for factor in self.scope.factors(s))
        for factor in (f for f in factors if f not in ROLES.values()):
            span, lent = self.scope.plan.sources[factor].span, self.scope.catalogue[factor].outside_span
            at = min(max(year, span[0] // 36), span[-1] // 36) if lent == "nearest_year" else year
            indices += self._maps(factor, range(at, at + 1))
        return indices

    def land_cover(self, wildcards: Any) -> list[str]:
        """Index of the land-cover map of the period's last year that has one."""
        return self._maps(ROLES["land_cover"], range(1900, int(self.years[-1]) + 1))[-1:]

    def usual(self, wildcards: Any = None) -> list[str]:
        """Index of the usual snow, where the period begins before ASCAT."""
        return [self.scope.learnt(USUAL)] if self.scope.run.period.steps()[0] < self._ascat else []

    def skills(self, wildcards: Any) -> list[str]:
        """Skill tables of the rounds of a year, or of all rounds."""
        rounds = self.rounds_of(wildcards.year) if hasattr(wildcards, "year") else self.rounds
        return [self.scope.learnt(f"results/rsssm/skill/{r}.nc") for r in rounds]

    def earlier_skills(self, wildcards: Any) -> list[str]:
        """Skill tables of the rounds before one."""
        return [self.scope.learnt(f"results/rsssm/skill/{r}.nc") for r in self._before(wildcards.round)]

    def _before(self, round_: str) -> tuple[str, ...]:
        return self.rounds[: self.rounds.index(round_)]

    def networks(self, wildcards: Any) -> list[str]:
        """Network files of a round, all tiles."""
        return self._network_files(wildcards.round)

    def _network_files(self, round_: str) -> list[str]:
        names = [network.name for network in self.networks_of(round_)]
        files = [f"results/rsssm/networks/{name}/{tile}.nc" for name in names for tile in self.scope.tiles]
        return [self.scope.learnt(path) for path in files]

    def calibration(self, wildcards: Any = None) -> list[str]:
        return [self.scope.calibration] if self.scope.calibration else []

    def climatology(self, wildcards: Any = None) -> str:
        """What anomalies refer to."""
        return self.scope.learnt(CLIMATOLOGY)

    # -- what an extension takes over ----------------------------------------------------------------------------------

    def taken(self, wildcards: Any = None) -> list[str]:
        """What was found when the files of the extended edition were checked; nothing where none is extended."""
        return ["results/rsssm/taken.json"] if self.scope.parent else []

    def release(self, wildcards: Any = None) -> list[str]:
        """Record of the edition that is extended."""
        return [self.scope.learnt(RELEASE)] if self.scope.parent else []

    @property
    def _rounds_now(self) -> list[str]:
        return [r for r in self.rounds if self.scope.plan.simulated(r)]

    def frozen_networks(self, wildcards: Any = None) -> list[str]:
        """Network files of the rounds that simulate later dekads, all tiles."""
        return [path for r in self._rounds_now for path in self._network_files(r)]

    def frozen_tables(self, wildcards: Any = None) -> list[str]:
        """Skill, usual snow and climatology of the edition that is extended."""
        return [*self.skills(None), *self.usual(), self.climatology()]

    def taken_spec(self, wildcards: Any = None) -> str:
        """Networks of the rounds that simulate later dekads."""
        return canonical({"rounds": {r: [n.name for n in self.networks_of(r)] for r in self._rounds_now}})

    def check_parent(self, ranges: list[str]) -> None:
        """Refuse to begin where a file of the extended edition is missing."""
        if self.scope.parent:
            cubes = self.all_years if "zarr" in self.settings.formats else []
            earlier = [path for path in cubes if not path.startswith(FOLDER)]
            self.scope.parent.check_files([*self.frozen_networks(), *ranges, *self.frozen_tables(), *earlier])

    def guide(self, wildcards: Any = None) -> str:
        """The guide for users of the data."""
        return str(locate(GUIDE, self.scope.root))

    def edition(self, wildcards: Any = None) -> list[str]:
        """All files of an edition besides the years themselves."""
        made = [f"{FOLDER}/derived/RSSSM_{kind}_{year}.nc" for kind in ("monthly", "anomaly") for year in self.years]
        made += [f"{FOLDER}/quicklook/RSSSM_{year}.png" for year in self.years]
        return [
            *made,
            *([] if self.scope.parent else [CLIMATOLOGY]),
            *(f"{FOLDER}/zarr/{name}.zarr" for name in ("maps", "points") if "zarr" in self.settings.formats),
        ]

    # -- params -------------------------------------------------------------------------------------------------------

    @property
    def _ascat(self) -> int:
        return self.scope.plan.sources[ROLES["snow"]].span[0]

    def snow_spec(self, wildcards: Any) -> str:
        return canonical({"snow": ROLES["snow"], "region": self._region})

    def skill_spec(self, wildcards: Any) -> str:
        """Networks of a round and what counts as one independent block."""
        split = self.scope.run.training_in(wildcards.round).split
        block = 1 if split.kind == "random" else split.pixel_block**2 * split.dekad_block
        names = [network.name for network in self.networks_of(wildcards.round)]
        prior = self.settings.uncertainty.prior
        shares = [self.scope.plan.shares(name, self._before(wildcards.round)) for name in names]
        steps = self.scope.plan.target_steps(f"SIM-{wildcards.round}T") or {0}
        own = {"names": names, "shares": shares, "teaches": [min(steps), max(steps)], "block": block, "prior": prior}
        return canonical(own | {"land_cover": ROLES["land_cover"]})

    def year_spec(self, wildcards: Any) -> str:
        """Settings of a year of the data set."""
        steps = [step for step in self.scope.dekads if step // 36 == int(wildcards.year)]
        networks = [
            {
                "name": network.name,
                "predictors": list(network.predictors),
                "training": [list(run) for run in runs(list(self.scope.plan.training[network.name].steps))],
            }
            for round_ in self.rounds
            for network in self.networks_of(round_)
        ]
        own = {"networks": networks, "rounds": list(self.rounds), "steps": [steps[0], steps[-1]], "ascat": self._ascat}
        return canonical(self._common() | own | {"code": code_digest(VERBS["product-year"])})

    def edition_spec(self, wildcards: Any = None) -> str:
        """Settings of what describes a finished edition."""
        return canonical(self._common() | {"settings": self.scope.settings_kept()})

    def layers_spec(self, verb: str) -> str:
        """Storage, the years of the climatology, and the code behind a verb, which its files name."""
        settings = self.settings.model_dump(mode="json", include={"layers", "climatology"})
        return canonical(settings | {"code": code_digest(VERBS[verb])})

    @property
    def _region(self) -> list[int]:
        region = self.scope.region
        return [region.south, region.north, region.west, region.degrees]

    def _common(self) -> dict[str, Any]:
        run = self.scope.run
        settings = self.settings.model_dump(mode="json")
        settings["release"].pop("extends")  # where a folder lies tells nothing of the data
        return settings | {
            "region": self._region,
            "roles": ROLES,
            "method": run.method,
            "config": sha256(canonical(self._decisive()).encode()).hexdigest()[:16],
            "citations": self._citations(),
            "period": [DEKADS.label(step) for step in (run.period.steps()[0], run.period.steps()[-1])],
        }

    @cached_property
    def _products(self) -> list[str]:
        """Products that values rest on: what networks learn from and simulate with, pore space, masks, land cover."""
        trained = [(self.scope.variables(n), self.scope.plan.training[n.name].targets) for n in self.scope.networks]
        used = dict.fromkeys(v for inputs, targets in trained for v in [*inputs, *targets])
        products = [v for v in used if v in self.scope.catalogue]
        return list(dict.fromkeys([*products, *self.scope.porosity(products), *ROLES.values()]))

    def _citations(self) -> dict[str, Any]:
        """Whom to cite for each product, and for the land mask where it is the one that is shipped."""
        cited = {name: self.scope.catalogue[name].model_dump(include=CITED) for name in self._products}
        return cited | ({"LAND-MASK": LAND_MASK} if self.scope.run.tables.land == Tables().land else {})

    def _decisive(self) -> dict[str, Any]:
        """All that decides values besides native files and code, wherever it lies: settings and what the tables hold."""
        plan, tables = self.scope.plan, self.scope.run.tables
        land = [self.scope.land, str(locate(tables.land_zones, self.scope.root))]
        return {
            "settings": self.scope.run.model_dump(mode="json", exclude=NO_VALUE),
            "products": {p: self.scope.catalogue[p].model_dump(mode="json", exclude=CITED) for p in self._products},
            "substeps": [asdict(s) | {"span": [s.span.start, s.span.stop]} for s in plan.substeps],
            "networks": [asdict(network) for network in plan.networks],
            "tables": [checksum(path) for path in [*land, *self.calibration()]],
        }


def _years(steps: range) -> list[str]:
    return [str(year) for year in range(steps[0] // 36, steps[-1] // 36 + 1)]
