"""What the rules of the data set ask: files, inputs and settings from SIM-n maps to a published edition."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import Any

from rssm.calendar import DEKADS, runs
from rssm.config.plan import Network
from rssm.scope import Scope
from rssm.workflow import canonical

ROLES = {
    "snow": "SNOW",
    "freeze_thaw": "FREEZE-THAW",
    "rainforest": "RAINFOREST",
    "water": "WATER",
    "land_cover": "LANDCOVER",
}
FOLDER = "results/rsssm/product"


class DataSetWorkflow:
    """The answers for one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.settings = scope.run.product

    @cached_property
    def years(self) -> list[str]:
        """Years of the product's period."""
        steps = self.scope.run.period.steps()
        return [str(year) for year in range(steps[0] // 36, steps[-1] // 36 + 1)]

    @cached_property
    def rounds(self) -> tuple[str, ...]:
        """Rounds that simulate some dekad of the period."""
        wanted = set(self.scope.run.period.steps())
        return tuple(r for r in self.scope.plan.rounds if wanted & set(self.scope.plan.simulated(r)))

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
        wanted = [*predictors, *(ROLES[role] for role in ("snow", "freeze_thaw", "rainforest", "water"))]
        maps = [index for product in dict.fromkeys(wanted) for index in self._maps(product, year)]
        usual = ["results/rsssm/maps/SNOW-USUAL/static.json"] if year[0] * 36 < self._ascat else []
        return [*simulated, *maps, *usual, *self.land_cover(wildcards)]

    def land_cover(self, wildcards: Any) -> list[str]:
        """Index of the land-cover map of the period's last year that has one."""
        return self._maps(ROLES["land_cover"], range(1900, int(self.years[-1]) + 1))[-1:]

    def skills(self, wildcards: Any) -> list[str]:
        """Skill tables of the rounds of a year."""
        return [f"results/rsssm/skill/{r}.nc" for r in self.rounds_of(wildcards.year)]

    def networks(self, wildcards: Any) -> list[str]:
        """Network files of a round, all tiles."""
        names = [network.name for network in self.networks_of(wildcards.round)]
        return [f"results/rsssm/networks/{name}/{tile}.nc" for name in names for tile in self.scope.tiles]

    def calibration(self, wildcards: Any = None) -> list[str]:
        table = self.settings.uncertainty.calibration
        return [table] if table else []

    def extends(self, wildcards: Any = None) -> list[str]:
        edition = self.settings.release.extends
        return [edition] if edition else []

    def edition(self, wildcards: Any = None) -> list[str]:
        """All files of an edition besides the years themselves."""
        made = [f"{FOLDER}/derived/RSSSM_{kind}_{year}.nc" for kind in ("monthly", "anomaly") for year in self.years]
        made += [
            f"{FOLDER}/derived/RSSSM_climatology.nc",
            *(f"{FOLDER}/quicklook/RSSSM_{year}.png" for year in self.years),
        ]
        return [
            *made,
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
        return canonical({"names": names, "block": block, "prior": prior, "land_cover": ROLES["land_cover"]})

    def year_spec(self, wildcards: Any) -> str:
        """Settings of a year of the data set."""
        steps = [step for step in self.scope.run.period.steps() if step // 36 == int(wildcards.year)]
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
        return canonical(self._common() | own)

    def edition_spec(self, wildcards: Any = None) -> str:
        """Settings of what describes a finished edition."""
        return canonical(self._common())

    def layers_spec(self, wildcards: Any = None) -> str:
        """Storage, and the years of the climatology."""
        return canonical(self.settings.model_dump(mode="json", include={"layers", "climatology"}))

    @property
    def _region(self) -> list[int]:
        region = self.scope.region
        return [region.south, region.north, region.west, region.degrees]

    def _common(self) -> dict[str, Any]:
        run = self.scope.run
        products = [v for v in self.scope.needed_variables() if v in self.scope.catalogue]
        told = ("title", "version", "licence", "cite", "doi")
        citations = {p: self.scope.catalogue[p].model_dump(include=set(told)) for p in [*products, *ROLES.values()]}
        return self.settings.model_dump(mode="json") | {
            "region": self._region,
            "roles": ROLES,
            "method": run.method,
            "config": sha256(canonical(run.model_dump(mode="json")).encode()).hexdigest()[:16],
            "citations": citations,
            "period": [DEKADS.label(step) for step in (run.period.steps()[0], run.period.steps()[-1])],
        }
