"""`rssm skill`: worlds × seeds, tables of scores, differences and error growth, expectations judged, a figure."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from rssm.config.load import read_yaml
from rssm.files import atomic
from rssm.skill.experiment import EQUAL, WORLDS, Row, Tables, experiment
from rssm.skill.scores import interval
from rssm.workflow.methods import scope_of
from rssm.workflow.scope import REPOSITORY

PARTS = ("rivals", "methods", "calibration")
METHODS_SEED, NETWORK = 21, "NN1-1-1"
CALIBRATION_SEEDS, JUDGED_SEEDS = (31, 32, 33, 34, 35, 36, 37, 39), (41, 42, 43)  # apart from each other and all above
NOISE = (0.7, 1.0, 1.4)  # of all products: half of the usual variance, all of it, twice
METRICS = ("r", "rmse", "ubrmse", "bias", "anomaly_r")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for and write it."""
    parser = argparse.ArgumentParser(prog="rssm skill", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"), help="region, plan and settings")
    parser.add_argument("--worlds", nargs="+", default=[*WORLDS, EQUAL], choices=[*WORLDS, EQUAL])
    parser.add_argument("--seeds", nargs="+", type=int, default=[11, 12, 13, 14, 15])
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS, help="tables to make")
    parser.add_argument("--jobs", type=int, default=1, help="worlds at a time, each on one core")
    parser.add_argument("--out", type=Path, default=Path("results/skill"), help="folder of the tables")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    settings, _ = read_yaml(given.config)
    if "rivals" in given.parts:
        run(settings, given.worlds, given.seeds, given.jobs, given.out)
    if "methods" in given.parts:
        write_csv(given.out / "methods.csv", compare_methods(settings, given.worlds, given.jobs))
    if "calibration" in given.parts:
        calibration(settings, given.worlds, given.jobs, given.out)
    return 0


def run(settings: Mapping[str, Any], worlds: Sequence[str], seeds: Sequence[int], jobs: int, out: Path) -> Tables:
    """Tables of all worlds and seeds together; written anew whenever one has come to its end."""
    from joblib import Parallel, delayed

    todo = [delayed(experiment)(settings, REPOSITORY, world, seed) for seed in seeds for world in worlds]
    together = Tables([], [], [])
    for number, found in enumerate(Parallel(n_jobs=jobs, return_as="generator")(todo), 1):
        together = Tables(*(rows + new for rows, new in zip(together, found, strict=True)))
        write(together, out)
        print(f"{number} of {len(todo)} worlds", flush=True)
    return together


def compare_methods(settings: Mapping[str, Any], worlds: Sequence[str], jobs: int) -> list[Row]:
    """The table of learners and splits, in one seed of each world."""
    from joblib import Parallel, delayed

    from rssm.skill.methods import compare

    chosen = [world for world in worlds if world != EQUAL]
    found = Parallel(n_jobs=jobs)(delayed(compare)(settings, REPOSITORY, w, METHODS_SEED, NETWORK) for w in chosen)
    return [row for rows in found for row in rows]


def calibration(settings: Mapping[str, Any], worlds: Sequence[str], jobs: int, out: Path) -> None:
    """Fit the factors of uncertainty and write them as the product reads them; judge them on other seeds.

    Each world and seed that is fitted on has one of the levels of noise, in turn; those that judge have all.
    """
    from joblib import Parallel, delayed

    from rssm.product.uncertainty.calibration import write_calibration
    from rssm.skill.calibrated import CHAINS, fit, judged, points, table

    chosen = [world for world in worlds if world != EQUAL]
    rounds = scope_of(settings, REPOSITORY).plan.rounds
    known = [(w, s, NOISE[(s + k) % len(NOISE)]) for s in CALIBRATION_SEEDS for k, w in enumerate(chosen)]
    made = Parallel(n_jobs=jobs)(delayed(points)(settings, REPOSITORY, *each) for each in known)
    fitted = fit([(seed, found) for (_, seed, _), found in zip(known, made, strict=True)], rounds)
    about = f"Fitted by `rssm skill --parts calibration` on toy worlds {', '.join(chosen)}; seeds {CALIBRATION_SEEDS};"
    write_calibration(out / "calibration.tsv", fitted.rows, f"{about} noise {NOISE}; {CHAINS} chains.")

    def judge_one(world: str, seed: int, noise: float) -> Any:
        return judged(points(settings, REPOSITORY, world, seed, noise), fitted, rounds)

    unseen = [(world, seed, noise) for seed in JUDGED_SEEDS for world in chosen for noise in NOISE]
    sums = Parallel(n_jobs=jobs)(delayed(judge_one)(*each) for each in unseen)
    write_csv(out / "calibration.csv", table(dict(zip(unseen, sums, strict=True)), rounds))


def write(tables: Tables, folder: Path) -> None:
    """Write skill.csv, pairs.csv, differences.csv, growth.csv, expectations.csv and skill.png."""
    from rssm.skill.figure import draw

    differences = summarise(tables.pairs)
    for name, rows in (*tables._asdict().items(), ("differences", differences), ("expectations", judge(differences))):
        if rows:
            write_csv(folder / f"{name}.csv", rows)
    if tables.skill:
        draw(tables.skill, differences, folder / "skill.png")


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Rows as text, numbers to six figures; not-a-number is left empty."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(_cell(row.get(name, "")) for name in columns) for row in rows]
    with atomic(path) as beside:
        beside.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return str(value)


def summarise(pairs: Sequence[Row]) -> list[Row]:
    """Paired differences with their 95 % intervals over seeds."""
    import numpy as np

    keys = list(dict.fromkeys((row["world"], row["period"], row["rival"]) for row in pairs))
    rows: list[Row] = []
    for world, period, rival in keys:
        same = [row for row in pairs if (row["world"], row["period"], row["rival"]) == (world, period, rival)]
        for metric in METRICS:
            values = np.array([row[metric] for row in same], float)
            mean, low, high = interval(values)
            found = {"mean": mean, "low": low, "high": high, "seeds": int(np.isfinite(values).sum())}
            rows.append({"world": world, "period": period, "rival": rival, "metric": metric, **found})
    return rows


def judge(differences: Sequence[Row]) -> list[Row]:
    """What was expected beside what came: `lower` and `higher` need the whole interval on one side of zero."""
    expected = yaml.safe_load(files("rssm.skill").joinpath("expectations.yaml").read_text(encoding="utf-8"))
    at = {(row["world"], row["period"], row["rival"], row["metric"]): row for row in differences}
    rows = []
    for entry in expected:
        row = at.get((entry["world"], str(entry["period"]), entry["b"], entry["metric"]))
        if row is None:
            continue
        came = "lower" if row["high"] < 0 else "higher" if row["low"] > 0 else "tie"
        about = {name: entry[name] for name in ("world", "period", "metric", "a", "b", "expect")}
        numbers = {name: row[name] for name in ("mean", "low", "high")}
        rows.append({**about, "came": came, "held": came in entry["expect"].split(" or "), **numbers})
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
