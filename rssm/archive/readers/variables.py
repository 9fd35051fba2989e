"""Which variables of a file are read, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from fnmatch import fnmatchcase

from rssm.archive.bad_file import BadFile
from rssm.config.catalogue import Product


def names_to_read(
    product: Product, strict: bool, there: Collection[str], names: Callable[[str], list[str]] = lambda name: [name]
) -> Iterator[tuple[str, str]]:
    """(role, name in the file) of the value, of what the quality rule tests, and of the error, which may be missing.

    names   a name of the catalogue → what it may be in the file
    """
    for role in ("value", *product.tested(strict), *(["error"] if "error" in product.variables else [])):
        candidates = [inner for name in product.names(role) for inner in names(name)]
        name = _first(candidates, there)
        if name is not None:
            yield role, name
        elif role != "error":
            have = sorted(there)
            shown = ", ".join(have[:8]) + (", …" if len(have) > 8 else "") or "none"
            what = f"has no variable {' or '.join(map(repr, candidates))} (it has {shown})"
            raise BadFile(what, f"{product.title}, version {product.version}", check=f"variables.{role}")


def _first(names: Iterable[str], there: Collection[str]) -> str | None:
    """The first of `names` that is there; `*` and `?` match the first in alphabetical order."""
    for name in names:
        if name in there:
            return name
        if "*" in name or "?" in name:
            match = next((other for other in sorted(there) if fnmatchcase(other, name)), None)
            if match:
                return match
    return None
