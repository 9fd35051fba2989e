"""What the timeline of a run of the method asks: products, rounds and substeps."""

from __future__ import annotations

from typing import Any

from rssm.calendar import runs
from rssm.config.plan import Substep
from rssm.overview.specs import Shown, Simulated, TimelineSpec
from rssm.spec import canonical
from rssm.workflow.overview import FlowCharting, ends
from rssm.workflow.rsssm.scope import RsssmScope


class Overview(FlowCharting):
    """The answers for one workflow."""

    scope: RsssmScope

    def timeline_spec(self, wildcards: Any = None) -> str:
        """Products in the order target, predictors, factors; substeps in that of the plan."""
        scope, plan = self.scope, self.scope.plan
        named = dict.fromkeys(plan.primaries, "target")
        named |= dict.fromkeys(scope.predictors, "predictor")
        lai = [substep.lai for substep in plan.substeps if substep.lai and "LAI" in scope.run.factors]
        named |= {name: "factor" for name in lai if name in plan.sources}
        products = [Shown(name, role, ends(plan.sources[name].span)) for name, role in named.items()]
        return canonical(
            TimelineSpec(
                calendar_id=scope.calendar.id,
                period=ends(scope.dekads),
                products=tuple(products),
                substeps=tuple(self._simulated(substep) for substep in plan.substeps if substep.span),
            )
        )

    def _simulated(self, substep: Substep) -> Simulated:
        networks = self.scope.networks_of(substep.name)
        learnt: dict[str, set[int]] = {}
        for network in networks:
            for target, steps in self.scope.plan.training[network.name].targets.items():
                learnt.setdefault(target, set()).update(steps)
        spans = {name: tuple((first, last) for first, last in runs(sorted(steps))) for name, steps in learnt.items()}
        return Simulated(substep.name, substep.round, ends(substep.span), len(networks), spans)
