"""What rules of validation ask: groups and joints from the plan, rivals that are there, sentences about what is not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rssm.calendar import DEKADS
from rssm.config.load import read_yaml
from rssm.errors import InputError
from rssm.spec import parsed
from rssm.validation.specs import EfficiencySpec, ScoresSpec, Span, TripleSpec
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.rsssm.validation import subject
from rssm.workflow.validation import Validating

ROOT = Path(__file__).resolve().parents[2]
NONE = SimpleNamespace(depth="")


def validating(config: str = "config/config.yaml", speaks: bool = False, **changes: Any) -> Validating:
    settings, _ = read_yaml(ROOT / config)
    scope = scope_of({**settings, **changes}, ROOT)
    return Validating(scope, lambda: subject(DataSet(scope)), speaks)


def labels(spans: tuple[Span, ...]) -> list[tuple[str, str]]:
    return [(DEKADS.label(first), DEKADS.label(last)) for first, last in spans]


def test_groups_and_joints_are_those_of_the_plan() -> None:
    spec = parsed(ScoresSpec, validating().scores_spec(NONE))
    assert {name: labels(spans) for name, spans in spec.spells["round"].items()} == {
        "1": [("2012D19", "2018D36")],
        "2": [("2011D20", "2012D18")],
        "3": [("2010D16", "2011D19")],
        "4": [("2007D01", "2010D15")],
        "5": [("2003D01", "2006D36")],
    }
    assert labels(spec.spells["target_period"]["inside"]) == [("2015D10", "2018D36")]
    assert labels(spec.spells["target_period"]["outside"]) == [("2003D01", "2015D09")]
    joints = {name: DEKADS.label(step) for name, step in spec.joints.items()}
    assert (joints["round_2_to_1"], joints["AMSR-E-NSIDC_ends"]) == ("2012D19", "2011D28")
    assert "SMAP_E_begins" not in joints  # the target is no predictor
    assert (spec.target, spec.bootstrap.seed) == ("SMAP_E", 2021)


def test_each_rival_is_compared_over_its_own_part_of_the_period() -> None:
    asked = validating(validation={"rivals": ["CCI", "ASCAT-SWI", "GLEAM-B"]}, period={"first": "2005D01"})
    pairs = {pair.rival: pair.span for pair in parsed(ScoresSpec, asked.scores_spec(NONE)).pairs}
    assert list(pairs) == ["CCI", "ASCAT-SWI", "GLEAM-B"]
    assert labels(tuple(pairs.values())) == [("2005D01", "2018D36"), ("2007D01", "2018D36"), ("2005D01", "2018D27")]
    assert (
        asked.compared_files(SimpleNamespace(depth="", compared="ASCAT-SWI"))[0]
        == "results/rsssm/maps/ASCAT-SWI/2007.json"
    )
    assert asked.compared_files(SimpleNamespace(depth="", compared="RSSSM"))[0].endswith(
        "/product/netcdf/RSSSM_2005.nc"
    )


def test_years_held_out_of_all_rounds_are_out_of_sample_and_a_group() -> None:
    asked = validating(training={"split": {"held_out_years": [2016]}})
    learnt = [("2015D10", "2015D36"), ("2017D01", "2018D36")]
    assert labels(parsed(EfficiencySpec, asked.efficiency_spec(NONE)).learnt) == learnt
    spells = parsed(ScoresSpec, asked.scores_spec(NONE)).spells["held_out"]
    assert (labels(spells["yes"]), labels(spells["no"])) == ([("2016D01", "2016D36")], learnt)
    assert asked.target_years == ["2015", "2016", "2017", "2018"]


def test_a_tile_is_collocated_on_its_land_in_the_region() -> None:
    asked = validating(zones={"tile_degrees": 10})
    spec = parsed(TripleSpec, asked.triple_spec(SimpleNamespace(tile="N40W010")))
    region = spec.area.region
    assert (region.south, region.north, region.west, region.degrees) == (40, 42, -3, 3)
    assert (spec.names, spec.land_cover) == (("RSSSM", "ASCAT-SWI", "GLDAS"), ("LANDCOVER", 2018))
    assert parsed(TripleSpec, asked.triple_spec(NONE)).area == asked.scope.area


def test_years_that_not_all_three_have_are_not_read() -> None:
    asked = validating(validation={"triple": {"active": "ASCAT-SWI", "model": "GLEAM-B"}})
    years = [
        [Path(path).stem[-4:] for path in found(NONE)]
        for found in (asked.triple_files, asked.active_maps, asked.model_maps)
    ]
    assert years == [[str(year) for year in range(2007, 2019)]] * 3


def test_what_is_left_out_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    products = ["SMAP_E", "ASCAT-SWI", "ISMN"]
    toy = {"days_per_dekad": 1, "products": products}
    asked = validating(speaks=True, validation={"rivals": ["SMAP_E", "CCI"]}, toy=toy)
    made = asked.wanted(NONE)
    assert "results/rsssm/validation/figures/scatter_SMAP_E.svg" in made
    assert not [path for path in made if "CCI" in path or "triple" in path]
    asked.wanted(NONE)
    assert capsys.readouterr().err.splitlines() == [
        "validation: Left out: CCI is not among toy.products.",
        "validation: triple collocation is left out: GLDAS is not among toy.products.",
    ]


def test_without_stations_what_needs_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = validating(speaks=True, validation={"stations": {"ismn": ["nowhere"]}, "rivals": ["SMAP_E"]})
    made = [path.removeprefix("results/rsssm/validation/") for path in asked.wanted(NONE)]
    assert {"efficiency.tsv", "triple.tsv", "figures/triple.png"} <= set(made)
    assert not [path for path in made if "scores" in path or "stations" in path]
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "results/toy/archive/nowhere" in sentence and "validation.stations.ismn" in sentence


def test_real_archives_are_looked_for_by_the_names_of_their_files(tmp_path: Path) -> None:
    (tmp_path / "CCI/2015").mkdir(parents=True)
    (tmp_path / "CCI/2015/ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20150501000000-fv04.5.nc").touch()
    (tmp_path / "ISMN").mkdir()
    asked = validating(toy=None, inputs={"root": str(tmp_path)}, validation={})
    assert asked.there.rivals == ["CCI"]
    assert asked.there.with_stations and asked.ismn(NONE, None) == [f"{tmp_path}/ISMN"]
    assert any("GLDAS" in text and "GLDAS/{year}" in text for text in asked.left_out())
    before = asked.station_files(NONE)
    (tmp_path / "ISMN/more.zip").touch()
    assert asked.station_files(NONE) != before


def test_stations_of_a_toy_earth_that_were_replaced_are_read_again(tmp_path: Path) -> None:
    asked = validating(inputs={"root": str(tmp_path)})
    assert asked.station_files(NONE) == "toy"  # will be written
    place, manifest = tmp_path / "ISMN/TOYNET/a.stm", tmp_path / "ISMN/static.json"
    place.parent.mkdir(parents=True)
    place.write_text("0.25\n")
    manifest.write_text(json.dumps({"files": [{"name": "ISMN/TOYNET/a.stm", "size": 5}]}))
    os.utime(place, ns=(10**18, 10**18))
    assert asked.station_files(NONE) == "toy"  # as written
    with_more = validating(inputs={"root": str(tmp_path)}, validation={"stations": {"ismn": ["ISMN", "OWN"]}})
    (tmp_path / "OWN").mkdir()
    before = with_more.station_files(NONE)
    (tmp_path / "OWN/b.stm").write_text("0.3\n")
    assert "toy" != before != with_more.station_files(NONE)  # archives beside it count as ever
    os.utime(place)  # later than the manifest
    replaced = asked.station_files(NONE)
    place.write_text("0.255\n")
    assert len({"toy", replaced, asked.station_files(NONE)}) == 3
    place.unlink()
    assert asked.station_files(NONE) != "toy"


def test_where_stations_lie_decides_nothing() -> None:
    one, other = (
        validating(validation={"stations": {"ismn": [name]}, "rivals": ["SMAP_E"]}) for name in ("ISMN", "here")
    )
    assert one.stations_spec(NONE) == other.stations_spec(NONE)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"rivals": ["GLDSA"]}, r"validation\.rivals\.0: 'GLDSA' is not in the catalogue .*GLDAS"),
        ({"rivals": ["CCI", "IMERG"]}, r"validation\.rivals\.1: IMERG is in 'mm day-1'.*expected soil moisture"),
        ({"rivals": ["LAI-GLASS"]}, r"validation\.rivals\.0: LAI-GLASS is in"),
        ({"rivals": ["CCI", "CCI"]}, r"validation\.rivals: CCI stands twice"),
        ({"triple": {"model": "GLEAM"}}, r"validation\.triple\.model: 'GLEAM' is not in the catalogue"),
        ({"climate": "KOEPPEN"}, r"validation\.climate: 'KOEPPEN' is not in the catalogue"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        validating(validation=settings)
