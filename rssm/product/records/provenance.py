"""What a file of the data set rests on: settings, code, networks, inputs with checksums, and whom to cite.

Inputs are named by the indices of their maps: an index holds the checksum of every map of a year, and path and size of
every native file behind them (with `inputs.pin: sha256` its checksum too), so its own checksum pins them all. Years that
networks learnt from are pinned by the records of those years, where the data set holds them. What is made of files of the
data set names these as its inputs: their own records lead further.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import rssm
from rssm.ingest.index import checksum
from rssm.product.specs import Cited

PACKAGES = ("numpy", "numba", "rasterio", "netCDF4")


def provenance(
    inputs: Sequence[str],
    networks: Mapping[str, str],
    ranges: str,
    calibration: str,
    config_digest: str,
    extends: Mapping[str, Any] | None,
    code: str,
) -> dict[str, Any]:
    """The record.

    networks   round → digest of its network files, of all rounds that stand behind the values
    ranges     digest of the ranges of the target
    extends    what was taken over of the edition that is extended
    code       digest of the code behind the verb
    """
    return {
        "configuration": config_digest,
        "versions": versions(code),
        "networks": dict(networks),
        "ranges": ranges,
        "uncertainty_calibration": calibration,
        "extends": dict(extends) if extends else None,
        "inputs": checksums(inputs),
    }


def checksums(paths: Iterable[str | Path]) -> dict[str, str]:
    """File → checksum. A file is named as the run names it, one elsewhere on the machine by its folder and name alone."""
    parts = {path: Path(path).parts[-2:] if Path(path).is_absolute() else Path(path).parts for path in paths}
    return {"/".join(named): checksum(path) for path, named in sorted(parts.items(), key=lambda item: item[1])}


def versions(code: str) -> dict[str, str]:
    """What computes: this package, a digest of its code behind the verb, Python, and packages that numbers pass through."""
    packages = {name: version(name) for name in PACKAGES}
    return {"rssm": rssm.__version__, "code": code, "python": python_version()} | packages


def derived_record(sources: Sequence[Mapping[str, Any]], inputs: Sequence[str | Path], code: str) -> dict[str, Any]:
    """The record of what was made of files of the data set.

    sources   attributes of the yearly files in order; configuration and edition are those of the last one
    inputs    all files that were read
    """
    records = [json.loads(about["provenance"]) for about in sources]
    networks = {name: digest for record in records for name, digest in record["networks"].items()}
    return records[-1] | {"versions": versions(code), "networks": networks, "inputs": checksums(inputs)}


def picture_text(named: Mapping[str, str], about: Mapping[str, Any], shown: Path) -> dict[str, str]:
    """What a picture says of itself: its title, id, edition and configuration, and name and checksum of the file it shows.

    named  id and edition of the picture
    about  attributes of that file
    """
    return {
        "title": about["title"],
        "id": named["id"],
        "edition": named["edition"],
        "configuration": json.loads(about["provenance"])["configuration"],
        "source": shown.name,
        "source_sha256": checksum(shown),
    }


def as_text(record: Mapping[str, Any]) -> str:
    """The record as one line of JSON."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def citations(products: Mapping[str, Cited]) -> str:
    """One line for each product used: title, version, reference and DOI."""
    lines = []
    for name, entry in products.items():
        doi = f", doi:{entry.doi}" if entry.doi and entry.doi not in entry.cite else ""
        lines.append(f"{name}: {entry.title}, {entry.version} ({entry.licence}). {entry.cite}{doi}")
    return "\n".join(lines)
