"""Errors of a job name title and version of its product, which its settings leave out: they may change without a re-run.

Where a text of the catalogue decides no value, settings hold a mark (`blank`). The catalogue is read only when an error
with such a mark is to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rssm.config.catalogue import load_catalogue
from rssm.errors import InputError

MARK = re.compile(r"\{(title|version)\}")


def blank(text: str) -> str:
    """The mark that stands for a text of the catalogue."""
    return f"{{{text}}}"


@contextmanager
def named(product: str, catalogue: Sequence[str]) -> Iterator[None]:
    """Fill marks of a product in errors from the catalogue, a file or none."""
    try:
        yield
    except InputError as error:
        if not MARK.search(str(error)):
            raise
        texts = {"title": product, "version": "as in the catalogue"} | _texts(product, catalogue)
        raise InputError(MARK.sub(lambda mark: texts[mark[1]], str(error))) from None


def _texts(product: str, catalogue: Sequence[str]) -> dict[str, str]:
    """Title and version of a product, if the catalogue can be read and knows it."""
    try:
        entry = load_catalogue(catalogue[0])[product]
    except (InputError, LookupError, UnicodeDecodeError):
        return {}
    return {"title": entry.title, "version": entry.version}
