"""`rssm inventory`: what the archive holds, before any compute, and which networks that makes possible."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rssm.archive.inventory import coverage, inventory, steps_of, table
from rssm.archive.listing import list_files, resolve_duplicates
from rssm.commands import config_file, parser_of, takes_config
from rssm.config.catalogue import Product
from rssm.errors import InputError
from rssm.product.values.land_share import share_text
from rssm.tsv import aligned
from rssm.workflow.methods import scope_in
from rssm.workflow.presence import no_root
from rssm.workflow.rsssm.scope import RsssmScope

NO_RUN = "What share of land has values no file name tells: a run in this folder writes it to report/land_share.tsv."


def needed(scope: RsssmScope) -> dict[str, Product]:
    """Catalogue entries of what the plan needs."""
    return {name: scope.catalogue[name] for name in scope.needed_variables() if name in scope.catalogue}


def short_networks(scope: RsssmScope) -> list[tuple[str, str, str]]:
    """Networks that the archive does not serve in all their training dekads: name, how many it serves, predictors."""
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
            what = f"{len(have)} of {len(wanted)} training dekads" if have else "cannot be trained"
            rows.append((network.name, what, " + ".join(network.predictors)))
    return rows


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
    print(table(inventory(scope.run.inputs.root, wanted, scope.run.steps, scope.calendar)))
    short = short_networks(scope)
    whole = len(scope.networks) - len(short)
    print(f"\n{whole} of {len(scope.networks)} networks have predictors and targets in all their training dekads.")
    if short:
        print(f"The others:\n{aligned(short, left=3)}")
    print(f"\n{share_text(scope.paths, scope.calendar) or NO_RUN}")
    return 0
