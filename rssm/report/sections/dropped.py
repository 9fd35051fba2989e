"""What was dropped and why: files of the archive, records of stations, and pixels without a value or with a filled one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from rssm.report.files import Given
from rssm.report.parts import Section, Table, cells, percent, shortened, words
from rssm.tsv import NOTHING, read_tsv

OF_ARCHIVE = (
    "product",
    "year",
    "files",
    "skipped",
    "superseded",
    "maps_missing",
    "values_screened",
    "what_was_skipped",
)
ALL = "all"  # parts of the year, or rounds
GAPS = {
    "simulated": "simulated",
    "filled": "filled",
    "snow_ice_observed": "snow or ice, observed",
    "snow_ice_inferred": "snow or ice, inferred",
    "no_round": "no round simulates it",
    "water": "open water",
    "beyond_radius": "too far from values to be filled",
}


def dropped_section(
    tables: Given, validation: Mapping[str, Given], depths: Mapping[str, str], coverage: Path
) -> Section:
    """Tables of all that was left out.

    validation  folder of a depth → files of validation
    depths      the same → depth in words, of a data set of several
    coverage    of the data set, beside its record
    """
    found: list[Table] = []
    said: list[str] = []
    if path := tables["archive.tsv"]:
        rows = [row for _, row in read_tsv(path)]
        lost = [row for row in rows if int(row["skipped"]) or row["what_was_skipped"] != NOTHING]
        said.append(f"{sum(int(row['skipped']) for row in rows):,} files of the archive were skipped.")
        if lost:
            title, heads = "Files that were skipped", [words(name) for name in OF_ARCHIVE]
            found.append(shortened(title, heads, cells(lost, OF_ARCHIVE), "report/archive.tsv"))
    if coverage.is_file():
        found.append(_gaps(coverage))
    dropped = {depth: path for depth, given in validation.items() if (path := given["dropped.tsv"])}
    found += [_stations(path, depths.get(depth, "")) for depth, path in dropped.items()]
    if not dropped:
        said.append("No records of stations were dropped, because none were read.")
    return Section("dropped", "What was dropped and filled", said, tables=found)


def _gaps(path: Path) -> Table:
    """Shares of land × steps by round; its rows for single parts of the year are left out. Without rounds, by table."""
    rows = []
    found = [row for _, row in read_tsv(path)]
    if found and "round" not in found[0]:
        heads = list(found[0])
        whole = [row for row in found if row[heads[1]] == ALL]
        return Table("Gaps: pixels × steps of land", [words(name) for name in heads], cells(whole, heads))
    for row in found:
        land = int(row["land"])
        if list(row.values())[1] == ALL and land:
            rows.append([row["round"], f"{land:,}", *(percent(int(row.get(name, "0")) / land) for name in GAPS)])
    return Table("Gaps and fill: shares of land × steps", ("round", "land × steps", *GAPS.values()), rows)


def _stations(path: Path, depth: str) -> Table:
    """Records of stations that were not used, by reason."""
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _, row in read_tsv(path):
        reason = total[row["reason"]]
        for at, count in enumerate((1, _number(row["steps"]), _number(row["records"]))):
            reason[at] += count
    rows = [[name, *(f"{count:,}" for count in of)] for name, of in sorted(total.items(), key=lambda item: -item[1][2])]
    return shortened(
        "Records of stations that were not used" + (f", {depth}" if depth else ""),
        ("reason", "sensors", "steps", "records"),
        rows,
        str(path)[str(path).rfind("validation/") :],
    )


def _number(text: str) -> int:
    return 0 if text == NOTHING else int(text)
