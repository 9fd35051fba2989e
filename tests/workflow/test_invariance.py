"""The same bits, however the work is cut: tile size, cores, a kill in the middle and a resume."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.workflow.conftest import MAPS

DERIVED = ("cubes", "ranges", "networks", "simulated", "joined", "maps/SIM-1", "maps/SIM-1T", "maps/SIM-2")


def maps_of(folder: Path) -> dict[str, str]:
    found = sorted((folder / "results/rsssm/maps").glob("SIM-*/*.tif"))
    assert found
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def forget(folder: Path) -> None:
    """Remove everything made from the dekad maps of products."""
    for part in DERIVED:
        shutil.rmtree(folder / "results/rsssm" / part)


@pytest.fixture
def again(finished, tmp_path):
    """A second copy of the finished project, without what follows from the maps of products."""
    folder = tmp_path / "again"
    shutil.copytree(finished.folder, folder, symlinks=True)
    forget(folder)
    return type(finished).__new__(type(finished)), folder


def test_a_larger_tile_gives_the_same_maps(finished, again):
    project, project.folder = again
    project.edit("config/tiny.yaml", "tile_degrees: 1", "tile_degrees: 2")
    done = project.snakemake("--cores", "1", "--", *MAPS)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (project.folder / "results/rsssm/networks/NN1-1/N40W002.nc").is_file()
    assert not (project.folder / "results/rsssm/networks/NN1-1/N40W001.nc").exists()
    assert maps_of(project.folder) == maps_of(finished.folder)


def test_a_run_killed_in_training_goes_on_to_the_same_maps(finished, again):
    project, project.folder = again
    running = project.start("--", *MAPS)
    deadline = time.monotonic() + 120
    while not list((project.folder / "results/rsssm").glob("networks/*/*.nc")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)  # Snakemake and its jobs at once, as a node that fails
    running.wait()
    assert not list(project.folder.glob("results/rsssm/maps/SIM-2/*.json"))
    project.snakemake("--unlock")
    done = project.snakemake("--", *MAPS)
    assert done.returncode == 0, done.stderr[-3000:]
    assert maps_of(project.folder) == maps_of(finished.folder)
    assert list(project.folder.glob("results/**/.*.part*")) == []
