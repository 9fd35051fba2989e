"""What the rules ask that match all products to the target and fuse the rounds with them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rssm.config.product import FUSED
from rssm.fusion.specs import Evidence, FuseSpec, MatchSpec
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

    def frozen(self, wildcards: Any) -> list[str]:
        """Tile whose matching is taken over, in an extension."""
        return [wildcards.tile] if self.scope.parent else []

    def matching(self) -> MatchSpec:
        """How products are matched to the target from outside, beside the rounds."""
        scope, run, target = self.scope, self.scope.run, self.scope.plan.primaries[0]
        return MatchSpec(
            target=target,
            algorithms={
                name: scope.catalogue[name].algorithm for name in (*(scope.matched_now or scope.predictors), target)
            },
            calendar=scope.calendar.id,
            split=run.training.split.model_copy(update={"held_out_years": run.held_out_in_any}),
            seed=run.seed,
            chains=run.chains,
            errors=self.rounds_of.errors(scope.networks) if run.chains > 1 else {},
        )

    def fusing(self) -> FuseSpec:
        """How rounds and matched products become one."""
        fusion = self.scope.run.fusion
        shares = {name: fusion.departures_of_round.get(name, fusion.departures) for name in self.rounds}
        moved = Evidence(tuple(self.rounds[:1]) if fusion.evidence else ())
        return FuseSpec(self.scope.calendar.id, tuple(self.rounds), fusion.season, shares, fusion.window, moved)

    @cached_property
    def _specs(self) -> tuple[str, str]:
        return canonical(self.matching()), canonical(self.fusing())

    def match_spec(self, wildcards: Any) -> str:
        return self._specs[0]

    def fuse_spec(self, wildcards: Any) -> str:
        return self._specs[1]

    def mosaic_spec(self, wildcards: Any) -> str:
        return self.rounds_of.mosaic_of(FUSED, wildcards)

    def map_years(self) -> list[str]:
        """`FUSED-n/YEAR` of the rounds that serve the period."""
        return self.rounds_of.round_map_years(*self.scope.rounds_wanted(), estimate=FUSED) if self.wanted else []
