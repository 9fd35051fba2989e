"""Gaps made on purpose like the real ones, and how well each way fills them: `python -m bench.worlds.filling`.

The estimate of a toy Earth of which one day in each dekad is seen, as in the demo, or (`--run`) that of a finished run. Its own gaps are laid on the
same dekads three years later, where they hide values; snow and ice, as ASCAT reports them, stay hidden throughout.
`sensors`: nothing was seen there; `frost`: frozen at the time.

ring        mean of the nearest ring
season      mean year, and the mean departure of that ring from it
departures  as `rssm.product.values.departures`
space       as that, without the dekads before and after
dct, dct_departures  penalised least squares in the cosine domain, in space and time (Garcia 2010; Wang et al. 2012), of
            values and of departures from the mean year
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn

from bench.worlds.experiment import WORLDS
from rssm.calendar import DEKADS
from rssm.config.load import read_yaml
from rssm.cubes.place import window_index
from rssm.land import read_land
from rssm.one_process import fused_rounds, make_world, matched_products, run_rounds
from rssm.product.values.departures import Departures, fill_step
from rssm.product.values.mean_year import LEAST, WINDOW
from rssm.product.values.sources import Maps
from rssm.toy.composites import composite, true_moisture
from rssm.toy.truth import Earth
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import REPOSITORY
from rssm.worlds.scores import Row, write_csv

F32 = NDArray[np.float32]
SHIFT = 3 * DEKADS.seasons  # dekads by which gaps are moved
RADIUS = 10
PENALTY, IN_TIME, ITERATIONS = 0.1, 0.2, 40  # of the cosine domain: chosen on seeds 1 and 2 of world `paper`
DISTANCES = {"all": (1, 10), "1": (1, 1), "2-3": (2, 3), "4-6": (4, 6), "7-10": (7, 10)}


class Scene(NamedTuple):
    """Maps of a world (dekad, row, column)."""

    estimate: F32
    truth: F32
    cold: NDArray[np.bool_]
    step: NDArray[np.integer]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.worlds.filling", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"), help="region, plan and settings")
    parser.add_argument("--worlds", nargs="+", default=[*WORLDS], choices=[*WORLDS])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4])
    parser.add_argument(
        "--run", type=Path, help="folder of a finished run on a toy Earth, in place of worlds and seeds"
    )
    parser.add_argument("--out", type=Path, default=Path("results/skill/filling.csv"))
    given = parser.parse_args(arguments)
    settings, _ = read_yaml(given.config)
    rows: list[Row] = []
    if given.run:
        rows += scores(finished(settings, given.run))
    for name in () if given.run else given.worlds:
        for seed in given.seeds:
            made = scene(settings, name, seed)
            rows += [{"world": name, "seed": seed} | row for row in scores(made)]
            print(f"{name} {seed}", flush=True)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    write_csv(given.out, rows)
    print(summary(rows))
    return 0


def scene(settings: Mapping[str, Any], name: str, seed: int) -> Scene:
    """The fused estimate of a world, with one chain and one day seen of each dekad."""
    toy = {**(settings.get("toy") or {}), "world": name, "seed": seed, "days_per_dekad": 1}
    workflow = Rounds(scope_of({**settings, "plan": {"train": "reachable"}, "chains": 1, "toy": toy}, REPOSITORY))
    scope, world = workflow.scope, make_world(workflow.scope)
    _, cube = fused_rounds(workflow, world, run_rounds(workflow, world), matched_products(workflow, world))
    _, position = window_index(cube.pixel, world.window, scope.grid)

    def maps(values: F32) -> F32:
        out = np.full((len(cube.step), world.window.rows * world.window.columns), np.nan, np.float32)
        out[:, position] = values.T
        return out.reshape(len(cube.step), world.window.rows, world.window.columns)

    return Scene(maps(cube.values), maps(world.truth.at(cube.step, scope.calendar)), cold(scope, cube.step), cube.step)


def finished(settings: Mapping[str, Any], root: Path) -> Scene:
    """The maps of a finished run on a toy Earth that its data set is made of."""
    scope = scope_of(settings, root)
    assert isinstance(scope, RsssmScope) and scope.run.toy is not None
    rounds, maps = scope.plan.rounds, root / scope.paths.results / "maps"
    indices = [str(path) for name in rounds for path in sorted((maps / f"{scope.estimate}-{name}").glob("*.json"))]
    read, step = Maps.of(indices, scope.grid, scope.calendar), np.array(scope.run.steps)
    of_step = {at: f"{scope.estimate}-{name}" for name in rounds for at in scope.plan.simulated(name)}
    estimate = np.stack([read.value(of_step.get(at, ""), at, scope.area.window) for at in scope.run.steps])
    truth = true_moisture(scope.run.toy, scope.area, scope.run.steps, scope.calendar)
    truth = np.where(read_land(scope.land, scope.grid, scope.area.window), truth, np.float32(np.nan))
    return Scene(estimate, truth, cold(scope, step), step)


def cold(scope: RsssmScope, steps: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Where it is frozen (dekad, row, column): ASCAT sees every pixel in a dekad unless it is."""
    assert scope.run.toy is not None
    earth, calendar, window = Earth(scope.run.toy, scope.area), scope.calendar, scope.area.window
    at_step = {step: at for at, step in enumerate(steps.tolist())}
    out = np.zeros((steps.size, window.rows, window.columns), np.bool_)
    for year in sorted({calendar.year_of(int(step)) for step in steps}):
        of_year = [step for step in calendar.year(year) if step in at_step]
        out[[at_step[step] for step in of_year]] = np.isnan(composite(earth, "ASCAT-SWI", of_year, calendar))
    return out


def scores(scene: Scene) -> Iterator[Row]:
    """Errors against the truth and against what was hidden, by kind of gap, distance and method."""
    land = np.asarray(np.isfinite(scene.truth).any(axis=0))
    bare = np.where(scene.cold, np.float32(np.nan), scene.estimate)
    gaps = np.isnan(scene.estimate) & land
    for kind, mine in {"sensors": gaps & ~scene.cold, "frost": gaps & scene.cold}.items():
        hidden = np.roll(mine, SHIFT, axis=0) & np.isfinite(bare)
        filled, stated, distance = fillings(np.where(hidden, np.float32(np.nan), bare), scene, land)
        filled["hidden"] = bare
        for label, (low, high) in DISTANCES.items():
            at = hidden & (distance >= low) & (distance <= high)
            for method, values in filled.items():
                error = (values - scene.truth)[at].astype(np.float64)
                apart = (values - bare)[at].astype(np.float64)
                sigma = np.sqrt(stated[method][at]) if method in stated else np.full(error.shape, np.nan)
                yield {
                    "gap": kind,
                    "distance": label,
                    "method": method,
                    "n": int(at.sum()),
                    "squares": float(np.square(error).sum()),
                    "sum": float(error.sum()),
                    "squares_hidden": float(np.square(apart).sum()),
                    "variance": float(np.square(sigma).sum()),
                    "within": int(np.count_nonzero(abs(error) < sigma)),
                }


def fillings(known: F32, scene: Scene, land: NDArray[np.bool_]) -> tuple[dict[str, F32], dict[str, F32], NDArray[Any]]:
    """Maps filled by each method; the variance that some state; and the distances."""
    season = scene.step % DEKADS.seasons
    mean = mean_year(known, season)[season]
    mean = np.where(np.isnan(mean), np.nanmean(known, axis=0), mean)  # a pixel in a thousand; so that methods share all
    departure, gap = known - mean, np.full(known.shape[1:], np.nan, np.float32)
    error = np.float32(np.nanmean(np.square(scene.estimate - scene.truth)))
    filled = {name: known.copy() for name in ("ring", "season", "space", "departures")}
    stated = {name: np.full(known.shape, np.nan, np.float32) for name in ("ring", "space", "departures")}
    distance = np.zeros(known.shape, np.int16)
    for at in np.flatnonzero((np.isnan(known) & land).any(axis=(1, 2))):
        first, last = season[at] == 0, season[at] == DEKADS.seasons - 1 or at == len(known) - 1
        beside = gap if first or at == 0 else departure[at - 1], gap if last else departure[at + 1]
        variance = np.where(np.isnan(known[at]), np.float32(np.nan), error)
        ways = {
            "ring": None,
            "space": Departures(mean[at], departure[at], gap, gap),
            "departures": Departures(mean[at], departure[at], *beside),
        }
        for name, way in ways.items():
            out = fill_step(known[at], variance, land, scene.cold[at], RADIUS, False, way)
            filled[name][at], stated[name][at], distance[at] = out.values, out.variance, out.distance
        rest = fill_step(departure[at], variance, land, scene.cold[at], RADIUS)
        filled["season"][at] = rest.values + mean[at]
    whole = np.float32(np.nanmean(known))
    filled["dct"] = cosine(np.where(land, known - whole, np.nan)) + whole
    filled["dct_departures"] = cosine(np.where(land, departure, np.nan)) + mean
    return filled, stated, distance


def mean_year(known: F32, season: NDArray[np.integer]) -> F32:
    """As the job of that name: mean (season, row, column) over a window of the year and all years."""
    out = np.full((DEKADS.seasons, *known.shape[1:]), np.nan, np.float32)
    for at in range(DEKADS.seasons):
        near = (season - at + WINDOW // 2) % DEKADS.seasons < WINDOW
        count = np.isfinite(known[near]).sum(axis=0)
        np.divide(np.nansum(known[near], axis=0), count, out=out[at], where=count >= LEAST)
    return out


def cosine(known: F32) -> F32:
    """Penalised least squares of maps (time, row, column) with gaps: missing values have no weight."""
    there, smooth = np.isfinite(known), np.zeros(known.shape, np.float32)
    weights = (IN_TIME, 1.0, 1.0)
    roughness = np.zeros(known.shape, np.float32)
    for axis, (weight, size) in enumerate(zip(weights, known.shape, strict=True)):
        shape = [-1 if axis == other else 1 for other in range(known.ndim)]
        roughness += np.float32(weight) * (2 - 2 * np.cos(np.pi * np.arange(size, dtype=np.float32) / size)).reshape(
            shape
        )
    for penalty in np.geomspace(1000, PENALTY, ITERATIONS, dtype=np.float32):
        found = dctn(np.where(there, known, smooth), norm="ortho") / (1 + penalty * roughness**2)
        smooth += np.float32(1.5) * (idctn(found, norm="ortho") - smooth)
    return np.where(there, known, smooth)


def summary(rows: Sequence[Row]) -> str:
    """All worlds and seeds together, 10⁻³ m³ m⁻³."""
    lines = ["gap      distance method          n       rmse   bias ubrmse | to hidden | stated within"]
    for key in dict.fromkeys((row["gap"], row["distance"], row["method"]) for row in rows):
        same = [row for row in rows if (row["gap"], row["distance"], row["method"]) == key]
        n, squares, total, hidden, variance, within = (
            sum(row[name] for row in same) for name in ("n", "squares", "sum", "squares_hidden", "variance", "within")
        )
        bias, mse = total / n, squares / n
        found = [1e3 * value for value in (mse**0.5, bias, max(mse - bias**2, 0) ** 0.5, (hidden / n) ** 0.5)]
        lines.append(
            f"{key[0]:8s} {key[1]:8s} {key[2]:14s} {n:7d} {found[0]:6.1f} {found[1]:6.1f} {found[2]:6.1f} |"
            f" {found[3]:9.1f} | {1e3 * (variance / n) ** 0.5:6.1f} {within / n:.2f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
