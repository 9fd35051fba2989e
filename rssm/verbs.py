"""All verbs of the command line, declared once: a rule's job bears the name of its rule, with dashes.

`module:function` is imported when the verb runs. The digest of a verb's code starts from the same module.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """A job of the workflow: `rssm NAME NAMES… --INPUT PATH… --spec JSON --out PATH…`.

    names   wildcards of its rule
    inputs  named inputs of its rule, each of any number of files
    """

    name: str
    function: str
    about: str
    names: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        return self.function.partition(":")[0]


@dataclass(frozen=True)
class Command:
    """A verb for people; its function takes the arguments and returns the exit code."""

    name: str
    function: str
    about: str


JOBS = (
    Verb(
        "given",
        "rssm.given:given",
        "Copy a file that the run is given (land mask, guide, table) into its results.",
        ("name",),
        ("source",),
    ),
    Verb(
        "toy-archive",
        "rssm.toy.archive:toy_archive",
        "Write the toy Earth's native files of a product-year.",
        ("product", "year"),
        ("land",),
    ),
    Verb(
        "ingest",
        "rssm.ingest.product_year:ingest",
        "Make the maps of a product-year from native files.",
        ("product", "year"),
        ("manifest", "porosity", "land", "catalogue"),
    ),
    Verb(
        "archive-report",
        "rssm.ingest.archive_report:archive_report",
        "List what was found in the archive, and what was skipped.",
        (),
        ("indices",),
    ),
    Verb(
        "series",
        "rssm.cubes.series:series",
        "List a variable's maps of all years.",
        ("variable",),
        ("indices", "land"),
    ),
    Verb("cube", "rssm.cubes.cut:cube", "Cut a tile out of a variable's maps.", ("variable", "tile"), ("series",)),
    Verb("kernels", "rssm.networks.prepare:kernels", "Compile the numeric kernels once for all jobs."),
    Verb(
        "train",
        "rssm.rounds.train:train",
        "Train all subnetworks of a network in a tile.",
        ("network", "tile"),
        ("cubes",),
    ),
    Verb(
        "cross-validate",
        "rssm.rounds.cross_validate:cross_validate",
        "Cross-validate a network in sampled zones.",
        ("network",),
        ("cubes",),
    ),
    Verb(
        "simulate",
        "rssm.rounds.simulate:simulate",
        "Simulate a substep in a tile with the best network of each pixel and dekad.",
        ("substep", "tile"),
        ("networks", "cubes"),
    ),
    Verb(
        "join",
        "rssm.rounds.join:join",
        "Join or merge a round's substeps in a tile.",
        ("round", "tile"),
        ("simulated",),
    ),
    Verb(
        "match",
        "rssm.fusion.matched:match",
        "Match all products of a tile to the target by their distributions, and average them by their errors.",
        ("tile",),
        ("cubes", "learnt"),
    ),
    Verb(
        "fuse",
        "rssm.fusion.fused:fuse",
        "Fuse the rounds of a tile with the matched products.",
        ("tile",),
        ("joined", "matched", "learnt"),
    ),
    Verb(
        "by-zone",
        "rssm.fusion.by_zone:by_zone",
        "Lay what fusion learnt on a map of zones: errors, gains, correlations and weights of products.",
        (),
        ("matched", "learnt"),
    ),
    Verb(
        "mosaic",
        "rssm.rounds.mosaic:mosaic",
        "Lay a round's tiles together, a map per dekad of a year.",
        ("round", "year"),
        ("tiles",),
    ),
    Verb(
        "target-range",
        "rssm.rounds.ranges:target_range",
        "Find the range of each pixel's target values.",
        ("tile",),
        ("cubes",),
    ),
    Verb(
        "target",
        "rssm.rounds.target:target",
        "Screen a round's maps of a year, so that they can teach the next round.",
        ("round", "year"),
        ("maps", "ranges"),
    ),
    Verb(
        "round-report",
        "rssm.rounds.report:round_report",
        "Report what a round did: training, skill, coverage, fallbacks, merges, the screen.",
        ("round",),
        ("joined", "maps", "targets"),
    ),
    Verb(
        "rounds-table", "rssm.rounds.report:rounds_table", "Write the table of all rounds' reports.", (), ("reports",)
    ),
    Verb(
        "land-share",
        "rssm.product.values.land_share:land_share",
        "Tell what share of land x steps has values; refuse a data set without any.",
        (),
        ("indices", "simulated"),
    ),
    Verb(
        "joint",
        "rssm.rounds.joint:joint",
        "Compare two substeps that differ in their source of LAI, in a tile.",
        ("joint", "tile"),
        ("networks_a", "cubes_a", "networks_b", "cubes_b"),
    ),
    Verb(
        "joint-table",
        "rssm.rounds.joint:joint_table",
        "Write the table of the difference between two substeps.",
        ("joint",),
        ("tiles",),
    ),
    Verb(
        "take-over",
        "rssm.product.records.release:take_over",
        "Check the files of an edition that its extension rests on.",
        (),
        ("release", "networks", "ranges", "tables", "calibration"),
    ),
    Verb(
        "skill",
        "rssm.worlds.score_run:skill",
        "Score a toy Earth's run against the truth.",
        (),
        ("simulated", "products", "land"),
    ),
    Verb(
        "snow-climatology",
        "rssm.product.values.snow_climatology:snow_climatology",
        "Find where the ground is mostly frozen, at each dekad of the year.",
        (),
        ("snow",),
    ),
    Verb(
        "held-out-skill",
        "rssm.product.uncertainty.held_out:held_out_skill",
        "Write the table of the held-out skill of a round's subnetworks.",
        ("round",),
        ("joined", "networks", "matched", "land_cover", "earlier"),
    ),
    Verb(
        "calibrate",
        "rssm.product.uncertainty.fitted:calibrate_run",
        "Fit the factors of uncertainty on held-out years of the target.",
        (),
        ("maps", "skill"),
    ),
    Verb(
        "product-year",
        "rssm.product.year:product_year",
        "Make a year of the data set: filled, masked, flagged, with its uncertainty.",
        ("year",),
        ("maps", "skill", "ranges", "land", "calibration", "extends"),
    ),
    Verb("monthly", "rssm.product.derived:monthly", "Make monthly means of a year.", ("year",), ("netcdf",)),
    Verb(
        "climatology", "rssm.product.derived:climatology", "Make the mean of each dekad of the year.", (), ("netcdf",)
    ),
    Verb(
        "anomaly",
        "rssm.product.derived:anomaly",
        "Make differences from the climatology.",
        ("year",),
        ("netcdf", "base"),
    ),
    Verb(
        "zarr",
        "rssm.product.formats.zarr_cubes:cubes",
        "Make Zarr cubes for maps and for points.",
        (),
        ("years", "land"),
    ),
    Verb("quicklook", "rssm.product.quicklook:quicklook", "Draw a picture of a year.", ("year",), ("netcdf", "land")),
    Verb(
        "publish",
        "rssm.product.publish:publish",
        "Describe a finished edition: tables, STAC, checksums, citations.",
        (),
        ("years", "files", "skill", "snow", "ranges", "calibration", "extends", "guide"),
    ),
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
COMMANDS = (
    Command("check-config", "rssm.commands.check:main", "Report everything that is wrong with a configuration."),
    Command("config", "rssm.commands.document:main", "Write the commented default configuration and its schema."),
    Command(
        "plan", "rssm.commands.plan:main", "Print rounds, substeps and networks, and what a change would do to them."
    ),
    Command(
        "inventory",
        "rssm.commands.inventory:main",
        "Show which product-dekads are there, and which networks that allows.",
    ),
    Command("estimate", "rssm.commands.estimate:main", "Estimate jobs, files, disk and core-hours of a run."),
    Command("inspect", "rssm.commands.inspect:main", "Show what a map, cube or network file holds."),
    Command("doctor", "rssm.commands.doctor:main", "Check this machine: packages, disk, compiler cache, Snakemake."),
    Command("rounds", "rssm.commands.rounds:main", "Print what every round did, from the report of a run."),
    Command("extract", "rssm.commands.extract:main", "Take the series of a point or a box out of the data set."),
    Command("trace", "rssm.commands.trace:main", "Go from a pixel back to the native files behind it."),
    Command("land", "rssm.commands.land:main", "Build the land mask and the land-zone table."),
    Command("toy", "rssm.commands.toy:main", "Write empty files with the names of a whole archive."),
)
VERBS = {verb.name: verb for verb in JOBS}
