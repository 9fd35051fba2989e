"""What native files were when maps were made of them: sizes and, where asked for, checksums; a file replaced later shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, TypedDict

from rssm.archive.listing import Found
from rssm.config.catalogue import Product
from rssm.ingest.index import checksum


class Pin(TypedDict, total=False):
    """Size in bytes, always, and SHA-256 of the content."""

    bytes: int
    sha256: str


def pins(
    product: Product, files: Sequence[Found], names: Collection[str], pin: Literal["size", "sha256"]
) -> dict[str, Pin]:
    """Path below the archive's root → pin, by path.

    Times of change are left out: an index is the same wherever the same files lie.

    files   of the product
    names   of those to pin; where files in several folders bear one of them, all these are pinned
    """
    depth = product.files.count("/") + 1
    named = {"/".join(file.path.parts[-depth:]): file for file in files if file.name in names}
    return {path: _pin(file, pin) for path, file in sorted(named.items())}


def _pin(file: Found, pin: Literal["size", "sha256"]) -> Pin:
    return {"bytes": file.size, "sha256": checksum(file.path)} if pin == "sha256" else {"bytes": file.size}
