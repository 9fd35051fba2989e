"""Ways of fusing products on real data: a finished run's cubes and rounds, judged by years of the target held out.

snakemake --configfile config/hawaii.yaml
python -m bench.worlds.held_out --config config/hawaii.yaml
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.worlds.fusing import METRICS, SHARES
from rssm.calendar import CALENDARS
from rssm.config.load import read_yaml
from rssm.cubes.cube import read_cubes
from rssm.fusion.fitted import fitted
from rssm.fusion.fused import fused
from rssm.fusion.matched import matched
from rssm.rounds.estimates import read_estimates
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.fusion import Fusing
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.scope import REPOSITORY
from rssm.worlds.scores import score

Series = NDArray[np.floating]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores of all methods on the points that all of them have."""
    parser = argparse.ArgumentParser(prog="python -m bench.worlds.held_out", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config/hawaii.yaml"), help="of a finished run")
    parser.add_argument("--root", type=Path, default=REPOSITORY, help="folder that the run was made in")
    given = parser.parse_args(arguments)
    settings, _ = read_yaml(given.config)
    workflow = Rounds(scope_of({**settings, "chains": 1}, given.root))
    results = given.root / workflow.scope.paths.results
    tiles = sorted(path.stem for path in (results / "cubes" / Fusing(workflow).matching().target).glob("*.nc"))
    parts = [of_tile(workflow, results, tile) for tile in tiles]
    methods = {name: np.concatenate([found[name] for found, _ in parts]) for name in parts[0][0]}
    steps = parts[0][1]
    truth = methods.pop("truth")
    common = np.all([np.isfinite(values) for values in methods.values()], axis=0)
    for name, values in methods.items():
        found = score(
            np.where(common, values, np.nan),
            truth,
            steps,
            np.ones(steps.size, bool),
            CALENDARS[Fusing(workflow).matching().calendar],
        )
        print(name, *(f"{metric} {getattr(found, metric):.4f}" for metric in METRICS), f"n {found.n}", flush=True)
    return 0


def of_tile(workflow: Rounds, results: Path, tile: str) -> tuple[dict[str, Series], NDArray[np.integer]]:
    """Estimates of a tile (pixel, dekad) by method, with the target of years held out as `truth`; the dekads."""
    spec = Fusing(workflow).matching()
    cubes = {name: read_cubes(results / "cubes" / name / f"{tile}.nc")[0] for name in spec.algorithms}
    target, products = cubes.pop(spec.target), list(cubes.values())
    factors = [c for cube in workflow.scope.factor_cubes for c in read_cubes(results / "cubes" / cube / f"{tile}.nc")]
    rounds = [read_estimates(results / "joined" / name / f"{tile}.nc") for name in workflow.scope.plan.rounds]
    rounds = [replace(round_, value=round_.value[:1]) for round_ in rounds]  # the control
    c = matched(target, products, spec)
    zones, how = fitted([target, *products, *factors], Fusing(workflow).fitting()), Fusing(workflow).fusing()
    together = {n: fused(rounds, c, replace(how, joint=share), fits=zones).estimates for n, share in SHARES.items()}
    steps, calendar = together["fused"].step, CALENDARS[spec.calendar]
    chain = np.full(together["fused"].value[0].shape, np.nan)
    for round_ in rounds:
        chain[:, np.searchsorted(steps, round_.step)] = round_.value[0]
    held = np.isin([calendar.year_of(int(step)) for step in steps], spec.split.held_out_years)
    return {
        "rsssm": chain,
        "cdf_tc": np.concatenate([zone.at(steps)[0] for zone in c]),
        **{name: estimates.value[0] for name, estimates in together.items()},
        "joint": np.concatenate([zone.at(steps) for zone in zones]),
        "truth": np.where(held, target.at(steps, calendar), np.nan),
    }, steps


if __name__ == "__main__":
    raise SystemExit(main())
