"""What the rules of CASM are told: branches and their steps, specifications, mistakes in a sentence."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest

from rssm.commands.costs import casm as costs
from rssm.config.casm import Casm
from rssm.errors import InputError
from rssm.workflow.casm.data_set import CasmDataSet
from rssm.workflow.casm.learning import Learning
from rssm.workflow.casm.scope import CasmScope
from rssm.workflow.casm.validation import subject
from rssm.workflow.methods import scope_of


def scope(**settings: Any) -> CasmScope:
    box = {"region": {"south": 35, "north": 43, "west": -105, "east": -95}, "toy": {}}
    made: CasmScope = scope_of({"method": "casm", **box, **settings})
    return made


def labels(scope: CasmScope, steps: range) -> tuple[str, str]:
    return scope.calendar.label(steps[0]), scope.calendar.label(steps[-1])


def test_branches_learn_where_sensors_overlap_and_estimate_where_theirs_sees() -> None:
    casm = scope()
    assert casm.trained == ("smos", "amsr2", "amsre") and casm.branches_now == ("smos", "amsre")
    assert labels(casm, casm.lesson("smos")) == ("2015-03-31", "2020-08-31")
    assert labels(casm, casm.lesson("amsr2")) == ("2015-03-31", "2020-08-31")
    assert labels(casm, casm.lesson("amsre")) == ("2010-01-17", "2011-10-03")
    assert len(casm.lesson("amsre")) == 209  # as published
    assert labels(casm, casm.estimated("amsre")) == ("2002-06-19", "2011-10-03")
    assert labels(casm, casm.estimated("smos")) == ("2010-01-17", "2020-08-31")
    assert len(casm.run.steps) == 2217  # as published


def test_a_late_period_needs_no_amsr() -> None:
    late = scope(period={"first": "2016-01-01"})
    assert late.trained == ("smos",) and late.sensors == ("SMAP", "SMOS")
    assert not any(name.startswith("AMSR") for name in late.needed_variables())
    assert labels(late, late.lesson("smos")) == ("2015-03-31", "2020-08-31")  # of what lies before the period, too
    assert labels(late, late.estimated("smos")) == ("2016-01-01", "2020-08-31")


def test_an_early_period_estimates_smos_for_what_amsr_e_learns() -> None:
    early = scope(period={"first": "2002-06-19"})
    assert labels(early, early.estimated("smos"))[0] == "2010-01-17"
    assert set(early.lesson("amsre")) <= set(early.estimated("smos"))


def test_a_cube_holds_all_channels_of_a_sensor_in_the_order_of_inputs() -> None:
    casm = scope(channels={"amsr": ["V", "H"], "frequencies": [10, 89], "smos": ["V"]})
    assert list(casm.cubes) == ["SMAP", "SMOS", "AMSR2", "AMSR-E"]
    assert casm.cubed("SMOS") == ["SMOS-TB-V"] and casm.cubed("SMAP") == ["SMAP_E"]
    assert casm.cubed("AMSR2") == [f"AMSR2-TB-{channel}" for channel in ("10V", "10H", "89V", "89H")]
    spec = json.loads(Learning(casm).train_spec(SimpleNamespace(branch="amsre")))
    assert spec["inputs"] == ["latitude", "longitude", *casm.cubed("AMSR-E")]


def test_networks_for_amsr_e_begin_with_those_of_amsr2_and_learn_from_the_smos_branch() -> None:
    asked = Learning(scope(profile="paper", training={"members": 3, "frozen": 1}))
    later, first = (
        SimpleNamespace(branch="amsre", member="2", tile="N35W110"),
        SimpleNamespace(branch="smos", member="2", tile="N35W110"),
    )
    assert asked.start(later) == ["results/casm/networks/amsr2/2.nc"] and asked.start(first) == []
    assert asked.target(later) == "results/casm/estimated/smos/N35W110.nc"
    assert asked.target(first) == "results/casm/cubes/SMAP/N35W110.nc"
    assert json.loads(asked.train_spec(later))["frozen"] == 1 and json.loads(asked.train_spec(first))["frozen"] == 0
    rates = [json.loads(asked.train_spec(one))["rate"] for one in (first, later)]
    assert rates == [2e-4, 8e-4]
    assert len(asked.networks(later)) == 3


def test_the_published_profile_has_the_published_networks() -> None:
    run = Casm.model_validate({})
    assert (run.training.layers, run.training.units, run.training.share) == (3, 64, 0.1)
    paper = scope(profile="paper").run
    assert (paper.training.layers, paper.training.units, paper.training.share) == (7, 1050, 1.0)
    assert (paper.training.epochs, paper.training.rate, paper.training.decay) == (30, 2e-4, False)
    assert paper.training.members == run.training.members == 7 and paper.held_out.kind == "random"


def test_as_published_rows_depart_from_cycles_of_the_overlap_and_estimates_from_those_of_the_record() -> None:
    paper, product = scope(profile="paper"), scope()
    assert set(product.records) == {"SMAP", "SMOS", "AMSR2", "AMSR-E"}
    assert set(paper.records) == {*product.records, "SMOS-overlap", "AMSR2-overlap"}
    assert labels(paper, paper.records["SMOS-overlap"][1]) == ("2015-03-31", "2020-08-31")
    assert labels(paper, paper.records["SMOS"][1]) == ("2010-01-17", "2020-08-31")
    asked, here = Learning(paper), {"tile": "N35W110", "member": "1"}
    learning = {branch: SimpleNamespace(branch=branch, **here) for branch in paper.trained}
    taught = {branch: asked.cycles_taught(one).split("/")[3] for branch, one in learning.items()}
    assert taught == {"smos": "SMOS-overlap", "amsr2": "AMSR2-overlap", "amsre": "AMSR-E"}
    assert asked.cycles_of_branch(learning["smos"]) == "results/casm/cycles/SMOS/N35W110.nc"
    of_overlap = SimpleNamespace(record="AMSR2-overlap", **here)
    assert asked.cube_of_record(of_overlap) == "results/casm/cubes/AMSR2/N35W110.nc"
    spec = json.loads(asked.cycle_spec(of_overlap))
    assert spec["variables"] == paper.channels("AMSR2") and tuple(spec["steps"]) == (
        paper.lesson("amsr2")[0],
        paper.lesson("amsr2")[-1],
    )
    assert Learning(product).cycles_taught(learning["smos"]) == asked.cycles_of_branch(learning["smos"])
    assert re.fullmatch(asked.wildcards()["record"], "SMOS-overlap")


def test_what_was_held_out_is_said_where_its_scores_and_uncertainties_are() -> None:
    for profile, said in (("paper", "single rows drawn at random"), ("product", "blocks of space in single years")):
        made = scope(profile=profile)
        assert json.loads(Learning(made).branches_spec())["held_out"] == said
        assert CasmDataSet(made).calibrated == f"held out: on {said} that no network learnt from"


@pytest.mark.parametrize(("layers", "units", "rows_a_second"), [(3, 64, 888_000), (4, 128, 207_000), (7, 1050, 2_260)])
def test_training_costs_what_it_was_measured_to(layers: int, units: int, rows_a_second: int) -> None:
    run = scope(training={"layers": layers, "units": units})
    assert 1 / (costs.BACKWARD * costs.forward_s(run, "amsr2")) == pytest.approx(rows_a_second, rel=0.1)


def test_places_and_names_of_what_was_read_change_no_specification() -> None:
    one, other = Learning(scope()), Learning(scope(inputs={"root": "elsewhere"}, keep={"maps": False}))
    for branch in ("smos", "amsr2", "amsre"):
        asked = SimpleNamespace(branch=branch)
        for spec in ("samples_spec", "train_spec"):
            assert getattr(one, spec)(asked) == getattr(other, spec)(asked)


def test_validation_is_told_of_branches_and_their_joints() -> None:
    casm = scope()
    told = subject(CasmDataSet(casm))
    assert next(iter(told.files.values())) == "results/casm/product/netcdf/CASM_SM_2002.nc" and len(told.files) == 19
    assert {name: casm.calendar.label(step) for name, step in told.joints.items()} == {
        "smos_begins": "2010-01-17",
        "amsre_ends": "2011-10-06",
    }
    assert set(told.spells["branch"]) == {"amsre", "both", "smos"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"channels": {"amsr": []}}, "channels.amsr: is empty"),
        ({"channels": {"smos": ["V", "V"]}}, "names one twice"),
        ({"channels": {"smos": ["X"]}}, "channels.smos.0"),
        ({"channels": {"frequencies": [23]}}, "channels.frequencies.0"),
        ({"target": "SMAP"}, "target: needs SMAP, which is not in the catalogue"),
        ({"target": "SMOS-TB-V"}, "target: SMOS-TB-V is brightness_temperature"),
        ({"tables": {"products": "config/products.yaml"}}, "target: SMAP_E has maps of a dekad each"),
        ({"period": {"first": "2002-06-19", "last": "2014-12-28"}}, "SMOS and SMAP have no step in common"),
        ({"period": {"first": "1990-01-01", "last": "1990-03-01"}}, "period"),
        ({"period": {"first": "2002-06-20"}}, "no 3day step starts there; the nearest starts 2002-06-19"),
        ({"training": {"layers": 2, "frozen": 3}}, "frozen: 3 of 2 hidden layers"),
        ({"training": {"memebers": 3}}, "Did you mean training.members"),
        ({"validation": {"rivals": ["SMOS-TB-V"]}}, "validation.rivals.0: SMOS-TB-V is in 'K'"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        scope(**settings)
    assert said in str(caught.value)
