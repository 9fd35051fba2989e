"""`rssm check-config`: everything that is wrong with a configuration, its catalogue and its tables, at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import Answer, emit
from rssm.config.catalogue import load_catalogue
from rssm.config.common import CommonRun
from rssm.config.load import in_sentences, read_settings, validated
from rssm.config.methods import layered, method_of
from rssm.config.plan_tables import read_plan
from rssm.config.rsssm import Rsssm
from rssm.errors import InputError
from rssm.land import read_land_zones
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.scope import sources
from rssm.workflow.scope import REPOSITORY, locate


class Checked(Answer):
    """Whether a configuration can run."""

    file: str = Field(description="The configuration.")
    mistakes: list[str] = Field(description="A sentence for each mistake; none: it can run.")


def mistakes(path: str, root: Path) -> list[str]:
    """All mistakes of a configuration file and of the tables it names, and what its archive lacks."""
    found: list[str] = []
    read = read_settings([path])
    try:
        run = validated(read.data, read.name, read.lines)
    except InputError as error:
        found += str(error).splitlines()
        model = method_of({} if "method" in str(error) else read.data, path)
        run = model.model_validate(layered({}, model))  # with the default tables, to report their mistakes too
    for check in (_land, _plan):
        try:
            check(run, root, read.folder)
        except InputError as error:
            found += in_sentences(str(error), read.name, read.lines, type(run)).splitlines()
    if not found:
        try:
            scope_of(read.data, root, read.name, read.lines, read.folder, archive=True)
        except InputError as error:
            found += str(error).splitlines()
    return found


def _land(run: CommonRun, root: Path, beside: Path) -> None:
    """Read the table of zones."""
    read_land_zones(locate(run.tables.land_zones, root, beside, "tables.land_zones"))


def _plan(run: CommonRun, root: Path, beside: Path) -> None:
    """Read catalogue and plan; the first table that cannot be read at all ends with its mistakes."""
    catalogue = load_catalogue(locate(run.tables.products, root, beside, "tables.products"))
    if isinstance(run, Rsssm):
        tables, strict, last = run.tables, run.profile == "paper", run.period.last
        substeps = locate(tables.substeps, root, beside, "tables.substeps")
        networks = locate(tables.networks, root, beside, "tables.networks")
        read_plan(substeps, networks, sources(catalogue, run, last), strict, last)


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("check-config")
    takes_config(parser)
    given = parser.parse_args(arguments)
    file = config_file(given)
    found = mistakes(file, REPOSITORY)
    if given.json:
        emit(Checked(file=file, mistakes=found))
        return 2 if found else 0
    if found:
        count = "1 error" if len(found) == 1 else f"{len(found)} errors"
        print("\n".join([*found, f"{count}; nothing was run."]), file=sys.stderr)
        return 2
    print(f"{file}: no mistakes.")
    return 0
