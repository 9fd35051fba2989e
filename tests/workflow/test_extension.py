"""An edition and its extension by a year: everything learnt is taken over, only the new year is made."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from rssm.calendar import DEKADS
from rssm.cubes.cube import read_cubes
from rssm.cubes.place import scatter
from rssm.grid import GRID
from rssm.ingest.index import read_index
from rssm.maps import read_map
from rssm.networks import store
from rssm.rounds.simulate import simulated
from rssm.rounds.specs import RankedNetwork, SimulateSpec

PRODUCT = Path("results/rsssm/product")
MADE = ("toy_archive", "ingest", "mosaic", "product_year", "monthly", "anomaly")
TILES = ("N40W001", "N40W002")


class Extension:
    """A run in a folder of its own that extends the edition of a finished project."""

    def __init__(self, project, folder: Path, last: str = "2016D36") -> None:
        self.project, self.folder = project, folder
        folder.mkdir(exist_ok=True)
        text = (project.folder / "config" / "tiny.yaml").read_text().replace("2015D36", last)
        release = {"kind": "icdr", "extends": str(Path("..")), "version": "1.1"}
        (folder / "config.yaml").write_text(f"{text}\nproduct: {json.dumps({'release': release})}\n")

    def snakemake(self, *arguments: str):
        config = str(self.folder / "config.yaml")
        return self.project.snakemake("--directory", str(self.folder), *arguments, config=config)


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def published(whole):
    """The tiny run with its data set."""
    return whole


@pytest.fixture(scope="module")
def extension(published):
    return Extension(published, published.folder / "extension")


@pytest.fixture(scope="module")
def extended(extension):
    """The extension, finished; digests of the edition's results before."""
    results = extension.project.folder / "results"
    extension.before = digests(results)
    done = extension.snakemake("product")
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
    return extension


def test_an_extension_plans_the_new_year_alone_and_learns_nothing(extension):
    planned = extension.project.planned(
        "product", "--directory", str(extension.folder), config=str(extension.folder / "config.yaml")
    )
    assert not {"train", "target", "target_range", "held_out_skill", "climatology", "snow_climatology"} & set(planned)
    assert planned["simulate"] == [f"1 {tile}" for tile in TILES]  # round 2 reaches no later dekad
    assert planned["product_year"] == ["2016"] and planned["mosaic"] == ["1 2016"]
    for rule in MADE:
        assert all(name.endswith(("2016", "static")) for name in planned[rule]), rule


def test_a_year_that_adds_nothing_is_refused(published):
    done = Extension(published, published.folder / "nothing", last="2015D36").snakemake("--dry-run", "product")
    assert done.returncode == 1
    assert "period.last: 2015D36 adds nothing to edition 1.0 in .., which reaches 2015D36." in done.stderr
    assert "Nothing was run" in done.stderr and "Traceback" not in done.stderr


def test_a_network_that_is_gone_is_named_before_anything_runs(extension):
    path = extension.project.folder / "results/rsssm/networks/NN1-2/N40W001.nc"
    path.rename(path.with_suffix(".away"))
    try:
        done = extension.snakemake("--dry-run", "product")
    finally:
        path.with_suffix(".away").rename(path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "../results/rsssm/networks/NN1-2/N40W001.nc: not there, but an extension of edition 1.0 needs" in done.stderr


def test_a_network_that_is_not_the_published_one_stops_the_run(extension):
    path = extension.project.folder / "results/rsssm/networks/NN1-2/N40W001.nc"
    kept, times = path.read_bytes(), path.stat()
    path.write_bytes(kept + b" ")
    try:
        done = extension.snakemake("results/rsssm/simulated/1/N40W001.nc", "--until", "take_over")
    finally:
        path.write_bytes(kept)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert done.returncode == 1
    assert "the networks of round 1: not as published in edition 1.0" in done.stderr + done.stdout
    assert not (extension.folder / "results/rsssm/simulated").exists()


def test_the_edition_stays_as_it_was_and_the_extension_holds_the_new_year(extended):
    assert digests(extended.project.folder / "results") == extended.before
    folder = extended.folder / PRODUCT
    assert [path.name for path in (folder / "netcdf").iterdir()] == ["RSSSM_2016.nc"]
    assert (
        len(list((folder / "geotiff").glob("RSSSM_2016D??.tif"))) == 36 == len(list((folder / "geotiff").glob("*.tif")))
    )
    assert not (extended.folder / "results/rsssm/networks").exists()
    release = json.loads((folder / "release.json").read_text())
    parent = json.loads((extended.project.folder / PRODUCT / "release.json").read_text())
    assert release["extends"]["edition"] == "RSSSM-TOY-v1.0" and release["version"] == "1.1"
    assert release["extends"]["networks"]["1"] == parent["networks"]["1"] == release["networks"]["1"]
    assert "Nothing to be done" in (done := extended.snakemake("--dry-run", "product")).stdout + done.stderr


def test_maps_of_the_new_year_are_what_the_editions_networks_give(extended):
    edition, own = extended.project.folder / "results/rsssm", extended.folder / "results/rsssm"
    inputs = ("LAI-PROBAV", "SAND")
    networks = (
        RankedNetwork("NN1-1", 2, ("ASCAT-SWI", "SMOS-IC", *inputs)),
        RankedNetwork("NN1-2", 1, ("ASCAT-SWI", *inputs)),
    )
    steps = DEKADS.span("2016D01", "2016D36")
    spec = SimulateSpec((steps[0], steps[-1]), networks, "clip")
    maps = read_index(own / "maps/SIM-1/2016.json")
    compared = 0
    for tile in TILES:
        stored = [store.read(edition / "networks" / name / f"{tile}.nc") for name in ("NN1-1", "NN1-2")]
        cubes = {cube.variable: cube for path in own.glob(f"cubes/*/{tile}.nc") for cube in read_cubes(path)}
        found = simulated(stored, cubes, spec)
        for at in (0, 13, 30):
            layers, _ = read_map(own / "maps/SIM-1" / maps[DEKADS.label(steps[at])]["map"])
            window = GRID.window(GRID.region(40, 41, -2, 0))
            (given,) = scatter(found.value[:1, :, at], found.pixel, window, GRID)
            inside = np.isfinite(given) & (layers["blended"] == 0)  # edges of zones are blended with their neighbours
            np.testing.assert_array_equal(layers["value"][inside], given[inside])
            compared += np.count_nonzero(inside)
    assert compared > 200


def test_the_series_go_on_from_the_edition(extended):
    with xr.open_zarr(extended.folder / PRODUCT / "zarr/points.zarr", chunks=None) as cube:
        assert cube["period"].values[[0, -1]].tolist() == ["2014D19", "2016D36"]
        assert cube.attrs["product_type"] == "CDR until 2015D36, then ICDR"
        assert np.isfinite(cube["soil_moisture"].values[:, -36:]).sum() > 1000
    with xr.open_zarr(extended.project.folder / PRODUCT / "zarr/points.zarr", chunks=None) as before:
        old = before["soil_moisture"].values
    with xr.open_zarr(extended.folder / PRODUCT / "zarr/points.zarr", chunks=None) as cube:
        np.testing.assert_array_equal(cube["soil_moisture"].values[:, : old.shape[1]], old)
    with xr.open_dataset(extended.folder / PRODUCT / "netcdf/RSSSM_2016.nc") as year:
        assert year.attrs["product_type"] == "ICDR" and year.attrs["extension_of"].startswith("RSSSM-TOY-v1.0 of ")
        assert year.attrs["frozen_networks"].startswith("round 1: sha256 ")
