"""What the page is made of beside code: template, style, scripts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
PARTS = (".j2", ".css", ".js")


def part(name: str) -> str:
    """The text of one file."""
    return (FOLDER / name).read_text(encoding="utf-8")


def page_digest(captions: Path) -> str:
    """Digest of these files and of captions."""
    total = hashlib.sha256()
    for path in _parts(captions):
        total.update(f"{path.name}={hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


def _parts(captions: Path) -> Iterator[Path]:
    yield from sorted(path for path in FOLDER.iterdir() if path.suffix in PARTS)
    yield from sorted(captions.glob("*.rst"))
