"""What the rules of dry-down and contributions ask: years, leaves that serve them, sampled zones, what is left out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rssm.analysis.dry_down.specs import DryYearSpec, GroupsSpec
from rssm.config.load import read_yaml
from rssm.errors import InputError
from rssm.rounds.specs import ContributeSpec
from rssm.spec import parsed
from rssm.workflow.analysis import Analysing
from rssm.workflow.dry_down import Drying
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.contributions import Contributing
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.validation import subject

ROOT = Path(__file__).resolve().parents[2]
NONE = SimpleNamespace()


def scope(config: str = "config/config.yaml", **changes: Any) -> Any:
    settings, _ = read_yaml(ROOT / config)
    return scope_of({**settings, **changes}, ROOT)


def drying(speaks: bool = False, **changes: Any) -> Drying:
    own = scope(**changes)
    return Drying(Analysing(own, lambda: subject(DataSet(own)), False), speaks)


def year(number: int) -> SimpleNamespace:
    return SimpleNamespace(year=str(number))


def test_a_year_reads_itself_and_the_data_set_of_the_year_before() -> None:
    asked = drying()
    assert [path[-7:] for path in asked.netcdf(year(2003))] == ["2003.nc"]
    assert [path[-7:] for path in asked.netcdf(year(2010))] == ["2009.nc", "2010.nc"]
    assert asked.rain_maps(year(2010)) == "results/rsssm/maps/IMERG/2010.json"
    assert asked.years == [str(number) for number in range(2003, 2019)]


def test_leaves_come_in_the_configured_order_from_the_years_that_they_cover() -> None:
    asked = drying()
    assert [asked.leaves_of(number)[0] for number in (2003, 2013, 2014, 2018)] == ["LAI-VGT"] * 2 + ["LAI-PROBAV"] * 2
    other = drying(analysis={"dry_down": {"leaves": ["LAI-GLASS", "LAI-VGT"]}})
    assert other.leaves_of(2010) == ("LAI-GLASS", 2010)
    assert other.leaves_of(2004) == ("LAI-VGT", 2004)
    assert other.leaves_of(2018) == ("LAI-GLASS", 2017)  # neither has it: the nearest year
    assert other.leaf_maps(year(2018)) == ["results/rsssm/maps/LAI-GLASS/2017.json"]
    assert parsed(DryYearSpec, other.year_spec(year(2018))).leaves == ("LAI-GLASS", 2017)


def test_without_rain_nothing_is_made_and_one_sentence_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    asked = drying(True, toy={"products": ["SMAP_E"]})
    assert asked.wanted(NONE) == []
    asked.wanted(NONE)
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "the dry-down is left out: IMERG is not among toy.products" in said


def test_without_leaves_rain_is_effective_and_a_sentence_says_so() -> None:
    asked = drying(toy={"products": ["SMAP_E", "IMERG"]})
    assert asked.leaves_of(2010) == ("", 2010) and asked.leaf_maps(year(2010)) == []
    (sentence,) = parsed(GroupsSpec, asked.groups_spec(NONE)).left_out
    assert "leaves keep nothing" in sentence and "LAI-GLASS is not among toy.products" in sentence


def test_null_makes_none_and_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert drying(True, analysis={"dry_down": None}).wanted(NONE) == []
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"rain": "IMREG"}, r"analysis\.dry_down\.rain: 'IMREG' is not in the catalogue.*IMERG"),
        ({"rain": "SMAP_E"}, r"analysis\.dry_down\.rain: SMAP_E is in 'm3 m-3'.*expected precipitation"),
        ({"leaves": ["LAI-VGT", "TREE"]}, r"analysis\.dry_down\.leaves\.1: TREE is in .*expected a leaf area index"),
        ({"threshold": 0}, r"analysis\.dry_down\.threshold: .*greater than 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        scope(analysis={"dry_down": settings})


# -- contributions -------------------------------------------------------------------------------------------------------


def contributing(**changes: Any) -> Contributing:
    return Contributing(Rounds(scope(**changes)), False)


def test_zones_are_sampled_by_hash_and_tiles_without_one_have_no_job() -> None:
    few = contributing(contributions={"zones": 3})
    assert sum(map(len, few.zones.values())) == 3
    assert len(few.tile_tables(NONE)) == 3
    more = contributing(contributions={"zones": 5})
    assert set(few.zones) < set(more.zones)  # more zones keep the ones before
    assert len(contributing(contributions={"zones": 500}).zones) == 9
    assert contributing(contributions={"zones": 0}).wanted(NONE) == []


def test_a_tile_is_tested_with_what_its_networks_learnt_from() -> None:
    asked = contributing()
    tile = next(iter(asked.zones))
    at = SimpleNamespace(tile=tile)
    tested = parsed(ContributeSpec, asked.tile_spec(at))
    assert len(tested.networks) == len(asked.network_files(at)) == 67
    names = {Path(path).parent.name for path in asked.cubes(at)}
    assert names == {cube for network in tested.networks for cube in network.cubes}
    first = tested.networks[0]
    assert first.cubes[-2:] == ("FACTORS-LAI-PROBAV", "SMAP_E") and len(first.inputs) == 13
