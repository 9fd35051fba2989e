"""Jobs of SoMo.ml, in the order in which data flow."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

SOMO = (
    Verb(
        "somo-records",
        "rssm.somo.records:somo_records",
        "Make daily means of what every sensor of a network measured, at any depth.",
        ("part",),
        ("ismn", "csv", "cemaden"),
    ),
    Verb(
        "somo-stations",
        "rssm.somo.records:somo_stations",
        "Join the daily means of all networks, of sensors that have enough days.",
        (),
        ("records", "dropped"),
    ),
    Verb(
        "somo-targets",
        "rssm.somo.targets:somo_targets",
        "Make the targets of a layer from stations: scaled to the forcing model's soil, averaged by cell.",
        ("layer",),
        ("stations", "cubes"),
    ),
    Verb(
        "somo-sites",
        "rssm.somo.sites:somo_sites",
        "Take forcing and what does not change in the cells that teach.",
        (),
        ("targets", "cubes"),
    ),
    Verb(
        "somo-train",
        "rssm.somo.train:somo_train",
        "Train a member of a layer's ensemble.",
        ("layer", "member"),
        ("targets", "sites", "above"),
    ),
    Verb(
        "somo-site-simulate",
        "rssm.somo.site_simulate:somo_site_simulate",
        "Simulate a layer in the cells that teach, for the layers below.",
        ("layer",),
        ("networks", "sites", "above"),
    ),
    Verb(
        "somo-crossval",
        "rssm.somo.crossval:somo_crossval",
        "Train a layer without a fold of its targets, and simulate it where they are.",
        ("scheme", "layer", "fold"),
        ("targets", "sites", "above"),
    ),
    Verb(
        "somo-crossval-scores",
        "rssm.somo.scores:somo_crossval_scores",
        "Score what cross-validation simulated where nothing was learnt.",
        (),
        ("crossval", "targets", "sites"),
    ),
    Verb(
        "somo-crossval-page",
        "rssm.somo.page:somo_crossval_page",
        "Write the page of what networks say where nothing was learnt, beside what the authors publish.",
        (),
        ("scores", "published"),
    ),
    Verb(
        "somo-calibrate",
        "rssm.somo.uncertainty:somo_calibrate",
        "Fit the factors of uncertainty on blocks and years left out.",
        (),
        ("crossval", "targets"),
    ),
    Verb(
        "somo-near",
        "rssm.somo.near:somo_near",
        "Tell how far a tile's cells are from those that teach, and how unlike.",
        ("tile",),
        ("sites", "cubes"),
    ),
    Verb(
        "somo-simulate",
        "rssm.somo.simulate:somo_simulate",
        "Simulate all layers of a tile in a year, from the state that the year before handed on.",
        ("year", "tile"),
        ("networks", "cubes", "state", "calibration", "near"),
    ),
)
