"""A run of nothing is no success: a predictor that is screened away stops the run, or else the empty data set does."""

from __future__ import annotations

import json
import re
import shutil
from copy import copy
from pathlib import Path

import pytest

from tests.workflow.conftest import MAPS

REPORT = Path("results/rsssm/report")


@pytest.fixture(scope="module")
def emptied(finished, tmp_path_factory):
    """The finished tiny run, whose only predictor of all networks is now screened entirely."""
    folder = tmp_path_factory.mktemp("nothing") / "copy"
    shutil.copytree(finished.folder, folder, symlinks=True)
    other = copy(finished)
    other.folder = folder
    other.edit("config/products.yaml", "state: {one_of: [0, 1], missing: keep}", "state: {one_of: [9]}")
    return other


def test_a_run_ends_with_the_share_of_land_that_has_values(finished):
    done = finished.snakemake("--forcerun", "rounds_table", "--nolock", *MAPS)
    assert done.returncode == 0, done.stderr
    told = re.search(r"Share of land × dekads with a value:\n  data set (\S+) % estimated.*\n  SIM +1: ", done.stderr)
    assert told and 50 < float(told[1]) <= 100
    head, *rows = (line.split("\t") for line in (finished.folder / REPORT / "archive.tsv").read_text().splitlines())
    shares = {tuple(row[:2]): row[head.index("share_on_land")] for row in rows}
    assert shares["SAND", "static"] == "1.0" and 0 < float(shares["SMOS-IC", "2015"]) <= 1


def test_a_predictor_that_screening_empties_stops_the_run(emptied):
    done = emptied.snakemake("--", *MAPS)
    assert done.returncode == 1
    log = (emptied.folder / "logs/ingest/ASCAT-SWI/2015.log").read_text()
    assert log.startswith("ASCAT-SWI, 2015: no value on land in any of its 36 maps: of ")
    assert "Check its quality rule (keep, strict) in the catalogue, or set inputs.on_empty: report" in log
    maps = emptied.folder / "results/rsssm/maps/ASCAT-SWI"
    assert not list(maps.glob("*2015*"))


def test_a_data_set_without_a_value_is_no_success_even_where_that_is_allowed(emptied):
    emptied.edit("config/tiny.yaml", "inputs: {", "inputs: {on_empty: report, ")
    emptied.edit("config/tiny.yaml", "chains: 2", "chains: 2\nfusion: {joint: 0}")  # which has values of SMOS-IC alone
    done = emptied.snakemake("--keep-going", "--", *MAPS)
    assert done.returncode == 1 and "Share of land × dekads" not in done.stderr
    log = (emptied.folder / "logs/land_share.log").read_text()
    assert log.startswith("The data set of 2014D19 to 2015D36 has no value at all: 0 of ")
    assert "the emptiest first: ASCAT-SWI 0.0 %" in log
    entries = json.loads((emptied.folder / "results/rsssm/maps/ASCAT-SWI/2015.json").read_text())["maps"].values()
    assert not any(entry["on_land"] for entry in entries)
    done = emptied.snakemake("product")
    assert done.returncode == 1
