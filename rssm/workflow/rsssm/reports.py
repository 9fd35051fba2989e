"""What the rules that report on a run ask: rounds, skill, cross-validation, joints between sources of LAI."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace
from typing import Any

from rssm.config.plan import Joint
from rssm.product.values.land_share import LandShareSpec
from rssm.rounds.specs import CrossValidateSpec, JointSpec, RoundReportSpec, SubstepShare
from rssm.spec import canonical
from rssm.workflow.ground import one_of
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.sampled import sampled_zones
from rssm.worlds.spec import ScoreSpec


class Reports:
    """The answers for one workflow."""

    def __init__(self, rounds: Rounds) -> None:
        self.rounds = rounds
        self.scope = rounds.scope

    # -- reports of rounds -------------------------------------------------------------------------------------------------

    def teaching_years(self, wildcards: Any) -> list[str]:
        """Years of a round's maps that teach."""
        return self.scope.years(f"SIM-{wildcards.round}T") if self._teaches(wildcards.round) else []

    def _teaches(self, round_: str) -> bool:
        """Whether this run learns from a round; one that extends an edition learns from none."""
        return f"SIM-{round_}T" in self.scope.cubes and self.scope.parent is None

    def report_spec(self, wildcards: Any) -> str:
        """What a round simulates, and which of its dekads teach."""
        plan = self.scope.plan
        teaching = self.scope.steps(f"SIM-{wildcards.round}T") if self._teaches(wildcards.round) else []
        substeps = tuple(
            SubstepShare(s.name, len(s.span), tuple(network.name for network in self.scope.networks_of(s.name)))
            for s in plan.substeps_of(wildcards.round)
            if s.span
        )
        ends = (teaching[0], teaching[-1]) if teaching else None
        steps = len(plan.simulated(wildcards.round))
        return canonical(RoundReportSpec(steps, substeps, self.scope.calendar.id, ends))

    def share_spec(self, wildcards: Any = None) -> str:
        """Land of the region, and the steps that the run makes."""
        scope = self.scope
        land = sum(map(scope.land_pixels, scope.tiles.values()))
        return canonical(LandShareSpec(land, scope.estimate, (scope.dekads[0], scope.dekads[-1]), scope.calendar.id))

    def tables(self) -> list[str]:
        """Tables that tell of a run; of a toy Earth's its skill too, which needs maps of all rounds."""
        toy = ["skill.csv"] if self.scope.run.toy and not self.scope.parent else []
        return [f"{self.scope.paths.report}/{name}" for name in ("archive.tsv", "rounds.tsv", "land_share.tsv", *toy)]

    # -- skill of a toy Earth's run --------------------------------------------------------------------------------------

    def products_seen(self) -> list[str]:
        """Soil-moisture products that are read."""
        products = self.scope.catalogue
        return [v for v in self.scope.needed_variables() if v in products and products[v].kind == "soil_moisture"]

    def seen_map_years(self) -> list[str]:
        """`PRODUCT/YEAR` of these."""
        return [f"{v}/{year}" for v in self.products_seen() for year in self.scope.years(v)]

    def skill_spec(self) -> str:
        """The truth, and which dekads are scored: those before the target from outside, all and by round."""
        run, plan = self.scope.run, self.scope.plan
        assert run.toy is not None
        target = plan.primaries[0]
        steps, before = run.steps, plan.sources[target].span.start
        ranges = {name: [s for s in plan.simulated(name) if s in steps and s < before] for name in plan.rounds}
        spans = {name: (dekads[0], dekads[-1]) for name, dekads in ranges.items() if dekads}
        return canonical(
            ScoreSpec(
                toy=run.toy.model_copy(update={"products": None}),  # which products are written decides nothing here
                area=self.scope.area,
                calendar_id=self.scope.calendar.id,
                steps=(steps[0], steps[-1]),
                target=target,
                algorithms={name: self.scope.catalogue[name].algorithm for name in self.products_seen()},
                periods={"all": (steps[0], before - 1), **spans},
                split=run.training.split,
                seed=run.seed,
            )
        )

    # -- cross-validation ----------------------------------------------------------------------------------------------

    @cached_property
    def judged(self) -> dict[str, list[str]]:
        """Tile → zones that cross-validation judges."""
        return sampled_zones(self.scope, self.scope.run.crossval.zones)

    def judged_cubes(self, wildcards: Any) -> list[str]:
        """`CUBE/TILE` of what a network learns from in the judged tiles, tile by tile."""
        return [f"{cube}/{tile}" for tile in self.judged for cube in self.rounds.learnt_from(wildcards)]

    def crossval_spec(self, wildcards: Any) -> str:
        """What a network is trained with, and the judged zones of every tile."""
        settings, zones = self.scope.run.crossval, tuple(map(tuple, self.judged.values()))
        lesson = self.rounds.lesson(wildcards.network)
        return canonical(CrossValidateSpec(**lesson, folds=settings.folds, blocks=settings.blocks, zones=zones))

    # -- joints between sources of LAI ---------------------------------------------------------------------------------

    def joint_names(self) -> str:
        """Regular expression of the names of all joints."""
        return one_of(joint.name for joint in self.scope.joints)

    def networks_a(self, wildcards: Any) -> list[str]:
        return self.rounds.networks_of_substep(self._side(wildcards, 0))

    def networks_b(self, wildcards: Any) -> list[str]:
        return self.rounds.networks_of_substep(self._side(wildcards, 1))

    def cubes_a(self, wildcards: Any) -> list[str]:
        return self.rounds.simulated_from(self._side(wildcards, 0))

    def cubes_b(self, wildcards: Any) -> list[str]:
        return self.rounds.simulated_from(self._side(wildcards, 1))

    def joint_spec(self, wildcards: Any) -> str:
        """How both substeps simulate the dekads of their joint."""
        joint = self._joint(wildcards)
        return canonical(JointSpec(*(self.rounds.simulation(substep, joint.steps) for substep in joint.substeps)))

    def _joint(self, wildcards: Any) -> Joint:
        return next(joint for joint in self.scope.joints if joint.name == wildcards.joint)

    def _side(self, wildcards: Any, side: int) -> SimpleNamespace:
        """Wildcards of one substep of a joint."""
        return SimpleNamespace(substep=self._joint(wildcards).substeps[side])
