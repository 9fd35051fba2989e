"""Where the archives of stations lie, a digest of them, and which maps describe pixels. Light to import: the workflow asks whenever it plans."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from rssm.config.product import ROLES
from rssm.config.validation import Stations, Validation
from rssm.validation.stations.specs import Role


def station_places(root: str | Path, settings: Stations) -> dict[str, list[str]]:
    """Input of the job `stations` → its zip files, files and folders below the root of the archives."""
    named = {"ismn": settings.ismn, "csv": settings.csv}
    return {kind: [str(Path(root) / name) for name in names] for kind, names in named.items()}


def described_by(validation: Validation) -> dict[Role, str]:
    """Role → product whose maps describe pixels (`StationsSpec.maps`)."""
    named: dict[Role, str | None] = {
        "water": ROLES["water"],
        "land_cover": ROLES["land_cover"],
        "topography": validation.topography,
        "climate": validation.climate,
    }
    return {role: product for role, product in named.items() if product}


def station_digest(places: Mapping[str, Sequence[str]]) -> str:
    """Digest of the names, sizes and times of all files, wherever their root lies; none is opened."""
    total = hashlib.sha256()
    for place in (Path(place) for named in places.values() for place in named):
        for path in files_of(place):
            status = path.stat()
            total.update(f"{path.relative_to(place.parent)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return total.hexdigest()[:16]


def files_of(place: Path) -> list[Path]:
    """Files of a folder, or the one file, if it is there."""
    if place.is_dir():
        return sorted(path for path in place.rglob("*") if path.is_file())
    return [place] if place.exists() else []
