"""Jobs of validation."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

VALIDATION = (
    Verb(
        "stations",
        "rssm.validation.stations.pixel_records:stations",
        "Make records of pixels of what stations measured.",
        (),
        ("ismn", "csv", "land", "maps", "netcdf"),
    ),
    Verb(
        "samples",
        "rssm.validation.samples.product:samples",
        "Take what a product says in the pixels of the stations.",
        ("product",),
        ("maps", "stations"),
    ),
    Verb(
        "scores",
        "rssm.validation.scores.compare:scores",
        "Score the data set and its rivals against stations.",
        (),
        ("samples", "stations"),
    ),
    Verb(
        "stability",
        "rssm.validation.scores.stability:stability",
        "Look for drifts of scores, and for steps where rounds or sensors change.",
        (),
        ("scores",),
    ),
    Verb(
        "score-tables",
        "rssm.validation.scores.article_tables:score_tables",
        "Write the article's tables of scores in kind.",
        (),
        ("scores", "published"),
    ),
    Verb(
        "efficiency",
        "rssm.validation.efficiency:efficiency",
        "Hold a year of the data set against its target, over all pixels.",
        ("year",),
        ("product", "target"),
    ),
    Verb(
        "efficiency-table",
        "rssm.validation.efficiency:efficiency_table",
        "Write how like its target the data set is, in and out of sample.",
        (),
        ("years",),
    ),
    Verb(
        "coverage",
        "rssm.validation.coverage:coverage",
        "Tell on what share of land the data set and its rivals have values in a year.",
        ("year",),
        ("netcdf", "maps", "land"),
    ),
    Verb(
        "coverage-figure",
        "rssm.validation.figures.coverage:coverage_figure",
        "Draw coverage by year.",
        (),
        ("years",),
    ),
    Verb(
        "triple",
        "rssm.validation.triple.tiles:triple",
        "Find the errors of three products in a tile without any reference.",
        ("tile",),
        ("first", "second", "third", "land"),
    ),
    Verb(
        "triple-table",
        "rssm.validation.triple.tiles:triple_table",
        "Write the table of these errors by land cover.",
        (),
        ("tiles", "land_cover"),
    ),
    Verb(
        "station-map",
        "rssm.validation.figures.station_map:station_map",
        "Draw where stations are.",
        (),
        ("stations", "land"),
    ),
    Verb(
        "rival-figures",
        "rssm.validation.figures.rival:rival_figures",
        "Draw the data set and a rival against stations: densities, climates, seasons, years.",
        ("rival",),
        ("samples", "stations", "scores"),
    ),
    Verb(
        "efficiency-figure",
        "rssm.validation.figures.efficiency:efficiency_figure",
        "Draw the data set against its target.",
        (),
        ("likeness",),
    ),
    Verb(
        "triple-map",
        "rssm.validation.figures.triple_map:triple_map",
        "Draw maps of the errors of three products.",
        (),
        ("tiles", "land"),
    ),
)
