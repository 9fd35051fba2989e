"""What the rules of analysis ask, whatever the method: what the data set is held beside, and what is made of it.

Nothing is looked for before a rule of analysis is planned, so that other runs do not pay for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from rssm.analysis.specs import FigureSpec, MeansSpec, SeasonSpec, TablesSpec, TrendSpec, YearSpec
from rssm.config.analysis import Analysis
from rssm.spec import canonical
from rssm.workflow.compared import Compared
from rssm.workflow.ground import code, one_of
from rssm.workflow.rivals import unfit_rain
from rssm.workflow.scope import Scope
from rssm.workflow.subject import Subject

TABLES = ("steps", "years", "trends", "maps", "seasons")  # CSV
CHARTS = ("latitudes", "series")  # figures whose data are CSV; of maps they are NetCDF


class Analysing:
    """The answers for one scope; `speaks`: whether to say what is left out."""

    def __init__(self, scope: Scope, subject: Callable[[], Subject], speaks: bool) -> None:
        self.scope, self._subject, self._speaks = scope, subject, speaks
        self.settings: Analysis = scope.run.analysis
        self.there = Compared(scope)
        self.name = scope.paths.prefix
        self.folder = f"{scope.paths.results}/analysis"
        self.tables = TABLES
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
        made = ["analysis.md", *(f"figures/{name}.svg" for name in self.figures)]
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

    @property
    def figures(self) -> list[str]:
        """Figures that are made."""
        made = ["mean", "months", *CHARTS, *(["trend"] if self.settings.trends else [])]
        if self.settings.season:
            made += ["peaks", "range"]
            made += ["precipitation", "correlation", "delay"] if self.precipitation else []
        return made

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
        return self._years(wildcards.analysed)

    def _years(self, name: str) -> list[str]:
        return [f"{self.folder}/years/{name}/{year}.nc" for year in self.years_of(name)]

    def year_spec(self, wildcards: Any) -> str:
        settings, scope = self.settings, self.scope
        filled = settings.filled if wildcards.analysed == self.name else False
        where = scope.area, scope.calendar.id
        return canonical(YearSpec(*where, self.climate_product, filled, settings.error_degrees))

    def means_spec(self, wildcards: Any) -> str:
        steps = self.scope.run.steps
        return canonical(MeansSpec(self.scope.area, self.scope.calendar.id, (steps[0], steps[-1])))

    # -- trends, seasons, tables and figures ------------------------------------------------------------------------------

    def all_means(self, wildcards: Any) -> list[str]:
        """Of the data set, and of the reference."""
        return [f"{self.folder}/means/{name}.nc" for name in self.moisture]

    def means_of_ours(self, wildcards: Any) -> str:
        return f"{self.folder}/means/{self.name}.nc"

    def means_of_reference(self, wildcards: Any) -> str:
        return f"{self.folder}/means/{self.reference}.nc"

    def all_trends(self, wildcards: Any) -> list[str]:
        return [f"{self.folder}/trends/{name}.nc" for name in self.moisture] if self.settings.trends else []

    def difference(self, wildcards: Any) -> list[str]:
        """Of the data set and the reference."""
        return [f"{self.folder}/difference.nc"] if self.settings.trends and self.reference else []

    def season(self, wildcards: Any) -> list[str]:
        return [f"{self.folder}/season.nc"] if self.settings.season else []

    def moisture_years(self, wildcards: Any) -> list[str]:
        return self._years(self.name)

    def rain_years(self, wildcards: Any) -> list[str]:
        return self._years(self.precipitation) if self.precipitation else []

    def trend_spec(self, wildcards: Any) -> str:
        scope, trends = self.scope, self.settings.trends
        assert trends is not None
        return canonical(TrendSpec(scope.area, scope.calendar.id, **trends.model_dump()))

    def season_spec(self, wildcards: Any) -> str:
        scope, season = self.scope, self.settings.season
        assert season is not None
        return canonical(
            SeasonSpec(scope.area, scope.calendar.id, season.gain, season.adjusted_r2, self.climate_product)
        )

    def tables_spec(self, wildcards: Any) -> str:
        return canonical(TablesSpec(**self._shown(), left_out=tuple(self.left_out())))

    def figure_spec(self, wildcards: Any) -> str:
        return canonical(FigureSpec(**self._shown()))

    def _shown(self) -> dict[str, Any]:
        products = {"name": self.name, "reference": self.reference, "precipitation": self.precipitation}
        return {"area": self.scope.area, "calendar_id": self.scope.calendar.id, **products}
