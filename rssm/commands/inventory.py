"""`rssm inventory`: what the archive holds, before any compute, and which networks that makes possible."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rssm.archive.inventory import coverage, inventory, steps_of, table
from rssm.archive.listing import list_files, resolve_duplicates
from rssm.config.load import read_yaml
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import REPOSITORY


def network_lines(scope: RsssmScope) -> list[str]:
    """Networks and how much of their training period the archive allows."""
    root = Path(scope.run.inputs.root)
    there: dict[str, set[int]] = {}
    for name in scope.needed_variables():
        if name in scope.catalogue:
            product = scope.catalogue[name]
            kept, _ = resolve_duplicates(product, list_files(root, product))
            steps = steps_of(product, range(scope.run.steps[-1] + 1), scope.calendar)
            there[name] = {step for step, share in coverage(product, kept, steps, scope.calendar).items() if share > 0}
    lines = []
    for network in scope.networks:
        training = scope.plan.training[network.name]
        outside = [target for target in training.targets if target in there]
        wanted = set(training.steps)
        have = set.intersection(wanted, *(there.get(product, set()) for product in network.predictors))
        for target in outside:
            have -= set(training.targets[target]) - there[target]
        if have != wanted:
            what = "cannot be trained" if not have else f"{len(have)} of {len(wanted)} training dekads"
            lines.append(f"  {network.name:<10}{what}  ({' + '.join(network.predictors)})")
    return lines


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rssm inventory", description="Show from file names which product-dekads are complete, partial or missing."
    )
    parser.add_argument("file", nargs="?", default="config/config.yaml", help="configuration (default: %(default)s)")
    parser.add_argument("--all", action="store_true", help="the whole catalogue, not only what the plan needs")
    given = parser.parse_args(arguments)
    config, _ = read_yaml(given.file)
    scope = scope_of(config, REPOSITORY, given.file)
    wanted = (
        scope.catalogue
        if given.all
        else {v: scope.catalogue[v] for v in scope.needed_variables() if v in scope.catalogue}
    )
    print(table(inventory(scope.run.inputs.root, wanted, scope.run.steps, scope.calendar)))
    short = network_lines(scope)
    whole = len(scope.networks) - len(short)
    print(f"\n{whole} of {len(scope.networks)} networks have predictors and targets in all their training dekads.")
    if short:
        print("\n".join(["The others:", *short]))
    return 0
