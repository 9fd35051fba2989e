"""The command line: one verb per rule of the workflow, and verbs for people.

A verb imports what it needs when it runs, because a job is a process. A user's mistake ends with one sentence and
exit code 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from rssm import __version__
from rssm.errors import InputError


@dataclass(frozen=True)
class Job:
    """A verb that a rule calls: `rssm VERB NAMES… --INPUT PATH… --spec JSON --out PATH…`."""

    function: str
    about: str
    names: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    def run(self, verb: str, arguments: Sequence[str]) -> None:
        parser = argparse.ArgumentParser(prog=f"rssm {verb}", description=self.about)
        for name in self.names:
            parser.add_argument(name)
        for name in self.inputs:
            parser.add_argument(f"--{name}", nargs="*", default=[], metavar="PATH")
        parser.add_argument("--spec", type=json.loads, default={}, help="settings of the job, as JSON")
        parser.add_argument("--out", nargs="+", required=True, metavar="PATH")
        load(self.function)(**vars(parser.parse_args(arguments)))


JOBS = {
    "toy-archive": Job(
        "rssm.toy.job:toy_archive",
        "Write the toy Earth's native files of a product-year.",
        ("product", "year"),
        ("land",),
    ),
    "maps": Job(
        "rssm.ingest.job:year_maps",
        "Make the maps of a product-year from native files.",
        ("product", "year"),
        ("manifest", "porosity"),
    ),
    "archive-report": Job(
        "rssm.ingest.report:archive_report",
        "Tell what was found in the archive, and what was skipped.",
        (),
        ("indices",),
    ),
    "series": Job(
        "rssm.ingest.series:series", "List a variable's maps of all years.", ("variable",), ("indices", "land")
    ),
    "cube": Job("rssm.ingest.cut:cube", "Cut a tile out of a variable's maps.", ("variable", "tile"), ("series",)),
    "kernels": Job("rssm.networks.prepare:kernels", "Compile the numeric kernels once for all jobs."),
    "train": Job(
        "rssm.rounds.train:train",
        "Train all subnetworks of a network in a tile.",
        ("network", "tile"),
        ("cubes",),
    ),
    "crossval": Job(
        "rssm.networks.crossval:crossval",
        "Cross-validate a network in sampled zones.",
        ("network",),
        ("cubes",),
    ),
    "simulate": Job(
        "rssm.rounds.simulate:simulate",
        "Simulate a substep in a tile with the best network of each pixel and dekad.",
        ("substep", "tile"),
        ("networks", "cubes"),
    ),
    "join": Job(
        "rssm.rounds.join:join",
        "Join or merge a round's substeps in a tile.",
        ("round", "tile"),
        ("simulated",),
    ),
    "mosaic": Job(
        "rssm.rounds.mosaic:mosaic",
        "Lay a round's tiles together, a map per dekad of a year.",
        ("round", "year"),
        ("tiles",),
    ),
    "range": Job("rssm.rounds.ranges:target_range", "Range of each pixel's target values.", ("tile",), ("cubes",)),
    "target": Job(
        "rssm.rounds.target:screened",
        "Screen a round's maps of a year, so that they can teach the next round.",
        ("round", "year"),
        ("maps", "ranges"),
    ),
    "round-report": Job(
        "rssm.rounds.report:round_report",
        "Report what a round did: training, skill, coverage, fallbacks, merges, the screen.",
        ("round",),
        ("joined", "maps", "targets"),
    ),
    "rounds-table": Job("rssm.rounds.report:rounds_table", "Table of all rounds' reports.", (), ("reports",)),
    "joint": Job(
        "rssm.rounds.joint:joint",
        "Compare two substeps that differ in their source of LAI, in a tile.",
        ("substeps", "tile"),
        ("networks_a", "cubes_a", "networks_b", "cubes_b"),
    ),
    "joint-table": Job(
        "rssm.rounds.joint:joint_table", "Table of the difference between two substeps.", ("substeps",), ("tiles",)
    ),
    "take-over": Job(
        "rssm.product.release:take_over",
        "Check the files of an edition that its extension rests on.",
        (),
        ("release", "networks", "ranges", "tables", "calibration"),
    ),
    "run-skill": Job(
        "rssm.skill.maps:run_skill",
        "Score a toy Earth's run against the truth.",
        (),
        ("simulated", "products", "land"),
    ),
    "usual-snow": Job(
        "rssm.product.usual:usual_snow", "Usual state of the ground at each dekad of the year.", (), ("snow",)
    ),
    "network-skill": Job(
        "rssm.product.skill:skill",
        "Table of the held-out skill of a round's subnetworks.",
        ("round",),
        ("joined", "networks", "land_cover", "earlier"),
    ),
    "product-year": Job(
        "rssm.product.year:product_year",
        "Make a year of the data set: filled, masked, flagged, with its uncertainty.",
        ("year",),
        ("maps", "skill", "ranges", "land", "calibration", "extends"),
    ),
    "monthly": Job("rssm.product.derived:monthly", "Monthly means of a year.", ("year",), ("netcdf",)),
    "climatology": Job("rssm.product.derived:climatology", "Mean of each dekad of the year.", (), ("netcdf",)),
    "anomaly": Job("rssm.product.derived:anomaly", "Differences from the climatology.", ("year",), ("netcdf", "base")),
    "zarr": Job("rssm.product.zarrs:cubes", "Zarr cubes for maps and for points.", (), ("years", "land")),
    "quicklook": Job("rssm.product.quicklook:quicklook", "Picture of a year.", ("year",), ("netcdf", "land")),
    "publish": Job(
        "rssm.product.publish:publish",
        "Describe a finished edition: tables, STAC, checksums, citations.",
        (),
        ("years", "files", "skill", "usual", "ranges", "calibration", "extends", "guide"),
    ),
}
PEOPLE = {
    "check-config": ("rssm.people.check:main", "Tell everything that is wrong with a configuration file."),
    "config": ("rssm.people.document:main", "Write the commented default configuration and its schema."),
    "plan": ("rssm.people.plan:main", "Print rounds, substeps and networks, and what a change would do to them."),
    "inventory": ("rssm.people.inventory:main", "Show which product-dekads are there, and which networks that allows."),
    "estimate": ("rssm.people.estimate:main", "Estimate jobs, files, disk and core-hours of a run."),
    "inspect": ("rssm.people.inspect:main", "Show what a map, cube or network file holds."),
    "doctor": ("rssm.people.doctor:main", "Check this machine: packages, disk, compiler cache, Snakemake."),
    "rounds": ("rssm.people.rounds:main", "Print what every round did, from the report of a run."),
    "skill": (
        "rssm.skill.run:main",
        "Run the whole chain and its rivals in worlds whose truth is known, and score them.",
    ),
    "extract": ("rssm.people.extract:main", "Take the series of a point or a box out of the data set."),
    "trace": ("rssm.people.trace:main", "Go from a pixel back to the native files behind it."),
    "land": ("rssm.people.land:main", "Build the land mask and the land-zone table."),
    "toy": ("rssm.people.toy:main", "Write the toy Earth's archive, or only its file names."),
}


def load(place: str):  # type: ignore[no-untyped-def]
    """The function named `module:function`."""
    module, function = place.split(":")
    return getattr(import_module(module), function)


def overview() -> str:
    lines = ["usage: rssm VERB …   (rssm VERB --help)", "", "for people"]
    lines += [f"  {verb:<14}{about}" for verb, (_, about) in PEOPLE.items()]
    lines += ["", "one job of the workflow"]
    lines += [f"  {verb:<14}{job.about}" for verb, job in JOBS.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; 0 if all went well, 2 for a mistake in what was given."""
    verb, *rest = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        if verb in JOBS:
            JOBS[verb].run(verb, rest)
        elif verb in PEOPLE:
            return int(load(PEOPLE[verb][0])(rest) or 0)
        elif verb in ("-h", "--help"):
            print(overview())
        elif verb == "--version":
            print(__version__)
        else:
            raise InputError(f"rssm: no verb {verb!r}.\n{overview()}")
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: say nothing more
    return 0


if __name__ == "__main__":
    sys.exit(main())
