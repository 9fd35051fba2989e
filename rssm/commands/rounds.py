"""`rssm rounds`: what every round, substep and network did, from the report that a run leaves."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rssm.errors import InputError
from rssm.paths import Paths

TABLE = f"{Paths().report}/rounds.tsv"
LEVELS = ("round", "substep", "network")
INDENT = {"round": "", "substep": "  ", "network": "    "}
SHARES = {"coverage", "fallback", "outside_range", "coverage_after_screen", "named"}
SHOWN = {  # column of the table → its head here
    "dekads": "dekads",
    "zones": "zones",
    "subnetworks": "subnets",
    "points": "points",
    "r2_median": "R2",
    "rmse_median": "RMSE",
    "coverage": "cover",
    "named": "named",
    "fallback": "fallback",
    "outside_range": "beyond",
    "out_of_range": "range",
    "denoised": "3sigma",
    "coverage_after_screen": "teaches",
    "variance_ratio": "var",
}
LEGEND = """zones, subnets: with a subnetwork; R2, RMSE (m3 m-3): median over subnetworks on blocks never seen; cover: share of land
pixel-dekads with an estimate (substeps and networks: before merging); named: share of the round's estimates that bear the
network's name; fallback, beyond: share of estimates where a better network was wanting, or an input outside the training
range; range, 3sigma: values that the screen took; teaches: share of land pixel-dekads left as targets; var: variance of time
series after the screen over before. Quartiles, status codes and all else: """


def read_rows(path: str | Path) -> list[dict[str, str]]:
    """Rows of the table."""
    if not Path(path).is_file():
        raise InputError(f"{path}: no such table. It is made by: snakemake rounds_report")
    head, *lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


def rounds_text(rows: Sequence[dict[str, str]], level: str = "substep") -> str:
    """The table for people, down to a level: round, substep or network."""
    shown = [row for row in rows if LEVELS.index(row["level"]) <= LEVELS.index(level)]
    heads = {name: head for name, head in SHOWN.items() if any(row.get(name, "-") != "-" for row in shown)}
    cells = [["", *heads.values()]]
    cells += [[INDENT[row["level"]] + row["name"], *(_cell(name, row) for name in heads)] for row in shown]
    wide = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    lines = ["  ".join([line[0].ljust(wide[0]), *map(str.rjust, line[1:], wide[1:])]) for line in cells]
    merges = [text for row in shown if row["level"] == "round" and (text := _merges(row))]
    return "\n".join([*lines, *(["", *merges] if merges else [])])


def _cell(name: str, row: dict[str, str]) -> str:
    value = row.get(name, "-")
    if value == "-":
        return ""
    if name in SHARES:
        return f"{float(value):.1%}"
    return f"{float(value):.3f}" if "." in value else f"{int(value):,}"


def _merges(row: dict[str, str]) -> str:
    """How the estimates of a round's two substeps were merged."""
    kinds = {name.removeprefix("merged_"): value for name, value in row.items() if name.startswith("merged_")}
    told = [f"{kind.replace('_', ' ')} {float(value):.1%}" for kind, value in kinds.items() if value != "-"]
    return f"merged in round {row['name']}: {', '.join(told)}" if told else ""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="rssm rounds", description="Print what every round of a run did.")
    parser.add_argument("table", nargs="?", default=TABLE, help="table of a run (default: %(default)s)")
    parser.add_argument("--networks", action="store_true", help="every network too")
    given = parser.parse_args(arguments)
    print(rounds_text(read_rows(given.table), "network" if given.networks else "substep"))
    print(f"\n{LEGEND}{given.table}")
    return 0
