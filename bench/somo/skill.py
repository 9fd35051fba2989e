"""SoMo.ml's network against rivals on toy worlds: `python -m bench.somo.skill` prints tables and judges expectations.

Judged are cells in blocks of 5° and years (2008, 2009: in world `drift` a drought) of which nothing was learnt, nor of
cells within 1° of them, against the truth with mean and spread of the reanalysis, as targets have them.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.stats import t as student

from bench.somo.rivals import RIVALS
from bench.somo.world import WORLDS, World, make
from rssm.config.toy import WorldKind
from rssm.somo.apart import left_out
from rssm.somo.members import Member
from rssm.somo.scores import anomalies, correlation
from rssm.somo.site_simulate import simulated
from rssm.somo.specs import NetworkSpec, SplitSpec
from rssm.somo.train import trained

F4 = NDArray[np.float32]
Entries = list[dict[str, object]]
SPLIT = SplitSpec("both", folds=4, block=5.0, buffer=1.0, seed=1)
LAST = 3  # the fold whose years are the last
NETWORK = NetworkSpec(
    way="state", units=32, dropout=0.1, forget_bias=5.0, forget_cap=0.99, epochs=0, least_updates=240,
    rates=(1e-2, 5e-3, 1e-3), batch=32, norm=1.0, epsilon=0.1, window=365, years=(1.0, 2.0), statics=True,
    target="stations", seed=1,
)  # fmt: skip
WINDOWS = replace(NETWORK, way="windows", batch=64)
METRICS = ("r", "anomaly_r", "ubrmse")
SEEDS = (2, 3)  # 1 is for development
START = 366  # days after which the second run starts


class Row(NamedTuple):
    """Scores of a method in a cell."""

    world: str
    seed: int
    layer: int
    method: str
    block: str
    cell: int
    r: float
    anomaly_r: float
    ubrmse: float


def experiment(kind: WorldKind, seed: int, members: int, asked: Entries) -> tuple[list[Row], list[dict[str, object]]]:
    """Scores in a world of the rivals and of what is asked for; how far apart runs from two starts are, by layer and year."""
    own = [entry for entry in asked if entry["world"] == kind]
    methods = {str(entry[side]) for entry in own for side in ("a", "b")}
    world = make(kind, seed)
    held, span, shut = left_out(SPLIT, LAST, world.sites.place, [""] * world.sites.pixel.size, world.sites.days)
    rows: list[Row] = []
    above, late = (np.empty((0, held.size, span.size - first), np.float32) for first in (0, START))
    apart: list[dict[str, object]] = []
    for layer in range(1, max(int(str(entry["layer"])) for entry in own) + 1):
        taught = np.where(shut[:, None] | span, np.float32(np.nan), world.targets[layer - 1])
        found = {name: rival(world, layer, taught) for name, rival in RIVALS.items()}
        ensemble = [trained(world.sites, above, taught, layer, n, NETWORK) for n in range(members)]
        found["network"] = simulated(ensemble, world.sites, above, "state", 365)[0]
        later = _later(world, ensemble, late)
        apart += _apart(found["network"][:, START:], later, {"world": kind, "seed": seed, "layer": layer})
        if layer == 1:
            found |= _ablations(world, taught, above, members, methods)
        for name, values in found.items():
            rows += _scores(values, world, held, span, (kind, seed, layer, name))
        above, late = (np.concatenate([a, b[None]]) for a, b in ((above, found["network"]), (late, later)))
    return rows, apart


def _ablations(world: World, taught: F4, above: F4, members: int, methods: set[str]) -> dict[str, F4]:
    """The first layer without statics, taught by the reanalysis' own soil moisture, and by windows."""
    made = {"no_statics": replace(NETWORK, statics=False), "taught_by_model": replace(NETWORK, target="model")}
    out = {}
    for name, network in (made | {"windows_by_windows": WINDOWS}).items():
        if name not in methods:
            continue
        ensemble = [trained(world.sites, above, taught, 1, n, network, name) for n in range(members)]
        if network.way == "windows":
            out[name] = _by_windows(world, ensemble, above)
        else:
            out[name] = simulated(ensemble, world.sites, above, "state", 365)[0]
    return out


def _by_windows(world: World, ensemble: list[Member], above: F4) -> F4:
    """The last two years, every day from its own window."""
    days = 731
    tail = replace(world.sites, forcing=world.sites.forcing[:, :, -days - 364 :])
    short = simulated(ensemble, tail, above[:, :, -days - 364 :], "windows", 365)[0][:, -days:]
    return np.concatenate([np.full((len(short), world.truth.shape[2] - days), np.nan, np.float32), short], axis=1)


def _later(world: World, ensemble: list[Member], late: F4) -> F4:
    """The same run with a start a year later."""
    return simulated(ensemble, replace(world.sites, forcing=world.sites.forcing[:, :, START:]), late, "state", 365)[0]


def _apart(early: F4, late: F4, said: dict[str, object]) -> Iterator[dict[str, object]]:
    for year in range(early.shape[1] // 365):
        part = slice(365 * year, 365 * year + 365)
        yield said | {"year": year + 1, "rms": float(np.sqrt(np.mean((early[:, part] - late[:, part]) ** 2)))}


def _scores(
    values: F4, world: World, held: NDArray[np.bool_], span: NDArray[np.bool_], said: tuple[str, int, int, str]
) -> list[Row]:
    lat, lon = world.sites.place
    rows = []
    for cell in np.flatnonzero(held):
        a, b = (each[cell, span].astype(np.float64) for each in (values, world.truth[said[2] - 1]))
        pair = (anomalies(one, 35, 10) for one in (a, b))
        block = f"{lat[cell] // SPLIT.block:g} {lon[cell] // SPLIT.block:g}"
        rows.append(Row(*said, block, int(cell), correlation(a, b), correlation(*pair), float((a - b).std())))
    return rows


def judged(rows: Sequence[Row], entry: dict[str, object]) -> dict[str, object]:
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
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--members", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("results/skill/somo"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    starts: list[dict[str, object]] = []
    entries: Entries = yaml.safe_load(Path(__file__).with_name("expectations.yaml").read_text())
    for seed in given.seeds:
        for kind in given.worlds:
            made = experiment(kind, seed, given.members, entries)
            rows, starts = rows + made[0], starts + made[1]
            _write(given.out / "scores.csv", [row._asdict() for row in rows])
            _write(given.out / "starts.csv", starts)
    for line in medians(rows):
        print(line)
    verdicts = [judged(rows, entry) for entry in entries if entry["world"] in given.worlds]
    _write(given.out / "expectations.csv", verdicts)
    for one in verdicts:
        print(
            *(one[k] for k in ("world", "layer", "metric", "a", "b", "expect", "came")),
            f"{one['low']:+.4f} {one['high']:+.4f}",
        )


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


def _write(path: Path, rows: Sequence[dict[str, object]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
