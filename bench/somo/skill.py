"""SoMo.ml's network against rivals on toy worlds: `python -m bench.somo.skill` prints tables and judges expectations.

Judged are cells in blocks of 5° and years (2008, 2009: in world `drift` a drought) of which nothing was learnt, nor of
cells within 1° of them, against the truth with mean and spread of the reanalysis, as targets have them.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import yaml
from scipy.stats import t as student

from bench.somo.experiment import Apart, Row, experiment
from bench.somo.world import WORLDS

Entry = dict[str, object]
METRICS = ("r", "anomaly_r", "ubrmse")
EXTENTS = {"check": (3,), "all": (3, 4, 5)}  # seeds; 1 and 2 are for development


def judged(rows: Sequence[Row], entry: Entry) -> Entry:
    """An expectation with what was found: mean of a − b over blocks, each the mean of its cells, and its 95 % interval."""
    where = [row for row in rows if row.world == entry["world"] and row.layer == entry["layer"]]
    scores = [
        {
            (row.seed, row.cell): (row.block, getattr(row, str(entry["metric"])))
            for row in where
            if row.method == entry[side]
        }
        for side in ("a", "b")
    ]
    blocks: dict[tuple[int, str], list[float]] = {}
    for key in scores[0].keys() & scores[1].keys():
        difference = scores[0][key][1] - scores[1][key][1]
        if np.isfinite(difference):
            blocks.setdefault((key[0], scores[0][key][0]), []).append(difference)
    means = np.array([np.mean(cells) for _, cells in sorted(blocks.items())])
    half = float(student.ppf(0.975, means.size - 1) * means.std(ddof=1) / np.sqrt(means.size))
    low, high = float(means.mean()) - half, float(means.mean()) + half
    came = "higher" if low > 0 else "lower" if high < 0 else "tie"
    right = came in str(entry["expect"]).split(" or ")
    return {**entry, "blocks": means.size, "low": low, "high": high, "came": came, "right": right}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", nargs="+", default=list(WORLDS), choices=WORLDS)
    parser.add_argument("--extent", default="check", choices=EXTENTS, help="check: one seed; all: as published")
    parser.add_argument("--seeds", nargs="*", type=int, help="instead of those of the extent")
    parser.add_argument("--members", type=int, default=3)
    parser.add_argument(
        "--also", nargs="+", type=Path, default=[], help="folders of other runs, whose scores count too"
    )
    parser.add_argument("--out", type=Path, default=Path("results/skill/somo"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    rows, starts = of_others(given.also)
    entries: list[Entry] = yaml.safe_load(Path(__file__).with_name("expectations.yaml").read_text())
    for seed in EXTENTS[given.extent] if given.seeds is None else given.seeds:
        for kind in given.worlds:
            own = [entry for entry in entries if entry["world"] == kind]
            methods = {str(entry[side]) for entry in own for side in ("a", "b")}
            layers = max(int(str(entry["layer"])) for entry in own)
            members = given.members if "network" in methods else 1
            scored, apart = experiment(kind, seed, layers, members, methods)
            rows, starts = rows + scored, starts + apart
            written(given.out / "scores.csv", rows)
            written(given.out / "starts.csv", starts)
    for line in medians(rows):
        print(line)
    verdicts = [judged(rows, entry) for entry in entries if entry["world"] in given.worlds]
    _write(given.out / "expectations.csv", verdicts)
    for one in verdicts:
        print(
            *(one[k] for k in ("world", "layer", "metric", "a", "b", "expect", "came")),
            f"{one['low']:+.4f} {one['high']:+.4f}",
        )
    for row in starts:
        if row.year == 3 and row.climate == "all":
            print(
                f"third year after another start: {row.world} {row.seed} layer {row.layer}: {row.mean:.4f} {row.single:.4f}"
            )


def of_others(folders: Sequence[Path]) -> tuple[list[Row], list[Apart]]:
    """Scores, and what came of another start, of runs that lie in folders already."""
    rows: list[Row] = []
    starts: list[Apart] = []
    for folder in folders:
        with (folder / "scores.csv").open() as scores, (folder / "starts.csv").open() as apart:
            rows += [Row(*_typed(Row, line)) for line in csv.DictReader(scores)]
            starts += [Apart(*_typed(Apart, line)) for line in csv.DictReader(apart)]
    return rows, starts


def _typed(row: type[Row] | type[Apart], line: dict[str, str]) -> list[Any]:
    """Values of a line of a table as its row has them."""
    kinds = get_type_hints(row)
    return [kinds[name](line[name]) for name in row._fields]


def medians(rows: Sequence[Row]) -> Iterator[str]:
    """Lines of a table: medians over cells of all seeds."""
    keys = dict.fromkeys((row.world, row.layer, row.method) for row in rows)
    for key in keys:
        own = [row for row in rows if (row.world, row.layer, row.method) == key]
        yield " ".join(
            [
                f"{key[0]:6} {key[1]} {key[2]:20}",
                *(f"{np.nanmedian([getattr(r, m) for r in own]):.3f}" for m in METRICS),
            ]
        )


def written(path: Path, rows: Sequence[Row] | Sequence[Apart]) -> None:
    """Write rows as a table."""
    _write(path, [row._asdict() for row in rows])


def _write(path: Path, rows: Sequence[Entry]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
