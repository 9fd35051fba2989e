"""Jobs of the report."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

REPORT = (
    Verb(
        "report-year",
        "rssm.report.year:report_year",
        "Pack a year of the data set's maps for the report.",
        ("year",),
        ("netcdf", "land"),
    ),
    Verb(
        "report",
        "rssm.report.report:report",
        "Write the report of a run: one HTML file.",
        (),
        ("years", "land", "tables", "data_set", "validation", "analysis", "captions", "benchmarks"),
    ),
)
