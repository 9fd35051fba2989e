"""`rssm rounds`: what every round, substep and network did, from the report that a run leaves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from rssm.commands import parser_of
from rssm.commands.answers import Answer, emit
from rssm.commands.screen import headed
from rssm.errors import InputError
from rssm.paths import Paths
from rssm.tsv import NOTHING, Row, aligned, read_tsv
from rssm.workflow.methods import scope_in

METHOD = "rsssm"
TABLE = f"{Paths(METHOD).report}/rounds.tsv"
LEVELS = ("round", "substep", "network")
WORDS = ("round", "level", "name")  # columns that are no numbers, though names of rounds look like some
INDENT = {"round": "", "substep": "  ", "network": "    "}
SHARES = {"coverage", "fallback", "no_skill", "outside_range", "coverage_after_screen", "named"}
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
    "no_skill": "no skill",
    "outside_range": "beyond",
    "out_of_range": "range",
    "denoised": "3sigma",
    "coverage_after_screen": "teaches",
    "variance_ratio": "var",
}
LEGEND = """zones, subnets: with a subnetwork; R2, RMSE (m3 m-3): median over subnetworks on blocks never seen; cover: share of land
pixel-dekads with an estimate (substeps and networks: before merging); named: share of the round's estimates that carry the
network's name; fallback, beyond: share of estimates where a better network could not be used, or an input lay outside the
training range; range, 3sigma: values that the screen removed; teaches: share of land pixel-dekads left as targets; var: variance
of time series after the screen over before. Quartiles, status codes and all else: """


class Rounds(Answer):
    """What a run's rounds did."""

    table: str = Field(description="Where the table lies.")
    rows: list[dict[str, int | float | str | None]] = Field(
        description="One entry for each round, substep and (with --networks) network: its round, level, name, and every number of the table by "
        "its column; shares are fractions, null is nothing to tell."
    )


def read_rows(path: str | Path) -> list[Row]:
    """Rows of the table."""
    rows = [row for _, row in read_tsv(path, hint="It is made by: snakemake rounds_report")]
    if any(row.get("level") not in LEVELS for row in rows):
        raise InputError(f"{path}: is no table of rounds, as {TABLE} of a run of method {METHOD} is one.")
    return rows


def table_of(file: str) -> str:
    """The table that is meant: itself, or that of the run that a configuration describes."""
    if Path(file).suffix not in (".yaml", ".yml"):
        return file
    scope = scope_in([file])
    if scope.run.method != METHOD:
        raise InputError(f"{file}: method {scope.run.method} has no rounds. `rssm summary {file}` tells what came out.")
    return f"{scope.paths.report}/rounds.tsv"


def down_to(rows: Sequence[Row], level: str) -> list[Row]:
    """Rows of a level and above: round, substep or network."""
    return [row for row in rows if LEVELS.index(row["level"]) <= LEVELS.index(level)]


def typed(row: Row) -> dict[str, int | float | str | None]:
    """A row with its numbers as numbers."""
    return {name: value if name in WORDS else _number(value) for name, value in row.items()}


def _number(value: str) -> int | float | None:
    if value == NOTHING:
        return None
    return float(value) if "." in value or "e" in value else int(value)


def rounds_text(rows: Sequence[Row], level: str = "substep") -> str:
    """The table as printed, down to a level."""
    shown = down_to(rows, level)
    heads = {name: head for name, head in SHOWN.items() if any(row.get(name, NOTHING) != NOTHING for row in shown)}
    cells = [[INDENT[row["level"]] + row["name"], *(_cell(name, row) for name in heads)] for row in shown]
    merges = [text for row in shown if row["level"] == "round" and (text := _merges(row))]
    return "\n".join([aligned([["", *heads.values()], *cells]), *(["", *merges] if merges else [])])


def _cell(name: str, row: Row) -> str:
    value = row.get(name, NOTHING)
    if value == NOTHING:
        return ""
    if name in SHARES:
        return f"{float(value):.1%}"
    return f"{float(value):.3f}" if "." in value else f"{int(value):,}"


def _merges(row: Row) -> str:
    """How the estimates of a round's two substeps were merged."""
    kinds = {name.removeprefix("merged_"): value for name, value in row.items() if name.startswith("merged_")}
    shares = [f"{kind.replace('_', ' ')} {float(value):.1%}" for kind, value in kinds.items() if value != NOTHING]
    return f"merged in round {row['name']}: {', '.join(shares)}" if shares else ""


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("rounds")
    parser.add_argument(
        "table", nargs="?", default=TABLE, help="table of a run, or its configuration (default: %(default)s)"
    )
    parser.add_argument("--networks", action="store_true", help="every network too")
    given = parser.parse_args(arguments)
    table, level = table_of(given.table), "network" if given.networks else "substep"
    rows = read_rows(table)
    if given.json:
        emit(Rounds(table=table, rows=[typed(row) for row in down_to(rows, level)]))
        return 0
    print(headed(rounds_text(rows, level)))
    print(f"\n{LEGEND}{table}")
    return 0
