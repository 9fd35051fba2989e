"""`rssm new`: a commented configuration from flags or answers, which says what differs from the defaults and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from rssm.cli import main
from rssm.config.load import read_config
from rssm.config.methods import METHODS
from rssm.config.rsssm import Rsssm

IBERIA = ("--bbox", "-10", "36", "4", "44")
DEMO = ("--bbox", "-3", "39", "0", "42")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_writes_what_differs_from_the_defaults_with_its_meaning(capsys):
    assert main(["new", "my.yaml", *IBERIA, "--period", "2010", "2018-12-31", "--archive", "/nowhere/archive"]) == 0
    text = Path("my.yaml").read_text()
    assert yaml.safe_load(text) == {
        "region": {"south": 36, "north": 44, "west": -10, "east": 4},
        "period": {"first": "2010D01", "last": "2018D36"},
        "inputs": {"root": "/nowhere/archive"},
    }
    about = str(Rsssm.model_fields["inputs"].annotation.model_fields["root"].description)
    assert f"  # {about}\n  root: /nowhere/archive\n" in text
    undescribed = [
        b for a, b in zip(text.splitlines(), text.splitlines()[1:], strict=False) if ":" in b and "#" not in a + b
    ]
    assert undescribed == []
    said = capsys.readouterr().out
    assert "Careful: inputs.root: /nowhere/archive: no such folder." in said
    assert "\n  rssm check-config my.yaml " in said and "\n  rssm run my.yaml " in said


def test_what_equals_the_defaults_is_left_out():
    flags = ("--period", "2003D01", "2018D36", "--profile", "product", "--archive", "archive")
    assert main(["new", "my.yaml", *IBERIA, *flags]) == 0
    assert list(yaml.safe_load(Path("my.yaml").read_text())) == ["region"]


def test_the_written_file_passes_the_check(capsys):
    assert main(["new", "my.yaml", *DEMO, "--toy"]) == 0
    assert "A toy Earth writes the archive first." in capsys.readouterr().out
    assert main(["check-config", "my.yaml"]) == 0
    run = read_config("my.yaml")
    assert run.toy and run.zones.tile_degrees == 1 and run.profile == "product"


def test_it_passes_with_an_archive_whose_products_are_counted(capsys):
    assert main(["new", "my.yaml", *DEMO, "--archive", "archive", "--profile", "paper"]) == 0
    assert main(["toy", "--names-only", "--config", "my.yaml", "archive"]) == 0
    assert main(["check-config", "my.yaml"]) == 0
    for file in Path("archive/SMOS-IC").rglob("*.nc"):
        file.unlink()
    capsys.readouterr()
    assert main(["new", "my.yaml", *DEMO, "--archive", "archive", "--force"]) == 0
    said = capsys.readouterr().out
    found = re.search(r"In archive: files of (\d+) of (\d+) products \(ASCAT-SWI, .*?\)\. None of SMOS-IC\.", said)
    assert found and int(found[1]) == int(found[2]) - 1


@pytest.mark.parametrize("method", ["casm", "somo"])
def test_a_configuration_of_another_method_is_read_as_one(method, capsys):
    assert main(["new", "my.yaml", "--method", method, *DEMO, "--toy"]) == 0
    assert "rssm inventory my.yaml " in capsys.readouterr().out
    assert main(["check-config", "my.yaml"]) == 0
    assert f"config/{method}/default.yaml" in Path("my.yaml").read_text()
    run = read_config("my.yaml")
    assert run.method == method and run.toy and run.inputs.root == f"results/toy_{method}/archive"
    assert run.zones == METHODS[method].model_fields["zones"].default


MISTAKES = {
    "sea": (("--bbox", "-33", "39", "-32", "41"), "rssm new: region: no land lies in this box"),
    "upside down": (("--bbox", "0", "42", "1", "39"), "region: latitudes 42…39 are not within -60…80, south first"),
    "letters": (("--bbox", "a", "1", "2", "3"), "region: 'a 1 2 3' is not four numbers W S E N, in degrees"),
    "no number": (("--bbox", "nan", "1", "2", "3"), "region: 'nan 1 2 3' is not four numbers"),
    "endless": (("--bbox", "inf", "1", "2", "3"), "region: 'inf 1 2 3' is not four numbers"),
    "before all": ((*DEMO, "--period", "1980", "1985"), "period: 1980D01 to 1985D36 lies before every product; the first, TMI-LPRM-X, begins with 1997D34."),
    "before the target": ((*DEMO, "--period", "2003", "2010"), "period: 2003D01 to 2010D36 ends before SMAP_E begins (2015D10)"),
    "future": ((*DEMO, "--period", "2010", "2998"), "period.last: 2998D36 begins after today"),
    "backwards": ((*DEMO, "--period", "2018", "2010"), "period: first 2018D01 comes after last 2010D36"),
    "no time": ((*DEMO, "--period", "once", "2010"), "'once' is"),
    "profile": ((*DEMO, "--profile", "papr"), "profile: there is no 'papr'. Did you mean paper?"),
    "no region": ((), "rssm new: there is no terminal to ask in. Give --bbox"),
    "file as archive": ((*DEMO, "--archive", "a.txt"), "inputs.root: a.txt: is a file. Name the folder"),
    "no archive": ((*DEMO, "--archive", ""), "inputs.root: is empty, expected a path"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_what_cannot_be_meant_is_one_sentence_and_writes_nothing(case, capsys):
    Path("a.txt").touch()
    flags, sentence = MISTAKES[case]
    assert main(["new", "my.yaml", *flags]) == 2
    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1
    assert [path.name for path in Path().iterdir()] == ["a.txt"]


def test_a_file_that_is_there_is_kept_unless_forced(capsys):
    Path("my.yaml").write_text("mine")
    assert main(["new", "my.yaml", *DEMO]) == 2
    assert capsys.readouterr().err == "my.yaml: is there already; --force replaces it. Nothing was written.\n"
    assert Path("my.yaml").read_text() == "mine"
    assert main(["new", "my.yaml", *DEMO, "--force"]) == 0
    assert main(["new", ".", *DEMO, "--force"]) == 2


def answers(monkeypatch, *texts: str) -> list[str]:
    """A terminal in which these answers are typed, and what it was asked."""
    left, asked = list(texts), []

    def typed(question: str) -> str:
        asked.append(question)
        if not left:
            raise EOFError
        return left.pop(0)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", typed)
    return asked


def test_a_terminal_is_asked_until_the_answer_can_be_meant(monkeypatch, capsys):
    typed = ("rsssn", "", "", "-33 39 -32 41", "-3, 39, 0, 42", "1980 1985", "2012 2018", "$(touch X) 'q'", "")
    asked = answers(monkeypatch, *typed)
    assert main(["new", "my.yaml"]) == 0
    methods = ["Method (rsssm, casm, somo) [rsssm]"] * 2
    assert [text.partition(":")[0] for text in asked] == methods + ["Region"] * 3 + ["Period"] * 2 + [
        "Folder of your archives [archive]",
        "Profile (paper, product) [product]",
    ]
    said = capsys.readouterr().err
    assert "method 'rsssn' is unknown. Did you mean rsssm?" in said
    assert "no land lies in this box" in said and "lies before every product" in said
    run = read_config("my.yaml")
    assert (run.region.west, run.period.first, run.inputs.root) == (-3, "2012D01", "$(touch X) 'q'")


def test_flags_are_not_asked_for_and_no_answer_writes_nothing(monkeypatch, capsys):
    asked = answers(monkeypatch, "")
    assert main(["new", "my.yaml", "--method", "rsssm", *DEMO, "--archive", "x", "--profile", "paper"]) == 0
    assert len(asked) == 1 and asked[0].startswith("Period") and "[2003D01 2018D36]" in asked[0]
    answers(monkeypatch)
    assert main(["new", "other.yaml"]) == 2
    assert "no answer; nothing was written." in capsys.readouterr().err and not Path("other.yaml").exists()
