"""Provenance, citations and licence: from what the data set's files say of themselves, and the record of the edition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rssm.report.parts import Section, Table
from rssm.report.specs import ReportSpec


def provenance_section(release: Path, years: list[dict[str, Any]]) -> Section:
    """Edition, configuration, versions, checksums."""
    record = json.loads(release.read_text(encoding="utf-8"))
    last = json.loads(years[-1]["attributes"]["provenance"])
    rows = [
        ["edition", f"{years[-1]['attributes']['edition']}, {record['first']} to {record['last']}"],
        ["configuration (digest of all that decides values)", str(record["configuration"])],
        ["uncertainty", str(years[-1]["attributes"]["uncertainty_calibration"])],
        ["extends", json.dumps(record["extends"], sort_keys=True) if record["extends"] else "nothing"],
        *([f"version of {name}", str(version)] for name, version in sorted(last["versions"].items())),
    ]
    sums = [["SHA256SUMS.txt of all files of the data set", record["files"].get("SHA256SUMS.txt", "–")]]
    sums += [[f"networks of round {name}", digest] for name, digest in sorted(record["networks"].items())]
    sums += [[name, digest] for name, digest in sorted(record.get("tables", {}).items())]
    inputs = {
        name: digest
        for year in years
        for name, digest in json.loads(year["attributes"]["provenance"])["inputs"].items()
    }
    behind = [[name, digest] for name, digest in sorted(inputs.items())]
    tables = [
        Table("Edition", ("what", "is"), rows),
        Table("Checksums (SHA-256)", ("what", "checksum"), sums, folded=True),
        Table("Inputs of the data set's years (SHA-256)", ("file", "checksum"), behind, folded=True),
    ]
    said = ["What any value rests on, down to native files, is shown by: rssm trace LONGITUDE LATITUDE PERIOD."]
    return Section("provenance", "Provenance", said, tables=tables)


def citations_section(spec: ReportSpec, about: Mapping[str, Any]) -> Section:
    """Whom to cite, and under which terms."""
    said = [
        f"Method: {about['references'].rpartition('The method: ')[2]}",
        f"Licence of the data set: {about['license']}.",
    ]
    if spec.toy:
        said.append("None of these products was used: files in their formats were made up.")
    rows = [
        [s.name, s.cite + (f", doi:{s.doi}" if s.doi and s.doi not in s.cite else ""), s.version, s.licence]
        for s in spec.sources
    ]
    return Section(
        "citations",
        "Citations and licence",
        said,
        tables=[Table("Products", ("product", "cite", "version", "terms"), rows)],
    )
