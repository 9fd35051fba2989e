"""A bad file: what is wrong with it, said where its name is not known, and the sentence that names it for the user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rssm.archive.listing import ALWAYS, Found
from rssm.config.catalogue import Product
from rssm.errors import InputError

SKIP = "or set inputs.on_bad_file: skip to go on without this file."
# What C libraries and their wrappers raise where a file is damaged, each beside exceptions of its own.
FAILURES: tuple[type[Exception], ...] = (OSError, RuntimeError, ValueError, LookupError, AttributeError, TypeError)


class BadFile(Exception):
    """What is wrong with a file; `read` adds its name and product (`bad_file`).

    what      said of the file: `has no variable …`
    expected  what should be there; by default the product's grid, if that is to be checked, or a readable file of it
    hint      what to do
    check     the product's setting in the catalogue that may be wrong, in place of a hint
    """

    def __init__(self, what: str, expected: str = "", hint: str = "Download it again", check: str = "") -> None:
        super().__init__(what, expected, hint, check)

    def __str__(self) -> str:
        return str(self.args[0])


class Misfit(BadFile):
    """The cells of a file are not those of the grid; `has` says what they are."""

    def __init__(self, has: str) -> None:
        super().__init__(f"has {has}", check="native_grid")


@contextmanager
def failures_of_libraries(*own: type[Exception]) -> Iterator[None]:
    """Turn what a library raises (FAILURES and exceptions of its own) into BadFile."""
    try:
        yield
    except (*FAILURES, *own) as error:
        reason = str(error).split("\n")[0]
        raise BadFile(f"is damaged: {reason}") from None


def bad_file(
    product: Product, found: Found, what: str, expected: str, hint: str = "Download it again", check: str = ""
) -> InputError:
    """The sentence of a BadFile: product, date, file, what is wrong, what was expected, what to do."""
    day = "" if (found.start, found.end) == ALWAYS else f", {found.start}"
    hint = f"Check {product.id}.{check} in the catalogue" if check else hint
    if not expected:
        expected = (
            f"the grid {product.native_grid or 'of the file'}"
            if check == "native_grid"
            else f"a readable file of {product.title}"
        )
    return InputError(f"{product.id or product.title}{day}: {found.name} {what}.\nExpected {expected}. {hint}, {SKIP}")
