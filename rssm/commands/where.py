"""`rssm where PRODUCT`: where a product is got, and which file names a configuration expects of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pydantic import Field

from rssm.archive.expected import expected_names
from rssm.calendar import days_of
from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import Answer, emit
from rssm.commands.inventory import needed
from rssm.config.catalogue import Product
from rssm.config.sources import Get
from rssm.errors import InputError, suggestion
from rssm.tsv import aligned
from rssm.workflow.methods import scope_in
from rssm.workflow.rsssm.scope import RsssmScope

FULL = (date(2014, 1, 1), date(2014, 12, 31))  # a year to count files in


class Where(Answer):
    """Where a product is got."""

    product: str = Field(description="Name in the catalogue.")
    title: str = Field(description="What it is.")
    version: str = Field(description="Version that the method uses.")
    licence: str = Field(description="Terms of use.")
    doi: str | None = Field(description="DOI of the data set.")
    cite: str = Field(description="Whom to cite.")
    get: Get | None = Field(description="Where it is got; null: the catalogue does not say.")
    span: list[str | None] = Field(description="First and last period used; the last is null while it goes on.")
    names_a_year: int = Field(description="File names of a full year; of a product without time, all.")
    pattern: str = Field(description="Pattern of the names below inputs.root.")
    root: str = Field(description="inputs.root of the configuration.")
    used: bool = Field(description="Whether the plan of the configuration uses it.")
    expected: list[str] = Field(
        description="Names expected for the period of the configuration; `*` stands for any text."
    )


def where(name: str, scope: RsssmScope) -> Where:
    """Where a product of a scope's catalogue is got."""
    if name not in scope.catalogue:
        raise InputError(f"{name}: not in the catalogue ({scope.catalogue_file}). {suggestion(name, scope.catalogue)}")
    product = scope.catalogue[name]
    return Where(
        product=name,
        **{field: getattr(product, field) for field in ("title", "version", "licence", "doi", "cite", "get")},
        span=list(product.span),
        names_a_year=len(expected_names(product, *FULL)),
        pattern=product.files,
        root=str(scope.run.inputs.root),
        used=name in needed(scope),
        expected=_expected(product, scope),
    )


def _expected(product: Product, scope: RsssmScope) -> list[str]:
    """Names of the period that configuration and product share."""
    steps, (start, end) = scope.run.steps, product.span
    first = max(scope.calendar.start(steps[0]), days_of(start)[0])
    last = min(scope.calendar.end(steps[-1]), days_of(end)[1]) if end else scope.calendar.end(steps[-1])
    return expected_names(product, first, last) if first <= last else []


def lines(found: Where, file: str, every: bool) -> Iterator[str]:
    """The answer for people; every: all names, not the first and last of each folder."""
    yield f"{found.product}  {found.title}"
    yield ""
    first, last = found.span
    facts: Mapping[str, str | None] = {
        **_got(found.get),
        "version": found.version,
        "doi": found.doi,
        "licence": found.licence,
        "cite": found.cite,
        "used": f"{first} to {last or 'today'}",
        "files": _count(found),
        "names": f"{found.pattern}, below {found.root}",
    }
    yield aligned([(name, text) for name, text in facts.items() if text], 2)
    yield ""
    if not found.used:
        yield f"The plan of {file} does not use it."
    count = len(found.expected)
    yield f"{file} expects {count:,} name{'' if count == 1 else 's'} in its period" + (":" if found.expected else ".")
    yield from found.expected if every else _by_folder(found.expected)


def _got(get: Get | None) -> dict[str, str | None]:
    """How to get it."""
    if get is None:
        return {"from": "the catalogue does not say (get)"}
    named = {"from": get.portal, "collection": " and ".join(get.collections), "login": get.login}
    return {**named, "choose": get.tick, "not certain": get.unsure}


def _count(found: Where) -> str:
    """Files of a year, with their size where it is known."""
    size = found.get.megabytes if found.get else None
    several = " days, several files each" if re.search(r"\{(?!date)\w+:%H", found.pattern) else ""
    count = f"{found.names_a_year:,}{several} " + ("in a full year" if "{date" in found.pattern else "for all years")
    return count + (f", about {size:g} MB each, {size * found.names_a_year / 1000:.1f} GB" if size else "")


def _by_folder(names: Sequence[str]) -> Iterator[str]:
    """First and last name of each folder, with the number of its names."""
    counts = Counter(name.rpartition("/")[0] for name in names)
    for folder, count in counts.items():
        inside = [name for name in names if name.rpartition("/")[0] == folder]
        ends = inside[0] if count == 1 else f"{inside[0]} … {inside[-1].rpartition('/')[2]}"
        yield f"  {ends}  ({count})"


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("where")
    parser.add_argument("product", help="name in the catalogue")
    takes_config(parser)
    parser.add_argument("--all", action="store_true", help="every file name, not the ends of each folder")
    given = parser.parse_args(arguments)
    file = config_file(given)
    found = where(given.product, scope_in([file]))
    if given.json:
        emit(found)
        return 0
    for line in lines(found, file, given.all):
        print(line)
    return 0
