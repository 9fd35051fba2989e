"""Where the archives of stations lie, and a digest of them. Light to import: the workflow asks whenever it plans."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rssm.config.validation import Stations


def station_places(root: str | Path, settings: Stations) -> dict[str, list[str]]:
    """Input of the job `stations` → its zip files, files and folders below the root of the archives."""
    named = {"ismn": settings.ismn, "csv": settings.csv}
    return {kind: [str(Path(root) / name) for name in names] for kind, names in named.items()}


def station_digest(places: Mapping[str, Sequence[str]]) -> str:
    """Digest of the names, sizes and times of all files; none is opened."""
    total = hashlib.sha256()
    for path in _files(place for named in places.values() for place in named):
        status = path.stat()
        total.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return total.hexdigest()[:16]


def _files(places: Iterable[str]) -> Iterator[Path]:
    for place in map(Path, places):
        yield from (
            sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place] * place.exists()
        )
