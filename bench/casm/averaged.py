"""`python -m bench.casm.averaged`: RSSSM as a rival of CASM, on the same truth, brought to the same pixels and steps.

RSSSM estimates dekads on 0.1°; area means give the 25 km of CASM, and a step of three days takes the dekads that it lies in.
A dekad cannot follow three days, so both are also scored on means of dekads. Values count where all methods have one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.casm.experiment import SETTINGS, periods
from bench.casm.method import casm, joined
from bench.casm.rivals import back_in_time, matched, regression, season
from bench.casm.run import judge
from bench.casm.world import CALENDAR, GRID, REGION, World, make_world
from bench.worlds.experiment import SHARES, toy_settings, workflow_of
from rssm.archive.grids import native_of
from rssm.calendar import DEKADS
from rssm.config.load import read_yaml
from rssm.config.toy import Toy
from rssm.cubes.place import scatter, window_index
from rssm.grid import Area, grid_of
from rssm.ingest.regrid import box_for, plan_regrid
from rssm.one_process import fused_rounds, joint_fits, matched_products, run_rounds, series
from rssm.one_process import make_world as make_rsssm_world
from rssm.toy.composites import true_moisture
from rssm.toy.truth import COARSE
from rssm.workflow.scope import REPOSITORY
from rssm.worlds.scores import Row, score, write_csv

F4 = NDArray[np.float32]
WORLDS = ("paper", "hidden", "drift")
ARTICLE, PRODUCT = "rsssm", "rsssm_product"  # the article's chain, and what profile `product` publishes


@dataclass(frozen=True)
class Dekadal:
    """What RSSSM says of the pixels of a world (pixel, dekad), and two versions of the truth that ought to agree.

    truth  of all days of a dekad; its own: of RSSSM's pixels of 0.1°, averaged as its estimates are
    """

    steps: NDArray[np.integer]
    values: dict[str, F4]
    truth: F4
    own_truth: F4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run worlds and seeds, and write the tables after each."""
    parser = argparse.ArgumentParser(prog="python -m bench.casm.averaged", description=__doc__)
    parser.add_argument("--worlds", nargs="+", default=WORLDS, choices=WORLDS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[11, 12, 13])
    parser.add_argument("--out", type=Path, default=Path("results/skill/casm"))
    given = parser.parse_args(arguments)
    tables: dict[str, list[Row]] = {"averaged": [], "truths": []}
    for seed in given.seeds:
        for name in given.worlds:
            about: Row = {"world": name, "seed": seed}
            world = make_world(name, seed)
            dekadal = rsssm(name, seed, world.cubes["SMAP"][0].pixel)
            tables["truths"].append(about | truths(world, dekadal))
            tables["averaged"] += [about | row for row in compared(world, dekadal, seed)]
            for table, rows in (*tables.items(), ("expectations_averaged", judge(tables))):
                write_csv(given.out / f"{table}.csv", rows)
            print(f"world {name}, seed {seed}", flush=True)
    return 0


def rsssm(name: str, seed: int, wanted: NDArray[np.integer]) -> Dekadal:
    """The article's chain and the mean of fusion and joint fit, on the region and the truth of CASM's world.

    wanted  pixels of CASM's world
    """
    settings, _ = read_yaml(REPOSITORY / "config/config.yaml")
    region = {"south": REGION.south, "north": REGION.north, "west": REGION.west, "east": REGION.west + REGION.degrees}
    workflow = workflow_of({**settings, "region": region}, REPOSITORY, name, seed)
    world = make_rsssm_world(workflow.scope, COARSE)
    rounds, products, steps = run_rounds(workflow, world), matched_products(workflow, world), world.truth.step
    fits = joint_fits(workflow, world)
    together = fused_rounds(workflow, world, rounds, products, SHARES["fused_joint"], fits)[1]
    values = {ARTICLE: series(rounds, steps), PRODUCT: together.at(steps, DEKADS)}
    pixels, area = world.truth.pixel, Area(world.truth.grid_id, REGION)
    toy = Toy.model_validate(toy_settings({}, name, seed))
    whole = true_moisture(toy, Area(GRID.id, REGION), steps.tolist(), DEKADS)
    _, position = window_index(wanted, GRID.window(REGION), GRID)
    return Dekadal(
        steps,
        {method: area_means(each, pixels, area)[position] for method, each in values.items()},
        whole.reshape(len(steps), -1).T[position],
        area_means(world.truth.values, pixels, area)[position],
    )


def area_means(values: F4, pixels: NDArray[np.integer], area: Area) -> F4:
    """Values (pixel, step) of an area as means over the areas of all pixels of CASM's window (pixel, step)."""
    native, window = native_of(grid_of(area.grid_id)), GRID.window(area.region)
    box, inside = box_for(native, GRID, window), area.window
    regrid = plan_regrid(native, box, GRID, window)
    whole = np.full((box.rows.stop - box.rows.start, box.columns.stop - box.columns.start), np.nan, np.float32)
    top, left = inside.row - box.rows.start, inside.column - box.columns.start
    out = np.empty((window.rows * window.columns, values.shape[1]), np.float32)
    for step, each in enumerate(scatter(values.T.copy(), pixels, inside, area.grid)):
        _lay(each, whole, top, left)
        out[:, step] = regrid(whole).ravel()
    return out


def _lay(part: F4, whole: F4, top: int, left: int) -> None:
    """Lay a map on another whose edges lie beside its own, as far as it reaches."""
    rows = slice(max(top, 0), min(top + part.shape[0], whole.shape[0]))
    columns = slice(max(left, 0), min(left + part.shape[1], whole.shape[1]))
    whole[rows, columns] = part[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]


def shared_days(steps: NDArray[np.integer], dekads: NDArray[np.integer]) -> F4:
    """Days that steps of three days and dekads have in common (step, dekad)."""
    edges = [
        [[calendar.start(int(at)).toordinal(), calendar.end(int(at)).toordinal() + 1] for at in each]
        for calendar, each in ((CALENDAR, steps), (DEKADS, dekads))
    ]
    three, ten = (np.array(each) for each in edges)
    shared = np.minimum(three[:, 1, None], ten[:, 1]) - np.maximum(three[:, 0, None], ten[:, 0])
    return np.maximum(shared, 0).astype(np.float32)


def weighted(values: F4, days: F4) -> F4:
    """Means (pixel, other step) of values (pixel, step) by the days that both steps share (step, other step)."""
    known = np.isfinite(values)
    total, weight = np.where(known, values, 0) @ days, known.astype(np.float32) @ days
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)


def compared(world: World, dekadal: Dekadal, seed: int) -> list[Row]:
    """Scores of all methods, in steps of three days and in dekads."""
    usual, days = season(world), shared_days(world.steps, dekadal.steps)
    three = {
        "casm": joined(casm(world, SETTINGS, seed))[0],
        "cycle": usual,
        "regression": back_in_time(regression, world),
        "matched": back_in_time(matched, world),
    }
    ten = {name: weighted(value, days) for name, value in three.items()} | dekadal.values
    three |= {name: weighted(value, days.T) for name, value in dekadal.values.items()}
    before = periods(world)
    chosen = {name: before[name] for name in ("smos", "amsre")}
    whole = {name: (days[~each].sum(axis=0) == 0) & (days.sum(axis=0) > 0) for name, each in chosen.items()}
    return [
        *scored(three, world.truth, usual, world.steps, chosen, ""),
        *scored(ten, dekadal.truth, weighted(usual, days), dekadal.steps, whole, " in dekads"),
    ]


def scored(
    methods: dict[str, F4],
    truth: F4,
    usual: F4,
    steps: NDArray[np.integer],
    chosen: dict[str, NDArray[np.bool_]],
    suffix: str,
) -> list[Row]:
    """Scores where all methods have a value; the trend of the error is that of the whole time."""
    calendar = DEKADS if suffix else CALENDAR
    common = np.all([np.isfinite(value) for value in methods.values()], axis=0)
    years = np.array([calendar.start(int(step)).toordinal() for step in steps]) / 365.25
    rows: list[Row] = []
    for method, value in methods.items():
        kept = np.where(common, value, np.nan).astype(np.float32)
        slope = trend(kept - truth, years)
        for name, within in chosen.items():
            ours, true = (kept - usual)[:, within], (truth - usual)[:, within]
            known = np.isfinite(ours)
            r = np.nan if method == "cycle" else float(np.corrcoef(ours[known], true[known])[0, 1])
            about: Row = {"method": method, "period": name + suffix, "residual_r": r, "trend": slope}
            rows.append(about | score(kept, truth, steps, within, calendar)._asdict())
    return rows


def trend(error: F4, years: NDArray[np.floating]) -> float:
    """Mean over pixels of the trend of an error (pixel, step), m³ m⁻³ per decade."""
    known = np.isfinite(error)
    time = np.where(known, years / 10, 0)
    time = np.where(known, time - time.sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1), 1)[:, None], 0)
    return float(np.mean((time * np.nan_to_num(error)).sum(axis=1) / np.square(time).sum(axis=1)))


def truths(world: World, dekadal: Dekadal) -> Row:
    """How well the truths agree: dekads of CASM's steps, and RSSSM's own, beside that of all days of a dekad."""
    days = shared_days(world.steps, dekadal.steps)
    inside = days.sum(axis=0) >= 8
    found: Row = {}
    for name, value in (("of_steps", weighted(world.truth, days)), ("of_rsssm", dekadal.own_truth)):
        apart = (value - dekadal.truth)[:, inside]
        known = np.isfinite(apart)
        r = np.corrcoef(value[:, inside][known], dekadal.truth[:, inside][known])[0, 1]
        found |= {f"r_{name}": float(r), f"rmse_{name}": float(np.sqrt(np.mean(np.square(apart[known]))))}
    return found


if __name__ == "__main__":
    raise SystemExit(main())
