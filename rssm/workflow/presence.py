"""Whether the archive is there: its folder, and files of every product that a run makes maps of; whether results can be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from rssm.archive.listing import any_file
from rssm.calendar import STATIC
from rssm.config.catalogue import sources_of
from rssm.errors import InputError
from rssm.ingest.native import native_years
from rssm.paths import RESULTS
from rssm.workflow.scope import Scope

WRITTEN = (RESULTS, "logs", "benchmarks", ".snakemake")  # what a run makes in its folder


def check_writable(folder: Path) -> None:
    """Refuse a folder in which a run cannot write: Snakemake would end with a traceback."""
    for part in (folder, *(folder / name for name in WRITTEN)):
        what = ""
        if part.exists() or part.is_symlink():
            what = "" if part.is_dir() else "is no folder, as a run needs it to be"
            what = what or ("" if os.access(part, os.W_OK | os.X_OK) else "must not be written to")
        if what:
            raise InputError(f"{part}: {what}. Mend that, or run elsewhere: snakemake --directory FOLDER.")


def absent(scope: Scope) -> Iterator[str]:
    """What is not there of an archive: sentences that begin with the setting. What a toy Earth writes is no part of it."""
    sources = (
        source
        for one in (*scope.needed_variables(), *scope.porosity(_made(scope)))
        for source in sources_of(scope.catalogue, one)
    )
    native = [name for name in dict.fromkeys(sources) if name in scope.catalogue and not scope.catalogue[name].derive]
    wanted = [name for name in native if not scope.toy_writes(name)]
    if wanted and (missing := no_root(scope)):
        yield missing
    elif scope.run.inputs.on_empty == "fail":
        for name in wanted:
            years = scope.years_read.get(name) or scope.years(name)
            if not is_found(scope, name, years):
                yield lacking(scope, name, years)


def no_root(scope: Scope) -> str:
    """A sentence where the archive's folder is not there."""
    root = Path(scope.run.inputs.root)
    if root.is_dir():
        return ""
    place = "" if root.is_absolute() else f" in {Path.cwd()}"
    return f"inputs.root: {root}: no such folder{place}. Put the archives there, or name their folder."


def _made(scope: Scope) -> list[str]:
    return [name for name in scope.needed_variables() if name in scope.catalogue]


def is_found(scope: Scope, name: str, years: Sequence[str]) -> bool:
    """Whether some year of a product has a file."""
    product, root = scope.catalogue[name], scope.run.inputs.root
    if product.derive:
        return all(is_found(scope, source, years) for source in product.derive.of)
    native_of = dict.fromkeys(native for year in years for native in native_years(product, year))
    return any(any_file(root, product, None if year == STATIC else int(year)) for year in native_of)


def lacking(scope: Scope, name: str, years: Sequence[str]) -> str:
    """A sentence about a product without files in some years."""
    product = scope.catalogue[name]
    when = "" if years[0] == STATIC else f" of {years[0]}" if len(years) == 1 else f" of {years[0]}-{years[-1]}"
    return (
        f"inputs.root: below {scope.run.inputs.root} no file{when} is named as {name} ({product.title}) should be, "
        f"{product.files!r}. Put them there, or correct {name}.files in {scope.run.tables.products}."
    )
