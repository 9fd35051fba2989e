"""Errors of the maps job name title and version of the product, which its settings do not hold."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import yaml

from rssm.cli import main
from rssm.grid import GRID
from rssm.ingest.index import read_index
from rssm.ingest.land_mask import write_land
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.rounds import Rounds

CATALOGUE = Path(__file__).resolve().parents[2] / "config/products.yaml"


@pytest.fixture
def job(tmp_path, monkeypatch, capsys):
    """Runs `rssm ingest` for SMAP of a year whose one file lacks its variables; what it says."""
    monkeypatch.chdir(tmp_path)
    write_land(tmp_path, np.ones((GRID.rows, GRID.columns), bool), GRID)
    native = tmp_path / "archive/SMAP_E/2015/SMAP_L3_SM_P_E_20150401_R18240_001.h5"
    native.parent.mkdir(parents=True)
    with h5py.File(native, "w") as file:
        for half in ("AM", "PM"):
            file[f"Soil_Moisture_Retrieval_Data_{half}/other"] = np.zeros((4, 4))

    def run(*catalogue: str, **inputs: str) -> str:
        config = {"region": {"south": 40, "north": 41, "west": -1, "east": 0}, "inputs": {"root": "archive", **inputs}}
        wildcards = type("W", (), {"product": "SMAP_E", "year": "2015"})
        spec = Rounds(scope_of(config)).ingest_spec(wildcards)
        assert "SMAP Enhanced" not in spec
        code = main(
            [
                "ingest",
                "SMAP_E",
                "2015",
                "--land",
                "land.tif",
                "--catalogue",
                *catalogue,
                "--spec",
                spec,
                "--out",
                "maps/2015.json",
            ]
        )
        assert code == (0 if inputs else 2)
        return capsys.readouterr().err

    return run


def test_an_error_names_title_and_version_of_the_catalogue(job, tmp_path):
    entry = yaml.safe_load(CATALOGUE.read_text())["SMAP_E"]
    assert f"\nExpected {entry['title']}, version {entry['version']}. Check SMAP_E.variables" in job(str(CATALOGUE))
    assert not Path("maps/2015.json").exists()


def test_without_a_catalogue_it_names_the_product(job, tmp_path):
    (tmp_path / "gone.yaml").write_text("SMOS: {}")
    for catalogue in ([], ["nowhere.yaml"], ["gone.yaml"]):
        assert "\nExpected SMAP_E, version as in the catalogue. Check" in job(*catalogue)


def test_what_is_recorded_of_a_skipped_file_holds_no_title(job):
    job(str(CATALOGUE), on_bad_file="skip")
    text = json.dumps(read_index("maps/2015.json"))
    assert "SMAP_L3_SM_P_E_20150401_R18240_001.h5" in text and "{" + "title}" not in text and "Expected" not in text
