"""Which way of fusing products pays? Chain, matching, their fusion, the joint fit and means of them, on the same points.

python -m bench.worlds.fusing --worlds paper strange --seeds 1 2 3 4
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.worlds.experiment import WORLDS, scored_periods, workflow_of
from rssm.calendar import CALENDARS, DEKADS
from rssm.config.load import read_yaml
from rssm.fusion.zoned import at_steps
from rssm.one_process import fused_rounds, joint_fits, make_world, matched_products, run_rounds, series
from rssm.workflow.scope import REPOSITORY
from rssm.worlds.scores import Row, score, write_csv

SHARES = {"fused": 0.0, "fused_joint": 1 / 2, "fused_joint_joint": 2 / 3}  # of J
METRICS = ("r", "rmse", "ubrmse", "bias", "anomaly_r")
Series = NDArray[np.floating]


def main(arguments: Sequence[str] | None = None) -> int:
    """Score what the arguments ask for, write the table and print its means over seeds."""
    parser = argparse.ArgumentParser(prog="python -m bench.worlds.fusing", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"), help="region, plan and settings")
    parser.add_argument("--worlds", nargs="+", default=WORLDS, choices=WORLDS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4])
    parser.add_argument("--out", type=Path, default=Path("results/skill/fusing.csv"), help="the table")
    given = parser.parse_args(arguments)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    settings, _ = read_yaml(given.config)
    rows: list[Row] = []
    for world in given.worlds:
        for seed in given.seeds:
            rows += compared(settings, REPOSITORY, world, seed)
            write_csv(given.out, rows)
        for method in dict.fromkeys(row["method"] for row in rows):
            same = [r for r in rows if (r["world"], r["method"], r["period"]) == (world, method, "all")]
            means = {metric: float(np.mean([row[metric] for row in same])) for metric in METRICS}
            print(world, method, *(f"{name} {value:.4f}" for name, value in means.items()), flush=True)
    return 0


def compared(config: Mapping[str, Any], root: Path, name: str, seed: int) -> list[Row]:
    """Scores of a world and seed, in all dekads before the target from outside and in those of each round."""
    workflow = workflow_of(config, root, name, seed)
    world = make_world(workflow.scope)
    steps, truth = world.truth.step, world.truth.values
    rounds, products = run_rounds(workflow, world), matched_products(workflow, world)
    zones = joint_fits(workflow, world)
    together = {
        name: fused_rounds(workflow, world, rounds, products, share, zones)[1] for name, share in SHARES.items()
    }
    methods: dict[str, Series] = {
        "rsssm": series(rounds, steps),
        "cdf_tc": np.concatenate([zone.at(steps)[0] for zone in products]),
        **{name: cube.at(steps, DEKADS) for name, cube in together.items()},
        "joint": np.concatenate([zone.at(steps) for zone in zones]),
    }
    common = np.all([np.isfinite(estimate) for estimate in methods.values()], axis=0)
    sigma = np.sqrt(np.concatenate([at_steps(zone.joint.variance, zone.step, steps) for zone in zones]))
    rows: list[Row] = []
    for period, chosen in scored_periods(workflow, world).items():
        within = common & chosen & np.isfinite(truth)
        inside = abs(methods["joint"] - truth)[within] < sigma[within]
        for method, estimate in methods.items():
            found = score(np.where(common, estimate, np.nan), truth, steps, chosen, CALENDARS[world.truth.calendar_id])
            about = {"world": name, "seed": seed, "period": period, "method": method}
            covers = float(inside.mean()) if method == "joint" and inside.size else float("nan")
            rows.append({**about, **found._asdict(), "within_68": covers})
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
