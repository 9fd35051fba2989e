"""`rssm plan`: networks and what they learn from, as a scientist checks them against the article, and what a change does."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import indent
from typing import Any

from rssm.calendar import DEKADS
from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import emit
from rssm.commands.plan_answer import Change, changes_of, planned, planned_lessons
from rssm.commands.plan_lessons import lessons_of, lessons_text
from rssm.config.plan import Network, Plan, span_text
from rssm.config.plan_tables import derived_columns, disagreements
from rssm.errors import InputError, suggestion
from rssm.tsv import aligned
from rssm.workflow.methods import scope_in
from rssm.workflow.rsssm.scope import RsssmScope

HEAD = ("network", "rank", "n/s", "training period", "dekads", "targets", "predictors")  # n predictors of s sensors


def plan_text(plan: Plan) -> str:
    """The plan as a table for each substep."""
    lines: list[str] = []
    total = 0
    for round_ in plan.rounds:
        steps = plan.simulated(round_)
        total += len(steps)
        lines += ["", f"Round {round_} simulates {span_text(steps)} ({len(steps)} dekads)"]
        for substep in plan.substeps_of(round_):
            lines += [
                f"  Substep {substep.name}: {substep.order} first, targets {' > '.join(substep.targets)} ({substep.use}),"
                f" LAI {substep.lai or 'none'}, simulates {span_text(substep.span)} ({len(substep.span)})",
                indent(aligned([HEAD, *(_cells(plan, n) for n in plan.networks_of(substep.name))], len(HEAD)), "    "),
            ]
    reachable = sum(plan.shadow(network) is None for network in plan.networks)
    lines += [
        "",
        f"{len(plan.rounds)} rounds, {len(plan.substeps)} substeps, {len(plan.networks)} networks listed, "
        f"{reachable} selectable, {total} dekads simulated.",
    ]
    return "\n".join(lines)


def _cells(plan: Plan, network: Network) -> tuple[str, ...]:
    """A network's row under `HEAD`."""
    training, shadow = plan.training[network.name], plan.shadow(network)
    return (
        network.name,
        str(network.rank),
        f"{len(network.predictors)}/{plan.sensors(network)}",
        span_text(training.steps),
        str(len(training.steps)),
        derived_columns(training)["targets"],
        " + ".join(network.predictors) + (f"  [never chosen: {shadow} serves it]" if shadow else ""),
    )


def changes_text(changes: Iterable[Change]) -> str:
    """What differs between two plans."""
    return "\n".join(f"  {change.text}" for change in changes) or "  nothing changes"


def changed(plan: Plan, without: Sequence[str], spans: Sequence[str]) -> Plan:
    """The plan without some products and with other spans (`PRODUCT=2007D01:2014D36`)."""
    for product in without:
        _known(plan, product)
    for text in spans:
        product, _, span = text.partition("=")
        first, _, last = span.partition(":")
        _known(plan, product)
        plan = plan.with_span(product, DEKADS.span(first, last))
    return plan.without(without)


def _known(plan: Plan, product: str) -> None:
    if product not in plan.sources:
        raise InputError(f"{product}: not in the catalogue. {suggestion(product, plan.sources)}")


def _taken_as_products(given: Namespace) -> str | None:
    """The configuration, where it stands behind products or spans: `--without X my.yaml`."""
    for listed in (given.without, given.span):
        for text in [text for text in listed if Path(text).suffix in (".yaml", ".yml")]:
            listed.remove(text)
            if given.file:
                raise InputError(f"two configurations are named, {given.file} and {text}. Give one.")
            given.file = text
    return given.file


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("plan")
    takes_config(parser)
    several: Any = {"nargs": "+", "action": "extend", "default": []}
    parser.add_argument("--without", **several, metavar="PRODUCT", help="what if these products were missing")
    parser.add_argument("--span", **several, metavar="PRODUCT=FIRST:LAST", help="what if spans were these")
    given = parser.parse_args(arguments)
    given.file = _taken_as_products(given)
    file = config_file(given)
    scope = scope_in([file])
    asked = bool(given.without or given.span)
    if not isinstance(scope, RsssmScope):
        if asked:
            raise InputError(
                f"{file}: --without and --span change tables of networks; method {scope.run.method} has none."
            )
        lessons = lessons_of(scope)
        if given.json:
            emit(planned_lessons(file, len(scope.run.steps), lessons))
        else:
            print(lessons_text(scope, lessons))
        return 0
    plan = scope.plan
    changes = list(changes_of(plan, changed(plan, given.without, given.span))) if asked else None
    other = disagreements(scope.networks_table, plan)
    if given.json:
        emit(planned(file, plan, other, changes))
    elif changes is not None:
        print(f"Changes to the plan of {file}:\n{changes_text(changes)}")
    else:
        print(plan_text(plan).lstrip())
        if other:
            print("\n".join(["", "The table differs; what follows from the spans is used:", *other]))
    return 0
