"""What rules of analysis ask: products that are there, years that both have, parts that are switched off, sentences."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rssm.analysis.specs import SeasonSpec, TablesSpec, TrendSpec, YearSpec
from rssm.config.load import read_yaml
from rssm.errors import InputError
from rssm.spec import parsed
from rssm.workflow.analysis import Analysing
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.rsssm.validation import subject

ROOT = Path(__file__).resolve().parents[2]
NONE = SimpleNamespace()


def analysing(speaks: bool = False, **changes: Any) -> Analysing:
    settings, _ = read_yaml(ROOT / "config/config.yaml")
    scope = scope_of({**settings, **changes}, ROOT)
    return Analysing(scope, lambda: subject(DataSet(scope)), speaks)


def made(asked: Analysing) -> list[str]:
    return [path.removeprefix("results/rsssm/analysis/") for path in asked.wanted(NONE)]


def test_the_demo_makes_everything(capsys: pytest.CaptureFixture[str]) -> None:
    asked = analysing(speaks=True)
    figures = [
        "mean",
        "months",
        "latitudes",
        "series",
        "trend",
        "peaks",
        "range",
        "precipitation",
        "correlation",
        "delay",
    ]
    assert made(asked) == ["analysis.md", *(f"figures/{name}.svg" for name in figures)]
    assert capsys.readouterr().err == ""
    assert (asked.reference, asked.precipitation, asked.climate_product) == ("GLEAM-A", "IMERG", "KOPPEN")
    assert {path.stem for path in (ROOT / "workflow/report").glob("*.rst")} >= set(figures)


def test_the_first_reference_that_is_there_is_taken(tmp_path: Path) -> None:
    (tmp_path / "ERA5-LAND/2015").mkdir(parents=True)
    (tmp_path / "ERA5-LAND/2015/any_201505.nc").touch()
    asked = analysing(toy=None, inputs={"root": str(tmp_path)}, analysis={})
    assert (asked.reference, asked.precipitation) == ("ERA5-LAND", "")
    said = " ".join(asked.left_out())
    assert "seasons of precipitation are left out" in said and "IMERG/{year}" in said
    assert [name for name in made(asked) if "delay" in name or "precip" in name] == []
    assert asked.all_means(NONE) == [f"results/rsssm/analysis/means/{name}.nc" for name in ("RSSSM", "ERA5-LAND")]


def test_without_a_reference_the_data_set_stands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    asked = analysing(speaks=True, toy={"days_per_dekad": 1, "products": ["SMAP_E", "KOPPEN", "IMERG"]}, analysis={})
    assert "analysis.md" in made(asked)
    made(asked)
    (sentence,) = capsys.readouterr().err.splitlines()
    assert (
        sentence.startswith("analysis: no product of analysis.reference is there") and "GLDAS is not among" in sentence
    )
    assert (asked.all_means(NONE), asked.difference(NONE)) == (["results/rsssm/analysis/means/RSSSM.nc"], [])
    assert parsed(TablesSpec, asked.tables_spec(NONE)).left_out == tuple(asked.left_out())
    assert list(analysing(analysis={"reference": []}).left_out()) == []  # asked for


def test_parts_are_switched_off() -> None:
    asked = analysing(analysis={"trends": None, "season": None, "climate": None, "reference": ["GLEAM-A"]})
    assert made(asked) == [
        "analysis.md",
        *(f"figures/{name}.svg" for name in ("mean", "months", "latitudes", "series")),
    ]
    assert (asked.all_trends(NONE), asked.season(NONE), asked.climate(NONE), list(asked.left_out())) == ([], [], [], [])


def test_years_are_those_that_the_data_set_has_too() -> None:
    asked = analysing(period={"first": "2010D01"}, analysis={"reference": ["GLEAM-B"]})
    years = asked.years(SimpleNamespace(analysed="GLEAM-B"))
    assert (years[0][-7:], years[-1][-7:], len(years)) == ("2010.nc", "2018.nc", 9)
    ours = asked.maps_of_year(SimpleNamespace(analysed="RSSSM", year="2015"))
    theirs = asked.maps_of_year(SimpleNamespace(analysed="GLEAM-B", year="2015"))
    assert ours.endswith("/product/netcdf/RSSSM_2015.nc") and theirs.endswith("/maps/GLEAM-B/2015.json")


def test_settings_reach_the_jobs() -> None:
    asked = analysing(
        analysis={
            "filled": True,
            "error_degrees": 3,
            "trends": {"years": 8, "correlation": "hamed_rao", "false_discoveries": 0.2},
            "season": {"gain": 0.1, "adjusted_r2": 0.3},
        }
    )
    ours = parsed(YearSpec, asked.year_spec(SimpleNamespace(analysed="RSSSM")))
    assert (ours.filled, ours.error_degrees, ours.climate) == (True, 3, "KOPPEN")
    assert not parsed(YearSpec, asked.year_spec(SimpleNamespace(analysed="IMERG"))).filled
    trend = parsed(TrendSpec, asked.trend_spec(NONE))
    assert (trend.years, trend.correlation, trend.false_discoveries) == (8, "hamed_rao", 0.2)
    assert parsed(SeasonSpec, asked.season_spec(NONE)).adjusted_r2 == 0.3


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"reference": ["GLDSA"]}, r"analysis\.reference\.0: 'GLDSA' is not in the catalogue .*Did you mean GLDAS\?"),
        ({"reference": ["IMERG"]}, r"analysis\.reference\.0: IMERG is in 'mm day-1'"),
        ({"season": {"precipitation": "GLDAS"}}, r"analysis\.season\.precipitation: GLDAS is in 'm3 m-3'"),
        ({"climate": "KOEPPEN"}, r"analysis\.climate: 'KOEPPEN' is not in the catalogue"),
        ({"trends": {"years": 3}}, r"analysis\.trends\.years"),
    ],
)
def test_what_cannot_be_meant_is_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        analysing(analysis=settings)


def test_nothing_is_looked_for_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("was looked for")

    monkeypatch.setattr("rssm.workflow.compared.is_found", refuse)
    asked = analysing(toy=None, inputs={"root": "nowhere"}, analysis={})
    with pytest.raises(AssertionError, match="was looked for"):
        asked.wanted(NONE)
