"""What killed jobs leave beside their outputs goes when they run again, and is never published."""

from __future__ import annotations

import json
from pathlib import Path

from tests.workflow.conftest import opened

NOBODY = 2**22 + 1  # no process has so large a number
PRODUCT = Path("results/rsssm/product")
OUTPUTS = (  # of jobs that run again
    "results/toy/archive/SMOS-IC/2015.json",
    "results/rsssm/maps/SMOS-IC/SMOS-IC_2015D10.tif",
    "results/rsssm/maps/SMOS-IC/2015.json",
    "results/rsssm/networks/NN1-1/N40W001.nc",
    PRODUCT / "netcdf/RSSSM_2015.nc",
    PRODUCT / "zarr/maps.zarr",
    PRODUCT / "release.json",
)
STRAY = (PRODUCT / "geotiff/RSSSM_2013D01.tif", PRODUCT / "derived/RSSSM_monthly_2013.nc")  # of years no longer made


def plant(folder: Path, output: str | Path) -> Path:
    """Something half-written, as of a job that was killed."""
    final = folder / output
    part = final.with_name(f".{final.stem}.{NOBODY}.part{final.suffix}")
    final.parent.mkdir(parents=True, exist_ok=True)
    if final.suffix == ".zarr":
        (part / "inner").mkdir(parents=True)
        (part / "inner/.zarray").write_text("half")
    else:
        part.write_text("half")
    return part


def test_leftovers_of_killed_jobs_go_and_are_never_published(tiny_whole, tmp_path):
    folder = tmp_path / "copy"
    other = opened(tiny_whole).copy(folder)
    planted = [plant(folder, output) for output in (*OUTPUTS, *STRAY)]
    done = other.snakemake("--forcerun", OUTPUTS[0], "--", "product")  # and all that rests on it
    assert done.returncode == 0, done.stderr[-4000:]
    assert [part for part in planted if part.exists()] == []
    assert list(folder.rglob("*.part*")) == []
    (folder / PRODUCT / "geotiff/.RSSSM_2015D01.1.part.tif").write_text("of a job that seems to run")
    assert other.snakemake("--forcerun", "publish", "--", "product").returncode == 0
    described = [folder / PRODUCT / name for name in ("SHA256SUMS.txt", "files.csv", "release.json")]
    for path in (*described, *(folder / PRODUCT / "stac").iterdir()):
        assert ".part" not in path.read_text(), path
    assert json.loads(described[-1].read_text())["files"]
