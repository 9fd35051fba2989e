"""Hundreds of damaged files: each gives a clear error or right values, and none crashes or hangs the process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from handmade.files import FILES
from handmade.grids import CATALOGUE, SMALL

from rssm.archive.damage import child_process
from rssm.archive.damage.child_process import ChildProcess, Failed
from rssm.archive.grids import whole
from rssm.archive.readers.dispatch import READERS, read
from rssm.errors import InputError
from rssm.toy.archive import WRITERS

BY_READER: dict[str, list[str]] = defaultdict(list)
for _name, _made in FILES.items():
    BY_READER[CATALOGUE[_made.product].reader or ""].append(_name)


def damage(folder: Path, flips: int, *files: str) -> int:
    """How many variants of some files were reported or harmless: all, or the test fails."""
    command = [sys.executable, str(Path(__file__).with_name("damage.py")), str(flips), *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"after {lines[-1:]}: {done.stderr[-2000:]}"
    variants, outcomes = lines[::2], lines[1::2]
    assert len(variants) == len(outcomes)
    bad = [(v["variant"], o) for v, o in zip(variants, outcomes, strict=True) if o.get("wrong")]
    assert bad == []
    for outcome in outcomes:
        if "error" in outcome:
            assert "\nExpected " in outcome["error"] and "inputs.on_bad_file: skip" in outcome["error"]
    return len(variants)


def test_every_reader_is_in() -> None:
    assert set(BY_READER) == set(READERS) - {"grib"}  # test_grib has its own: it needs an extra


@pytest.mark.parametrize(
    ("reader", "least"), [("cf", 250), ("hdf5", 60), ("smap", 40), ("hdf4", 80), ("geotiff", 20), ("points", 20)]
)
def test_damage_is_reported_or_harmless(tmp_path: Path, reader: str, least: int) -> None:
    assert damage(tmp_path, 14, "handmade", *BY_READER[reader]) >= least


def test_damage_to_files_of_the_toy_earth_is_reported_or_harmless(tmp_path: Path) -> None:
    one_of_each = {writer: name for name, writer in WRITERS.items() if name in CATALOGUE and CATALOGUE[name].reader}
    assert damage(tmp_path, 5, "toy", *one_of_each.values()) >= 300


def test_damage_to_real_files_is_reported_or_harmless(tmp_path: Path, real: Path) -> None:
    assert damage(tmp_path, 6, "real", str(real)) >= 150


# -- HDF4, whose library a bad file leaves in disorder -----------------------------------------------------------------


@pytest.mark.usefixtures("small_grids")
@pytest.mark.parametrize("name", ["ae_land", "glass", "lst", "land_cover"])
def test_a_good_file_is_read_after_thirty_bad_ones_in_the_same_process(tmp_path: Path, name: str) -> None:
    product, found, expected = FILES[name].found(tmp_path)
    good, box = found.path.read_bytes(), whole(SMALL[product.native_grid or ""])
    rng = np.random.default_rng(1)
    reported = 0
    for _ in range(30):
        bad = np.frombuffer(good, np.uint8).copy()
        bad[rng.integers(4, bad.size, 5)] ^= rng.integers(1, 256, 5, np.uint8)
        found.path.write_bytes(bad.tobytes())
        try:
            read(product, found, box)
        except InputError:
            reported += 1
    assert reported > 10
    found.path.write_bytes(good)
    for field, (_, _, values) in zip(read(product, found, box), expected, strict=True):
        np.testing.assert_allclose(field.values, values, rtol=1e-5)


def test_a_child_process_reports_failures_crashes_and_hanging_and_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    did = ChildProcess(
        lambda what: {"die": lambda: os.kill(os.getpid(), signal.SIGKILL), "fail": lambda: 1 // 0}.get(what, str)()
    )
    for _ in range(3):
        did("well")
    for what, said in (("fail", "by zero"), ("die", "dies of it"), ("fail", "by zero")):
        with pytest.raises(Failed, match=said):
            did(what)
        did("well\nagain")
    monkeypatch.setattr(child_process, "PATIENCE", 1)
    with pytest.raises(Failed, match="hangs"):
        ChildProcess(lambda _: time.sleep(20))("")
