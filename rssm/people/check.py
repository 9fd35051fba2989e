"""`rssm check-config`: everything that is wrong with a configuration, its catalogue and its tables, at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rssm.config.catalogue import load_catalogue
from rssm.config.load import read_yaml, validated
from rssm.config.plan import Source
from rssm.config.run import Run
from rssm.config.tables import read_plan
from rssm.errors import InputError
from rssm.land import read_land_zones
from rssm.scope import REPOSITORY, Scope, locate, product_sources


def mistakes(path: str, root: Path) -> list[str]:
    """All mistakes of a configuration file and of the tables it names."""
    found: list[str] = []
    data, lines = read_yaml(path)
    try:
        run = validated(data, path, lines)
    except InputError as error:
        found += str(error).splitlines()
        run = Run()  # go on with the default tables, so that their mistakes are told too
    tables = run.tables
    sources: dict[str, Source] = {}
    try:
        sources = product_sources(load_catalogue(locate(tables.products, root)), run.period.last)
    except InputError as error:
        found += str(error).splitlines()
    try:
        read_land_zones(locate(tables.land_zones, root))
    except (InputError, OSError) as error:
        found += [str(error)]
    if sources:
        found += [
            f"{path}: factors: {factor!r} is not in {tables.products}."
            for factor in run.factors
            if factor != "LAI" and factor not in sources
        ]
        try:
            strict, last = run.profile == "paper", run.period.last
            read_plan(locate(tables.substeps, root), locate(tables.networks, root), sources, strict, last)
        except InputError as error:
            found += str(error).splitlines()
    if not found:
        try:
            Scope(data, root, path)
        except InputError as error:
            found += str(error).splitlines()
    return found


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rssm check-config",
        description="Tell everything that is wrong with a configuration file; exit code 2 if so.",
    )
    parser.add_argument("file", help="configuration file (YAML)")
    given = parser.parse_args(arguments)
    found = mistakes(given.file, REPOSITORY)
    if found:
        count = "1 error" if len(found) == 1 else f"{len(found)} errors"
        print("\n".join([*found, f"{count}; nothing was run."]), file=sys.stderr)
        return 2
    print(f"{given.file}: no mistakes.")
    return 0
