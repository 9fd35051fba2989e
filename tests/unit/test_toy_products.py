"""A toy Earth writes the products of `toy.products`; others are archives like any other."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from rssm.config.yaml_file import read_yaml
from rssm.workflow.methods import scope_of, workflow_of
from rssm.workflow.presence import absent

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = [
    "SMAP_E",
    "ASCAT-SWI",
    "LAI-PROBAV",
    "SAND",
    "POROSITY",
    "SNOW",
    "FREEZE-THAW",
    "LANDCOVER",
    "WATER",
    "RAINFOREST",
]
OWN = "archive/SMOS-IC/2015/SM_RE06_MIR_CDF3SA_20150101T000000_20150101T235959_105_001_8.DBL.nc"


@pytest.fixture
def scope(tmp_path, monkeypatch):
    """The tiny run, whose toy Earth writes all products but SMOS-IC."""
    monkeypatch.chdir(tmp_path)
    settings, _ = read_yaml(ROOT / "config/tiny.yaml")
    return scope_of({**settings, "inputs": {"root": "archive"}, "toy": {"products": WRITTEN}})


def test_what_the_toy_does_not_write_must_be_there(scope):
    assert "no such folder" in " ".join(absent(scope))
    Path("archive").mkdir()
    (sentence,) = absent(scope)
    assert "below archive no file of 2014-2015 is named as SMOS-IC" in sentence
    Path(OWN).parent.mkdir(parents=True)
    Path(OWN).touch()
    assert list(absent(scope)) == []


def test_only_what_the_toy_writes_waits_for_it_and_other_files_enter_as_they_are(scope):
    ground = workflow_of(scope)
    asked = {name: SimpleNamespace(product=name, year="2015") for name in ("SMAP_E", "SMOS-IC")}
    assert ground.toy_manifest(asked["SMAP_E"]) == ["archive/SMAP_E/2015.json"]
    assert ground.toy_manifest(asked["SMOS-IC"]) == []
    Path(OWN).parent.mkdir(parents=True)
    Path(OWN).write_text("a")
    before = ground.files(asked["SMOS-IC"])
    Path(OWN).write_text("ab")
    assert ground.files(asked["SMOS-IC"]) != before


def test_a_toy_that_writes_all_needs_no_archive(scope):
    settings = yaml.safe_load((ROOT / "config/tiny.yaml").read_text())
    assert list(absent(scope_of(settings))) == []
