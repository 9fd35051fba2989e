"""Specifications go from the workflow to a verb and back as one line of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import import_module
from inspect import signature

import pytest

from rssm.config.training import Training
from rssm.errors import InputError
from rssm.grid import Area, Region
from rssm.rounds.specs import ProductError, Teaching, TrainSpec
from rssm.spec import Settings, canonical, parsed
from rssm.verbs import JOBS


@dataclass(frozen=True)
class Part:
    area: Area
    steps: tuple[int, int]
    names: tuple[str, ...] = ()
    limit: float | None = None
    parts: dict[str, Teaching] = field(default_factory=dict)


def test_a_specification_comes_back_as_it_was():
    part = Part(Area("wgs84_0.1", Region(39, 42, -3, 3)), (1, 2), ("a", "b"), 0.5, {"x": Teaching("SMAP", ((1, 3),))})
    assert parsed(Part, canonical(part)) == part
    assert parsed(Part, canonical(Part(part.area, (1, 2)))) == Part(part.area, (1, 2))


def test_equal_settings_are_equal_text_whatever_their_order():
    assert canonical({"b": 1, "a": ("x",)}) == canonical({"a": ["x"], "b": 1}) == '{"a":["x"],"b":1}'


def test_settings_of_a_training_job_are_read_without_their_model():
    spec = TrainSpec("N", ("A",), 1, (), Training(), 7, 2, {"A": ProductError("X", 0.1, "m3 m-3")})
    read = parsed(TrainSpec, canonical(spec))
    assert isinstance(read.training, Settings)
    assert read.training.split.pixel_block == Training().split.pixel_block
    assert read.errors == spec.errors
    assert canonical(read) == canonical(spec)  # so that a file can name the settings it was made with


def test_a_field_that_nobody_declared_is_refused():
    text = json.dumps({"target": "T", "runs": [], "more": 1})
    with pytest.raises(InputError, match=r"--spec: is no Teaching as the workflow writes it .*more"):
        parsed(Teaching, text)


@pytest.mark.parametrize("verb", JOBS, ids=lambda verb: verb.name)
def test_every_job_takes_names_inputs_outputs_and_declares_its_specification(verb):
    module, function = verb.function.split(":")
    parameters = signature(getattr(import_module(module), function)).parameters
    assert {*verb.names, *verb.inputs, "out"} == set(parameters) - {"spec"}
    if "spec" in parameters:
        kind = getattr(import_module(module), str(parameters["spec"].annotation))
        assert kind.__dataclass_fields__
