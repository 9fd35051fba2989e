"""Which variables of a file a reader must fetch, and under which names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from rssm.archive.errors import bad_file
from rssm.archive.listing import Found
from rssm.config.catalogue import Product
from rssm.errors import InputError


def roles(product: Product, strict: bool) -> list[str]:
    """Roles to fetch: the value, what the quality rule tests, and the error if one is declared."""
    return ["value", *product.rule(strict), *(["error"] if "error" in product.variables else [])]


def pick(names: Iterable[str], there: Collection[str]) -> str | None:
    """The first of `names` that is there; `*` and `?` match the first in alphabetical order."""
    for name in names:
        if name in there:
            return name
        if "*" in name or "?" in name:
            match = next((other for other in sorted(there) if fnmatchcase(other, name)), None)
            if match:
                return match
    return None


def lacks(product: Product, found: Found, role: str, names: list[str], there: Iterable[str]) -> InputError:
    """The error of a file that has none of the variables of a role."""
    have = sorted(there)
    shown = ", ".join(have[:8]) + (", …" if len(have) > 8 else "") or "none"
    return bad_file(
        product,
        found,
        f"has no variable {' or '.join(repr(name) for name in names)} (it has {shown})",
        f"{product.title}, version {product.version}",
        f"Check {product.id}.variables.{role} in the catalogue",
    )
