"""What was run: where, when, by which method, from which products, with which networks, and what differs from the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from rssm.report.files import Given
from rssm.report.parts import Section, Table, cells, percent, shortened, words
from rssm.report.sections.figures import figures_of
from rssm.report.specs import ReportSpec
from rssm.tsv import Row, read_tsv

OVERVIEWS = ("timeline", "flow_chart")  # figures of the plan, wherever they lie
OF_NETWORKS = ("name", "dekads", "zones", "subnetworks", "points", "r2_median", "rmse_median", "coverage", "named")


def run_section(spec: ReportSpec, tables: Given, analysis: Given, captions: Mapping[str, str]) -> Section:
    """Products, networks and choices, and the plan as figures; region and period stand in the head of the page."""
    found = [_products(spec, tables), *_networks(tables), *_branches(tables), _choices(spec)]
    of_networks = tables["rounds.tsv"] or tables["branches.tsv"]
    said = [_missing(spec, tables), *([] if of_networks else ["This method reports no rounds."])]
    drawings = [path for name in OVERVIEWS if (path := analysis[f"{name}.svg"])]
    return Section("run", "What was run", said, tables=found, figures=figures_of(drawings, captions))


def _missing(spec: ReportSpec, tables: Given) -> str:
    """Products of which no file was found."""
    if not (path := tables["archive.tsv"]):
        return "The archive was not counted."
    rows = [row for _, row in read_tsv(path)]
    there = {row["product"] for row in rows if int(row["files"])}
    lost = [s.name for s in spec.sources if s.name in {row["product"] for row in rows} - there]
    return f"No file was found of: {', '.join(lost)}." if lost else "Files of every product were found."


def _products(spec: ReportSpec, tables: Given) -> Table:
    """Products found and missing, with their years."""
    years: dict[str, list[Row]] = defaultdict(list)
    if path := tables["archive.tsv"]:
        for _, row in read_tsv(path):
            years[row["product"]].append(row)
    rows = [[s.name, s.role, s.title, *_found(years.get(s.name, [])), s.span] for s in spec.sources]
    heads = ("product", "role", "what it is", "years found", "files", "on land", "used from – to")
    return Table("Products found and missing", heads, rows)


def _found(rows: list[Row]) -> tuple[str, str, str]:
    """Years with files, number of files, mean share of land × steps with a value."""
    there = [row for row in rows if int(row["files"])]
    if not there:
        return ("missing", "0", "–") if rows else ("not counted", "–", "–")
    labels = [row["year"] for row in there]
    shares = [float(row["share_on_land"]) for row in there if row["share_on_land"] not in ("-", "")]
    lost = len(rows) - len(there)
    span = labels[0] if len(labels) == 1 else f"{labels[0]}–{labels[-1]}"
    files = f"{sum(int(row['files']) for row in there):,}"
    return (
        span + (f", {lost} years missing" if lost else ""),
        files,
        percent(sum(shares) / len(shares)) if shares else "–",
    )


def found_count(spec: ReportSpec, tables: Given) -> tuple[int, int]:
    """Products that have files, and all that the archive's table counts."""
    path = tables["archive.tsv"]
    rows = [row for _, row in read_tsv(path)] if path else []
    known = {source.name for source in spec.sources} & {row["product"] for row in rows}
    return len(known & {row["product"] for row in rows if int(row["files"])}), len(known)


def trained_count(tables: Given) -> int:
    """Networks that were trained in some zone."""
    path = tables["rounds.tsv"]
    rows = [row for _, row in read_tsv(path)] if path else []
    return sum(row["level"] == "network" and int(row["subnetworks"]) > 0 for row in rows)


def _networks(tables: Given) -> list[Table]:
    """What rounds did, and every network."""
    path = tables["rounds.tsv"]
    if path is None:
        return []
    rows = [row for _, row in read_tsv(path)]
    heads = [words(name) for name in OF_NETWORKS]
    rounds = [row | {"name": f"round {row['name']}"} for row in rows if row["level"] == "round"]
    parts = [(rounds, "What every round did", False)]
    parts.append(([row for row in rows if row["level"] == "network"], "Networks trained", True))
    return [
        shortened(title, heads, cells(of_level, OF_NETWORKS), "report/rounds.tsv", folded)
        for of_level, title, folded in parts
    ]


def _branches(tables: Given) -> list[Table]:
    """What branches are worth, of a method that has some."""
    path = tables["branches.tsv"]
    rows = [row for _, row in read_tsv(path)] if path else []
    heads = ("branch", "score", "here", "published", "meaning")
    return [Table("Branches beside their target", heads, cells(rows, heads))] if rows else []


def _choices(spec: ReportSpec) -> Table:
    """Settings that are not the article's."""
    rows = [[c.setting, c.here, c.article, c.meaning] for c in spec.choices]
    title = "Choices that differ from the article" if rows else "No setting differs from the article's"
    return Table(title, ("setting", "here", "article", "what it is"), rows)
