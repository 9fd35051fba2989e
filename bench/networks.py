"""The trainer against ready-made ones: `python -m bench.networks` prints a table and writes JSON.

All methods get the same training and validation points of the same synthetic zones, one zone after the other in one
process on one core, and are judged by the expected error on fresh points. scikit-learn's networks have the same seven
tanh nodes, standardised inputs and targets. Times are processor seconds, since a shared machine's clock says little.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.draws import seed_key

os.environ["NUMBA_OPT"] = "0"  # as where kernels are compiled: numba's pieces are optimised as a whole

PRODUCTS, FACTORS = 4, 9
PIXELS, DEKADS = 100, 135
FRESH = 4000  # points that judge
NOISE = (0.75, 0.85, 0.90, 0.95, 0.98)  # largest possible R² of a zone


class Zone(NamedTuple):
    """Points of a synthetic zone, the roles they have, and what is true at fresh ones."""

    x: NDArray[np.float32]  # (input, point)
    y: NDArray[np.float32]  # (point,)
    labels: NDArray[np.uint8]
    fresh: NDArray[np.float32]  # (input, point)
    truth: NDArray[np.float64]  # (point,) without noise
    sigma: float  # of the noise
    dekad: NDArray[np.int64]  # (point,)

    def error(self, estimate: NDArray[np.floating]) -> float:
        """Expected RMSE of an estimate at the fresh points, their noise included."""
        return float(np.sqrt(self.sigma**2 + np.mean((estimate - self.truth) ** 2)))


def make_zone(seed: int, number: int) -> Zone:
    """A zone of 100 … 13 500 points whose target is a function of all inputs that seven nodes cannot represent."""
    rng = np.random.default_rng([seed, number])
    season = np.sin(2 * np.pi * (np.arange(DEKADS) / 36 + rng.random()))
    slow = np.convolve(rng.normal(size=DEKADS + 8), np.ones(9) / 3, "valid")
    place = rng.normal(size=(PIXELS, 1))
    moisture = 0.22 + 0.04 * season + 0.02 * slow + 0.03 * place + 0.012 * rng.normal(size=(PIXELS, DEKADS))
    inputs = []
    for _ in range(PRODUCTS):
        gain, bend, offset = 1 + 0.3 * rng.normal(), rng.normal(), 0.05 * rng.normal()
        clean = offset + gain * moisture + bend * (moisture - 0.22) ** 2 + 0.01 * place * rng.normal()
        inputs.append(clean + (0.01 + 0.02 * rng.random()) * rng.normal(size=moisture.shape))
    whole = np.ones_like(moisture)
    lai = np.clip(2 + 1.5 * season + place + 0.2 * rng.normal(size=moisture.shape), 0, 7)
    lst = 288 + 12 * np.roll(season, 3) - 2 * place + 1.5 * rng.normal(size=moisture.shape)
    cover = rng.choice([1.0, 4.0, 7.0, 10.0, 12.0], (PIXELS, 1)) if rng.random() < 0.9 else 10.0
    static = [cover * whole] + [rng.gamma(2.0, size=(PIXELS, 1)) * whole for _ in range(FACTORS - 3)]
    x = np.stack([*inputs, lai, lst, *static]).reshape(PRODUCTS + FACTORS, -1)
    z = (x - x.mean(1, keepdims=True)) / np.maximum(x.std(1, keepdims=True), 1e-9)
    weight = np.r_[np.full(PRODUCTS, 0.45), np.full(FACTORS, 0.25)]
    nodes = np.tanh(rng.normal(size=(16, len(z))) * weight @ z + 0.7 * rng.normal(size=(16, 1)))
    truth = rng.normal(size=16) @ nodes / 4 + 0.5 * z[:PRODUCTS].mean(0)
    for _ in range(3):
        i, j = rng.integers(0, len(z), 2)
        truth += 0.08 * np.clip(z[i], -2.5, 2.5) * np.clip(z[j], -2.5, 2.5)
    truth = 0.2 + 0.06 * (truth - truth.mean()) / truth.std()
    sigma = 0.06 * np.sqrt(1 / NOISE[number % len(NOISE)] - 1)
    order = rng.permutation(x.shape[1])
    sizes = (rng.integers(100, 1000), rng.integers(1000, 5000), rng.integers(5000, 10_000), PIXELS * DEKADS)
    points = int(sizes[rng.choice(4, p=[0.10, 0.20, 0.65, 0.05])])
    seen, fresh = order[:points], (order[points:] if points <= order.size - 1000 else order)[:FRESH]
    y = truth[seen] + sigma * rng.normal(size=points)
    labels = np.searchsorted([0.70, 0.85], rng.permutation(points) / points, side="right")
    return Zone(x[:, seen].astype(np.float32), y.astype(np.float32), labels.astype(np.uint8),
                x[:, fresh].astype(np.float32), truth[fresh], sigma, seen % DEKADS)  # fmt: skip


def ours(zone: Zone, number: int) -> NDArray[np.floating]:
    """Estimate at the fresh points by the default method."""
    from rssm.networks.predict import predict
    from rssm.networks.train import train_block

    keys = np.array([[seed_key(0, 0, "bench", number)]], np.uint64)
    ends = np.array([0, zone.y.size])
    fitted = train_block(zone.x, zone.y[None], ends, zone.labels, keys, Training(), dekads=zone.dekad)
    return predict(fitted, zone.fresh, np.zeros(zone.fresh.shape[1], np.int64))[0][0]


def ready_made(**settings: object) -> Callable[[Zone, int], NDArray[np.floating]]:
    """The same by scikit-learn's network."""
    from sklearn.neural_network import MLPRegressor

    def estimate(zone: Zone, number: int) -> NDArray[np.floating]:
        learn = zone.labels < 2
        x, y = zone.x[:, learn].T.astype(np.float64), zone.y[learn].astype(np.float64)
        center, spread = x.mean(0), x.std(0)
        spread[spread < 1e-6 * np.abs(center)] = np.inf
        network = MLPRegressor(hidden_layer_sizes=(7,), activation="tanh", random_state=number, **settings)
        network.fit((x - center) / spread, (y - y.mean()) / y.std())
        return y.mean() + y.std() * network.predict((zone.fresh.T - center) / spread)

    return estimate


def ridge(zone: Zone, number: int) -> NDArray[np.floating]:
    """The same without a network."""
    learn = zone.labels < 2
    x = np.vstack([zone.x, np.ones((1, zone.y.size))]).astype(np.float64)
    weights = np.linalg.lstsq(x[:, learn].T, zone.y[learn].astype(np.float64), rcond=None)[0]
    return weights @ np.vstack([zone.fresh, np.ones((1, zone.fresh.shape[1]))])


def duel(zones: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Seconds and error (zone, 2) of every method, zone by zone in turn."""
    lbfgs = {"solver": "lbfgs", "max_fun": 10**6}
    methods: dict[str, Callable[[Zone, int], NDArray[np.floating]]] = {
        "ours": ours,
        "lbfgs200": ready_made(max_iter=200, alpha=1.0, **lbfgs),
        "lbfgs200_default": ready_made(max_iter=200, **lbfgs),
        "lbfgs1000": ready_made(max_iter=1000, alpha=1.0, **lbfgs),
        "adam": ready_made(early_stopping=True),
        "ridge": ridge,
    }
    table = {name: np.zeros((zones, 2)) for name in methods}
    ours(make_zone(seed, 0), 0)  # compile
    for number in range(zones):
        zone = make_zone(seed, number)
        for name, method in methods.items():
            start = process_time()
            estimate = method(zone, number)
            table[name][number] = process_time() - start, zone.error(estimate)
    return table


def cost_by_points() -> dict[int, float]:
    """Milliseconds a zone by number of points."""
    whole = next(zone for number in range(1000) if (zone := make_zone(7, number)).y.size == PIXELS * DEKADS)
    out = {}
    for points in (100, 500, 1000, 2000, 4000, 8000, 13_500):
        part = whole._replace(**{n: getattr(whole, n)[..., :points].copy() for n in ("x", "y", "labels", "dekad")})
        times = []
        for number in range(8):
            start = process_time()
            ours(part, number)
            times.append(process_time() - start)
        out[points] = 1000 * float(np.mean(times))
    return out


def two_core_scaling(number: int, seed: int) -> float:
    """Zones per second with two threads over one, the best of three interleaved rounds each."""
    from rssm.networks.train import train_block

    zones = [make_zone(seed, each) for each in range(number)]
    x = np.concatenate([zone.x for zone in zones], axis=1)
    y = np.concatenate([zone.y for zone in zones])[None]
    labels, dekads = (np.concatenate([getattr(zone, name) for zone in zones]) for name in ("labels", "dekad"))
    offsets = np.cumsum([0, *(zone.y.size for zone in zones)])
    keys = np.arange(number, dtype=np.uint64)[None]
    best = {1: np.inf, 2: np.inf}
    for _ in range(3):
        for threads in best:
            start = perf_counter()
            train_block(x, y, offsets, labels, keys, Training(), threads=threads, dekads=dekads)
            best[threads] = min(best[threads], perf_counter() - start)
    return best[1] / best[2]


def sgemm_share() -> float:
    """Useful arithmetic of one evaluation of the cost (tanh not counted) over this core's matrix multiplication."""
    from rssm.networks.kernels.blocks import BLOCK
    from rssm.networks.kernels.build import axis, cube, plane
    from rssm.networks.kernels.compiled import compiled, object_code
    from rssm.networks.kernels.loader import Kernel, load
    from rssm.networks.kernels.memory import begin
    from rssm.networks.kernels.varpro import Points, evaluate, workspace

    @compiled
    def evaluations(scratch, integers, a):  # type: ignore[no-untyped-def]
        x, y, w = cube(a, 0, np.float32), plane(a, 1, np.float32), plane(a, 2, np.float32)
        theta, v, gradient = plane(a, 4, np.float64), axis(a, 5, np.float64), plane(a, 6, np.float64)
        points = Points(x, y, w, axis(a, 3, np.int64))
        work = workspace(begin(scratch), points, theta.shape[0])
        for _ in range(integers[0]):
            evaluate(theta, points, x.shape[0], 1.0, work, v, gradient)

    blocks, inputs, hidden, times = 7, PRODUCTS + FACTORS + 1, 7, 20
    rng = np.random.default_rng(1)
    x = np.zeros((blocks, (inputs + 3) // 4 * 4, BLOCK), np.float32)
    x[:, : inputs - 1], x[:, inputs - 1] = rng.normal(size=(blocks, inputs - 1, BLOCK)), 1
    y, w = rng.normal(size=(blocks, BLOCK)).astype(np.float32), np.ones((blocks, BLOCK), np.float32)
    theta = 0.3 * rng.normal(size=(hidden, inputs))
    arrays = (x, y, w, np.full(blocks, BLOCK), theta, np.zeros(hidden + 1), np.zeros_like(theta))
    run = Kernel("evaluations", *arrays, address=load(object_code({"evaluations": evaluations})))
    a = rng.normal(size=(1024, 1024)).astype(np.float32)
    best = [np.inf, np.inf]
    for _ in range(15):
        start = perf_counter()
        run(times)
        middle = perf_counter()
        a @ a
        best = [min(best[0], (middle - start) / times), min(best[1], perf_counter() - middle)]
    each = 2 * hidden * inputs + hidden * (hidden + 1) // 2 + 6 * hidden  # multiply-adds a point
    return (each * blocks * BLOCK / best[0]) / (1024**3 / best[1])


COMPILE = "from rssm.networks.kernels.loader import ensure_compiled; ensure_compiled()"

# what the training job imports, and a zone
FIRST_ZONE = """
import json, sys
import numpy as np
from rssm import cli, cubes
from rssm.networks import samples, store
from rssm.spec import Settings, parsed
from rssm.networks.train import train_block
x = np.random.default_rng(1).normal(size=(13, 400)).astype(np.float32)
labels, keys = (np.arange(400) % 3).astype(np.uint8), np.ones((1, 1), np.uint64)
train_block(x, x[:1], np.array([0, 400]), labels, keys, parsed(Settings, sys.argv[1]))
"""

WHOLE_TILE = """
import json, sys
import numpy as np
from rssm.spec import Settings, parsed
from rssm.networks.train import train_block
n = 100 * 13_500
x = np.random.default_rng(1).normal(size=(13, n)).astype(np.float32)
labels, keys = (np.arange(n) % 3).astype(np.uint8), np.arange(100, dtype=np.uint64)[None]
train_block(x, x[:1] + x[1:2] ** 2, np.arange(0, n + 1, 13_500), labels, keys, parsed(Settings, sys.argv[1]))
"""


def in_a_process(code: str, cache: str) -> tuple[float, float]:
    """Processor seconds from its start, with those of processes it waits for, and peak megabytes of code run by itself."""
    code += """
import resource
own, waited = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))  # maxrss is the parent's too
print(own.ru_utime + own.ru_stime + waited.ru_utime + waited.ru_stime, int(peak) / 1024)
"""
    run = [sys.executable, "-c", code, Training().model_dump_json()]
    done = subprocess.run(run, env=os.environ | {"NUMBA_CACHE_DIR": cache}, check=True, capture_output=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def measure(zones: int, seed: int) -> dict[str, float | int | dict[int, float]]:
    """All figures."""
    table = duel(zones, seed)
    out: dict[str, float | int | dict[int, float]] = {"zones": zones, "seed": seed}
    seconds, error = table["ours"].T
    out["zones_per_second"] = zones / seconds.sum()
    for rival in ("lbfgs200", "lbfgs200_default", "lbfgs1000", "adam", "ridge"):
        out[f"speedup_{rival}"] = table[rival][:, 0].sum() / seconds.sum()
        out[f"rmse_ratio_{rival}"] = float(np.mean(error / table[rival][:, 1]))
    out["sgemm_share"] = sgemm_share()
    out["two_core_scaling"] = two_core_scaling(zones, seed)
    with tempfile.TemporaryDirectory() as cache:
        out["compile_s"] = in_a_process(COMPILE, cache)[0]
        out["start_s"] = min(in_a_process(FIRST_ZONE, cache)[0] for _ in range(5))
        out["peak_mb"] = in_a_process(WHOLE_TILE, cache)[1]
    out["milliseconds_by_points"] = cost_by_points()
    return out


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--zones", type=int, default=96, help="synthetic zones")
    parser.add_argument("--seed", type=int, default=1, help="of the zones")
    parser.add_argument("--out", type=Path, default=Path("results/bench/training.json"))
    arguments = parser.parse_args()
    import scipy.linalg  # noqa: F401  # loaded first, so that its threads are limited too
    import sklearn.neural_network  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's, that it has not converged
        figures = measure(arguments.zones, arguments.seed)
    for name, value in figures.items():
        for label, number in value.items() if isinstance(value, dict) else [("", value)]:
            print(f"{name:24} {label:>6} {number:10.4g}")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
