"""What a file of the data set rests on: settings, code, networks, inputs with checksums, and whom to cite.

Inputs are named by the indices of their maps: an index holds the checksum of every map of a year, so its own checksum
pins them all, and the names, not the contents, of the native files behind them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from platform import python_version
from typing import Any

import rssm
from rssm.ingest.index import checksum

PACKAGES = ("numpy", "numba", "rasterio", "netCDF4")


def provenance(
    inputs: Sequence[str],
    networks: Mapping[str, str],
    ranges: str,
    calibration: str,
    config_digest: str,
    extends: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The record.

    networks   round → digest of its network files
    ranges     digest of the ranges of the target
    extends    what was taken over of the edition that is extended
    """
    return {
        "configuration": config_digest,
        "versions": {"rssm": rssm.__version__, "python": python_version()} | {name: version(name) for name in PACKAGES},
        "networks": dict(networks),
        "ranges": ranges,
        "uncertainty_calibration": calibration,
        "extends": dict(extends) if extends else None,
        "inputs": {str(path): checksum(path) for path in sorted(inputs)},
    }


def as_text(record: Mapping[str, Any]) -> str:
    """The record as one line of JSON."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def citations(products: Mapping[str, Mapping[str, Any]]) -> str:
    """One line for each product used: title, version, reference and DOI.

    products   name → its entry of the catalogue: title, version, licence, cite, doi
    """
    lines = []
    for name, entry in products.items():
        doi = f", doi:{entry['doi']}" if entry.get("doi") and entry["doi"] not in entry["cite"] else ""
        lines.append(f"{name}: {entry['title']}, {entry['version']} ({entry['licence']}). {entry['cite']}{doi}")
    return "\n".join(lines)
