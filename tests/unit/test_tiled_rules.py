"""The rules of a data set of tiles, run by Snakemake for a made-up method; a second run has nothing to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from other_data_set import set_scope, write_tiles

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "ease": {
        "region": {"south": 10, "north": 11, "west": 179, "east": -179},
        "period": {"first": "2018-01-02", "last": "2018-01-17"},
        "zones": {"tile_degrees": 1},
    },
    "daily": {
        "region": {"south": 50, "north": 51, "west": 10, "east": 11},
        "period": {"first": "2015-12-30", "last": "2016-01-02"},
        "zones": {"tile_degrees": 1},
    },
}
# what a method's file says before the shared rules
METHOD = """
import sys
from pathlib import Path

sys.path[:0] = [{root!r}, {unit!r}]
from other_data_set import TILED, set_scope
from rssm.errors import InputError
from rssm.workflow.ground import Ground, code

SCOPE = set_scope(Path({folder!r}), {method!r}, **{settings!r})
W, D = Ground(SCOPE), TILED[{method!r}](SCOPE)

pathvars:
    results=SCOPE.paths.results,
    prefix=SCOPE.paths.prefix,

wildcard_constraints:
    **W.wildcards(),

rule all:
    input:
        "<results>/product/release.json",

include: "{root}/workflow/rules/given.smk"
include: "{root}/workflow/rules/product_of_tiles.smk"
"""


def snakemake(folder, method, *arguments):
    """Run it to its end in a folder."""
    text = METHOD.format(
        root=str(ROOT), unit=str(Path(__file__).parent), folder=str(folder), method=method, settings=SETTINGS[method]
    )
    (folder / "Snakefile").write_text(text)
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": search, "PYTHONPATH": str(ROOT)}
    call = [sys.executable, "-m", "snakemake", "--cores", "1", "--workflow-profile", "none", *arguments]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """A folder with estimates of a method."""

    def prepare(method, years):
        monkeypatch.chdir(tmp_path)
        scope = set_scope(tmp_path, method, **SETTINGS[method])
        write_tiles(scope, method, years)
        return tmp_path

    return prepare


def test_snakemake_makes_the_data_set_and_then_has_nothing_to_do(prepared):
    folder = prepared("ease", [2018])
    done = snakemake(folder, "ease")
    assert done.returncode == 0, done.stderr
    product = folder / "results/ease/product"
    made = {
        str(path.relative_to(product)) for path in product.rglob("*") if path.is_file() and "zarr" not in path.parts
    }
    assert {"release.json", "netcdf/CASM_SM_2018.nc", "geotiff/CASM_SM_2018-01-05.tif", "README.md"} <= made
    assert {"derived/CASM_SM_monthly_2018.nc", "derived/CASM_SM_climatology.nc", "quicklook/CASM_SM_2018.png"} <= made
    assert (product / "zarr/CASM_SM/points.zarr/.zmetadata").is_file()
    again = snakemake(folder, "ease", "-n")
    assert again.returncode == 0 and "Nothing to be done" in again.stdout + again.stderr


def test_a_plan_of_several_tables_holds_each_year_of_each(prepared):
    planned = snakemake(prepared("daily", [2015, 2016]), "daily", "-n", "--quiet", "host")
    assert planned.returncode == 0, planned.stderr
    counts = dict(
        line.split()[:2] for line in planned.stdout.splitlines() if len(line.split()) == 2 and line.split()[1].isdigit()
    )
    assert {name: int(counts[name]) for name in ("tiled_year", "monthly_geotiff", "climatology", "zarr", "publish")} == {
        "tiled_year": 8, "monthly_geotiff": 8, "climatology": 4, "zarr": 4, "publish": 1,
    }  # fmt: skip
