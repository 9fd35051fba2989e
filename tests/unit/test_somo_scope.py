"""What a SoMo.ml configuration comes to: days, cubes, jobs and their inputs; mistakes in sentences."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from rssm.errors import InputError
from rssm.workflow.methods import scope_of, workflow_of

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
