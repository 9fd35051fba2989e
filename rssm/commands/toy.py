"""`rssm toy`: the toy Earth's archive for a configuration, or empty files with the true names."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rssm.config.load import read_yaml
from rssm.workflow.methods import scope_of
from rssm.workflow.scope import REPOSITORY


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rssm toy",
        description="Lay out empty files with the true names of every product that a configuration needs.",
    )
    parser.add_argument("--names-only", action="store_true", required=True, help="empty files, true names")
    parser.add_argument("--config", default="config/config.yaml", help="configuration (default: %(default)s)")
    parser.add_argument("folder", help="root of the archive")
    given = parser.parse_args(arguments)
    from rssm.toy.archive import names_only

    config, _ = read_yaml(given.config)
    scope = scope_of(config, REPOSITORY, given.config)
    needed = {v: scope.catalogue[v] for v in scope.needed_variables() if v in scope.catalogue}
    years = range(scope.first_year(), int(scope.run.period.last[:4]) + 1)
    count = names_only(Path(given.folder), needed, years)
    print(f"{count:,} empty files with true names below {given.folder}")
    return 0
