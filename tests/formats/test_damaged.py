"""Hundreds of damaged files: each gives a clear error or right values, and none crashes or hangs the process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from handmade import CATALOGUE, FILES

FLIPS = 14
BY_READER: dict[str, list[str]] = defaultdict(list)
for _name, _made in FILES.items():
    BY_READER[CATALOGUE[_made.product].reader or ""].append(_name)
counted: dict[str, int] = {}


@pytest.mark.parametrize("reader", BY_READER)
def test_damage_is_told_or_harmless(tmp_path: Path, reader: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name("damage.py")), str(FLIPS), *BY_READER[reader]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"after {lines[-1:]}: {done.stderr[-2000:]}"
    variants, outcomes = lines[::2], lines[1::2]
    assert len(variants) == len(outcomes)
    bad = [(v["variant"], o) for v, o in zip(variants, outcomes, strict=True) if o.get("wrong")]
    assert bad == []
    for outcome in outcomes:
        if "error" in outcome:
            assert "\nExpected " in outcome["error"] and "inputs.on_bad_file: skip" in outcome["error"]
    counted[reader] = len(variants)


def test_there_were_enough_of_them() -> None:
    if set(counted) != set(BY_READER):
        pytest.skip("counts the variants of the tests before it, which were not all run here")
    assert sum(counted.values()) >= 200
