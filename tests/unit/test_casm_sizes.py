"""What CASM's jobs that hold all rows of a branch are said to take, and what they take."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from rssm.casm.calibrate import casm_calibrate
from rssm.casm.samples import QUANTUM, ROWS, Samples, read_samples, write_samples
from rssm.casm.specs import CalibrateSpec, TrainSpec
from rssm.casm.train import casm_train
from rssm.workflow.casm.learning import Learning
from rssm.workflow.casm.scope import CasmScope
from rssm.workflow.casm.sizes import ROW_BYTES, held_out, memory_mb, rows, share, weights
from rssm.workflow.methods import scope_of

NAMES = ("latitude", "longitude", "10V", "18V", "36V", "89V")
COUNT = 150_000


def made(seed: int, count: int = COUNT) -> Samples:
    """Rows of a tile."""
    rng = np.random.default_rng(seed)
    pixel, step = (rng.integers(0, limit, count).astype(np.int32) for limit in (800_000, 2000))
    x, noise = (rng.normal(10, 1, (count, len(NAMES))).astype(np.float32) for _ in range(2))
    y, usual, error = (rng.normal(0.5, 0.05, count).astype(np.float32) for _ in range(3))
    held = (rng.random(count) < 0.2).astype(np.uint8)
    sums = np.array([[count], [10 * count * QUANTUM], [101 * count * QUANTUM**2]], np.int64).repeat(len(NAMES), axis=1)
    return Samples(NAMES, pixel, step, x, y, held, noise, usual, error, sums)


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("rows")
    paths = [str(folder / f"{seed}.nc") for seed in (1, 2)]
    for seed, path in enumerate(paths):
        write_samples(path, made(seed))
    return paths


def test_training_and_calibration_stay_within_what_is_declared_for_their_rows(tiles: list[str], tmp_path: Path) -> None:
    network, spec = str(tmp_path / "1.nc"), TrainSpec(NAMES, (4,), 1e-3, epochs=1, seed=1)
    jobs = (
        lambda: casm_train("amsr2", "1", tiles, [], spec, [network]),
        lambda: casm_calibrate("amsr2", [network, network], tiles, CalibrateSpec(), [str(tmp_path / "amsr2.tsv")]),
    )
    jobs[0]()  # libraries are loaded before anything is counted
    for job in jobs:
        tracemalloc.start()
        job()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert 0.5 < peak / (2 * COUNT * ROW_BYTES * (len(NAMES) + 1)) < 1.05


def test_what_is_not_asked_of_rows_is_left_empty(tiles: list[str]) -> None:
    whole, some = read_samples(tiles), read_samples(tiles, ("y", "x"))
    for name in ROWS:
        there, asked = getattr(whole, name), getattr(some, name)
        assert np.array_equal(asked, there if name in ("x", "y") else there[:0])
    assert np.array_equal(whole.sums, some.sums) and len(whole.y) == 2 * COUNT
    assert np.all(np.diff(whole.pixel.astype(np.int64) * 2000 + whole.step) >= 0)


def test_the_published_networks_on_the_globe_need_a_large_machine_and_ours_a_small_one() -> None:
    paper, product = (scope_of({"method": "casm", "profile": name}) for name in ("paper", "product"))
    assert weights(paper, "smos") == pytest.approx(6_627_601, rel=1e-2)  # biases are not counted
    assert 6000 < memory_mb(paper, "smos") < memory_mb(paper, "amsr2") < 12_000
    assert memory_mb(product, "amsr2") < 2000
    assert Learning(paper).memory_mb(SimpleNamespace(branch="amsre")) == memory_mb(paper, "amsre")


def scope_of_box(*edges: int, **training: object) -> CasmScope:
    south, north, west, east = edges
    region = {"south": south, "north": north, "west": west, "east": east}
    return scope_of({"method": "casm", "region": region, "training": training})


def test_a_small_region_learns_from_more_of_its_rows_and_holds_smaller_blocks_out() -> None:
    small, large = scope_of_box(39, 41, -4, -2), scope_of_box(-60, 80, -180, 180)
    assert share(small, "smos") == 1.0 and share(large, "smos") == 0.1  # 0.6 · 64 pixels · 661 steps are no 200 000
    middle = scope_of_box(35, 43, -105, -95)
    assert rows(middle, "smos") == pytest.approx(200_000, rel=1e-3) and 0.1 < share(middle, "smos") < 1
    assert share(scope_of_box(35, 43, -105, -95, least_rows=0), "smos") == 0.1
    assert (held_out(small).degrees, held_out(middle).degrees, held_out(large).degrees) == (0.5, 2.5, 3.0)
