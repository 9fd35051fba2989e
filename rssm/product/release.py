"""Editions of the data set: a full reprocessing (CDR), and its extension with everything learnt frozen (ICDR).

`release.json` of a finished edition records what an extension must not change: the network files of each round, the
ranges that flag values, the calibration, and the last dekad. An extension names that file; its jobs refuse other
networks or another calibration, and mark later dekads as ICDR.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.files import atomic
from rssm.ingest.index import checksum


def write_release(
    path: str | Path,
    spec: Mapping[str, Any],
    last: int,
    networks: Mapping[str, str],
    calibration: Sequence[str],
    ranges: Sequence[str],
    sums: str | Path,
) -> None:
    """Write the record of an edition.

    last      its last dekad
    networks  round → digest of the network files
    sums      list of checksums of its files
    """
    text = {
        "method": spec["method"],
        "version": spec["release"]["version"],
        "date": spec["release"]["date"],
        "extends": spec["release"]["extends"],
        "last": DEKADS.label(last),
        "configuration": spec["config"],
        "networks": dict(networks),
        "calibration": checksum(calibration[0]) if calibration else None,
        "ranges": digest_of(ranges),
        "files": {Path(sums).name: checksum(sums)},
    }
    with atomic(path) as beside:
        beside.write_text(json.dumps(text, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def read_release(path: str | Path) -> dict[str, Any]:
    """The record of an edition."""
    try:
        record: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        DEKADS.parse(record["last"])
        record["networks"].items()
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise InputError(f"{path}: cannot be read as release.json of an edition ({error}).") from None
    return record


def digest_of(paths: Sequence[str]) -> str:
    """Digest of some files: their names and checksums."""
    lines = sorted(f"{Path(path).name}={checksum(path)}" for path in paths)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def check_frozen(
    extends: Sequence[str], networks: Mapping[str, str], calibration: Sequence[str], ranges: Sequence[str]
) -> int | None:
    """Last dekad of the edition that is extended, None where none is; refuses what differs from it."""
    if not extends:
        return None
    record = read_release(extends[0])
    for round_, digest in networks.items():
        frozen = record["networks"].get(round_)
        if frozen != digest:
            raise InputError(
                f"Round {round_}: its network files are not those of edition {record['version']} ({extends[0]}:"
                f" {str(frozen)[:12]}…, here {digest[:12]}…). An extension uses frozen networks; set"
                " product.release.extends to null to make a new edition."
            )
    if record["calibration"] != (checksum(calibration[0]) if calibration else None):
        raise InputError(
            f"The table of calibration is not that of edition {record['version']} ({extends[0]}); keep that one."
        )
    if record["ranges"] != digest_of(ranges):
        raise InputError(
            f"The ranges of the target are not those of edition {record['version']} ({extends[0]}); keep those."
        )
    return DEKADS.parse(record["last"])
