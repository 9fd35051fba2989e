"""Jobs that tell what inputs contribute to networks."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

CONTRIBUTIONS = (
    Verb(
        "contribute",
        "rssm.rounds.contribute:contribute",
        "Test what each input of all networks contributes, in sampled zones of a tile.",
        ("tile",),
        ("networks", "cubes"),
    ),
    Verb(
        "contribution-table",
        "rssm.analysis.contributions.table:contribution_table",
        "Write the tables of what inputs contribute.",
        (),
        ("tiles",),
    ),
    Verb(
        "contribution-figure",
        "rssm.analysis.contributions.figure:contribution_figure",
        "Draw what inputs contribute.",
        (),
        ("table",),
    ),
)
