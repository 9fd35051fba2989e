"""What the rules of the dry-down ask, whatever the method: whether there is rain, and which leaves serve which year."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from rssm.analysis.dry_down.specs import DryDownSpec, DryYearSpec, GroupsSpec
from rssm.calendar import DEKADS
from rssm.config.dry_down import DryDown
from rssm.spec import canonical
from rssm.workflow.analysis import Analysing
from rssm.workflow.presence import is_found
from rssm.workflow.rivals import unfit_leaves, unfit_rain

FIGURES = ("map", "season", "level", "thresholds")


class Drying:
    """The answers for one scope; what they share with the rest of the analysis is asked of that."""

    def __init__(self, analysing: Analysing, speaks: bool) -> None:
        self.analysing, self.scope, self._speaks = analysing, analysing.scope, speaks
        self.there, self.name = analysing.there, analysing.name
        self.folder = f"{analysing.folder}/dry_down"
        self.code = analysing.code

    @property
    def settings(self) -> DryDown:
        settings = self.scope.run.analysis.dry_down
        assert settings is not None
        return settings

    # -- what is made -----------------------------------------------------------------------------------------------------

    def wanted(self, wildcards: Any) -> list[str]:
        """All files; what is left out is said once."""
        if self._speaks:
            self._speaks = False
            for sentence in self.left_out():
                print(f"analysis: {sentence}", file=sys.stderr)
        if not self.years:
            return []
        return [f"{self.folder}/{name}" for name in ("dry_down.md", *(f"figures/{name}.svg" for name in FIGURES))]

    def left_out(self) -> Iterator[str]:
        """A sentence for everything that is not made."""
        if self.scope.run.analysis.dry_down is None:
            return
        if why := self._too_long or self.there.why_not(self.settings.rain, unfit_rain):
            yield f"the dry-down is left out: {why}"
        elif not self.leaves:
            why = " ".join(self.there.why_not(name, unfit_leaves) for name in self.settings.leaves)
            yield f"of the dry-down's rain leaves keep nothing, for none of analysis.dry_down.leaves is there. {why}"

    @property
    def _too_long(self) -> str:
        calendar = self.scope.calendar
        if calendar.days(self.scope.run.steps[0]) <= DEKADS.days(DEKADS.parse("2001D03")):
            return ""
        return f"steps of a {calendar.id} are longer than the dekads in which drying is counted."

    @cached_property
    def years(self) -> list[str]:
        """Years that the data set and rain have."""
        if self.scope.run.analysis.dry_down is None or self._too_long:
            return []
        rain = self.settings.rain
        if self.there.why_not(rain, unfit_rain):
            return []
        return [year for year in self.there.years(rain) if year in self.analysing.subject.files]

    @cached_property
    def leaves(self) -> dict[str, list[int]]:
        """Product of the leaf area index → its years that are there in full."""
        found = {}
        for name in self.settings.leaves:
            if not self.there.why_not(name, unfit_leaves):
                whole = [year for year in self.there.years(name) if self._covers(name, int(year))]
                found[name] = [int(y) for y in whole if self.scope.run.toy or is_found(self.scope, name, [y])]
        return {name: years for name, years in found.items() if years}

    def _covers(self, name: str, year: int) -> bool:
        """Whether a product spans all steps that the run has of a year."""
        steps = set(self.scope.calendar.year(year)) & set(self.scope.run.steps)
        return steps <= set(self.there.steps(name))

    def leaves_of(self, year: int) -> tuple[str, int]:
        """The product of the leaf area index that serves a year, and its year that does; none: empty."""
        near = [
            (abs(own - year), order, name, own)
            for order, (name, years) in enumerate(self.leaves.items())
            for own in years
        ]
        return min(near)[2:] if near else ("", year)

    # -- inputs -----------------------------------------------------------------------------------------------------------

    def netcdf(self, wildcards: Any) -> list[str]:
        """The data set's year, and the year before it, if there is one."""
        files, year = self.analysing.subject.files, int(wildcards.year)
        return [files[name] for name in (str(year - 1), str(year)) if name in files]

    def rain_maps(self, wildcards: Any) -> str:
        return f"{self.scope.paths.results}/maps/{self.settings.rain}/{wildcards.year}.json"

    def leaf_maps(self, wildcards: Any) -> list[str]:
        """Index of the leaves that serve a year."""
        name, year = self.leaves_of(int(wildcards.year))
        return [f"{self.scope.paths.results}/maps/{name}/{year}.json"] if name else []

    def year_files(self, wildcards: Any) -> list[str]:
        return [f"{self.folder}/years/{year}.nc" for year in self.years]

    # -- params -----------------------------------------------------------------------------------------------------------

    def year_spec(self, wildcards: Any) -> str:
        scope, settings = self.scope, self.settings
        own = settings.covered, self.leaves_of(int(wildcards.year)), settings.interception, scope.run.analysis.filled
        return canonical(DryYearSpec(scope.area, scope.calendar.id, *own))

    def climate(self, wildcards: Any) -> list[str]:
        """Index of the map of climates."""
        return self.analysing.climate(wildcards)

    def spec(self, wildcards: Any) -> str:
        return canonical(DryDownSpec(self.name, self.scope.area, self.settings))

    def groups_spec(self, wildcards: Any) -> str:
        climate, settings = self.analysing.climate_product, self.settings
        return canonical(
            GroupsSpec(self.scope.area, self.scope.calendar.id, climate, tuple(self.left_out()), settings.threshold)
        )
