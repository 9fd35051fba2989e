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
from bench.worlds.jointly import joint_fits
from rssm.calendar import CALENDARS, DEKADS
from rssm.config.load import read_yaml
from rssm.one_process import fused_rounds, make_world, matched_products, run_rounds, series
from rssm.workflow.scope import REPOSITORY
from rssm.worlds.scores import Row, score, write_csv

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
    _, fused = fused_rounds(workflow, world, rounds, products)
    zones = joint_fits(workflow, world)
    methods: dict[str, Series] = {
        "rsssm": series(rounds, steps),
        "cdf_tc": np.concatenate([zone.at(steps)[0] for zone in products]),
        "fused": fused.at(steps, DEKADS),
        "joint": np.concatenate([zone.value for zone in zones]),
    }
    methods |= means(methods["fused"], methods["joint"])
    common = np.all([np.isfinite(estimate) for estimate in methods.values()], axis=0)
    sigma = np.sqrt(np.concatenate([zone.variance for zone in zones]))
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


def means(fused: Series, joint: Series) -> dict[str, Series]:
    """Means of F and J, half and half and with twice the weight for J."""
    return {"fused_joint": (fused + joint) / 2, "fused_joint_joint": (fused + 2 * joint) / 3}


if __name__ == "__main__":
    raise SystemExit(main())
