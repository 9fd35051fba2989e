"""Series: what a variable's cubes are cut from."""

from __future__ import annotations

import json

import pytest

from rssm.calendar import DEKADS
from rssm.cubes.series import read_series, series
from rssm.cubes.specs import SeriesPart, SeriesSpec
from rssm.errors import InputError


@pytest.fixture
def years(tmp_path):
    """Indices of two years of SMOS-IC, with the first dekad of each and the last of 2015."""
    folder = tmp_path / "SMOS-IC"
    folder.mkdir()
    (tmp_path / "land.tif").write_bytes(b"land")
    for year, labels in {"2015": ("2015D01", "2015D36"), "2016": ("2016D01",)}.items():
        maps = {label: {"map": f"{label}.tif", "sha256": f"of {label}"} for label in labels}
        (folder / f"{year}.json").write_text(json.dumps({"maps": maps}))
    return tmp_path


def listed(years, first: str, last: str, name: str = "SMOS-IC") -> dict:
    spec = SeriesSpec({name: SeriesPart("dekad", (DEKADS.parse(first), DEKADS.parse(last)))})
    indices = [str(years / "SMOS-IC" / f"{year}.json") for year in ("2015", "2016")]
    series(name, indices, [str(years / "land.tif")], spec, [str(years / "series.json")])
    return read_series(years / "series.json")[0]


def test_a_series_holds_the_maps_between_its_first_and_last_step(years):
    steps = {DEKADS.parse(label): years / "SMOS-IC" / f"{label}.tif" for label in ("2015D36", "2016D01")}
    assert listed(years, "2015D02", "2016D01") == {"SMOS-IC": steps}
    assert read_series(years / "series.json")[1] == years / "land.tif"


def test_a_series_changes_when_a_map_or_the_land_mask_does(years):
    listed(years, "2015D01", "2016D36")
    texts = [(years / "series.json").read_text()]
    (years / "land.tif").write_bytes(b"more land")
    listed(years, "2015D01", "2016D36")
    texts.append((years / "series.json").read_text())
    index = years / "SMOS-IC" / "2016.json"
    index.write_text(index.read_text().replace("of 2016D01", "other than 2016D01"))
    listed(years, "2015D01", "2016D36")
    texts.append((years / "series.json").read_text())
    assert len(set(texts)) == 3


def test_a_series_without_maps_is_refused(years):
    with pytest.raises(InputError, match=r"SMOS-IC: no map between its first and last step in .*2015\.json"):
        listed(years, "2017D01", "2017D36")


def test_a_broken_series_is_refused_with_its_name(years):
    (years / "series.json").write_text("{}")
    with pytest.raises(InputError, match=r"series\.json: cannot be read as a series"):
        read_series(years / "series.json")
