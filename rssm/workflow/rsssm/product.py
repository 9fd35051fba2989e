"""What the rules of the data set ask: files, inputs and settings from SIM-n maps to a published edition."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rssm.calendar import STATIC, runs
from rssm.config.plan import Network
from rssm.config.product import ROLES
from rssm.product.quicklook_spec import QuicklookSpec
from rssm.product.records.frame import season_labels
from rssm.product.specs import (
    ClimatologySpec,
    Edition,
    FileSpec,
    HeldOutSpec,
    MeanYearSpec,
    PublishSpec,
    SnowSpec,
    TakeOverSpec,
    UsedNetwork,
    YearSpec,
)
from rssm.rounds.specs import MATCHED
from rssm.spec import canonical
from rssm.workflow.ground import code
from rssm.workflow.rsssm.edition import edition_of
from rssm.workflow.rsssm.extended import rested_on
from rssm.workflow.rsssm.scope import RsssmScope

SNOW = "SNOW-CLIMATOLOGY"  # maps of where the ground is mostly frozen, for the years before ASCAT
MEAN_YEAR = "MEAN-YEAR"  # maps of the estimate's mean year, to fill gaps by departures from it
MASKS = ("snow", "freeze_thaw", "rainforest", "water")  # roles


class DataSet:
    """The answers for one scope."""

    def __init__(self, scope: RsssmScope) -> None:
        self.scope = scope
        self.settings = scope.run.product

    @cached_property
    def years(self) -> list[str]:
        """Years that are made: those of the period, of an extension the later ones."""
        return self._years(self.scope.dekads)

    def _years(self, steps: range) -> list[str]:
        year_of = self.scope.calendar.year_of
        return [str(year) for year in range(year_of(steps[0]), year_of(steps[-1]) + 1)]

    @cached_property
    def all_years(self) -> list[str]:
        """Yearly files of the whole period; in an extension the earlier ones are those of the edition it extends."""
        places = {
            year: self.scope.paths if year in self.years else self.scope.learnt
            for year in self._years(self.scope.run.steps)
        }
        return [f"{place.product}/netcdf/{place.prefix}_{year}.nc" for year, place in places.items()]

    @cached_property
    def rounds(self) -> tuple[str, ...]:
        """Rounds that simulate some dekad of the period, in an extension or before."""
        wanted, plan = set(self.scope.run.steps), self.scope.plan
        both = [p for p in (plan.frozen, plan) if p]
        return tuple(r for r in plan.rounds if any(wanted & set(p.simulated(r)) for p in both))

    def rounds_of_year(self, wildcards: Any) -> list[str]:
        """Rounds that simulate in a year."""
        return [r for r in self.rounds if int(wildcards.year) in self.scope.round_years(r)]

    def rounds_before(self, wildcards: Any) -> tuple[str, ...]:
        return self.rounds[: self.rounds.index(wildcards.round)]

    def networks_of(self, round_: str) -> list[Network]:
        """Networks of a round in the order of its substeps and ranks."""
        return [n for substep in self.scope.plan.substeps_of(round_) for n in self.scope.networks_of(substep.name)]

    def networks_of_round(self, wildcards: Any) -> list[str]:
        return [network.name for network in self.networks_of(wildcards.round)]

    @property
    def estimates(self) -> str:
        """Folder of the estimates, tile by tile, that the data set is made of."""
        return "fused" if self.scope.matched else "joined"

    @property
    def matched_tiles(self) -> list[str]:
        """Tiles in which products are matched to the target."""
        return list(self.scope.tiles) if self.scope.matched else []

    @property
    def learnt_maps(self) -> list[str]:
        """Maps of what was learnt beside networks."""
        return ["fusion"] if self.scope.matched and not self.scope.parent else []

    def described(self) -> list[str]:
        """Record of the finished edition, and maps of what was learnt beside networks."""
        learnt = [
            f"{self.scope.paths.product}/derived/{self.scope.paths.prefix}_{kind}.nc" for kind in self.learnt_maps
        ]
        return [self.scope.paths.release, *learnt]

    # -- inputs: PRODUCT/YEAR of maps ------------------------------------------------------------------------------------

    def snow_years(self) -> list[str]:
        """All years in which snow is reported."""
        return self._maps(ROLES["snow"], range(1900, int(self.years[-1]) + 1))

    def _maps(self, product: str, years: range) -> list[str]:
        """A product's maps in those of some years that its span touches."""
        if self.scope.catalogue[product].maps == STATIC:
            return [f"{product}/{STATIC}"]
        first, last = self._span_years(product)
        return [f"{product}/{year}" for year in range(max(years[0], first), min(years[-1], last) + 1)]

    def _span_years(self, product: str) -> tuple[int, int]:
        span, year_of = self.scope.span(product), self.scope.calendar.year_of
        return year_of(span[0]), year_of(span[-1])

    def year_maps(self, wildcards: Any) -> list[str]:
        """Everything of this run that a year of the data set rests on."""
        year = range(int(wildcards.year), int(wildcards.year) + 1)
        rounds = self.rounds_of_year(wildcards)
        estimated = [f"{self.scope.estimate}-{r}/{wildcards.year}" for r in rounds]
        networks = (p for r in rounds for n in self.networks_of(r) for p in n.predictors)
        there = [p for p in self.scope.matched if self._maps(p, year)]
        predictors = dict.fromkeys(there or networks)
        wanted = [*predictors, *self.scope.porosity(predictors), *(ROLES[r] for r in MASKS)]
        maps = [map_year for product in dict.fromkeys(wanted) for map_year in self._maps(product, year)]
        return [*estimated, *maps, *self._factor_maps(year[0], rounds)]

    def _factor_maps(self, year: int, rounds: list[str]) -> list[str]:
        """The factors' maps that serve a year: of a product that lends its nearest year, that one.

        Without products that describe the ground: the job reads these, and of land cover one year must serve all.
        """
        year_of = self.scope.calendar.year_of
        substeps = [s for r in rounds for s in self.scope.plan.substeps_of(r)]
        serving = [s for s in substeps if s.span and year_of(s.span[0]) <= year <= year_of(s.span[-1])]
        found = []
        factors = dict.fromkeys(factor for s in serving for factor in self.scope.factors(s))
        for factor in (f for f in factors if f not in ROLES.values()):
            (first, last), lent = self._span_years(factor), self.scope.catalogue[factor].outside_span
            at = min(max(year, first), last) if lent == "nearest_year" else year
            found += self._maps(factor, range(at, at + 1))
        return found

    def land_cover(self, wildcards: Any = None) -> list[str]:
        """The land-cover map of the period's last year that has one."""
        return self._maps(ROLES["land_cover"], range(1900, int(self.years[-1]) + 1))[-1:]

    def snow_climatology(self, wildcards: Any = None) -> list[str]:
        """The climatology of snow, where the period (or the year at hand) begins before ASCAT."""
        first = self.scope.run.steps[0]
        if hasattr(wildcards, "year"):
            first = max(first, self.scope.calendar.year(int(wildcards.year))[0])
        return [SNOW] if first < self._snow_from else []

    def usual(self, wildcards: Any = None) -> list[str]:
        """Maps by the step of the year that the data set (or the year at hand) rests on."""
        return [*self.snow_climatology(wildcards), *([MEAN_YEAR] if self.settings.fill.method == "departures" else [])]

    def estimated_years(self) -> list[str]:
        """All maps of the estimate of this run."""
        rounds = [(r, year) for r in self.rounds for year in self.scope.round_years(r)]
        return [f"{self.scope.estimate}-{round_}/{year}" for round_, year in rounds]

    def seasons(self) -> list[str]:
        """Labels of its maps."""
        return season_labels(self.scope.calendar)

    @property
    def cubes(self) -> list[str]:
        """Zarr cubes that are made."""
        return ["maps", "points"] if "zarr" in self.settings.formats else []

    def calibration(self, wildcards: Any = None) -> list[str]:
        return [self.scope.calibration] if self.scope.calibration else []

    # -- what an extension takes over ------------------------------------------------------------------------------------

    def taken(self, wildcards: Any = None) -> list[str]:
        """What was found when the files of the extended edition were checked; nothing where none is extended."""
        return [f"{self.scope.paths.results}/taken.json"] if self.scope.parent else []

    @cached_property
    def rounds_now(self) -> list[str]:
        """Rounds that simulate dekads which this run makes."""
        return [r for r in self.rounds if self.scope.plan.simulated(r)]

    def networks_now(self, wildcards: Any = None) -> list[str]:
        return [network.name for r in self.rounds_now for network in self.networks_of(r)]

    def taken_spec(self, wildcards: Any = None) -> str:
        """Networks of the rounds that simulate later dekads."""
        return canonical(TakeOverSpec({r: tuple(n.name for n in self.networks_of(r)) for r in self.rounds_now}))

    def check_parent(self) -> None:
        """Refuse to begin where a file of the extended edition is missing."""
        if self.scope.parent:
            self.scope.parent.check_files(rested_on(self))

    # -- params -------------------------------------------------------------------------------------------------------

    @property
    def _snow_from(self) -> int:
        return self.scope.span(ROLES["snow"])[0]

    def snow_spec(self, wildcards: Any) -> str:
        return canonical(SnowSpec(ROLES["snow"], self.scope.area, self.scope.calendar.id))

    def mean_year_spec(self, wildcards: Any) -> str:
        return canonical(MeanYearSpec(self.scope.estimate, self.scope.area, self.scope.calendar.id))

    def skill_spec(self, wildcards: Any) -> str:
        """Networks of a round and what counts as one independent block."""
        split = self.scope.run.training_in(wildcards.round).split
        networks = tuple(self.networks_of_round(wildcards))
        taught = tuple(tuple(self.scope.plan.shares(name, self.rounds_before(wildcards))) for name in networks)
        untaught = [(0.0,) * len(self.rounds_before(wildcards))] if self.scope.matched else []
        steps = self.scope.plan.target_steps(f"SIM-{wildcards.round}T") or {0}
        spec = HeldOutSpec(
            names=(*networks, *([MATCHED] if self.scope.matched else [])),
            shares=(*taught, *untaught),
            teaches=(min(steps), max(steps)),
            block=1 if split.kind == "random" else split.pixel_block**2 * split.dekad_block,
            prior=self.settings.uncertainty.prior,
            land_cover=ROLES["land_cover"],
            grid_id=self.scope.grid.id,
            calendar=self.scope.calendar.id,
        )
        return canonical(spec)

    def year_spec(self, wildcards: Any) -> str:
        """Settings of a year of the data set."""
        steps = [step for step in self.scope.dekads if self.scope.calendar.year_of(step) == int(wildcards.year)]
        networks = (network for round_ in self.rounds for network in self.networks_of(round_))
        matched = [self._matched] if self.scope.matched else []
        spec = YearSpec(
            **self._common,
            estimate=self.scope.estimate,
            steps=(steps[0], steps[-1]),
            roles=ROLES,
            networks=(*(self._used(network) for network in networks), *matched),
            matched=tuple(self.scope.matched),
            rounds=self.rounds,
            snow_from=self._snow_from,
            water_flag=self.settings.water_flag,
            code=code("product-year"),
        )
        return canonical(spec)

    @property
    def _matched(self) -> UsedNetwork:
        """What stands for a network where only matched products speak."""
        out, year_of = self.scope.run.held_out_in_any, self.scope.calendar.year_of
        learnt = [
            step for step in self.scope.plan.sources[self.scope.plan.primaries[0]].span if year_of(step) not in out
        ]
        return UsedNetwork(MATCHED, tuple(self.scope.matched), tuple(runs(learnt)))

    def _used(self, network: Network) -> UsedNetwork:
        split = self.scope.run.training_in(self.scope.plan.substep(network.substep).round).split
        year_of, steps = self.scope.calendar.year_of, self.scope.plan.training[network.name].steps
        training = runs([step for step in steps if year_of(step) not in split.held_out_years])
        return UsedNetwork(network.name, tuple(network.predictors), tuple(training))

    def edition_spec(self, wildcards: Any = None) -> str:
        """Settings of what describes a finished edition."""
        return canonical(PublishSpec(**self._common, settings=self.scope.settings_kept()))

    @property
    def _common(self) -> dict[str, Any]:
        """What both are asked alike."""
        scope, settings = self.scope, self.settings
        known = {"fill": settings.fill, "layers": settings.layers, "formats": settings.formats}
        return known | {"edition": self.edition, "area": scope.area, "calendar": scope.calendar.id}

    def file_spec(self, verb: str) -> str:
        """Storage, and the code behind a verb, which its files name."""
        return canonical(FileSpec(self.settings.layers, code(verb)))

    def climatology_spec(self, wildcards: Any = None) -> str:
        """As `file_spec`, and the years of the climatology."""
        return canonical(ClimatologySpec(self.settings.layers, code("climatology"), self.settings.climatology))

    def quicklook_spec(self) -> str:
        """Where the data set is, and the toy Earth of a toy run."""
        toy = self.scope.run.toy
        return canonical(QuicklookSpec(self.scope.area, toy and toy.model_copy(update={"products": None})))

    @cached_property
    def edition(self) -> Edition:
        """What all files state alike."""
        return edition_of(self.scope)
