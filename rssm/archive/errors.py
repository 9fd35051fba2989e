"""How a bad file is told: product, date, file, what was found, what was expected, what to do."""

from __future__ import annotations

from rssm.archive.listing import ALWAYS, Found
from rssm.config.catalogue import Product
from rssm.errors import InputError

SKIP = "or set inputs.on_bad_file: skip to go on without this file."


def damaged(product: Product, found: Found, error: Exception) -> InputError:
    """The error of a file that its library cannot read."""
    reason = str(error).split("\n")[0]
    return bad_file(product, found, f"is damaged: {reason}", f"a readable file of {product.title}")


def bad_file(product: Product, found: Found, what: str, expected: str, hint: str = "Download it again") -> InputError:
    """The error of a file: `what` is said of it (`has no variable …`), `expected` names what should be there."""
    day = "" if (found.start, found.end) == ALWAYS else f", {found.start}"
    return InputError(f"{product.id or product.title}{day}: {found.name} {what}.\nExpected {expected}. {hint}, {SKIP}")
