"""Jobs of analysis."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

ANALYSIS = (
    Verb(
        "year-sums",
        "rssm.analysis.year:year_sums",
        "Reduce a year of a product to monthly means, sums of regions and means of 0.5° cells.",
        ("analysed", "year"),
        ("maps", "land", "climate"),
    ),
    Verb(
        "means",
        "rssm.analysis.means:means",
        "Join the years of a product: means, profiles, series of regions, anomalies.",
        (),
        ("years",),
    ),
)
