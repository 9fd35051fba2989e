"""Kernels as an object file: built once, found again, checked when loaded, and replaced where it cannot be used."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from rssm.config.training import Training
from rssm.digest import closure
from rssm.networks.kernels import loader, processor
from rssm.networks.prepare import kernels
from rssm.networks.specs import KernelSpec
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.train import train_block

BACKWARDS = (ctypes.c_int64 * 2)(1, 10)
QUICK = Training(starts=2, start_iterations=10, iterations=30)


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for compiled kernels."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NUMBA_CPU_NAME", "")
    monkeypatch.setenv("NUMBA_CPU_FEATURES", "")
    return tmp_path


def test_kernels_follow_the_chosen_processor(cold: Path) -> None:
    at_hand = loader.object_file()
    assert at_hand.parent == cold
    processor.choose_processor("x86-64-v2", cold / "shared")
    assert processor.processor() == ("x86-64-v2", "")
    assert loader.object_file().parent == cold / "shared"
    assert loader.object_file().name != at_hand.name


def compile_slowly(path: Path, calls: list[Path]) -> None:
    calls.append(path)
    sleep(0.2)
    path.write_bytes(b"code")


def test_many_jobs_that_start_at_once_compile_once(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []
    monkeypatch.setattr(loader, "_compile", lambda path: compile_slowly(path, calls))
    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda _: loader.ensure_compiled(), range(5)))
    assert calls == [loader.object_file()]
    assert set(found) == set(calls)


def test_where_the_file_system_knows_no_locks_kernels_are_compiled_all_the_same(
    cold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no locks available")

    calls: list[Path] = []
    monkeypatch.setattr(loader.fcntl, "flock", refuse)
    monkeypatch.setattr(loader, "_compile", lambda path: compile_slowly(path, calls))
    assert loader.ensure_compiled().read_bytes() == b"code"
    assert len(calls) == 1


def test_a_training_job_starts_without_the_compiler_and_the_checks_of_settings() -> None:
    code = (
        "import sys, rssm.networks.fit, rssm.networks.store, rssm.networks.samples\n"
        "print(*{'numba', 'pydantic', 'scipy', 'rasterio', 'pandas', 'xarray'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_digest_of_a_training_job_covers_its_kernels() -> None:
    behind = closure("rssm.networks.train")
    kernels = ("zone", "pack", "search", "lbfgs", "curvature", "varpro", "traingd", "arithmetic", "memory", "compiled")
    assert {f"rssm.networks.kernels.{name}" for name in kernels} <= behind
    assert "rssm.networks.crossval" not in behind


def test_the_object_file_is_named_by_all_that_it_is_made_of() -> None:
    inside = closure("rssm.networks.kernels.build")
    assert {name for name in inside if not name.startswith("rssm.networks.kernels")} == {"rssm.files", "rssm.room"}


def test_the_kernels_job_writes_what_identifies_the_build(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        kernels(KernelSpec(None), [str(tmp_path / name)])
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()
    assert set(json.loads((tmp_path / "a.json").read_text())) == {"cpu", "processor", "features", "numba", "llvmlite"}


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing loaded before, nor kept after."""
    loader._loaded.cache_clear()
    yield
    loader._loaded.cache_clear()


def without_object_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said where numba compiles in this process instead."""
    from rssm.networks.kernels import build

    monkeypatch.setattr(build, "KERNELS", {"probe": build.probe})  # the others would take a minute
    assert loader.sound(loader.loaded())
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_an_object_file_that_cannot_be_built_is_done_without(
    fresh: None, cold: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        returncode, stderr = 1, "Traceback\nAttributeError: no such method"

    monkeypatch.setattr(loader.subprocess, "run", lambda *_, **__: Broken())
    assert "(AttributeError: no such method)" in without_object_file(monkeypatch, capsys)


def test_kernels_called_by_another_convention_are_done_without(
    fresh: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    turned = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)
    found = loader.load(loader.ensure_compiled().read_bytes())
    probe = loader.C_FUNCTION(found("probe"))
    swapped = turned(lambda scratch, size, integers, arrays: probe(scratch, size, BACKWARDS, arrays))
    monkeypatch.setattr(loader, "load", lambda code: lambda name: ctypes.cast(swapped, ctypes.c_void_p).value)
    assert "result is known" in without_object_file(monkeypatch, capsys)


def test_without_numbas_private_parts_kernels_are_compiled_the_plain_way(
    cold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = []

    def run(command: list[str], **options: dict[str, str]) -> subprocess.CompletedProcess[str]:
        *_, path, way = command
        ways.append(way)
        if way == "quick":
            return subprocess.CompletedProcess(command, 1, stderr="AttributeError: no such method")
        Path(path).write_bytes(b"code")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(loader.subprocess, "run", run)
    assert loader.ensure_compiled().read_bytes() == b"code"
    assert ways == ["quick", "plain"]


TRAINED = """
import sys
import numpy as np
from rssm.config.training import Training
from rssm.networks.kernels import loader
from rssm.networks.train import train_block
if sys.argv[1] == "numba":
    loader.PROBE = 0.0
x = np.random.default_rng(1).normal(size=(4, 900)).astype(np.float32)
labels, keys = (np.arange(900) % 3).astype(np.uint8), np.ones((1, 1), np.uint64)
settings = Training(starts=2, start_iterations=10, iterations=30)
np.save(sys.argv[2], train_block(x, x[:1] * x[1:2], np.array([0, 900]), labels, keys, settings).rmse)
"""


def test_what_numba_compiles_by_itself_trains_the_same_network(tmp_path: Path) -> None:
    for way in ("object", "numba"):
        run = [sys.executable, "-c", TRAINED, way, str(tmp_path / way)]
        environment = os.environ | {"NUMBA_OPT": "0", "PYTHONPATH": os.pathsep.join(sys.path)}  # unoptimised: sooner
        done = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
        assert done.stderr.count("\n") == (way == "numba")
    np.testing.assert_allclose(np.load(tmp_path / "numba.npy"), np.load(tmp_path / "object.npy"), rtol=1e-2)


def test_memory_of_kernels_grows_with_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(1).normal(size=(12, 30_000)).astype(np.float32)

    def trained() -> Subnetworks:
        labels, keys = (np.arange(30_000) % 3).astype(np.uint8), np.ones((1, 1), np.uint64)
        return train_block(x, x[:1] * x[1:2], np.array([0, 30_000]), labels, keys, QUICK)

    enough = trained()
    monkeypatch.setattr(loader, "_memory", threading.local())
    monkeypatch.setattr(loader, "LEAST_MEMORY", 1000)
    np.testing.assert_array_equal(trained().hidden, enough.hidden)
    monkeypatch.setattr(loader, "_memory", threading.local())
    monkeypatch.setattr(loader, "MOST_MEMORY", 10_000)
    with pytest.raises(MemoryError, match="train"):
        trained()
