"""What the rules ask that match all products to the target, fit them jointly with it, and fuse the rounds with both."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rssm.fusion.specs import Evidence, FitSpec, FuseSpec, MatchSpec
from rssm.paths import FUSED
from rssm.spec import canonical
from rssm.workflow.rsssm.rounds import Rounds


class Fusing:
    """The answers for one workflow."""

    def __init__(self, rounds: Rounds) -> None:
        self.rounds_of = rounds
        self.scope = rounds.scope

    @property
    def wanted(self) -> bool:
        """Whether the data set is made of the fused estimate."""
        return self.scope.estimate == FUSED

    @cached_property
    def rounds(self) -> list[str]:
        """Rounds that simulate some dekad, in order."""
        return [name for name in self.scope.plan.rounds if self.scope.plan.simulated(name)]

    @cached_property
    def cubes(self) -> list[str]:
        """Cubes of the products; of the target too, where something is learnt."""
        products = self.scope.matched_now
        return products if self.scope.parent else [*products, self.scope.plan.primaries[0]]

    @property
    def fits_jointly(self) -> bool:
        """Whether there is a joint fit in it."""
        return self.scope.fits_jointly

    @cached_property
    def fit_cubes(self) -> list[str]:
        """The same, and cubes of factors."""
        return [*self.cubes, *self.scope.factor_cubes]

    def fitted(self, wildcards: Any) -> list[str]:
        """Tile whose joint fit has a share, if it has."""
        return [wildcards.tile] if self.fits_jointly else []

    @property
    def fitted_tiles(self) -> list[str]:
        """The same of all tiles."""
        return list(self.scope.tiles) if self.fits_jointly else []

    def frozen(self, wildcards: Any) -> list[str]:
        """Tile whose matching is taken over, in an extension."""
        return [wildcards.tile] if self.scope.parent else []

    def matching(self) -> MatchSpec:
        """How products are matched to the target from outside, beside the rounds."""
        run = self.scope.run
        errors = self.rounds_of.errors(self.scope.networks) if run.chains > 1 else {}
        return MatchSpec(**self._lesson, chains=run.chains, errors=errors)

    def fitting(self) -> FitSpec:
        """How they are fitted jointly with it; an extension knows its factors from what was learnt."""
        return FitSpec(**self._lesson, factors={} if self.scope.parent else self._factors)

    @property
    def _lesson(self) -> dict[str, Any]:
        """What both learn from."""
        scope, run, target = self.scope, self.scope.run, self.scope.plan.primaries[0]
        products = scope.matched_now or scope.predictors
        return {
            "target": target,
            "algorithms": {name: scope.catalogue[name].algorithm for name in (*products, target)},
            "calendar": scope.calendar.id,
            "split": run.training.split.model_copy(update={"held_out_years": run.held_out_in_any}),
            "seed": run.seed,
        }

    @property
    def _factors(self) -> dict[str, tuple[str, ...]]:
        """Products of each factor, by the dekad from which their cubes hold them."""
        of = {substep.lai: "LAI" for substep in self.scope.plan.substeps}
        first: dict[str, int] = {}
        for cube in self.scope.factor_cubes:
            for source, steps in self.scope.cubes[cube].items():
                first[source] = min(min(steps), first.get(source, min(steps)))
        found: dict[str, tuple[str, ...]] = {}
        for source in sorted(first, key=lambda name: (first[name], name)):
            factor = of.get(source, source)
            found[factor] = (*found.get(factor, ()), source)
        return found

    def fusing(self) -> FuseSpec:
        """How rounds and matched products become one."""
        fusion = self.scope.run.fusion
        shares = {name: fusion.departures_of_round.get(name, fusion.departures) for name in self.rounds}
        moved = Evidence(tuple(self.rounds[:1]) if fusion.evidence else ())
        how = fusion.season, shares, fusion.window, moved, fusion.joint
        return FuseSpec(self.scope.calendar.id, tuple(self.rounds), *how)

    @cached_property
    def _specs(self) -> tuple[str, str, str]:
        return canonical(self.matching()), canonical(self.fusing()), canonical(self.fitting())

    def match_spec(self, wildcards: Any) -> str:
        return self._specs[0]

    def fuse_spec(self, wildcards: Any) -> str:
        return self._specs[1]

    def fit_spec(self, wildcards: Any) -> str:
        return self._specs[2]

    def mosaic_spec(self, wildcards: Any) -> str:
        return self.rounds_of.mosaic_of(FUSED, wildcards)

    def map_years(self) -> list[str]:
        """`FUSED-n/YEAR` of the rounds that serve the period."""
        return self.rounds_of.round_map_years(*self.scope.rounds_wanted(), estimate=FUSED) if self.wanted else []
