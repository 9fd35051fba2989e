"""Configuration files: what is wrong is reported at once, with its place and the nearest valid name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rssm.cli import main
from rssm.config.load import read_config, validated
from rssm.errors import InputError

ROOT = Path(__file__).resolve().parents[2]


def errors(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "my.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        read_config(file)
    return [line.removeprefix(f"{file}: ") for line in str(caught.value).splitlines()]


def test_an_unknown_key_is_reported_with_the_nearest_known_one(tmp_path):
    (line,) = errors(tmp_path, "training:\n  hiden: 7\n")
    assert line == "line 2: training.hiden: unknown key. Did you mean training.hidden?"


def test_several_mistakes_are_reported_at_once_with_their_lines(tmp_path):
    lines = errors(tmp_path, "chains: 0\nregion: {north: 95}\nprofile: papper\nperiod: {first: 2018D40}\n")
    assert [line.split(":")[0] for line in lines] == ["line 3", "line 2", "line 4", "line 1"]
    assert "found 95" in lines[1]
    assert "Did you mean paper?" in lines[0]
    assert "2018D40" in lines[2]


def test_a_key_set_twice_is_a_mistake(tmp_path):
    (line,) = errors(tmp_path, "seed: 1\nchains: 2\nseed: 3\n")
    assert line == "line 3: seed is set twice."


def test_what_is_not_yaml_is_reported_with_its_line(tmp_path):
    (line,) = errors(tmp_path, "seed: 1\nregion: {north: 3\n")
    assert "is not YAML" in line


def test_an_upside_down_region_is_refused(tmp_path):
    (line,) = errors(tmp_path, "region: {south: 10, north: 5}\n")
    assert line.startswith("line 1: region: latitudes 10…5 are not within -60…80, south first")


def test_settings_of_a_round_are_checked_too(tmp_path):
    (line,) = errors(tmp_path, "training_of_round: {'3': {iterations: -1}}\n")
    assert "iterations" in line


def test_a_profile_lies_below_the_users_settings(tmp_path):
    file = tmp_path / "my.yaml"
    file.write_text("profile: paper\ntraining: {ridge: 2.0}\n")
    run = read_config(file)
    assert (run.training.split.kind, run.training.ridge, run.plan.train) == ("random", 2.0, "all")


def test_training_can_differ_in_a_round(tmp_path):
    file = tmp_path / "my.yaml"
    file.write_text("training_of_round: {'3': {iterations: 7}}\n")
    run = read_config(file)
    assert (run.training_in("3").iterations, run.training_in("2")) == (7, run.training)


def test_check_config_ends_with_2_and_without_a_traceback(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    file = tmp_path / "my.yaml"
    file.write_text("sead: 1\nfactors: [LAI, SNAD]\n")
    assert main(["check-config", str(file)]) == 2
    shown = capsys.readouterr().err
    assert "Did you mean seed?" in shown
    assert shown.endswith("; nothing was run.\n")


@pytest.mark.parametrize("name", ["config", "tiny"])
def test_the_shipped_configurations_have_no_mistakes(name, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(["check-config", f"config/{name}.yaml"]) == 0
    assert "no mistakes" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["global", "default"])
def test_shipped_configurations_of_real_archives_lack_nothing_but_the_archive(name, tmp_path, monkeypatch, capsys):
    config = str(ROOT / f"config/{name}.yaml")
    monkeypatch.chdir(tmp_path)
    assert main(["check-config", config]) == 2
    first, *others = capsys.readouterr().err.splitlines()
    assert "inputs.root: archive: no such folder in" in first and others == ["1 error; nothing was run."]


def test_a_missing_file_is_one_sentence(capsys):
    assert main(["check-config", "nowhere.yaml"]) == 2
    assert capsys.readouterr().err == "nowhere.yaml: no such file.\n"


def test_a_climatology_outside_the_period_is_reported(tmp_path):
    (line,) = errors(tmp_path, "period: {first: 2010D01, last: 2012D36}\nproduct: {climatology: [1980, 2009]}\n")
    assert "no year in common" in line
    validated({"period": {"first": "2010D01", "last": "2012D36"}, "product": {"climatology": [1980, 2010]}}, "fine")


def test_a_map_of_pore_space_that_no_catalogue_knows_is_reported(tmp_path, capsys):
    (tmp_path / "my.yaml").write_text("ingest: {porosity: PORES}\n")
    assert main(["check-config", str(tmp_path / "my.yaml")]) == 2
    assert "PORES is not in the catalogue" in capsys.readouterr().err
