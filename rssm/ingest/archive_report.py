"""What ingestion found in the archive, product-year by product-year: above all the files that it had to skip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rssm.ingest.index import read_index, read_native
from rssm.tsv import write_tsv

STATES = ("complete", "partial", "missing")
LISTED = ("files", "superseded", "skipped")
VALUES = ("valid", "missing", "out_of_range", "screened", "denoised")
COLUMNS = (
    *("product", "year"),
    *(f"maps_{state}" for state in STATES),
    *LISTED,
    "bytes",
    "share_on_land",
    *(f"values_{name}" for name in VALUES),
    "what_was_skipped",
)


def archive_report(indices: Sequence[str], out: Sequence[str]) -> None:
    """Write the table: a row for each index, that is for each product-year; skipped files with the reasons."""
    write_tsv(out[0], COLUMNS, map(row, indices))


def row(index: str) -> list[Any]:
    """Cells of one product-year; values are counted on the native grid, `denoised` on the map; a file's bytes once.

    share_on_land   share of land pixels × steps within the product's span that have a value
    """
    maps = read_index(index).values()
    states = Counter(entry["status"] for entry in maps)
    listed = {name: [found for entry in maps for found in entry.get(name, [])] for name in LISTED}
    values = {name: sum(entry.get(name) or 0 for entry in maps) for name in VALUES}
    skipped = dict.fromkeys(f"{found['file']}: {found['reason']}" for found in listed["skipped"])
    return [
        Path(index).parent.name,
        Path(index).stem,
        *(states[state] for state in STATES),
        *(len(listed[name]) for name in LISTED),
        sum(pin["bytes"] for pin in read_native(index).values()),
        share_on_land(maps),
        *(values[name] for name in VALUES),
        "; ".join(skipped).replace("\t", " ").replace("\n", " ") or None,
    ]


def share_on_land(maps: Iterable[Mapping[str, Any]]) -> float | None:
    """Share of land × steps with a value, of entries of an index; nothing where none is to be expected."""
    counted = [entry for entry in maps if entry.get("land")]
    land = sum(entry["land"] for entry in counted)
    return round(sum(entry["on_land"] for entry in counted) / land, 6) if land else None
