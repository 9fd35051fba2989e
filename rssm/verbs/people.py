"""Verbs for people."""

from __future__ import annotations

from rssm.verbs.kinds import Command

COMMANDS = (
    Command(
        "new",
        "rssm.commands.new:main",
        "Write a configuration of your own: region, period, archive, profile.",
        "rssm new my.yaml --bbox -10 36 4 44 --period 2010 2018 --archive /data/archive",
    ),
    Command(
        "check-config",
        "rssm.commands.check:main",
        "Report everything that is wrong with a configuration.",
        "rssm check-config my.yaml",
        "rssm.commands.check:Checked",
    ),
    Command(
        "config",
        "rssm.commands.document:main",
        "Write the commented default configuration, its schema and the page of verbs.",
        "rssm config --check",
    ),
    Command(
        "plan",
        "rssm.commands.plan:main",
        "Print what networks learn, from what and when, and what a change would do to them.",
        "rssm plan my.yaml --without FY-3B-NSMC --span WindSat-LPRM-X=2003D04:2012D18",
        "rssm.commands.plan_answer:Planned",
    ),
    Command(
        "inventory",
        "rssm.commands.inventory:main",
        "Show which files of products are there, and which networks that allows.",
        "rssm inventory my.yaml --all",
        "rssm.commands.inventory:Inventory",
    ),
    Command(
        "estimate",
        "rssm.commands.estimate:main",
        "Estimate jobs, files, disk, core-hours and time of a run.",
        "rssm estimate my.yaml",
        "rssm.commands.estimate:Estimate",
    ),
    Command(
        "run",
        "rssm.commands.run:main",
        "Make everything of a configuration, or the targets that are named.",
        "rssm run my.yaml --cores 8",
    ),
    Command(
        "summary",
        "rssm.commands.summary:main",
        "Tell what came out of a run: values, gaps, empty zones, missing years, where all lies.",
        "rssm summary my.yaml",
        "rssm.commands.summary:Summary",
    ),
    Command(
        "add-product",
        "rssm.commands.add_product:main",
        "Draft a catalogue entry from native files.",
        "rssm add-product archive/mysat/*.nc --root archive --id MYSAT >> own-products.yaml",
    ),
    Command(
        "inspect",
        "rssm.commands.inspect:main",
        "Show what a map, cube or network file holds.",
        "rssm inspect results/rsssm/product/netcdf/RSSSM_2015.nc",
        "rssm.commands.inspect:Inspected",
    ),
    Command(
        "map",
        "rssm.commands.map:main",
        "Draw what was read from a product in one step, with coasts.",
        "rssm map SMAP_E 2015D20 my.yaml -o smap.png",
    ),
    Command(
        "doctor",
        "rssm.commands.doctor:main",
        "Check this machine: packages, formats, kernels, memory, disk, Slurm.",
        "rssm doctor /data/runs",
        "rssm.commands.doctor:Diagnosis",
    ),
    Command(
        "rounds",
        "rssm.commands.rounds:main",
        "Print what every round did, from the report of a run.",
        "rssm rounds --networks",
        "rssm.commands.rounds:Rounds",
    ),
    Command(
        "extract",
        "rssm.commands.extract:main",
        "Take the series of a point or a box, or the maps of a box, out of the data set.",
        "rssm extract --bbox -3 39 0 42 --period 2010D01 2012D36 -o box.nc",
        "rssm.commands.extract:Extracted",
    ),
    Command(
        "trace",
        "rssm.commands.trace:main",
        "Go from a pixel back to the native files behind it.",
        "rssm trace -1.25 40.25 2015D12 my.yaml",
        "rssm.commands.trace_pixel:Traced",
    ),
    Command(
        "where",
        "rssm.commands.where:main",
        "Tell where a product is got, and which file names are expected of it.",
        "rssm where SMOS-IC my.yaml",
        "rssm.commands.where:Where",
    ),
    Command(
        "compare",
        "rssm.commands.compare:main",
        "Tell what differs between two runs: settings, maps of the data set, scores.",
        "rssm compare run_a run_b",
        "rssm.commands.compare:Comparison",
    ),
    Command(
        "completion",
        "rssm.commands.completion:main",
        "Print a script by which a shell completes verbs, options, products and files.",
        "rssm completion bash",
    ),
    Command(
        "land",
        "rssm.commands.land:main",
        "Build the land mask and the land-zone table.",
        "rssm land --grid ease2_m25 my_tables",
    ),
    Command(
        "toy",
        "rssm.commands.toy:main",
        "Write empty files with the names of a whole archive.",
        "rssm toy --names-only archive my.yaml",
    ),
)
