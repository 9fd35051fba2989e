"""`rssm add-product FILE…`: the draft of a catalogue entry from native files, to be edited and laid into a catalogue."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rssm.archive.draft.entry import draft
from rssm.archive.draft.text import draft_text, marks
from rssm.commands import parser_of
from rssm.config.texts import name_text
from rssm.errors import InputError


def _root(folder: str, paths: Sequence[Path]) -> Path:
    """The folder that patterns are counted from: the one given, or that of all files."""
    if not folder:
        return Path(os.path.commonpath([str(path.parent) for path in paths]))
    root = Path(folder)
    if not root.is_dir():
        raise InputError(f"rssm add-product: --root {root}: no such folder.")
    if outside := next((path for path in paths if not path.is_relative_to(root)), None):
        raise InputError(f"rssm add-product: {outside} does not lie below --root {root}.")
    return root


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("add-product")
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="native files of one product, of several days if there are"
    )
    parser.add_argument("--id", default="", help="name of the product in the catalogue")
    parser.add_argument(
        "--root", default="", metavar="FOLDER", help="folder of the archives, inputs.root (default: that of the files)"
    )
    parser.add_argument(
        "--variable", default="", metavar="NAME", help="variable that holds the values, where the guess is wrong"
    )
    given = parser.parse_args(arguments)
    paths = [Path(file) for file in given.files]
    for path in paths:
        if not path.is_file():
            raise InputError(
                f"{path}: {'is a folder; name the files of one product' if path.is_dir() else 'no such file'}."
            )
    try:
        name = name_text(given.id) if given.id else ""
    except ValueError as error:
        raise InputError(f"rssm add-product: --id {given.id}: {error}.") from None
    text = draft_text(draft(paths, _root(given.root, paths), name, given.variable))
    print(text, end="")
    count = marks(text)
    print(
        f"{count['GUESS']} guesses and {count['OPEN']} open questions stand above their fields. Lay the entry into a catalogue that "
        "tables.products names, settle them, and look at what comes: rssm check-config, rssm map.",
        file=sys.stderr,
    )
    return 0
