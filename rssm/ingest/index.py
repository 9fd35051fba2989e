"""A year's index: which maps a job wrote, what each rests on, and their checksums. It is written last.

Whoever needs a year of maps depends on its index alone: the index changes when a map does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rssm.errors import InputError
from rssm.files import atomic
from rssm.paths import place_parts


def write_index(path: str | Path, product: str, year: str, maps: Mapping[str, Mapping[str, Any]], **about: Any) -> None:
    """Write an index.

    maps   label of the step → at least `map` (its place, `rssm.paths`, from the index's folder) and `status` (complete,
           partial, missing); the checksum of its file is added here
    about  whatever else is worth keeping: calendar, `native` files with size and checksum (`rssm.ingest.pins`)
    """
    folder = Path(path).parent
    files = {label: place_parts(folder / entry["map"])[0] for label, entry in maps.items()}
    sums = {file: checksum(file) for file in set(files.values())}
    entries = {label: {**entry, "sha256": sums[files[label]]} for label, entry in maps.items()}
    text = json.dumps({"product": product, "year": year, **about, "maps": entries}, indent=1, ensure_ascii=False)
    with atomic(path) as beside:
        beside.write_text(text + "\n", encoding="utf-8")


def read_index(path: str | Path) -> dict[str, dict[str, Any]]:
    """Label → entry of the maps of an index."""
    return _read(path)[0]


def read_native(path: str | Path) -> dict[str, dict[str, Any]]:
    """Path below the archive's root → pin (`rssm.ingest.pins`) of the native files of an index; of SIM-n there are none."""
    return _read(path)[1]


def _read(path: str | Path) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Maps and native files of an index."""
    try:
        about = json.loads(Path(path).read_text(encoding="utf-8"))
        return about["maps"], about.get("native", {})
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{path}: cannot be read as an index of maps ({error}). Remove it and run its rule again."
        ) from None


def checksum(path: str | Path) -> str:
    """SHA-256 of a file."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
