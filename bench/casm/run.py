"""`python -m bench.casm.run`: CASM on toy Earths, tables of scores, expectations judged."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from bench.casm.experiment import differences, experiment
from bench.worlds.run import interval
from rssm.worlds.scores import Row, write_csv

WORLDS = ("paper", "hidden", "drift")
PARTS = ("paper",)  # worlds in which parts are taken away and splits compared
METRICS = ("residual_r", "r", "rmse", "ubrmse", "trend")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run worlds and seeds, and write the tables after each."""
    parser = argparse.ArgumentParser(prog="python -m bench.casm.run", description=__doc__)
    parser.add_argument("--worlds", nargs="+", default=WORLDS, choices=WORLDS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[11, 12, 13])
    parser.add_argument("--out", type=Path, default=Path("results/skill/casm"))
    given = parser.parse_args(arguments)
    tables: dict[str, list[Row]] = {}
    for seed in given.seeds:
        for world in given.worlds:
            for name, rows in experiment(world, seed, world in PARTS).items():
                tables.setdefault(name, []).extend(rows)
            write(tables, given.out)
            print(f"world {world}, seed {seed}", flush=True)
    return 0


def write(tables: dict[str, list[Row]], out: Path) -> None:
    """All tables, and what was expected beside what came."""
    for name, rows in (*tables.items(), ("expectations", judge(tables))):
        if rows:
            write_csv(out / f"{name}.csv", rows)


def judge(tables: dict[str, list[Row]]) -> list[Row]:
    """Expectations of paired differences, and of sizes (`within`: the mean over seeds lies within two limits).

    Those of tables that are not there are left out; differences are of the table `skill` where none is named.
    """
    found = {name: differences(tables[name], METRICS) for name in ("skill", "averaged") if name in tables}
    rows: list[Row] = []
    for entry in yaml.safe_load(Path(__file__).with_name("expectations.yaml").read_text(encoding="utf-8")):
        table = entry.get("table", "skill")
        if table not in tables:
            continue
        if "within" in entry:
            rows += _sizes(tables[table], entry)
            continue
        values = found[table].get((entry["world"], entry["period"], "casm", entry["rival"], entry["metric"]))
        if values:
            mean, low, high = interval(np.array(values))
            came = "lower" if high < 0 else "higher" if low > 0 else "tie"
            about = {name: entry[name] for name in ("world", "period", "metric", "rival", "expect")}
            rows.append(
                {
                    **about,
                    "came": came,
                    "held": came in entry["expect"].split(" or "),
                    "mean": mean,
                    "low": low,
                    "high": high,
                }
            )
    return rows


def _sizes(table: list[Row], entry: Row) -> list[Row]:
    """One expectation of a size."""
    where = {name: entry[name] for name in ("world", "period", "method", "joint", "split") if name in entry}
    values = [row[entry["metric"]] for row in table if all(row.get(name) == it for name, it in where.items())]
    if not values:
        return []
    low, high = entry["within"]
    mean = float(np.mean(values))
    return [
        {
            "world": entry["world"], "period": entry.get("period") or entry.get("joint") or entry.get("split"),
            "metric": entry["metric"], "rival": entry.get("method", ""), "expect": f"{low} to {high}",
            "came": f"{mean:.4f}", "held": low <= mean <= high, "mean": mean, "low": min(values), "high": max(values),
        }
    ]  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
