"""Jobs of the dry-down."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

DRY_DOWN = (
    Verb(
        "dry-year",
        "rssm.analysis.dry_down.year:dry_year",
        "Reduce a year to changes of soil moisture and to the rain that reaches the ground, by cells of 0.5°.",
        ("year",),
        ("netcdf", "rain", "leaves", "land"),
    ),
    Verb(
        "dry-down",
        "rssm.analysis.dry_down.join:dry_down",
        "Find where and how fast the surface dries while no rain reaches it.",
        (),
        ("years",),
    ),
    Verb(
        "dry-groups",
        "rssm.analysis.dry_down.groups:dry_groups",
        "Write the tables of the dry-down by region.",
        (),
        ("found", "land", "climate"),
    ),
    Verb(
        "dry-map",
        "rssm.analysis.dry_down.figures.map:dry_map",
        "Draw maps of the dry-down.",
        (),
        ("found",),
    ),
    Verb(
        "dry-season",
        "rssm.analysis.dry_down.figures.season:dry_season",
        "Draw the decline by dekad of the year.",
        (),
        ("groups",),
    ),
    Verb(
        "dry-level",
        "rssm.analysis.dry_down.figures.level:dry_level",
        "Draw the decline against soil moisture.",
        (),
        ("groups",),
    ),
    Verb(
        "dry-thresholds",
        "rssm.analysis.dry_down.figures.thresholds:dry_thresholds",
        "Draw which thresholds were used, and why cells are left out.",
        (),
        ("groups",),
    ),
)
