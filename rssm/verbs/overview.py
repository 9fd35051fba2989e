"""Jobs that draw what a run is."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

OVERVIEW = (
    Verb(
        "timeline",
        "rssm.overview.timeline:timeline",
        "Draw products, rounds and substeps along time.",
        (),
        ("archive",),
    ),
    Verb("flow-chart", "rssm.overview.flow_chart:flow_chart", "Draw the rules and what flows between them."),
)
