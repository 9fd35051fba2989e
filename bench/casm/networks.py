"""`python -m bench.casm.networks`: how large a network pays on a land of many different places?

A toy land is put together of blocks of 4°, drawn by hash from all that are land, so that places differ as those of the globe do.
Networks of several sizes learn with the epochs and the rate of profile `product`; held-out patches judge them, and the truth
where SMAP would have had a value: over thawed ground without snow.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from bench.casm.experiment import periods
from bench.casm.method import Settings, cycles, observed, trained
from bench.casm.rivals import season
from bench.casm.run import judge
from bench.casm.world import CALENDAR, CHANNELS, GRID, World, make_world, span
from rssm.blocks import Blocks
from rssm.casm.estimate import inputs_of
from rssm.casm.members import Member, in_blocks
from rssm.casm.samples import Target, departures, places
from rssm.draws import mix, uniform
from rssm.grid import Region
from rssm.nets.mlp import predict
from rssm.workflow.scope import REPOSITORY
from rssm.worlds.scores import Row, write_csv

F4 = NDArray[np.float32]
SIZES = {"3 × 32": (32,) * 3, "3 × 64": (64,) * 3, "4 × 128": (128,) * 4, "5 × 256": (256,) * 5}
LARGE = "4 × 128"  # what others are held against
PRODUCT = Settings(epochs=10, rate=1e-3, members=2, held_out=Blocks("patches", 0.2, degrees=3.0))
SIDE, SOUTH, NORTH = 4, -56, 68  # degrees, of blocks and of where they are
EVERY = 5  # steps without the target, one of so many is scored


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare sizes on seeds, and write the tables after each."""
    parser = argparse.ArgumentParser(prog="python -m bench.casm.networks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["3 × 32", "3 × 64", LARGE], choices=SIZES)
    parser.add_argument("--seeds", nargs="+", type=int, default=[11, 12])
    parser.add_argument("--blocks", type=int, default=16, help="blocks of 4° of land")
    parser.add_argument(
        "--shares", nargs="+", type=float, default=[0.2], help="of the rows, to learn from; the last is judged"
    )
    parser.add_argument("--out", type=Path, default=Path("results/skill/casm"))
    given = parser.parse_args(arguments)
    rows: list[Row] = []
    for seed in given.seeds:
        world = together([make_world("paper", seed, region) for region in blocks(given.blocks)])
        for share in given.shares:
            of_sizes: list[Row] = []
            for name in given.sizes:
                of_sizes += compared(world, replace(PRODUCT, hidden=SIZES[name], share=share), name, seed)
                print(*of_sizes[-2:], sep="\n", flush=True)
            about: Row = {"world": "lands", "seed": seed, "share": share}
            rows += [about | row | {"behind": behind(row, of_sizes)} for row in of_sizes]
            judged = [row for row in rows if row["share"] == given.shares[-1]]
            write_csv(given.out / "networks.csv", rows)
            write_csv(given.out / "expectations_networks.csv", judge({"networks": judged}))
    return 0


def blocks(count: int) -> list[Region]:
    """Blocks of land, the first so many in an order by hash."""
    with rasterio.open(REPOSITORY / "resources" / GRID.id / "land.tif") as source:
        land = source.read(1) == 1
    every = [
        Region(south, south + SIDE, west, SIDE)
        for south in range(SOUTH, NORTH, SIDE)
        for west in range(-180, 180, SIDE)
    ]
    windows = [GRID.window(region) for region in every]
    share = [land[w.row : w.row + w.rows, w.column : w.column + w.columns].mean() for w in windows]
    whole = [region for region, covered in zip(every, share, strict=True) if covered >= 0.9]
    order = np.argsort(uniform(mix(1, 0, np.arange(len(whole)))))
    return [whole[at] for at in order[:count]]


def together(worlds: Sequence[World]) -> World:
    """Worlds of several places as one."""
    first = worlds[0]

    def joined(sensor: str, number: int):  # type: ignore[no-untyped-def]
        cubes = [world.cubes[sensor][number] for world in worlds]
        pixel = np.concatenate([cube.pixel for cube in cubes])
        values = np.concatenate([cube.values for cube in cubes])
        return replace(cubes[0], pixel=pixel, values=values, zone_start=np.array([0, pixel.size], np.int32))

    cubes = {sensor: [joined(sensor, number) for number in range(len(each))] for sensor, each in first.cubes.items()}
    truth, like = (np.concatenate([getattr(world, name) for world in worlds]) for name in ("truth", "like"))
    return World(cubes, first.steps, truth, like)


def compared(world: World, settings: Settings, name: str, seed: int) -> list[Row]:
    """Scores of a size in years that SMOS alone sees, and in those that AMSR-E alone sees."""
    start = time.process_time()
    smap, overlap = observed(world, settings), (span("SMOS")[0], span("AMSR-E")[1])
    rows, smos = trained(world, "SMOS", smap, span("SMAP"), settings, seed)
    _, before = trained(world, "AMSR2", smap, span("SMAP"), settings, seed)
    taught = departing(world, "SMOS", smos, np.arange(overlap[0], overlap[1] + 1))
    teacher = Target(taught, np.zeros_like(taught))
    _, amsre = trained(world, "AMSR-E", teacher, overlap, settings, seed, before)
    about: Row = {
        "method": name,
        "rows": int(np.count_nonzero(rows.held_out == 0)),
        "seconds": time.process_time() - start,
    }
    found: list[Row] = []
    for period, sensor, members in (("smos", "SMOS", smos), ("amsre", "AMSR-E", amsre)):
        chosen = np.flatnonzero(periods(world)[period])[::EVERY]
        said = departing(world, sensor, members, world.steps[chosen])
        true = (world.truth - season(world))[:, chosen]
        known = np.isfinite(said) & np.isfinite(true) & np.isfinite(world.like[:, chosen])  # thawed, without snow
        found.append(
            about
            | {
                "period": period,
                "rmse": float(np.mean([np.sqrt(member.losses[-1]) for member in members])),
                "residual_r": float(np.corrcoef(said[known], true[known])[0, 1]),
                "error": float(np.sqrt(np.mean(np.square(said[known] - true[known])))),
            }
        )
    return found


def departing(world: World, sensor: str, members: Sequence[Member], steps: NDArray[np.integer]) -> F4:
    """What members say in some steps, on average (pixel, step): departures from the target's season, m³ m⁻³."""
    seen = world.cubes[sensor]
    of_channels = departures(seen, cycles(world, sensor, 1), steps, CALENDAR)
    x = inputs_of(members[0], of_channels, places(seen[0].pixel, GRID.id), tuple(CHANNELS[sensor]))
    valid = np.isfinite(x).all(axis=0)
    rows = x[:, valid].T
    out = np.full(valid.shape, np.nan, np.float32)
    said = [predict(member.network, in_blocks((rows - member.mean) / member.spread)) for member in members]
    out[valid] = np.mean(said, axis=0).ravel()[: len(rows)]
    return out


def behind(row: Row, others: Sequence[Row]) -> float:
    """By how much a size's residual r lies behind that of the large one, in the same period."""
    large = [other for other in others if other["method"] == LARGE and other["period"] == row["period"]]
    return float(large[0]["residual_r"] - row["residual_r"]) if large else np.nan


if __name__ == "__main__":
    raise SystemExit(main())
