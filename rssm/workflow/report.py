"""What the rules of the report ask, whatever the method: which files it shows, and what it says beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel

from rssm.config.methods import layered
from rssm.config.product import ROLES
from rssm.report.page import page_digest
from rssm.report.specs import Choice, PackSpec, ReportSpec, Source
from rssm.spec import canonical
from rssm.workflow.ground import code
from rssm.workflow.scope import Scope
from rssm.workflow.stages import RULES
from rssm.workflow.subject import Subject
from rssm.workflow.validation import Validating

ARTICLE = "paper"  # profile that follows the article
PLACES = {  # settings that the report shows elsewhere, or that decide no value
    *("method", "profile", "seed", "region", "period", "zones", "inputs", "keep", "validation", "toy", "crossval"),
    *("product.release", "product.about", "product.formats"),
}
BUDGET = 10.5e6  # bytes of a page of 15 MB that maps may take: figures take up to 4 MB
FACTORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 60)  # pixels along the side of a cell
# step of values, m³ m⁻³ → bytes that a cell and step takes as text, and what a toy Earth's truth adds (python -m bench.report)
STEPS = {0.001: (2.3, 1.4), 0.002: (1.95, 1.1), 0.004: (1.65, 0.85)}
COASTS = 1.2  # cells that hold land, over land pixels / pixels of a cell
BESIDE = ("overall.csv", "temporal.csv", "spatial.csv", "used.tsv", "dropped.tsv", "steps.tsv")  # of the jobs of scores


class Analysed(Protocol):
    """What answers for a part of analysis."""

    def wanted(self, wildcards: Any) -> list[str]: ...

    def left_out(self) -> Iterator[str]: ...


class Reporting:
    """The answers for one scope.

    analysing  what is made of analysis, each with its answers on what is wanted and what is left out
    tables     files of the method that tell of what was done
    data_set   the method's record of its finished data set, and files beside it
    """

    def __init__(
        self,
        scope: Scope,
        subject: Callable[[], Subject],
        validating: Validating,
        analysing: Sequence[Analysed],
        tables: Sequence[str],
        data_set: Sequence[str],
    ) -> None:
        self.scope, self._subject, self.validating, self.analysing = scope, subject, validating, analysing
        self.tables, self.data_set = list(tables), list(data_set)

    @cached_property
    def subject(self) -> Subject:
        return self._subject()

    def code(self, verb: str) -> Callable[[Any], str]:
        """Digest of the code behind a verb, found when a job is planned."""
        return lambda wildcards: code(verb)

    # -- files -----------------------------------------------------------------------------------------------------------

    def year_file(self, wildcards: Any) -> str:
        """A year of the data set."""
        return self.subject.files[wildcards.year]

    def years(self, wildcards: Any) -> list[str]:
        """Packed years."""
        return [f"{self.scope.paths.report}/years/{year}.json" for year in self.subject.files]

    def validation(self, wildcards: Any) -> list[str]:
        """Everything that validation makes."""
        made = self.validating.wanted(wildcards)
        pages = [path.removesuffix("scores.md") for path in made if path.endswith("/scores.md")]
        of_stations = [f"{folder}{name}" for folder in pages for name in BESIDE]
        return [*made, *of_stations, *self.validating.coverage_years(wildcards)]

    def analysis(self, wildcards: Any) -> list[str]:
        """Everything that analysis makes."""
        return [path for part in self.analysing for path in part.wanted(wildcards)]

    def captions(self, wildcards: Any, output: Any) -> str:
        """Where captions lie, which decides nothing: Snakemake keeps no parameter that asks for `output`."""
        return str(self._captions)

    @property
    def _captions(self) -> Path:
        return self.scope.root / "workflow" / "report"

    def page(self, wildcards: Any) -> str:
        """Digest of what the page is made of beside code: template, style, script, captions."""
        return page_digest(self._captions)

    # -- params ----------------------------------------------------------------------------------------------------------

    def pack_spec(self, wildcards: Any) -> str:
        scope, toy = self.scope, self.scope.run.toy
        every = toy and toy.model_copy(update={"products": None})  # which products are written decides nothing here
        return canonical(PackSpec(scope.area, scope.calendar.id, *self._fitting, every, self.subject.soil))

    @cached_property
    def _fitting(self) -> tuple[int, float]:
        """The smallest cells, and of these the finest steps, that a page has room for."""
        scope = self.scope
        land = sum(map(scope.land_pixels, scope.tiles.values()))
        for factor in FACTORS:
            cells = min(land, COASTS * land / factor**2)
            for step, (each, truth) in STEPS.items():
                each += truth if scope.run.toy else 0
                if cells * len(scope.run.steps) * each <= BUDGET:
                    return factor, step
        return FACTORS[-1], max(STEPS)

    def spec(self, wildcards: Any) -> str:
        scope, run = self.scope, self.scope.run
        first, last = run.period.first, run.period.last
        known = scope.area, scope.calendar.id, run.method, run.profile, first, last, run.seed, self.subject.networks
        left_out = {
            "validation": tuple(self.validating.left_out()),
            "analysis": tuple(sentence for part in self.analysing for sentence in part.left_out()),
        }
        return canonical(
            ReportSpec(
                *known,
                tuple(self._choices()),
                tuple(self._sources()),
                left_out,
                tuple(RULES.items()),
                run.toy is not None,
                self._depths,
            )
        )

    @property
    def _depths(self) -> dict[str, str]:
        """Folder of each depth's validation → the depth in words."""
        beneath = {name.rstrip("/"): below.depths for name, below in self.subject.beneath.items()}
        every = {"": self.subject.depths} | beneath if beneath else {}
        return {name: f"{100 * own.top:g} to {100 * own.bottom:g} cm" for name, own in every.items() if own}

    def _choices(self) -> Iterator[Choice]:
        """Settings that differ from those of the article's profile."""
        model, run = type(self.scope.run), self.scope.run
        article = model.model_validate(layered({"profile": ARTICLE} if ARTICLE in model.profiles else {}, model))
        theirs = dict(_leaves(article))
        for name, (here, meaning) in _leaves(run):
            there = theirs.get(name, (None, ""))[0]
            if here != there and not any(name == place or name.startswith(f"{place}.") for place in PLACES):
                yield Choice(name, _text(here), _text(there), meaning)

    def _sources(self) -> Iterator[Source]:
        """Products that are read, soil moisture first."""
        scope, rivals = self.scope, self.validating.there.rivals
        names = dict.fromkeys((*scope.needed_variables(), *scope.porosity(self._made), *ROLES.values(), *rivals))
        for name in sorted(names, key=lambda name: (self._role(name), name)):
            if name in scope.catalogue:
                entry = scope.catalogue[name]
                span = f"{entry.span[0]} – {entry.span[1] or 'open'}"
                said = entry.title, entry.version, span
                yield Source(name, self._role(name)[1:], *said, entry.licence, entry.cite, entry.doi)

    @property
    def _made(self) -> list[str]:
        return [name for name in self.scope.needed_variables() if name in self.scope.catalogue]

    def _role(self, name: str) -> str:
        """What a product is to the run; the first letter sorts."""
        if name == self.subject.target:
            return "0target"
        if any(name in products for products in self.subject.networks.values()):
            return "1predictor"
        if name in self.scope.needed_variables():
            return "2factor"
        return "4rival" if name in self.validating.there.rivals else "3mask"


def _leaves(section: BaseModel, above: str = "") -> Iterator[tuple[str, tuple[Any, str]]]:
    """Every setting by its dotted name: value and meaning."""
    for name, field in type(section).model_fields.items():
        value, place = getattr(section, name), f"{above}{name}"
        if isinstance(value, BaseModel):
            yield from _leaves(value, f"{place}.")
        else:
            yield place, (value, field.description or "")


def _text(value: Any) -> str:
    """A setting as people write it."""
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) or "none"
    if isinstance(value, list | tuple | set):
        return ", ".join(_text(item) for item in value) or "none"
    return str(value)
