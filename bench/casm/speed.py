"""`python -m bench.casm.speed [--torch PYTHON]`: rows a second of training and of estimates on one core, beside torch.

Processor time is measured, since others may share the machine; each is the best of three. `--torch` names an interpreter
that has torch and numpy: the project needs neither torch nor its size. Both start from the same weights and see the same
minibatches, so their losses agree.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rssm.casm.members import BLOCK, Member, together
from rssm.casm.samples import QUANTUM, Samples
from rssm.casm.specs import TrainSpec
from rssm.casm.train import train
from rssm.config.casm import Training
from rssm.nets.adam import Adam
from rssm.nets.mlp import Gradient, Network, drawn

SIZES = ((4, 64, 64, 64, 1), (6, 128, 128, 128, 128, 1), (6, *5 * (256,), 1), (6, *7 * (1050,), 1))
BATCH, RATE, TIMES = 1024, 2e-4, 3
WORK = 6e10  # operations of a measurement
PRODUCT = Training()  # of profile `product`
TILE_ROWS = 60_000  # of a tile of 10° (1 600 cells, 661 steps, of which a tenth is learnt from)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.casm.speed", description=__doc__)
    parser.add_argument("--torch", metavar="PYTHON", help="an interpreter that has torch and numpy")
    given = parser.parse_args(arguments)
    print("layers\tours rows/s\ttorch rows/s\tours/torch\tloss ours\tloss torch\testimates rows/s of 7 members")
    for sizes in SIZES:
        name = f"{len(sizes) - 2} × {sizes[1]}"
        with TemporaryDirectory() as folder:
            path = Path(folder) / "given.npz"
            rows = _data(sizes, path)
            ours = [ours_in(path) for _ in range(TIMES)]
            theirs = [_torch_in(given.torch, path) for _ in range(TIMES)] if given.torch else [(np.nan, np.nan)]
        fast, slow = min(seconds for seconds, _ in ours), min(seconds for seconds, _ in theirs)
        speeds = f"{rows / fast:.0f}\t{rows / slow:.0f}\t{slow / fast:.2f}\t{ours[0][1]:.6f}\t{theirs[0][1]:.6f}"
        print(f"{name}\t{speeds}\t{_estimates(sizes):.0f}", flush=True)
    name = f"{PRODUCT.layers} × {PRODUCT.units}"
    print(f"rssm.casm.train, {name}, {TILE_ROWS} rows (a tile of 10°): {_epochs():.0f} rows/s", flush=True)
    return 0


def _data(sizes: tuple[int, ...], path: Path) -> int:
    """Write what both learn from; the number of rows that a measurement takes."""
    rng = np.random.default_rng(1)
    network = drawn(sizes, 1)
    steps = max(3, int(WORK / (6 * BATCH * network.flat.size)))
    x = rng.normal(size=(16 * BATCH, sizes[0])).astype(np.float32)
    y = (np.tanh(x[:, -1]) * x[:, 0] * 0.05 + rng.normal(0, 0.02, len(x))).astype(np.float32)
    np.savez(path, x=x, y=y, sizes=sizes, flat=network.flat, rate=RATE, batch=BATCH, steps=steps)
    return steps * BATCH


def ours_in(path: Path) -> tuple[float, float]:
    """Seconds of processor time, and the loss of the last steps."""
    given = np.load(path)
    x, y = given["x"], given["y"]
    network = Network(tuple(given["sizes"].tolist()), given["flat"].copy())
    gradient, adam = Gradient(network, BATCH), Adam([network.flat], RATE)
    losses: list[float] = []
    start = 0.0
    for step in range(-2, int(given["steps"])):
        if step == 0:
            start = time.process_time()
        first = (step + 2) * BATCH % (len(y) - BATCH + 1)
        losses.append(gradient.of(x[first : first + BATCH], y[first : first + BATCH]))
        adam.step([gradient.values])
    return time.process_time() - start, float(np.mean(losses[-5:]))


def _torch_in(python: str, path: Path) -> tuple[float, float]:
    """The same of torch."""
    script = Path(__file__).with_name("torch_steps.py")
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": ""}
    said = subprocess.run([python, str(script), str(path)], capture_output=True, text=True, check=True, env=alone)
    seconds, loss = map(float, said.stdout.split())
    return seconds, loss


def _epochs() -> float:
    """Rows a second of the whole training of a member on the rows of a tile: hashes, order, scaling, scores."""
    rng = np.random.default_rng(1)
    x, none = rng.normal(size=(TILE_ROWS, 6)).astype(np.float32), np.zeros(TILE_ROWS, np.float32)
    number, held = np.arange(TILE_ROWS, dtype=np.int32), (rng.random(TILE_ROWS) < 0.2).astype(np.uint8)
    sums = np.array([[TILE_ROWS] * 6, [0] * 6, [TILE_ROWS * QUANTUM**2] * 6], np.int64)
    inputs = tuple("abcdef")
    y = (0.05 * np.tanh(x[:, 5])).astype(np.float32)
    rows = Samples(inputs, number, number, x, y, held, np.zeros_like(x), none, none, sums)
    spec = TrainSpec(inputs, (PRODUCT.units,) * PRODUCT.layers, PRODUCT.rate, epochs=4, seed=1, decay=True)
    start = time.process_time()
    train(rows, spec, "smos-1")
    return float(np.count_nonzero(held == 0)) * spec.epochs / (time.process_time() - start)


def _estimates(sizes: tuple[int, ...]) -> float:
    """Rows a second through seven members, with their slopes."""
    one, zero = np.ones(sizes[0], np.float32), np.zeros(sizes[0], np.float32)
    members = [Member(drawn(sizes, n), ("x",) * sizes[0], zero, one, zero, one, np.zeros(1)) for n in range(7)]
    blocks = max(1, int(WORK / (7 * 4 * BLOCK * members[0].network.flat.size)))
    x = np.random.default_rng(1).normal(size=(min(blocks, 64), BLOCK, sizes[0])).astype(np.float32)
    best = np.inf
    for _ in range(TIMES):
        start = time.process_time()
        together(members, x, 0.1 * np.ones_like(x))
        best = min(best, time.process_time() - start)
    return x.shape[0] * BLOCK / best


if __name__ == "__main__":
    raise SystemExit(main())
