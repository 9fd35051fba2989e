"""What a room made of the data set, as a section: its page of tables, more tables, figures, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping

from rssm.report.files import Given
from rssm.report.parts import Section, Table, of_file
from rssm.report.sections.figures import figures_of
from rssm.report.sections.marked import tables_of
from rssm.report.sections.run import OVERVIEWS
from rssm.report.specs import ReportSpec

PAGES = {"validation": "scores.md", "analysis": "analysis.md"}
TITLES = {"validation": "Validation", "analysis": "Analysis"}
NOTHING = {
    "validation": "Nothing was there to validate the data set with.",
    "analysis": "This run analysed nothing.",
}
TABLES = {  # file → what it holds; shown when asked for
    "efficiency.tsv": "Likeness to the target, over all pixels",
    "triple.tsv": "Errors by triple collocation, without any reference",
    "slopes.tsv": "Drifts of scores, per decade",
    "steps.tsv": "Steps of scores where rounds or sensors change",
    "used.tsv": "Stations used",
}


def room_section(room: str, spec: ReportSpec, given: Given, captions: Mapping[str, str], depth: str = "") -> Section:
    """All tables and figures of a room, `validation` or `analysis`; of validation those of a depth of soil."""
    said: list[str] = []
    tables: list[Table] = []
    for page in sorted(given.ending(".md"), key=lambda path: (path.name != PAGES[room], path.name)):
        words, found = tables_of(page)
        said, tables = [*said, *words], [*tables, *found]
    more: list[Table] = [of_file(title, path, folded=True) for name, title in TABLES.items() if (path := given[name])]
    drawings = [path for path in given.ending(".svg") if path.stem not in OVERVIEWS]
    figures = figures_of(drawings, captions)
    # pages of tables may name what is left out too
    left_out = () if depth else spec.left_out.get(room, ())
    said = list(dict.fromkeys(text[:1].upper() + text[1:] for text in (*said, *left_out)))
    empty = "" if tables or more or figures else NOTHING[room]
    title = f"{TITLES[room]}, {spec.depths[depth]}" if room == "validation" and spec.depths else TITLES[room]
    return Section(f"{room}-{depth}" if depth else room, title, said, (), "", [*tables, *more], figures, empty)
