"""A variable's series: its maps of all years and the land mask, which its cubes in all tiles are cut from.

So a plan has one edge per cube, not one per cube and year. A series holds checksums: it changes when a map does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rssm.calendar import CALENDARS
from rssm.cubes.specs import SeriesPart, SeriesSpec
from rssm.errors import InputError
from rssm.files import atomic
from rssm.ingest.emptiness import brings_nothing
from rssm.ingest.index import checksum, read_index


def series(variable: str, indices: Sequence[str], land: Sequence[str], spec: SeriesSpec, out: Sequence[str]) -> None:
    """List the maps of a variable (or of several, as of all factors together).

    indices  of all years of all variables; an index lies in the folder of its variable
    land     0/1 raster of the whole grid
    """
    maps = {}
    for name, part in spec.parts.items():
        entries = entries_of([Path(index) for index in indices if Path(index).parent.name == name], part)
        if not entries:
            raise InputError(f"{name}: no map between its first and last step in {', '.join(indices) or 'no index'}.")
        if complaint := brings_nothing(name, entries.values(), spec.on_empty == "report"):
            if spec.on_empty == "fail":
                raise InputError(complaint)
            print(complaint, file=sys.stderr)
        maps[name] = {step: {"map": entry["map"], "sha256": entry["sha256"]} for step, entry in entries.items()}
    listed = {"land": {"map": land[0], "sha256": checksum(land[0])}, "maps": maps}
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def entries_of(indices: Sequence[Path], part: SeriesPart) -> dict[int, dict[str, Any]]:
    """Step → entry of its index, with the place of the map as seen from here, of the steps that are asked for."""
    first, last = part.steps
    maps: dict[int, dict[str, Any]] = {}
    for index in indices:
        for label, entry in read_index(index).items():
            step = CALENDARS[part.calendar].parse(label)
            if first <= step <= last:
                maps[step] = {**entry, "map": str(index.parent / entry["map"])}
    return maps


def read_series(path: str | Path) -> tuple[dict[str, dict[int, Path]], Path]:
    """Variable → step → place of the map; and the land mask."""
    try:
        listed = json.loads(Path(path).read_text(encoding="utf-8"))
        maps = {name: {int(step): Path(e["map"]) for step, e in own.items()} for name, own in listed["maps"].items()}
        return maps, Path(listed["land"]["map"])
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise InputError(f"{path}: cannot be read as a series ({error}). Remove it and run its rule again.") from None
