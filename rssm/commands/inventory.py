"""`rssm inventory`: what the archive holds, before any compute, and which networks that makes possible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import Field

from rssm.archive.inventory import MARKS, coverage, inventory, steps_of, table
from rssm.archive.listing import list_files, resolve_duplicates
from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import Answer, emit
from rssm.commands.screen import painted
from rssm.commands.summary import summary, summary_text
from rssm.config.catalogue import Product, sources_of
from rssm.errors import InputError
from rssm.tsv import aligned
from rssm.workflow.methods import ending_of, scope_in
from rssm.workflow.presence import no_root
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import Scope

NO_RUN = "What share of land has values no file name tells: a run in this folder writes it to report/land_share.tsv."


class ProductYear(Answer):
    """What file names say of a product and year."""

    product: str = Field(description="Name in the catalogue.")
    year: int = Field(description="Year.")
    complete: int = Field(description="Steps of its span for which all files are there.")
    partial: int = Field(description="Steps for which some are.")
    missing: int = Field(description="Steps for which none is.")
    files: int = Field(description="Files of the year that count.")
    duplicates: int = Field(description="Older versions, left out.")
    new: int = Field(description="Files that no earlier year of the product counts.")


class ShortNetwork(Answer):
    """A network that the archive does not serve in all its training dekads."""

    name: str = Field(description="Name in the plan.")
    served: int = Field(description="Training dekads that have all predictors and targets; 0: it cannot be trained.")
    wanted: int = Field(description="Training dekads of the plan.")
    predictors: list[str] = Field(description="Its predictors.")


class Inventory(Answer):
    """What an archive holds, and what that allows."""

    file: str = Field(description="The configuration.")
    root: str = Field(description="Folder of the archive.")
    products: list[ProductYear] = Field(description="One entry for each product and year.")
    networks: int = Field(description="Networks of the plan.")
    short: list[ShortNetwork] = Field(description="Those that lack training dekads.")


def needed(scope: Scope) -> dict[str, Product]:
    """Catalogue entries of what the plan needs, and of what that follows from: those that have files."""
    names = (name for wanted in scope.needed_variables() for name in sources_of(scope.catalogue, wanted))
    found = {name: scope.catalogue[name] for name in names if name in scope.catalogue}
    return {name: product for name, product in found.items() if not product.derive}


def short_networks(scope: RsssmScope) -> list[ShortNetwork]:
    """Networks that the archive does not serve in all their training dekads."""
    root, calendar = Path(scope.run.inputs.root), scope.calendar
    there: dict[str, set[int]] = {}
    for name, product in needed(scope).items():
        kept, _ = resolve_duplicates(product, list_files(root, product))
        span = steps_of(product, range(scope.run.steps[-1] + 1), calendar)
        there[name] = {step for step, share in coverage(product, kept, span, calendar).items() if share > 0}
    rows = []
    for network in scope.networks:
        training = scope.plan.training[network.name]
        wanted = set(training.steps)
        have = set.intersection(wanted, *(there.get(product, set()) for product in network.predictors))
        for target, steps in training.targets.items():
            have -= set(steps) - there.get(target, set(steps))
        if have != wanted:
            counts = {"served": len(have), "wanted": len(wanted)}
            rows.append(ShortNetwork(name=network.name, **counts, predictors=list(network.predictors)))
    return rows


def short_text(short: Sequence[ShortNetwork]) -> str:
    """These networks for people."""
    served = [f"{row.served} of {row.wanted} training dekads" if row.served else "cannot be trained" for row in short]
    return aligned([(row.name, what, " + ".join(row.predictors)) for row, what in zip(short, served, strict=True)], 3)


def _coloured(text: str) -> str:
    """The table with its marks in colours, where a terminal shows them."""
    for state, colour in (("complete", "green"), ("partial", "yellow"), ("missing", "red")):
        text = re.sub(f"({MARKS[state]}+)", painted(r"\1", colour), text)
    return text


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("inventory")
    takes_config(parser)
    parser.add_argument("--all", action="store_true", help="the whole catalogue, not only what the plan needs")
    given = parser.parse_args(arguments)
    file = config_file(given)
    scope = scope_in([file])
    if not scope.run.toy and (missing := no_root(scope)):
        raise InputError(f"{file}: {missing}")
    wanted = scope.catalogue if given.all else needed(scope)
    rows = inventory(scope.run.inputs.root, wanted, scope.period_of, scope.calendar)
    own = isinstance(scope, RsssmScope)  # whose networks each need products of their own
    short, networks = (short_networks(scope), len(scope.networks)) if own else ([], 0)
    if given.json:
        found = [ProductYear(**asdict(row)) for row in rows]
        emit(Inventory(file=file, root=scope.run.inputs.root, products=found, networks=networks, short=short))
        return 0
    print(_coloured(table(rows)))
    if own:
        print(
            f"\n{networks - len(short)} of {networks} networks have predictors and targets in all their training dekads."
        )
    if short:
        print(f"The others:\n{short_text(short)}")
    print(f"\n{summary_text(summary(scope, ending_of(scope), file)) or NO_RUN}")
    return 0
