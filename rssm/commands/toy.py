"""`rssm toy --names-only`: empty files with the names of the archive that a configuration needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.inventory import needed
from rssm.workflow.methods import scope_in


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("toy")
    parser.add_argument("--names-only", action="store_true", required=True, help="empty files, true names")
    parser.add_argument("folder", help="root of the archive")
    takes_config(parser)
    given = parser.parse_args(arguments)
    from rssm.toy.archive import names_only

    scope = scope_in([config_file(given)])
    years = range(scope.first_year(), scope.calendar.year_of(scope.run.steps[-1]) + 1)
    count = names_only(Path(given.folder), needed(scope), years)
    print(f"{count:,} empty files with true names below {given.folder}")
    return 0
