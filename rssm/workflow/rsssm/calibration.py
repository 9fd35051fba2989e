"""What the rule asks that calibrates stated uncertainty on held-out years of the target."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rssm.config.product import ROLES
from rssm.product.specs import CalibrateSpec
from rssm.spec import canonical
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.rsssm.scope import RsssmScope


class Calibrating:
    """The answers for one scope."""

    def __init__(self, scope: RsssmScope, data_set: DataSet) -> None:
        self.scope, self.data_set = scope, data_set

    @property
    def wanted(self) -> bool:
        """Whether this run fits its own table; an extension takes over that of its edition."""
        return self.scope.run.calibrates and self.scope.parent is None

    @cached_property
    def rounds(self) -> list[str]:
        """Rounds that simulate held-out steps of a target."""
        steps = set(self.scope.held_out_steps)
        return [r for r in self.scope.plan.rounds if steps & set(self.scope.plan.simulated(r))]

    def maps(self, wildcards: Any = None) -> list[str]:
        """Maps of the estimate in their years, `TARGET/YEAR`, and a year of land cover."""
        year_of = self.scope.calendar.year_of
        years = sorted({year_of(step) for step in self.scope.held_out_steps})
        simulated = [
            f"{self.scope.estimate}-{r}/{year}"
            for r in self.rounds
            for year in years
            if year in self.scope.round_years(r)
        ]
        spans = {target: self.scope.span(target) for target in self.scope.plan.primaries}
        touched = {target: range(year_of(span[0]), year_of(span[-1]) + 1) for target, span in spans.items()}
        targets = [f"{target}/{year}" for target, of in touched.items() for year in years if year in of]
        return [*simulated, *targets, *self.data_set.land_cover()]

    def spec(self, wildcards: Any = None) -> str:
        plan = self.scope.plan
        return canonical(
            CalibrateSpec(
                area=self.scope.area,
                calendar=self.scope.calendar.id,
                estimate=self.scope.estimate,
                steps=tuple(self.scope.held_out_steps),
                rounds=tuple(plan.rounds),
                targets=tuple(plan.primaries),
                land_cover=ROLES["land_cover"],
            )
        )
