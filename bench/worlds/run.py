"""`make skill`: worlds × seeds, tables of scores, differences and error growth, expectations judged, a figure."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from bench.worlds.experiment import EQUAL, KNOWN, WORLDS, Tables, experiment
from rssm.config.load import read_yaml
from rssm.config.product import TABLES
from rssm.workflow.methods import scope_of
from rssm.workflow.scope import REPOSITORY
from rssm.worlds.scores import Row, write_csv

PARTS = ("rivals", "methods", "calibration")
METHODS_SEED, NETWORK = 21, "NN1-1-1"
NOISE = (0.7, 1.0, 1.4)  # of all products: half of the usual variance, all of it, twice
DRY = {"chain": 0.0, "fused": 0.11}  # m³ m⁻³ below which σ shrinks with soil moisture; 0: the chain's recipe
METRICS = ("r", "rmse", "ubrmse", "bias", "anomaly_r")


class Extent(NamedTuple):
    """Seeds of rivals; seeds that calibration is fitted on, and judged on with these levels of noise: all apart."""

    rivals: tuple[int, ...]
    fitted: tuple[int, ...]
    judged: tuple[int, ...]
    noise: tuple[float, ...]


EXTENTS = {
    "check": Extent((11, 12, 13), (31, 32, 33), (41, 42, 43), (1.0,)),
    "all": Extent((11, 12, 13, 14, 15), (31, 32, 33, 34, 35, 36, 37, 39), (41, 42, 43), NOISE),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for and write it."""
    parser = argparse.ArgumentParser(prog="python -m bench.worlds.run", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"), help="region, plan and settings")
    parser.add_argument("--worlds", nargs="+", default=[*WORLDS, EQUAL], choices=[*WORLDS, EQUAL])
    parser.add_argument("--extent", default="check", choices=EXTENTS, help="check: few seeds; all: as published")
    parser.add_argument("--seeds", nargs="+", type=int, help="of rivals, if others than those of the extent")
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS, help="tables to make")
    parser.add_argument("--jobs", type=int, default=1, help="worlds at a time, each on one core")
    parser.add_argument("--out", type=Path, default=Path("results/skill"), help="folder of the tables")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    settings, _ = read_yaml(given.config)
    if "rivals" in given.parts:
        run(settings, given.worlds, given.seeds or EXTENTS[given.extent].rivals, given.jobs, given.out)
    if "methods" in given.parts:
        write_csv(given.out / "methods.csv", compare_methods(settings, given.worlds, given.jobs))
    if "calibration" in given.parts:
        calibration(settings, given.worlds, given.jobs, given.out, given.extent)
    return 0


def run(settings: Mapping[str, Any], worlds: Sequence[str], seeds: Sequence[int], jobs: int, out: Path) -> Tables:
    """Tables of all worlds and seeds together; written again whenever one is finished."""
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

    from bench.worlds.methods import compare

    chosen = [world for world in worlds if world in KNOWN]
    found = Parallel(n_jobs=jobs)(delayed(compare)(settings, REPOSITORY, w, METHODS_SEED, NETWORK) for w in chosen)
    return [row for rows in found for row in rows]


def calibration(settings: Mapping[str, Any], worlds: Sequence[str], jobs: int, out: Path, named: str) -> None:
    """Fit the factors of uncertainty and write them as the product reads them; judge them on other seeds.

    named  extent
    Each world and seed that is fitted on has one of the levels of noise, in turn.
    """
    from joblib import Parallel, delayed

    from bench.worlds.calibrated import CHAINS, fit, intervals, judged, points, table
    from rssm.product.uncertainty.calibration import write_calibration

    extent, chosen = EXTENTS[named], [world for world in worlds if world in KNOWN]
    rounds = scope_of(settings, REPOSITORY).plan.rounds
    known = [(w, s, NOISE[(s + k) % len(NOISE)]) for s in extent.fitted for k, w in enumerate(chosen)]
    made = Parallel(n_jobs=jobs)(delayed(points)(settings, REPOSITORY, *each) for each in known)
    command = f"python -m bench.worlds.run --parts calibration --extent {named}"
    about = f"Fitted by `{command}` on toy worlds {', '.join(chosen)}; seeds {extent.fitted};"
    fitted = {}
    for estimate, name in TABLES.items():
        fitted[estimate] = fit([found[estimate] for found in made], rounds, DRY[estimate])
        text = f"{about} noise {NOISE}; {CHAINS} chains; estimate {estimate}."
        text += intervals(fitted[estimate].widths, DRY[estimate])
        write_calibration(out / Path(name).name, fitted[estimate].rows, text)

    def judge_one(world: str, seed: int, noise: float) -> Any:
        found = points(settings, REPOSITORY, world, seed, noise)
        return {estimate: judged(found[estimate], fitted[estimate], rounds) for estimate in fitted}

    unseen = [(world, seed, noise) for seed in extent.judged for world in chosen for noise in extent.noise]
    sums = Parallel(n_jobs=jobs)(delayed(judge_one)(*each) for each in unseen)
    rows: list[Row] = []
    for estimate in fitted:
        found = {each: sums_of[estimate] for each, sums_of in zip(unseen, sums, strict=True)}
        rows += [{"estimate": estimate} | row for row in table(found, rounds)]
    write_csv(out / "calibration.csv", rows)


def write(tables: Tables, folder: Path) -> None:
    """Write skill.csv, pairs.csv, differences.csv, growth.csv, expectations.csv and skill.png."""
    from bench.worlds.figure import draw

    differences = summarise(tables.pairs)
    for name, rows in (*tables._asdict().items(), ("differences", differences), ("expectations", judge(differences))):
        if rows:
            write_csv(folder / f"{name}.csv", rows)
    if tables.skill:
        draw(tables.skill, differences, folder / "skill.png")


def summarise(pairs: Sequence[Row]) -> list[Row]:
    """Paired differences with their 95 % intervals over seeds."""
    names = ("world", "period", "method", "rival")
    rows: list[Row] = []
    for key in dict.fromkeys(tuple(row[name] for name in names) for row in pairs):
        same = [row for row in pairs if tuple(row[name] for name in names) == key]
        for metric in METRICS:
            values = np.array([row[metric] for row in same], float)
            mean, low, high = interval(values)
            found = {"mean": mean, "low": low, "high": high, "seeds": int(np.isfinite(values).sum())}
            rows.append({**dict(zip(names, key, strict=True)), "metric": metric, **found})
    return rows


def interval(differences: NDArray[np.floating], level: float = 0.95) -> tuple[float, float, float]:
    """Mean of paired differences (seed,), and the limits of its interval by Student's t; NaN for fewer than two."""
    from scipy.stats import t

    known = differences[np.isfinite(differences)]
    if known.size < 2:
        return (float(known.mean()) if known.size else np.nan, np.nan, np.nan)
    mean = float(known.mean())
    half = float(t.ppf((1 + level) / 2, known.size - 1) * known.std(ddof=1) / np.sqrt(known.size))
    return mean, mean - half, mean + half


def judge(differences: Sequence[Row]) -> list[Row]:
    """What was expected beside what came: `lower` and `higher` need the whole interval on one side of zero."""
    expected = yaml.safe_load(Path(__file__).with_name("expectations.yaml").read_text(encoding="utf-8"))
    at = {tuple(row[name] for name in ("world", "period", "method", "rival", "metric")): row for row in differences}
    rows = []
    for entry in expected:
        row = at.get((entry["world"], str(entry["period"]), entry["a"], entry["b"], entry["metric"]))
        if row is None:
            continue
        came = "lower" if row["high"] < 0 else "higher" if row["low"] > 0 else "tie"
        about = {name: entry[name] for name in ("world", "period", "metric", "a", "b", "expect")}
        numbers = {name: row[name] for name in ("mean", "low", "high")}
        rows.append({**about, "came": came, "held": came in entry["expect"].split(" or "), **numbers})
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
