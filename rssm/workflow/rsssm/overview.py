"""What the rules of the two overviews ask: the plan along time, and the graph of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from rssm.calendar import runs
from rssm.config.plan import Substep
from rssm.overview.specs import Shown, Simulated, Span, TimelineSpec
from rssm.spec import canonical
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.rule_graph import Rule, rule_graph

FIGURES = ("timeline", "flow_chart")


class Overview:
    """The answers for one workflow; `rules`: those of Snakemake, asked for when all are there."""

    def __init__(self, scope: RsssmScope, rules: Callable[[], Iterable[Rule]]) -> None:
        self.scope, self._rules = scope, rules

    def wanted(self, wildcards: Any) -> list[str]:
        """All files."""
        return [f"{self.scope.paths.results}/analysis/figures/{name}.svg" for name in FIGURES]

    def left_out(self) -> Iterator[str]:
        """A sentence for everything that is not made: nothing."""
        return iter(())

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

    def flow_spec(self, wildcards: Any = None) -> str:
        """The graph of all rules."""
        return self._flow

    @cached_property
    def _flow(self) -> str:
        return canonical(rule_graph(self._rules()))


def ends(steps: range) -> Span:
    """First and last of some steps."""
    return steps[0], steps[-1]
