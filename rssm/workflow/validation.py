"""What the rules of validation ask, whatever the method: which rivals and stations are there, and what is made of them.

Nothing is looked for before a rule of validation is planned, so that other runs do not pay for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from rssm.calendar import CALENDARS
from rssm.config.product import ROLES
from rssm.grid import Area, Region
from rssm.spec import canonical
from rssm.validation.figures.specs import MapSpec
from rssm.validation.specs import (
    Bootstrap,
    CoverageSpec,
    EfficiencySpec,
    TripleSpec,
)
from rssm.workflow.against_stations import KINDS, MAP_KINDS, AgainstStations, drawn
from rssm.workflow.scope import Scope
from rssm.workflow.subject import Subject


class Validating(AgainstStations):
    """The answers for one scope; `speaks`: whether to say what is left out."""

    def __init__(self, scope: Scope, subject: Callable[[], Subject], speaks: bool) -> None:
        super().__init__(scope, subject)
        self._speaks = speaks
        self.data_kinds, self.map_kinds = KINDS[1:], MAP_KINDS[1:]  # beside the drawing, which Snakemake shows

    # -- what `snakemake validation` makes --------------------------------------------------------------------------------

    def wanted(self, wildcards: Any) -> list[str]:
        """All files; what is left out is said once."""
        made = self.of_stations if self.there.with_stations else []
        made += ["efficiency.tsv", *drawn("efficiency")] if self.target_years else []
        made += ["triple.tsv", *drawn("triple", MAP_KINDS)] if self.with_triple else []
        made += drawn("coverage")
        if self._speaks:
            self._speaks = False
            for sentence in self.left_out():
                print(f"validation: {sentence}", file=sys.stderr)
        return [f"{self.folder}/{name}" for name in made]

    def left_out(self) -> Iterator[str]:
        """A sentence for everything that is not made."""
        if not self.there.with_stations:
            yield (
                f"no measurements of stations are there ({', '.join(self.there.places) or 'none is named'}), so no scores are made."
                " Put archives of the ISMN below inputs.root and name them in validation.stations.ismn (docs/stations.md)."
            )
        elif not self.there.rivals:
            yield "no rival is left, so no scores are made. Name products of the archive in validation.rivals."
        else:
            yield from self.without_rivals
        yield from self.there.without()
        if not self.target_years:
            yield f"{self.subject.target or 'a target'} has no year in the period, so training efficiency is not stated."
        if self.settings.triple and not self.with_triple:
            for name in (self.settings.triple.active, self.settings.triple.model):
                if why := self.there.why_not(name):
                    yield f"triple collocation is left out: {why}"

    # -- training efficiency ----------------------------------------------------------------------------------------------

    @cached_property
    def target_years(self) -> list[str]:
        """Years that the data set and its target have."""
        target = self.subject.target
        return [year for year in self.there.years(target) if year in self.subject.files] if target else []

    def efficiency_years(self, wildcards: Any) -> list[str]:
        return [f"{self.folder}/efficiency/{year}.nc" for year in self.target_years]

    def year_file(self, wildcards: Any) -> str:
        """A year of the data set."""
        return self.subject.files[wildcards.year]

    def target_map(self, wildcards: Any) -> str:
        """Index of the target's maps of a year."""
        return f"{self.scope.paths.results}/maps/{self.subject.target}/{wildcards.year}.json"

    def efficiency_spec(self, wildcards: Any) -> str:
        scope, subject, boot = self.scope, self.subject, Bootstrap(seed=self.scope.run.seed)
        what = self.name, subject.target, scope.area, scope.calendar.id, subject.learnt
        return canonical(EfficiencySpec(*what, self.settings.filled, bootstrap=boot))

    # -- coverage ---------------------------------------------------------------------------------------------------------

    def coverage_years(self, wildcards: Any) -> list[str]:
        return [f"{self.folder}/coverage/{year}.tsv" for year in self.subject.files]

    def maps_of_year(self, wildcards: Any) -> list[str]:
        """Indices of the rivals' maps of a year, and of rainforest."""
        own = [name for name in self.there.rivals if wildcards.year in self.there.years(name)]
        of_year = [f"{self.scope.paths.results}/maps/{name}/{wildcards.year}.json" for name in own]
        forest = ROLES["rainforest"]
        return [*of_year, *(self.there.maps(forest) if forest in self.scope.catalogue else [])]

    def coverage_spec(self, wildcards: Any) -> str:
        steps = {self.name: self.scope.run.steps} | {name: self.there.steps(name) for name in self.there.rivals}
        spans = {name: (own[0], own[-1]) for name, own in steps.items()}
        return canonical(CoverageSpec(self.name, spans, self.scope.area, self.scope.calendar.id, ROLES["rainforest"]))

    # -- triple collocation -----------------------------------------------------------------------------------------------

    @cached_property
    def with_triple(self) -> bool:
        """Whether the two products are there with which the data set is collocated."""
        triple = self.settings.triple
        return triple is not None and not any(self.there.why_not(name) for name in (triple.active, triple.model))

    @cached_property
    def _years_of_three(self) -> list[str]:
        """Years that the data set and both others have."""
        triple = self.settings.triple
        both = [set(self.there.years(name)) for name in (triple.active, triple.model)] if triple else [set()]
        return [year for year in self.subject.files if all(year in years for years in both)]

    def triple_files(self, wildcards: Any) -> list[str]:
        return [self.subject.files[year] for year in self._years_of_three]

    def active_maps(self, wildcards: Any) -> list[str]:
        return self._maps_of_three(self.settings.triple.active) if self.settings.triple else []

    def model_maps(self, wildcards: Any) -> list[str]:
        return self._maps_of_three(self.settings.triple.model) if self.settings.triple else []

    def _maps_of_three(self, name: str) -> list[str]:
        return [f"{self.scope.paths.results}/maps/{name}/{year}.json" for year in self._years_of_three]

    def land_cover(self, wildcards: Any) -> list[str]:
        """The period's last map of land cover."""
        return self.there.maps(ROLES["land_cover"])[-1:]

    def triple_tiles(self, wildcards: Any) -> list[str]:
        return [f"{self.folder}/triple/{tile}.nc" for tile in self.scope.tiles]

    def triple_spec(self, wildcards: Any) -> str:
        """The land of a tile; that of all tiles where no tile is asked for."""
        scope, triple = self.scope, self.settings.triple
        assert triple is not None
        area = self._area(wildcards.tile) if hasattr(wildcards, "tile") else scope.area
        boot = Bootstrap(replicates=TripleSpec.bootstrap.replicates, seed=scope.run.seed)
        names = (self.name, triple.active, triple.model)
        more = triple.anomalies, self.settings.filled
        return canonical(TripleSpec(names, area, scope.calendar.id, self._cover(), *more, bootstrap=boot))

    def _area(self, tile: str) -> Area:
        """The box around the land zones of a tile."""
        zones = self.scope.land_zones(self.scope.tiles[tile])
        south, west = min(zone.south for zone in zones), min(zone.west for zone in zones)
        north, east = max(zone.south for zone in zones) + 1, max(zone.west for zone in zones) + 1
        return Area(self.scope.grid.id, Region(south, north, west, east - west))

    def _cover(self) -> tuple[str, int]:
        """Product and step of the land cover that groups results."""
        name = ROLES["land_cover"]
        calendar, last = CALENDARS[self.scope.catalogue[name].maps], self.there.steps(name)[-1]
        return name, calendar.of(self.scope.calendar.start(last))

    # -- figures ----------------------------------------------------------------------------------------------------------

    def triple_map_spec(self, wildcards: Any) -> str:
        triple = self.settings.triple
        assert triple is not None
        return canonical(MapSpec(self.scope.area, (self.name, triple.active, triple.model)))
