"""How fast SoMo.ml's network learns and runs: `python -m bench.somo.speed [--torch PYTHON]` prints a table, writes JSON.

Against torch, where a python with torch is named: the same start, the same batches, the same loss, one core each, the two
in turns; processor seconds, of each the best, because a shared machine's clock says little. Then a whole year of a tile
by its job, with reading and writing, and what that makes of the globe.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from rssm.cubes.cube import Cube, write_cube
from rssm.draws import mix, uniform
from rssm.grid import LatLonGrid
from rssm.nets.adam import Adam
from rssm.nets.ealstm import EaLstm, Memory, Runner, backward, forward, initial
from rssm.somo.lessons import Lesson, lesson
from rssm.somo.members import BLOCK, Member
from rssm.somo.specs import SimulateSpec
from rssm.somo.train import shorten

DYNAMIC, STATIC, UNITS, BATCH, RATE = 6, 10, 128, 256, 1e-3
UPDATES, TURNS = 4, 3
COLUMNS = (BLOCK, BATCH)
GLOBE, DAYS = 243_883, 8400  # cells of land, days from 1997 to 2019


def problem(steps: int, scored: int) -> dict[str, NDArray[np.float32]]:
    """Batches (update, …) of noise whose target is a slow mean of it, and a network to start from."""
    rng = np.random.default_rng(1)
    net = initial(DYNAMIC, STATIC, UNITS, 5.0, 1.0, uniform(mix(1, np.arange(60_000))))
    x = rng.normal(size=(UPDATES, steps, DYNAMIC, BATCH))
    slow = np.cumsum(x[:, :, 0] * 0.9 ** np.arange(steps)[::-1, None], axis=1)[:, -scored:]
    kept = (rng.random((UPDATES, UNITS, BATCH)) < 0.5) * 2.0
    made = {
        "x": x, "s": rng.normal(size=(UPDATES, STATIC, BATCH)), "y": slow, "kept": kept,
        "share": np.full((UPDATES, BATCH), 1 / (BATCH * scored)), "rate": np.array(RATE),
    }  # fmt: skip
    out = {name: np.asarray(values, np.float32) for name, values in made.items()}
    return out | {f"p_{name}": array.copy() for name, array in net.arrays.items()} | {"columns": np.array(COLUMNS)}


def ours(given: dict[str, NDArray[np.float32]]) -> tuple[list[float], list[float], list[float]]:
    """Losses and seconds of updates, and cell-days per second of running on."""
    net = EaLstm.of({name[2:]: array.copy() for name, array in given.items() if name.startswith("p_")}, 1.0)
    adam, losses, seconds = Adam(list(net.arrays.values()), RATE, epsilon=1e-8), [], []
    memory = Memory()
    steps, scored = given["x"].shape[1], given["y"].shape[1]
    columns = BATCH if steps <= 400 else BATCH // 2  # as `train.slope` does
    for x, s, y, kept, share in zip(*(given[name] for name in ("x", "s", "y", "kept", "share")), strict=True):
        start, loss = process_time(), 0.0
        total = {name: np.zeros_like(array) for name, array in net.arrays.items()}
        for at in range(0, BATCH, columns):
            part = slice(at, at + columns)
            xs, ss, keep = (np.ascontiguousarray(values[..., part]) for values in (x, s, kept))
            output, trace = forward(net, xs, ss, keep, steps - scored, None, memory)
            error = output - y[:, part]
            loss += float((error**2 * share[part]).sum())
            for name, gradient in backward(net, trace, ss, 2 * error * share[part], keep).items():
                total[name] += gradient
        shorten(total, 1.0)
        adam.step([total[name] for name in net.arrays])
        seconds.append(process_time() - start)
        losses.append(loss)
    return losses, seconds, [_run(net, given, columns) for columns in COLUMNS]


def _run(net: EaLstm, given: dict[str, NDArray[np.float32]], columns: int) -> float:
    """Cell-days per second of so many cells side by side."""
    x = np.ascontiguousarray(given["x"][0, :, :, :columns])
    best = np.inf
    for _ in range(3):
        runner = Runner(net, np.ascontiguousarray(given["s"][0, :, :columns]))
        start = process_time()
        runner.run(x)
        best = min(best, process_time() - start)
    return float(x.shape[0] * columns / best)


def duel(torch: str, steps: int, scored: int) -> dict[str, float]:
    """Ours against torch's."""
    given, mine, theirs = problem(steps, scored), [], []
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        np.savez(f"{folder}/problem.npz", allow_pickle=False, **given)
        for _ in range(TURNS):
            mine.append(ours(given))
            call = [
                torch,
                str(Path(__file__).with_name("torch_rival.py")),
                f"{folder}/problem.npz",
                f"{folder}/out.npz",
            ]
            subprocess.run(call, check=True, env=environment)
            found = np.load(f"{folder}/out.npz")
            theirs.append((found["losses"], found["seconds"], found["runs"]))
    out = {"step_s": min(min(one[1]) for one in mine), "torch_step_s": min(min(one[1]) for one in theirs)}
    out["step_ratio"] = out["torch_step_s"] / out["step_s"]
    out["loss"], out["torch_loss"] = float(mine[0][0][-1]), float(theirs[0][0][-1])
    for k, columns in enumerate(COLUMNS):
        run, other = (max(float(one[2][k]) for one in all_) for all_ in (mine, theirs))
        out |= {f"cell_days_per_s_{columns}": run, f"torch_{columns}": other, f"run_ratio_{columns}": run / other}
    return out


def tile(units: int = UNITS) -> dict[str, float]:
    """Processor seconds of the job of a year of a tile of 10°, all layers, one member, whose cubes hold 23 years."""
    grid, rng = LatLonGrid(0.25, 90, -60), np.random.default_rng(1)
    row, column = np.divmod(np.arange(1600), 40)
    pixel = ((row + 160) * grid.columns + column + 720).astype(np.int32)

    def cube(name: str, values: NDArray[np.float32], calendar: str) -> Cube:
        steps, ends = np.arange(values.shape[1], dtype=np.int32), np.array([0, 1600], np.int32)
        return Cube(name, "1", values, pixel, ("all",), ends, steps, calendar, grid.id)

    names = [[f"{kind}{k}" for k in range(number)] for kind, number in (("D", DYNAMIC), ("S", STATIC))]
    with tempfile.TemporaryDirectory() as folder:
        series = rng.normal(size=(1600, DAYS)).astype(np.float32)
        write_cube(f"{folder}/d.nc", *(cube(name, series, "day") for name in names[0]))
        fixed = rng.normal(size=(1600, 1)).astype(np.float32)
        write_cube(f"{folder}/s.nc", *(cube(name, fixed, "static") for name in names[1]))
        _write_inputs(folder, names, pixel, units)
        spec = SimulateSpec(grid.id, (0, 364), 0, 3, "state", 365, 1000.0)
        call = _job(folder, spec)
        start = os.times()
        subprocess.run(call, check=True)
        end = os.times()
    seconds = end.children_user + end.children_system - start.children_user - start.children_system
    hours = seconds * (GLOBE / 1600) * (DAYS / 365) / 3600
    return {
        "tile_year_s": seconds,
        "globe_core_hours_a_member": hours,
        "tile_cell_days_per_s": 1600 * 365 * 3 / seconds,
    }


def _job(folder: str, spec: SimulateSpec) -> list[str]:
    from rssm.spec import canonical

    inputs = ["--networks", *(f"{folder}/n{n}.nc" for n in (1, 2, 3)), "--cubes", f"{folder}/d.nc", f"{folder}/s.nc"]
    inputs += ["--calibration", f"{folder}/c.tsv", "--near", f"{folder}/near.nc"]
    out = ["--out", f"{folder}/out.nc", f"{folder}/state.nc"]
    return [sys.executable, "-m", "rssm", "somo-simulate", "2000", "N40E000", *inputs, "--spec", canonical(spec), *out]


def _write_inputs(folder: str, names: list[list[str]], pixel: NDArray[np.int32], units: int) -> None:
    """Networks, calibration and distances."""
    from rssm.somo.near import NEAR
    from rssm.somo.uncertainty import COLUMNS as HEAD
    from rssm.tsv import write_tsv

    rng = np.random.default_rng(2)
    for layer in (1, 2, 3):
        inputs = (*names[0], *(f"layer{n}" for n in range(1, layer)))
        shape = (len(inputs), 4, 400)
        taught: Lesson = lesson(rng.normal(size=shape).astype("f4"), rng.normal(size=(STATIC, 4)).astype("f4"),
                                rng.normal(size=shape[1:]).astype("f4"), 0.1, True)  # fmt: skip
        net = initial(len(inputs), STATIC, units, 5.0, 1.0, uniform(mix(1, np.arange(90_000))))
        losses = np.zeros(1, np.float32)
        Member(layer, 0, inputs, tuple(names[1]), True, net, taught.scales, losses).write(f"{folder}/n{layer}.nc")
    write_tsv(f"{folder}/c.tsv", HEAD, [(n, 0.03, 1.0, 1, 1, 1) for n in (1, 2, 3)])
    with NEAR.created(f"{folder}/near.nc") as file:
        file.createDimension("pixel", pixel.size)
        file.createVariable("pixel", "i4", ("pixel",))[:] = pixel
        file.createVariable("distance", "f4", ("pixel",))[:] = 0


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", help="a python that has torch")
    parser.add_argument("--out", type=Path, default=Path("results/bench/somo_speed.json"))
    arguments = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    if arguments.torch:
        figures["windows"] = duel(arguments.torch, 365, 1)
        figures["sequences"] = duel(arguments.torch, 730, 365)
    else:
        _, seconds, runs = ours(problem(365, 1))
        figures["windows"] = {
            "step_s": min(seconds),
            **{f"cell_days_per_s_{c}": r for c, r in zip(COLUMNS, runs, strict=True)},
        }
    figures["tile"] = tile()
    for name, part in figures.items():
        for label, number in part.items():
            print(f"{name:10} {label:26} {number:12.4g}")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
