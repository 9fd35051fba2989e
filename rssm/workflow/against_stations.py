"""What the rules ask that hold the data set against stations, depth by depth of its soil.

Files of the depth that the data set tells of first, or of its only one, lie in `validation/`; those of deeper soil in folders
named as its tables are (wildcard `depth`, empty or a folder with a / at its end).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from rssm.spec import canonical
from rssm.validation.figures.specs import FigureSpec, MapSpec
from rssm.validation.specs import Bootstrap, Pair, SamplesSpec, ScoresSpec, TablesSpec
from rssm.validation.stations.inputs import described_by, station_places
from rssm.validation.stations.specs import StationsSpec
from rssm.workflow.compared import Compared
from rssm.workflow.ground import code, one_of
from rssm.workflow.scope import Scope
from rssm.workflow.subject import Subject
from rssm.workflow.toy_files import digest_of_stations

OF_A_RIVAL = ("scatter", "climate", "seasons", "years")  # figures
KINDS, MAP_KINDS = ("svg", "png", "csv"), ("svg", "png", "nc")


class AgainstStations:
    """The answers for one scope.

    named  depth → what its table of the data set is called, where that is not the data set's own name
    """

    named: ClassVar[Mapping[str, str]] = {}

    def __init__(self, scope: Scope, subject: Callable[[], Subject]) -> None:
        self.scope, self._subject = scope, subject
        self.settings, self.there = scope.run.validation, Compared(scope)
        self.names = dict(self.named) or {"": scope.paths.prefix}
        self.name = self.names[""]
        self.folder = f"{scope.paths.results}/validation"
        self.compared = one_of([*self.names.values(), *scope.catalogue])
        self.depth = f"({'|'.join(self.names)})"  # a wildcard that may be empty

    @cached_property
    def subject(self) -> Subject:
        return self._subject()

    def at(self, wildcards: Any) -> Subject:
        """The data set's soil of a depth."""
        return self.subject.beneath[wildcards.depth] if wildcards.depth else self.subject

    def code(self, verb: str) -> Callable[[Any], str]:
        """Digest of the code behind a verb, found when a job is planned."""
        return lambda wildcards: code(verb)

    def _judged(self) -> Iterator[tuple[str, list[str]]]:
        """Depths, each with its rivals."""
        for depth in self.names:
            yield depth, self._rivals(self.subject.beneath[depth] if depth else self.subject)

    @property
    def without_rivals(self) -> list[str]:
        """A sentence for every depth that nothing is held against."""
        return [
            f"{self.names[depth]}: no rival tells of its depth, so no scores are made. Name products in validation.rivals whose"
            " entries in the catalogue reach there (depth)."
            for depth, rivals in self._judged()
            if not rivals
        ]

    @property
    def of_stations(self) -> list[str]:
        """All pages, tables and figures, below the folder of validation."""
        made: list[str] = []
        for depth, rivals in self._judged():
            figures = [name for rival in rivals for figure in OF_A_RIVAL for name in drawn(f"{figure}_{rival}")]
            own = ["scores.md", "slopes.tsv", *drawn("stations"), *figures] if rivals else []
            made += [f"{depth}{name}" for name in own]
        return made

    def _rivals(self, subject: Subject) -> list[str]:
        return self.there.rivals_at(subject.depths)

    # -- stations and samples ---------------------------------------------------------------------------------------------

    def toy_stations(self, wildcards: Any) -> list[str]:
        """Manifest of a toy archive; real archives enter as a digest."""
        return self.there.toy_stations

    def ismn(self, wildcards: Any, output: Any) -> list[str]:
        """Where archives lie, which decides nothing: Snakemake keeps no parameter that asks for `output`."""
        places = station_places(self.scope.run.inputs.root, self.settings.stations)["ismn"]
        kept = "stations" in self.settings.model_fields_set and "ismn" in self.settings.stations.model_fields_set
        return [place for place in places if kept or self.there.toy_stations or Path(place).exists()]

    def csv(self, wildcards: Any, output: Any) -> list[str]:
        """The same of text files."""
        return station_places(self.scope.run.inputs.root, self.settings.stations)["csv"]

    def station_files(self, wildcards: Any) -> str:
        """Digest of the names, sizes and times of all files of stations; `toy` for what a toy Earth wrote of them."""
        return digest_of_stations(self.scope.run.inputs.root, self.settings.stations, self.there.toy_stations)

    def described(self, wildcards: Any) -> list[str]:
        """Indices of the maps that describe pixels, as far as there are any."""
        products = [name for name in described_by(self.settings).values() if name in self.scope.catalogue]
        return [
            index
            for name in products
            if self.there.steps(name) and self.there.is_there(name)
            for index in self.there.maps(name)
        ]

    def netcdf(self, wildcards: Any) -> list[str]:
        """Years of the data set."""
        return list(self.at(wildcards).files.values())

    def compared_files(self, wildcards: Any) -> list[str]:
        """Years of the data set, or maps of a rival."""
        ours = wildcards.compared == self.names[wildcards.depth]
        return self.netcdf(wildcards) if ours else self.there.maps(wildcards.compared)

    def samples(self, wildcards: Any) -> list[str]:
        return self._samples(wildcards, *self._rivals(self.at(wildcards)))

    def two_samples(self, wildcards: Any) -> list[str]:
        """Samples of the data set and of a rival."""
        return self._samples(wildcards, wildcards.rival)

    def _samples(self, wildcards: Any, *rivals: str) -> list[str]:
        depth = wildcards.depth
        return [f"{self.folder}/{depth}samples/{name}.nc" for name in (self.names[depth], *rivals)]

    def stations_spec(self, wildcards: Any) -> str:
        scope, steps = self.scope, self.scope.run.steps
        return canonical(
            StationsSpec(
                scope.area,
                scope.calendar.id,
                (steps[0], steps[-1]),
                self.settings.stations.model_copy(update={"ismn": (), "csv": ()}),  # where they lie decides nothing
                described_by(self.settings),
                scope.run.inputs.on_bad_file,
                self.at(wildcards).depths,
            )
        )

    def samples_spec(self, wildcards: Any) -> str:
        return canonical(SamplesSpec(self.scope.area, self.scope.calendar.id, self.settings.filled))

    # -- scores -----------------------------------------------------------------------------------------------------------

    def scores_spec(self, wildcards: Any) -> str:
        subject = self.at(wildcards)
        return canonical(
            ScoresSpec(
                self.scope.calendar.id,
                tuple(self._pair(wildcards, rival) for rival in self._rivals(subject)),
                subject.target,
                subject.spells,
                subject.joints,
                bootstrap=Bootstrap(seed=self.scope.run.seed),
            )
        )

    def _pair(self, wildcards: Any, rival: str) -> Pair:
        steps = self.there.steps(rival)
        return Pair(self.names[wildcards.depth], rival, (steps[0], steps[-1]))

    def tables_spec(self, wildcards: Any) -> str:
        subject = self.at(wildcards)
        return canonical(TablesSpec((*subject.said, *self.there.without()), subject.published))

    # -- figures ----------------------------------------------------------------------------------------------------------

    def figure_spec(self, wildcards: Any) -> str:
        pair = self._pair(wildcards, wildcards.rival)
        return canonical(FigureSpec(pair, self.at(wildcards).target, self.scope.calendar.id))

    def map_spec(self, wildcards: Any) -> str:
        return canonical(MapSpec(self.scope.area))


def drawn(figure: str, kinds: Sequence[str] = KINDS) -> list[str]:
    """Files of a figure."""
    return [f"figures/{figure}.{kind}" for kind in kinds]
