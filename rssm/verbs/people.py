"""Verbs for people."""

from __future__ import annotations

from rssm.verbs.kinds import Command

COMMANDS = (
    Command("new", "rssm.commands.new:main", "Write a configuration of your own: region, period, archive, profile."),
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
    Command("add-product", "rssm.commands.add_product:main", "Draft a catalogue entry from native files."),
    Command("inspect", "rssm.commands.inspect:main", "Show what a map, cube or network file holds."),
    Command("map", "rssm.commands.map:main", "Draw what was read from a product in one step, with coasts."),
    Command("doctor", "rssm.commands.doctor:main", "Check this machine: packages, disk, compiler cache, Snakemake."),
    Command("rounds", "rssm.commands.rounds:main", "Print what every round did, from the report of a run."),
    Command("extract", "rssm.commands.extract:main", "Take the series of a point or a box out of the data set."),
    Command("trace", "rssm.commands.trace:main", "Go from a pixel back to the native files behind it."),
    Command("land", "rssm.commands.land:main", "Build the land mask and the land-zone table."),
    Command("toy", "rssm.commands.toy:main", "Write empty files with the names of a whole archive."),
)
