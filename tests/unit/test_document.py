"""What is generated from the models equals what is shipped."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import jsonschema
import yaml

from rssm.commands.document import commented_defaults, drift, schema_text
from rssm.config.load import read_config
from rssm.config.methods import DEFAULT, METHODS
from rssm.config.rsssm import Rsssm

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_generated_follows_the_code():
    difference = drift(ROOT)
    assert not difference, f"{difference}\nRun: rssm config"


def test_the_default_file_says_what_the_models_say():
    assert read_config(ROOT / "config/default.yaml") == Rsssm.model_validate(yaml.safe_load(commented_defaults()))


def test_every_setting_is_described_with_its_unit_or_meaning():
    lines = commented_defaults().splitlines()
    undescribed = [b for a, b in pairwise(lines) if ":" in b and "#" not in b and "#" not in a]
    assert undescribed == []


def test_the_schema_refuses_an_unknown_key():
    import json

    schema = json.loads(schema_text(METHODS[DEFAULT]))
    jsonschema.validate({"seed": 3}, schema)
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors({"sead": 3}))
    assert len(errors) == 1
