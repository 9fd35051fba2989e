"""What a SoMo.ml configuration comes to: days, cubes, jobs and their inputs; mistakes in sentences."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from rssm.commands.estimate import estimated
from rssm.errors import InputError
from rssm.somo.specs import RecordsSpec
from rssm.spec import parsed
from rssm.validation.specs import ScoresSpec, TablesSpec
from rssm.validation.stations.specs import StationsSpec
from rssm.workflow.methods import scope_of, workflow_of
from rssm.workflow.somo.data_set import SomoDataSet
from rssm.workflow.somo.validation import SomoValidating, subject

ROOT = Path(__file__).parents[2]
TINY = yaml.safe_load((ROOT / "config/somo/tiny.yaml").read_text())


def scope(**changes: Any) -> Any:
    merged = {**TINY, **{k: {**TINY.get(k, {}), **v} if isinstance(v, dict) else v for k, v in changes.items()}}
    return scope_of(merged, ROOT)


def test_days_begin_with_the_state() -> None:
    found = scope()
    assert found.calendar.label(found.days[0]) == "2000-01-01"
    assert (found.simulated_years, found.years_made) == (["2000", "2001"], ["2001"])
    assert {name: list(of) for name, of in found.cubes.items()}["STATICS"] == ["ETOPO1", "ERA5-RAIN", "GLDAS-CLAY"]


def test_maps_follow_from_others() -> None:
    jobs = workflow_of(scope())
    native = jobs.native_map_years()
    assert "ERA5-TP/2000" in native  # of ERA5-LOG-TP and of ERA5-RAIN
    assert len(native) == len(set(native))
    assert not [name for name in native if name.startswith(("ERA5-LOG-TP", "ERA5-RAIN"))]
    asked = SimpleNamespace(product="ERA5-RAIN", year="static")
    assert jobs.sources(asked) == ["ERA5-TP/2000", "ERA5-TP/2001"]


def test_a_year_waits_for_the_state_of_the_year_before() -> None:
    jobs = workflow_of(scope())
    assert jobs.state(SimpleNamespace(year="2000", tile="N36W102")) == []
    assert jobs.state(SimpleNamespace(year="2001", tile="N36W102")) == ["results/somo/simulated/2000/N36W102_state.nc"]


def test_layers_wait_for_those_above() -> None:
    jobs = workflow_of(scope())
    assert [jobs.above(SimpleNamespace(layer=layer)) for layer in "123"] == [[], ["1"], ["1", "2"]]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"forcing": {"dynamic": ["ERA5-T3M"]}}, "forcing.dynamic: 'ERA5-T3M' is not in the catalogue"),
        ({"forcing": {"dynamic": ["ETOPO1"]}}, "ETOPO1 has maps of static, expected day"),
        ({"forcing": {"static": ["ERA5-T2M"]}}, "ERA5-T2M has maps of day, expected static"),
        ({"forcing": {"since": "2002-01-01"}}, "comes after period.first"),
        ({"forcing": {"since": "2000-02-01"}}, "is not a 1 January"),
        ({"forcing": {"climate": [1999, 2001]}}, "forcing.climate: 1999 to 2001, but forcing is read of 2000 to 2001"),
        ({"period": {"last": "2001-06-30"}}, "expected whole years"),
        ({"toy": {"days_per_dekad": 1}}, "leaves days without forcing"),
        ({"toy": {"soil_from": 2001}}, "toy.soil_from: 2001, but forcing of 2000 is asked for"),
        ({"toy": {"soil_from": 1980}}, "stations of the toy Earth measure in the 10 years after it, 1980"),
        ({"forcing": {"soil": ["ERA5-SWVL1"]}}, "layer 1 weighs ERA5-SWVL2"),
        ({"network": {"years": [2, 1]}}, "expected two that ascend"),
        (
            {"layers": [{"top": 0.1, "bottom": 0.05, "nearest": 0.05, "soil": {"ERA5-SWVL1": 1}}] * 3},
            "expected to ascend",
        ),
        (
            {"layers": [{"top": 0, "bottom": 0.1, "nearest": 0.05, "soil": {"ERA5-SWVL1": 0.5}}] * 3},
            "weights sum to 0.5",
        ),
    ],
)
def test_what_cannot_be_is_said(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        scope(**changes)


def test_what_decides_nothing_is_in_no_specification() -> None:
    about = SimpleNamespace(layer="1", year="2001", tile="N36W102", part="all")
    one, other = workflow_of(scope()), workflow_of(scope(zones={"tile_degrees": 3}))
    for spec in ("train_spec", "target_spec", "simulate_spec", "sites_spec", "records_spec"):
        assert getattr(one, spec)(about) == getattr(other, spec)(about)


def test_the_globe_is_affordable() -> None:
    globe = scope_of(yaml.safe_load((ROOT / "config/somo/global.yaml").read_text()), ROOT)
    found = {cost.rule: cost for cost in estimated(globe, 32).rules}
    assert found["somo_simulate"].core_hours / globe.run.members < 6
    assert found["composite"].jobs == 8 * 23 + 3 * 23 + 8  # what forcing follows from, soil, statics with files
    assert found["derive"].jobs == 3 * 23 + 2
    windows = scope_of({"method": "somo", "profile": "paper"}, ROOT)
    assert {cost.rule: cost for cost in estimated(windows, 32).rules}["somo_simulate"].core_hours > 5000


def test_every_network_of_stations_is_a_job_once_it_is_there(tmp_path: Path) -> None:
    assert list(workflow_of(scope()).parts) == ["all"]  # a toy Earth's are written later
    changes = {"inputs": {"root": str(tmp_path)}, "stations": {"cemaden": ["CEMADEN"]}}
    toyless = {key: value for key, value in TINY.items() if key != "toy"}
    for network in ("SCAN", "FR Aqui"):
        (tmp_path / "ISMN" / network / "S").mkdir(parents=True)
        (tmp_path / "ISMN" / network / "S" / "a.stm").write_text(network)
    (tmp_path / "CEMADEN").mkdir()
    jobs = workflow_of(scope_of({**toyless, **changes}, ROOT))
    assert list(jobs.parts) == ["ISMN-FR%20Aqui", "ISMN-SCAN", "cemaden"]
    assert jobs.records(None)[0] == "results/somo/stations/ISMN-FR%20Aqui.nc"
    asked = [SimpleNamespace(part=part) for part in jobs.parts]
    assert [parsed(RecordsSpec, jobs.records_spec(one)).network for one in asked] == ["FR Aqui", "SCAN", ""]
    read = [[kind for kind in ("ismn", "csv", "cemaden") if jobs.archives(kind)(one, None)] for one in asked]
    assert read == [["ismn"], ["ismn"], ["cemaden"]]


def test_every_layer_is_held_against_sensors_and_a_rival_of_its_depth() -> None:
    asked = scope()
    validating = SomoValidating(asked, lambda: subject(SomoDataSet(asked)), speaks=False)
    for at, depth in enumerate(("", "layer2/", "layer3/")):
        here = SimpleNamespace(depth=depth)
        named = f"SoMo.ml_v1_layer{at + 1}"
        of_stations = parsed(StationsSpec, validating.stations_spec(here))
        assert (of_stations.depths, of_stations.stations.depth) == (asked.depths(at + 1), None)
        (pair,) = parsed(ScoresSpec, validating.scores_spec(here)).pairs
        assert (pair.product, pair.rival) == (named, f"ERA5-SWVL{at + 1}")
        assert validating.samples(here)[0] == f"results/somo/validation/{depth}samples/{named}.nc"
        ours = SimpleNamespace(depth=depth, compared=named)
        assert validating.compared_files(ours) == [f"results/somo/product/netcdf/{named}_2001.nc"]
        assert parsed(TablesSpec, validating.tables_spec(here)).published == ("SOMO", "SOMO-2", "SOMO-3")[at]
    made = validating.wanted(SimpleNamespace())
    assert "results/somo/validation/layer3/figures/seasons_ERA5-SWVL3.svg" in made
    assert not [path for path in made if "layer" in path and "SWVL1" in path]


def test_a_depth_that_no_rival_tells_of_is_said_to_have_no_scores() -> None:
    asked = scope(validation={"rivals": ["ERA5-SWVL1"]})
    validating = SomoValidating(asked, lambda: subject(SomoDataSet(asked)), speaks=False)
    said = [text for text in validating.left_out() if "no rival tells of its depth" in text]
    assert [text.partition(":")[0] for text in said] == ["SoMo.ml_v1_layer2", "SoMo.ml_v1_layer3"]
    assert not [path for path in validating.wanted(SimpleNamespace()) if "/layer2/" in path]


def test_what_the_data_set_is_made_of_and_rests_on() -> None:
    data_set = SomoDataSet(scope())
    assert data_set.estimate("N36W102", 2001) == "simulated/2001/N36W102.nc"
    assert subject(data_set).files == {"2001": "results/somo/product/netcdf/SoMo.ml_v1_layer1_2001.nc"}
    learnt = data_set.learnt()
    assert learnt[:3] == [f"results/somo/networks/layer{n}/1.nc" for n in (1, 2, 3)]
    assert learnt[3:] == [
        *("results/somo/calibration.tsv", "results/somo/cubes/STATICS/N36W102.nc", "results/somo/near/N36W102.nc"),
    ]
    behind = data_set.behind("N36W102", 365 + 365, {})
    assert list(behind.inputs) == ["ERA5-TP", "ERA5-T2M", "ERA5-SSRD", "ETOPO1", "GLDAS-CLAY"]
    assert data_set.calibrated.startswith("held out: ")
    assert SomoDataSet(scope(calibration={"scheme": "none"})).calibrated.startswith("none: ")
