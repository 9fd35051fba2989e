"""What a SoMo.ml configuration comes to: days, cubes, jobs and their inputs; mistakes in sentences."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from rssm.commands.estimate import estimated
from rssm.errors import InputError
from rssm.workflow.methods import scope_of, workflow_of
from rssm.workflow.somo.data_set import SomoDataSet
from rssm.workflow.somo.validation import subject

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
    about = SimpleNamespace(layer="1", year="2001", tile="N36W102")
    one, other = workflow_of(scope()), workflow_of(scope(zones={"tile_degrees": 3}))
    for spec in ("train_spec", "target_spec", "simulate_spec", "sites_spec", "records_spec"):
        assert getattr(one, spec)(about) == getattr(other, spec)(about)


def test_the_globe_is_affordable() -> None:
    globe = scope_of({"method": "somo"}, ROOT)
    found = {cost.rule: cost for cost in estimated(globe, 32).rules}
    assert found["somo_simulate"].core_hours / globe.run.members < 6
    assert found["composite"].jobs == 8 * 23 + 3 * 23 + 8  # what forcing follows from, soil, statics with files
    assert found["derive"].jobs == 3 * 23 + 2
    windows = scope_of({"method": "somo", "profile": "paper"}, ROOT)
    assert {cost.rule: cost for cost in estimated(windows, 32).rules}["somo_simulate"].core_hours > 5000


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
