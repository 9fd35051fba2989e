"""What there is to compare the data set with: rivals and stations, and why others are left out.

Nothing is looked for before it is asked for, so that runs without validation do not pay for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from rssm.calendar import STATIC, Calendar
from rssm.config.catalogue import Product
from rssm.stations.depths import Depths
from rssm.validation.stations.inputs import station_places
from rssm.workflow.presence import is_found, lacking
from rssm.workflow.rivals import unfit
from rssm.workflow.scope import Scope

STATION = "station"  # kind of products that are archives of stations


class Compared:
    """What is there of what one scope names."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.settings = scope, scope.run.validation

    @cached_property
    def rivals(self) -> list[str]:
        """Rivals of which something is there."""
        return [name for name in self.settings.rivals if not self.why_not(name)]

    def rivals_at(self, depths: Depths | None) -> list[str]:
        """Those that tell of a depth: without one given, and at the surface, also those that name none."""
        if depths is None:
            return self.rivals
        middle = (depths.top + depths.bottom) / 2
        known = {name: self.scope.catalogue[name].depth for name in self.rivals}
        return [name for name, own in known.items() if (own[0] <= middle < own[1] if own else depths.top == 0)]

    def why_not(self, name: str, unfit: Callable[[Product, Calendar], str] = unfit) -> str:
        """Why a product is left out; empty where it is not. `unfit`: why it would not do at all."""
        scope = self.scope
        if name not in scope.catalogue:
            return f"{name} is not in the catalogue ({scope.run.tables.products})."
        if why := unfit(scope.catalogue[name], scope.calendar):
            return f"{name} {why}"
        return "" if self.steps(name) and self.is_there(name) else self._lacking(name)

    def is_there(self, name: str) -> bool:
        toy = self.scope.run.toy
        if toy:
            return toy.products is None or name in toy.products
        return is_found(self.scope, name, self.years(name))

    def _lacking(self, name: str) -> str:
        scope = self.scope
        if not self.steps(name):
            return f"{name} has nothing from {scope.run.period.first} to {scope.run.period.last}."
        if scope.run.toy:
            return f"{name} is not among toy.products."
        return lacking(scope, name, self.years(name)).removeprefix("inputs.root: ")

    def steps(self, name: str) -> range:
        """Steps of the period in which a product is used."""
        span, steps = self.scope.span(name), self.scope.run.steps
        return range(max(span.start, steps.start), min(span.stop, steps.stop))

    def years(self, name: str) -> list[str]:
        """Years of a product's maps in the period."""
        if self.scope.catalogue[name].maps == STATIC:
            return [STATIC]
        steps, year_of = self.steps(name), self.scope.calendar.year_of
        return [str(year) for year in range(year_of(steps[0]), year_of(steps[-1]) + 1)] if steps else []

    def without(self) -> list[str]:
        """Rivals that are left out, and why."""
        named = [name for name in self.settings.rivals if name in self.scope.catalogue]
        unknown = [name for name in self.settings.rivals if name not in named]
        table = self.scope.run.tables.products
        lost = [f"Left out: {', '.join(unknown)}: not in the catalogue ({table})."] if unknown else []
        return lost + [f"Left out: {why}" for name in named if (why := self.why_not(name))]

    def maps(self, name: str) -> list[str]:
        """Indices of a product's maps in the period."""
        return [f"{self.scope.paths.results}/maps/{name}/{year}.json" for year in self.years(name)]

    @cached_property
    def with_stations(self) -> bool:
        """Whether any of the archives of stations is there, or will be."""
        return bool(self.toy_stations) or any(Path(place).exists() for place in self.places)

    @cached_property
    def toy_stations(self) -> list[str]:
        """Manifest of the toy's archive of stations, where it is one of them."""
        if not self.scope.run.toy:
            return []
        archives = (name for name, product in self.scope.catalogue.items() if product.kind == STATION)
        named = [name for name in archives if self._folder(name) in self.settings.stations.ismn and self.is_there(name)]
        return [f"{self.scope.run.inputs.root}/{name}/{STATIC}.json" for name in named]

    def _folder(self, name: str) -> str:
        """Folder of an archive of stations below the root."""
        return self.scope.catalogue[name].files.partition("/")[0]

    @cached_property
    def places(self) -> list[str]:
        """Where archives of stations should lie."""
        named = station_places(self.scope.run.inputs.root, self.settings.stations)
        return [place for places in named.values() for place in places]
