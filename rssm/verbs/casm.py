"""Jobs of CASM."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

CASM = (
    Verb(
        "casm-cycle",
        "rssm.casm.cycle:casm_cycle",
        "Fit the seasonal cycle of every pixel of a tile, of each variable of a sensor, over a record.",
        ("record", "tile"),
        ("cubes",),
    ),
    Verb(
        "casm-samples",
        "rssm.casm.samples:casm_samples",
        "Gather what a branch learns from in a tile: departures from the seasonal cycles.",
        ("branch", "tile"),
        ("cubes", "cycles", "taught_cycles", "target", "target_cycles"),
    ),
    Verb(
        "casm-train",
        "rssm.casm.train:casm_train",
        "Train a member of a branch's networks, from the start or from another network.",
        ("branch", "member"),
        ("samples", "start"),
    ),
    Verb(
        "casm-calibrate",
        "rssm.casm.calibrate:casm_calibrate",
        "Fit a branch's factors of uncertainty, and score it, on blocks that its networks never saw.",
        ("branch",),
        ("networks", "samples"),
    ),
    Verb(
        "casm-estimate",
        "rssm.casm.estimate:casm_estimate",
        "Estimate soil moisture in a tile with all members of a branch.",
        ("branch", "tile"),
        ("networks", "cubes", "cycles", "target_cycles", "calibration"),
    ),
    Verb(
        "casm-merge",
        "rssm.casm.merge:casm_merge",
        "Join the branches of a tile.",
        ("tile",),
        ("estimated",),
    ),
    Verb(
        "casm-report",
        "rssm.casm.report:casm_report",
        "Say what the branches and their join are worth beside the target.",
        (),
        ("calibration", "merged", "cubes", "cycles"),
    ),
)
