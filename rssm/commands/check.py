"""`rssm check-config`: everything that is wrong with a configuration, its catalogue and its tables, at once.

All commands read their configuration here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rssm.commands import parser_of
from rssm.config.catalogue import load_catalogue
from rssm.config.common import CommonRun
from rssm.config.load import read_yaml, validated
from rssm.config.methods import layered, method_of
from rssm.config.plan_tables import read_plan
from rssm.config.rsssm import Rsssm
from rssm.errors import InputError
from rssm.land import read_land_zones
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.scope import sources
from rssm.workflow.scope import REPOSITORY, locate


def scope_in(path: str) -> Any:
    """The scope of what a file configures."""
    return scope_of(read_yaml(path)[0], REPOSITORY, path)


def mistakes(path: str, root: Path) -> list[str]:
    """All mistakes of a configuration file and of the tables it names."""
    found: list[str] = []
    data, lines = read_yaml(path)
    try:
        run = validated(data, path, lines)
    except InputError as error:
        found += str(error).splitlines()
        model = method_of({} if "method" in str(error) else data, path)
        run = model.model_validate(layered({}, model))  # with the default tables, to report their mistakes too
    try:
        read_land_zones(locate(run.tables.land_zones, root))
    except (InputError, OSError) as error:
        found += [str(error)]
    try:
        found += _of_tables(path, run, root)
    except InputError as error:
        found += str(error).splitlines()
    if not found:
        try:
            scope_of(data, root, path)
        except InputError as error:
            found += str(error).splitlines()
    return found


def _of_tables(path: str, run: CommonRun, root: Path) -> list[str]:
    """Mistakes of catalogue and plan; the first table that cannot be read at all ends with an InputError."""
    catalogue = load_catalogue(locate(run.tables.products, root))
    if not isinstance(run, Rsssm):
        return []
    found = [
        f"{path}: factors: {factor!r} is not in {run.tables.products}."
        for factor in run.factors
        if factor != "LAI" and factor not in catalogue
    ]
    tables, strict, last = run.tables, run.profile == "paper", run.period.last
    try:
        known = sources(catalogue, run, last)
        read_plan(locate(tables.substeps, root), locate(tables.networks, root), known, strict, last)
    except InputError as error:
        found += str(error).splitlines()
    return found


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("check-config")
    parser.add_argument("file", help="configuration file (YAML)")
    given = parser.parse_args(arguments)
    found = mistakes(given.file, REPOSITORY)
    if found:
        count = "1 error" if len(found) == 1 else f"{len(found)} errors"
        print("\n".join([*found, f"{count}; nothing was run."]), file=sys.stderr)
        return 2
    print(f"{given.file}: no mistakes.")
    return 0
