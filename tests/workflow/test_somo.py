"""SoMo.ml from native toy files to its data set, by its rules; and a year more, which goes on from the last state."""

from __future__ import annotations

import json
import re

import netCDF4
import numpy as np
import pytest
import yaml

from rssm.cubes.estimates import read_estimates
from tests.workflow.conftest import Project

TINY = "config/somo/tiny.yaml"
TILE = "N36W102"
RESULTS = "results/somo"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny run, up to the data set without its other formats, and the page of cross-validation."""
    project = Project(tmp_path_factory.mktemp("somo"))
    tiny = project.folder / TINY
    tiny.write_text(tiny.read_text() + "product: {formats: []}\n")
    made = project.snakemake("--nolock", "product", f"{RESULTS}/validation/crossval.md", config=TINY)
    assert made.returncode == 0, made.stderr[-3000:]
    return project


def layer(project: Project, name: str) -> np.ndarray:
    """Values (day, row, column) of the year's file of a table."""
    with netCDF4.Dataset(project.folder / RESULTS / f"product/netcdf/SoMo.ml_v1_{name}_2001.nc") as file:
        variable = next(name for name in file.variables if name.startswith("layer"))
        return np.ma.filled(file[variable][:], np.nan)


def test_every_layer_has_its_days(done: Project) -> None:
    layers = [layer(done, f"layer{n}") for n in (1, 2, 3)]
    assert all(values.shape == (365, 24, 24) for values in layers)
    land = np.isfinite(layers[0]).any(axis=0)
    assert land.mean() > 0.9
    assert all(np.isfinite(values[:, land]).all() for values in layers)
    assert all(values[:, land].std(axis=0).min() > 0 for values in layers)  # they move, in every pixel
    column = layer(done, "0-50cm")
    weighted = sum(w * values for w, values in zip((0.2, 0.4, 0.4), layers, strict=True))
    assert np.nanmax(np.abs(column - weighted)) < 2e-4  # steps of packing


def test_the_edition_is_described(done: Project) -> None:
    product = done.folder / RESULTS / "product"
    assert f"{RESULTS}/networks/layer1/1.nc" in json.loads((product / "release.json").read_text())["tables"]
    assert "netcdf/SoMo.ml_v1_layer3_2001.nc" in (product / "SHA256SUMS.txt").read_text()


def test_cross_validation_stands_beside_what_is_published(done: Project) -> None:
    page = (done.folder / RESULTS / "validation/crossval.md").read_text()
    assert "## Blocks of cells left out, with a buffer" in page
    rows = re.findall(r"^\| (\d) \| all \| *\d* \| ([\w: -]+) \| ([-\d.]+) \|", page, re.M)
    assert {(number, source) for number, source, _ in rows} >= {
        *((n, source) for n in "123" for source in ("networks", "model")),
        ("1", "published: SOMO"),
        ("3", "published: ERA5"),
    }
    assert "0.724" in page


def test_nothing_is_left_to_do(done: Project) -> None:
    assert done.planned("product", f"{RESULTS}/validation/crossval.md", config=TINY) == {}


def test_a_year_more_learns_nothing_and_goes_on_from_the_last_state(done: Project) -> None:
    later = done.folder / "later"
    later.mkdir()
    settings = yaml.safe_load((done.folder / TINY).read_text())
    settings["period"]["last"] = "2002-12-31"
    settings["product"] = {"formats": [], "release": {"kind": "icdr", "extends": "..", "version": "1.1"}}
    config = later / "later.yaml"
    config.write_text(yaml.safe_dump(settings))
    where = ("--directory", str(later))
    jobs = done.planned(*where, "product", config=str(config))
    assert not {"somo_train", "somo_targets", "somo_crossval", "somo_stations"} & jobs.keys()
    assert jobs["somo_simulate"] == [f"2002 {TILE}"]
    assert {name.split()[1] for name in jobs["ingest_years"]} == {"2002"}
    made = done.snakemake(*where, f"{RESULTS}/simulated/2002/{TILE}.nc", config=str(config))
    assert made.returncode == 0, made.stderr[-3000:]
    found = read_estimates(later / RESULTS / f"simulated/2002/{TILE}.nc")
    before = read_estimates(done.folder / RESULTS / f"simulated/2001/{TILE}.nc")
    assert found.step[0] == before.step[-1] + 1
    change = np.abs(found.layers["layer3"][0] - before.layers["layer3"][-1])
    assert np.nanmean(change) < 5 * np.nanmean(np.abs(np.diff(before.layers["layer3"], axis=0)))
