"""What share of land × steps has values, and the refusal of a data set without any."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.paths import SIMULATED, Paths
from rssm.product.contents import Contents, Listed
from rssm.product.values.land_share import LandShareSpec, land_share
from rssm.tsv import read_tsv

SPEC = LandShareSpec(100, SIMULATED, (DEKADS.parse("2015D01"), DEKADS.parse("2015D04")), "dekad")


def index(folder: Path, name: str, entries: dict[str, dict]) -> str:
    path = folder / name / "2015.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"maps": entries}))
    return str(path)


@pytest.fixture
def natives(tmp_path: Path) -> list[str]:
    full = {f"2015D0{n}": {"land": 100, "on_land": 90} for n in (1, 2)}
    gaps = {"2015D01": {"land": 100, "on_land": 10}, "2015D02": {"land": 0, "on_land": 0}}
    return [index(tmp_path, "FULL", full), index(tmp_path, "GAPS", gaps)]


def simulated(folder: Path, pixels: int) -> str:
    there = {f"2015D0{n}": {"status": "complete", "pixels": pixels} for n in (1, 2)}
    return index(folder, "SIM-1", there | {"2015D03": {"status": "missing", "pixels": 0}})


def test_the_table_of_a_run(tmp_path, monkeypatch, natives):
    monkeypatch.chdir(tmp_path)
    paths = Paths()
    land_share(natives, [simulated(tmp_path, 80)], SPEC, [paths.land_share])
    rows = [tuple(row.values()) for _, row in read_tsv(paths.land_share)]
    assert rows == [
        ("data set", "data set", "4", "400", "160", "0.4"),
        ("round", "SIM-1", "2", "200", "160", "0.8"),
        ("product", "GAPS", "1", "100", "10", "0.1"),
        ("product", "FULL", "2", "200", "180", "0.9"),
    ]


def tiled(folder: Path, pixels: int) -> list[str]:
    """Indices of two tables of a data set that is made of tiles."""
    paths = []
    for table, share in (("upper", 1), ("lower", 2)):
        maps = {f"2015D0{n}": {"land": 100, "simulated": pixels // share, "status": "complete"} for n in (1, 2)}
        paths.append(folder / f"{table}_2015.json")
        paths[-1].write_text(json.dumps({"product": table, "maps": maps}))
    return [str(path) for path in paths]


def test_the_table_of_a_data_set_made_of_tiles(tmp_path, natives):
    spec, out = replace(SPEC, estimate=""), str(tmp_path / "t.tsv")
    land_share(natives, tiled(tmp_path, 80), spec, [out])
    assert [tuple(row.values()) for _, row in read_tsv(out)][:3] == [
        ("data set", "data set", "4", "400", "240", "0.6"),
        ("table", "upper", "2", "200", "160", "0.8"),
        ("table", "lower", "2", "200", "80", "0.4"),
    ]
    with pytest.raises(InputError, match=r"0 of 400 land pixels × dekads.*first: GAPS 10.0 %, FULL 90.0 %\."):
        land_share(natives, tiled(tmp_path, 0), spec, [str(tmp_path / "none.tsv")])
    assert not (tmp_path / "none.tsv").exists()


def test_a_data_set_without_any_value_is_refused(tmp_path, natives):
    with pytest.raises(InputError, match=r"0 of 400 land pixels × dekads.*first: GAPS 10.0 %, FULL 90.0 %\."):
        land_share(natives, [simulated(tmp_path, 0)], SPEC, [str(tmp_path / "t.tsv")])
    assert not (tmp_path / "t.tsv").exists()


def test_an_edition_without_any_value_is_refused():
    maps = {label: {"simulated": 0, "land": 9, "round": "1"} for label in ("2015D01", "2015D02")}
    listed = Listed(Path("2015.json"), {"product": "RSSSM", "maps": maps}, DEKADS)
    edition = Contents(Path(), [listed], [listed])
    with pytest.raises(InputError, match="none of 18 land pixels × steps was simulated"):
        edition.check_values()
    maps["2015D02"]["simulated"] = 1
    edition.check_values()
