"""The toy Earth's archive as a whole: names, days, repeatability, and the file of its truth."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from toy_archive import DEMO, Written

from rssm.archive.listing import list_files
from rssm.config.toy import Toy
from rssm.errors import InputError
from rssm.toy.archive import file_days, names_only, write_year
from rssm.toy.names import file_names
from rssm.toy.truth import Earth


def test_a_product_year_is_the_same_whenever_it_is_written(tmp_path: Path, toy: Written) -> None:
    one = write_year(toy.earth, "AMSR2-JAXA", toy.catalogue["AMSR2-JAXA"], 2014, tmp_path / "one")
    other = write_year(Earth(Toy(), DEMO), "AMSR2-JAXA", toy.catalogue["AMSR2-JAXA"], 2014, tmp_path / "other")
    assert json.dumps(one) == json.dumps(other) and len(one["files"]) == 72
    for file in one["files"][:5]:
        assert (tmp_path / "one" / file["name"]).read_bytes() == (tmp_path / "other" / file["name"]).read_bytes()
    changed = write_year(Earth(Toy(seed=9), DEMO), "AMSR2-JAXA", toy.catalogue["AMSR2-JAXA"], 2014, tmp_path / "one")
    assert changed["files"][0]["checksum"] != one["files"][0]["checksum"]
    assert not list(tmp_path.rglob(".*.part*"))


def test_hdf4_files_hold_nothing_of_where_and_by_which_process_they_are_written(toy: Written, tmp_path: Path) -> None:
    entry, written = toy.catalogue["LANDCOVER"], []
    for folder, process in (("a", 7), ("deeper/than/a", 123456)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("os.getpid", lambda process=process: process)
            (file,) = write_year(toy.earth, "LANDCOVER", entry, 2011, tmp_path / folder)["files"]
        written.append((tmp_path / folder / file["name"]).read_bytes())
    assert written[0] == written[1] and b".part" not in written[0]
    assert len(list(tmp_path.rglob("*.*"))) == 2  # nothing is left beside


def test_days_and_spans_decide_what_is_written(toy: Written) -> None:
    fengyun, leaves = toy.catalogue["FY-3B-NSMC"], toy.catalogue["LAI-GLASS"]
    days = [date.fromordinal(n) for n in file_days(fengyun, 2011, 2)]
    assert days[:3] == [date(2011, 7, 11), date(2011, 7, 12), date(2011, 7, 21)] and len(days) == 2 * 17
    assert len(file_days(fengyun, 2016, 2)) == 0 and len(file_days(fengyun, 2014, 11)) == 365
    assert len(file_days(leaves, 2012, 1)) == 46 and len(file_days(toy.catalogue["SAND"], 2012, 1)) == 0
    assert len(file_days(toy.catalogue["SAND"], None, 1)) == 1


def test_an_unknown_product_is_refused(toy: Written, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no writer"):
        write_year(toy.earth, "MINE", toy.catalogue["CCI"], 2011, tmp_path)


def test_names_alone_are_those_of_the_files(toy: Written, tmp_path: Path) -> None:
    chosen = {name: toy.catalogue[name] for name in ("SMOS-IC", "LST", "SAND", "TREE", "LAI-GLASS", "GLEAM-A")}
    count = names_only(tmp_path, chosen, [2011], 1)
    laid = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    written = {file["name"] for name in chosen for file in toy.manifest(name)["files"]}
    assert laid == written and count == len(written)


def test_every_pattern_finds_the_names_that_fill_it(toy: Written, tmp_path: Path) -> None:
    names_only(tmp_path, toy.catalogue, [2003, 2016], 1)
    for product_id, product in toy.catalogue.items():
        if product.kind == "station":
            continue
        for year in (None,) if product.step == "static" else (2003, 2016):
            days = [date.fromordinal(n) for n in file_days(product, year, 1)]
            expected = set(file_names(product_id, product, days))
            found = {str(f.path.relative_to(tmp_path)) for f in list_files(tmp_path, product, year)}
            assert found == expected, product_id
