"""`rssm doctor`: is this machine ready? Packages, compiler cache, memory, disk, Snakemake."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from rssm.commands import parser_of
from rssm.commands.estimate import size_text
from rssm.errors import InputError


def checks(folder: Path) -> Iterator[tuple[bool, str]]:
    """(in order, what was found) for everything a run rests on."""
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11 or newer is needed)"
    for requirement in requires("rssm") or []:
        if "extra ==" in requirement:
            continue
        name = re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0]
        try:
            yield True, f"{name} {version(name)}"
        except PackageNotFoundError:
            yield False, f"{name} is not installed (needed: {requirement})"
    yield shutil.which("snakemake") is not None, "snakemake on the PATH (activate the environment if not)"
    yield (os.cpu_count() or 1) >= 1, f"{os.cpu_count()} processors"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    yield memory > 4e9, f"{size_text(memory)} of memory (a job takes up to 2 GB)"
    yield os.access(folder, os.W_OK), f"{folder.resolve()} can be written to"
    free = shutil.disk_usage(folder).free
    yield free > 2e9, f"{size_text(free)} free there (`rssm estimate FILE` shows what a run needs)"


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("doctor")
    parser.add_argument("folder", nargs="?", default=".", help="where results will lie")
    folder = Path(parser.parse_args(arguments).folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder. Name the one where results will lie.")
    found = list(checks(folder))
    for good, text in found:
        print(f"{'ok ' if good else 'NO '} {text}")
    return 0 if all(good for good, _ in found) else 2
