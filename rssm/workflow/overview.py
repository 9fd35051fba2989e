"""What the two overviews ask, whatever the method: the plan along time, which a method tells, and the graph of rules."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from rssm.overview.specs import Span
from rssm.spec import canonical
from rssm.workflow.rule_graph import Rule, rule_graph
from rssm.workflow.scope import Scope

FIGURES = ("timeline", "flow_chart")


class FlowCharting(ABC):
    """The answers for one workflow; `rules`: those of Snakemake, asked for when all are there."""

    def __init__(self, scope: Scope, rules: Callable[[], Iterable[Rule]]) -> None:
        self.scope, self._rules = scope, rules

    def wanted(self, wildcards: Any) -> list[str]:
        """All files."""
        return [f"{self.scope.paths.results}/analysis/figures/{name}.svg" for name in FIGURES]

    def left_out(self) -> Iterator[str]:
        """A sentence for everything that is not made: nothing."""
        return iter(())

    @abstractmethod
    def timeline_spec(self, wildcards: Any = None) -> str:
        """Products, and what is estimated from them."""

    def flow_spec(self, wildcards: Any = None) -> str:
        """The graph of all rules."""
        return self._flow

    @cached_property
    def _flow(self) -> str:
        return canonical(rule_graph(self._rules()))


def ends(steps: range) -> Span:
    """First and last of some steps."""
    return steps[0], steps[-1]
