"""What the rule asks that holds a toy Earth's data set of tiles against its truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from rssm.spec import canonical
from rssm.workflow.subject import Subject
from rssm.workflow.tiled import Tiled
from rssm.worlds.spec import TiledScoreSpec


class Scoring:
    """The answers for one data set of a toy run."""

    def __init__(self, data_set: Tiled, subject: Callable[[], Subject]) -> None:
        self.data_set, self.scope, self._subject = data_set, data_set.scope, subject

    @cached_property
    def subject(self) -> Subject:
        return self._subject()

    def years(self, wildcards: Any = None) -> list[str]:
        """Files of all tables whose truth is known."""
        return [path for table in self.data_set.truths for path in self.data_set.files(table).values()]

    @property
    def products(self) -> tuple[str, ...]:
        """Products that are scored beside it: its target, where that has a map for each step."""
        target = self.subject.target
        there = target in self.scope.catalogue and self.scope.catalogue[target].maps == self.scope.calendar.id
        return (target,) if there else ()

    def map_years(self, wildcards: Any = None) -> list[str]:
        """`PRODUCT/YEAR` of their maps."""
        return [f"{product}/{year}" for product in self.products for year in self.scope.years(product)]

    def spec(self, wildcards: Any = None) -> str:
        """The truth; the whole period, and every spell of it that the method names."""
        scope, steps = self.scope, self.scope.run.steps
        assert scope.run.toy is not None
        spells = {
            f"{kind} {name}": spans for kind, of in self.subject.spells.items() for name, spans in of.items() if spans
        }
        return canonical(
            TiledScoreSpec(
                toy=scope.run.toy.model_copy(update={"products": None}),  # which are written decides nothing here
                area=scope.area,
                calendar_id=scope.calendar.id,
                tables=dict(self.data_set.truths),
                periods={"all": ((steps[0], steps[-1]),), **spells},
                products=self.products,
            )
        )
