"""Validation: scores against stations, likeness to the target, triple collocation, stability, and their figures."""

from __future__ import annotations

from rssm.report.files import Given
from rssm.report.parts import Section, Table, of_file
from rssm.report.sections.figures import figures_of
from rssm.report.sections.marked import tables_of
from rssm.report.specs import ReportSpec

TABLES = {  # file → what it holds, and whether it is folded
    "efficiency.tsv": ("Likeness to the target, over all pixels", True),
    "triple.tsv": ("Errors by triple collocation, without any reference", True),
    "slopes.tsv": ("Drifts of scores, per decade", True),
    "steps.tsv": ("Steps of scores where rounds or sensors change", True),
    "used.tsv": ("Stations used", True),
}


def validation_section(spec: ReportSpec, given: Given, captions: dict[str, str]) -> Section:
    """All tables and figures of validation."""
    said, tables = tables_of(path) if (path := given["scores.md"]) else ([], [])
    tables = [*tables, *_tables(given)]
    figures = figures_of(given.ending(".svg"), captions)
    left_out = list(spec.left_out.get("validation", ()))
    why = " ".join(left_out) or "Nothing was there to validate with."
    empty = "" if tables or figures else why
    return Section("validation", "Validation", [*said, *([] if empty else left_out)], (), "", tables, figures, empty)


def _tables(given: Given) -> list[Table]:
    return [of_file(title, path, folded=folded) for name, (title, folded) in TABLES.items() if (path := given[name])]
