"""What the rules of analysis ask, whatever the method: what the data set is held beside, and what is made of it.

Nothing is looked for before a rule of analysis is planned, so that other runs do not pay for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from rssm.analysis.specs import MeansSpec, YearSpec
from rssm.config.analysis import Analysis
from rssm.spec import canonical
from rssm.workflow.compared import Compared
from rssm.workflow.ground import code, one_of
from rssm.workflow.rivals import unfit_rain
from rssm.workflow.scope import Scope
from rssm.workflow.subject import Subject

KINDS = ("svg", "png", "csv")


class Analysing:
    """The answers for one scope; `speaks`: whether to say what is left out."""

    def __init__(self, scope: Scope, subject: Callable[[], Subject], speaks: bool) -> None:
        self.scope, self._subject, self._speaks = scope, subject, speaks
        self.settings: Analysis = scope.run.analysis
        self.there = Compared(scope)
        self.name = scope.paths.prefix
        self.folder = f"{scope.paths.results}/analysis"
        self.kinds = KINDS
        self.analysed = one_of([self.name, *scope.catalogue])

    @cached_property
    def subject(self) -> Subject:
        return self._subject()

    def code(self, verb: str) -> Callable[[Any], str]:
        """Digest of the code behind a verb, found when a job is planned."""
        return lambda wildcards: code(verb)

    # -- what `snakemake analysis` makes ----------------------------------------------------------------------------------

    def wanted(self, wildcards: Any) -> list[str]:
        """All files; what is left out is said once."""
        made = [f"means/{name}.nc" for name in self.moisture]
        if self._speaks:
            self._speaks = False
            for sentence in self.left_out():
                print(f"analysis: {sentence}", file=sys.stderr)
        return [f"{self.folder}/{name}" for name in made]

    def left_out(self) -> Iterator[str]:
        """A sentence for everything that is not made."""
        if self.settings.reference and not self.reference:
            why = " ".join(self._unfit(name) for name in self.settings.reference)
            yield f"no product of analysis.reference is there, so the data set is held beside none. {why}"
        season = self.settings.season
        if season and season.precipitation and not self.precipitation:
            yield f"seasons of precipitation are left out: {self._no_rain(season.precipitation)}"
        if self.settings.climate and not self.climate_product:
            why = self._no_climate(self.settings.climate)
            yield f"regional series and seasons know no classes of climate: {why}"

    # -- what is there ----------------------------------------------------------------------------------------------------

    @cached_property
    def reference(self) -> str:
        """The product beside the data set; none: empty."""
        return next((name for name in self.settings.reference if not self._unfit(name)), "")

    @cached_property
    def precipitation(self) -> str:
        """The product of precipitation; none: empty."""
        name = self.settings.season.precipitation if self.settings.season else None
        return name if name and not self._no_rain(name) else ""

    @cached_property
    def climate_product(self) -> str:
        """The product of classes of climate; none: empty."""
        name = self.settings.climate
        return name if name and not self._no_climate(name) else ""

    @property
    def moisture(self) -> list[str]:
        """The data set, and the reference."""
        return [self.name, *([self.reference] if self.reference else [])]

    def _unfit(self, name: str) -> str:
        """Why a product is no reference; empty where it is."""
        return self.there.why_not(name)

    def _no_rain(self, name: str) -> str:
        """Why a product's precipitation is left out; empty where it is not."""
        return self.there.why_not(name, unfit_rain)

    def _no_climate(self, name: str) -> str:
        return self.there.why_not(name, lambda product, calendar: "")

    # -- years and means --------------------------------------------------------------------------------------------------

    def maps_of_year(self, wildcards: Any) -> str:
        """The year of the data set, or the index of a product's maps."""
        if wildcards.analysed == self.name:
            return self.subject.files[wildcards.year]
        return f"{self.scope.paths.results}/maps/{wildcards.analysed}/{wildcards.year}.json"

    def climate(self, wildcards: Any) -> list[str]:
        """Index of the map of climates."""
        return self.there.maps(self.climate_product) if self.climate_product else []

    def years_of(self, name: str) -> list[str]:
        """Years of the data set, or of a product, that the data set has too."""
        years = list(self.subject.files)
        return years if name == self.name else [year for year in self.there.years(name) if year in years]

    def years(self, wildcards: Any) -> list[str]:
        return [f"{self.folder}/years/{wildcards.analysed}/{year}.nc" for year in self.years_of(wildcards.analysed)]

    def year_spec(self, wildcards: Any) -> str:
        settings, scope = self.settings, self.scope
        filled = settings.filled if wildcards.analysed == self.name else False
        where = scope.area, scope.calendar.id
        return canonical(YearSpec(*where, self.climate_product, filled, settings.error_degrees))

    def means_spec(self, wildcards: Any) -> str:
        name, scope = wildcards.analysed, self.scope
        rain = name == self.precipitation
        return canonical(MeansSpec(scope.area, scope.calendar.id, "mm day-1" if rain else "m3 m-3", name))
