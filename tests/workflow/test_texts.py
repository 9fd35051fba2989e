"""What a user writes is judged before anything runs, in one sentence, alike from `check-config`, `plan` and `snakemake`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from rssm.cli import main
from rssm.workflow.methods import scope_in
from tests.workflow import planner

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE: dict[str, Any] = yaml.safe_load((ROOT / "config/products.yaml").read_text())
TINY: dict[str, Any] = yaml.safe_load((ROOT / "config/tiny.yaml").read_text())
TEXT = (ROOT / "config/tiny.yaml").read_text()
REAL = {name: value for name, value in TINY.items() if name != "toy"}
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


AROUND = re.compile(r"Using .*profile|Nothing was run\.|\d+ errors?; nothing was run\.|host: |$")


@pytest.fixture
def said(monkeypatch, capsys):
    """Exit code of an entry, and what it says of the configuration in a folder."""

    def ask(folder: Path, entry: str) -> tuple[int, list[str]]:
        if entry == "snakemake":
            code, told = dry_run(folder)
        else:
            monkeypatch.chdir(folder)
            capsys.readouterr()
            start = time.process_time()
            code, told = main([entry, "my.yaml"]), capsys.readouterr().err
            assert time.process_time() - start < 1.5
        return code, [line for line in told.splitlines() if not AROUND.match(line)]

    return ask


def dry_run(folder: Path) -> tuple[int, str]:
    snakefile = str(ROOT / "workflow/Snakefile")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    arguments = ["-s", snakefile, "--configfile", "my.yaml", "--cores", "1", "-n"]
    done = planner.snakemake(arguments, folder, environment)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


def write(folder: Path, config: str | bytes | Mapping[str, Any], catalogue: Mapping[str, Any] | None = None) -> None:
    text = yaml.safe_dump(dict(config), allow_unicode=True) if isinstance(config, Mapping) else config
    (folder / "my.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    if catalogue:
        (folder / "config").mkdir()
        (folder / "config/products.yaml").write_text(yaml.safe_dump(catalogue, allow_unicode=True))


def without(*products: str) -> dict[str, Any]:
    return {name: entry for name, entry in CATALOGUE.items() if name not in products}


def changed(product: str, **fields: Any) -> dict[str, Any]:
    return {**CATALOGUE, product: {**CATALOGUE[product], **fields}}


SEA = {"south": 0, "north": 1, "west": -30, "east": -29}
POLE = {"south": 85, "north": 86, "west": -30, "east": -29}
UNDATED = {"files": "AMSR2-JAXA/{year}/GW1AM2_{dat:%Y%m%d}_{version}.h5"}
SETTINGS: dict[str, tuple[Any, Any, str]] = {
    "bomb": (BOMB, None, "my.yaml: written out, its aliases"),
    "twice": (TEXT + "seed: 1\nseed: 2\n", None, "my.yaml: line 15: seed is set twice."),
    "twice within": (TEXT.replace("west: -2", "west: -2, west: -1"), None, "my.yaml: line 4: region.west is set twice."),
    "day": (TEXT.replace("2014D19", "2014-07-01"), None, "my.yaml: line 5: period: '2014-07-01' is not a dekad: expected"),
    "number": (TEXT.replace("2014D19", "2014"), None, "my.yaml: line 5: period: '2014' is not a dekad"),
    "round": (TEXT + "training_of_round: {'9': {iterations: 7}}\n", None, "my.yaml: line 14: training_of_round.9: there is no"),
    "sea": ({**TINY, "region": SEA}, None, "region: no land lies in this box"),
    "pole": ({**TINY, "region": POLE}, None, "region: latitudes 85…86 are not within -60…80"),
    "future": ({**TINY, "period": {"first": "2014D19", "last": "2999D36"}}, None, "period.last: 2999D36 begins after today"),
    "past": ({**TINY, "period": {"first": "1950D01", "last": "2015D36"}}, None, "period.first: 1950D01 lies before all"),
    "year 0": ({**TINY, "period": {"first": "0000D01", "last": "2015D36"}}, None, "period: year 0 is out of range"),
    "factor": ({**TINY, "factors": ["SNAD"]}, None, "factors: 'SNAD' is not in the catalogue (config/products.yaml). Did you mean SAND?"),
    "strict": ({**TINY, "ingest": {"strict": ["SMAP"]}}, None, "ingest.strict: 'SMAP' is not in the catalogue"),
    "pores": ({**TINY, "ingest": {"porosity": "PORES"}}, None, "ingest.porosity: PORES is not in the catalogue (config/products.yaml), and ASCAT-SWI needs it"),
    "no pores": (TINY, without("POROSITY"), "ingest.porosity: POROSITY is not in the catalogue"),
    "idle pores": ({**TINY, "ingest": {"porosity": "SAND"}}, changed("ASCAT-SWI", units="m3 m-3"), "ingest.porosity: SAND is named, but"),
    "role": (TINY, without("SNOW"), "config/products.yaml has no product SNOW, which the data set needs for snow"),
    "table": ({**TINY, "tables": {"substeps": "nowhere/s.tsv"}}, None, "tables.substeps: nowhere/s.tsv: no such file in "),
    "field": (TINY, changed("AMSR2-JAXA", **UNDATED), "AMSR2-JAXA: files: {dat:%Y%m%d} is an unknown field; the date of a file is {date:%Y%m%d}"),
    "no day": (TINY, changed("AMSR2-JAXA", files="A/{year}.h5"), "AMSR2-JAXA: files: no name tells the day of its file"),
    "part": (TINY, changed("AMSR2-JAXA", files="{year}/{cel}_{date:%Y%m%d}.h5"), "{cel} is an unknown field. Did you mean {cell}?"),
    "up": (TINY, changed("SAND", files="../x.h5"), "SAND: files: the pattern is counted from the archive's root"),
    "name": (TINY, {**CATALOGUE, "../A": CATALOGUE["SAND"]}, "../A: cannot be the name of files: it holds '..' (found '../A')"),
    "name in folder": (TINY, {**CATALOGUE, "A/B": CATALOGUE["SAND"]}, "A/B: cannot be the name of files: it holds '/'"),
    "name of a simulation": (TINY, {**CATALOGUE, "SIM-1T": CATALOGUE["CCI"]}, "config/products.yaml has a product SIM-1T; names that begin with SIM- or FACTORS"),
    "name of lines": (TINY, {**CATALOGUE, "A\nB": CATALOGUE["SAND"]}, "holds the character #x0a, which no path may"),
    "null": (TEXT.replace("results/toy/archive", '"a\\0b"'), None, "my.yaml: line 9: inputs.root: holds the character #x00, which no path may (found 'a\\x00b')."),
    "lines": (TEXT.replace("results/toy/archive", '"a\\nb"'), None, "inputs.root: holds the character #x0a"),
    "no path": (TEXT.replace("results/toy/archive", '""'), None, "inputs.root: is empty, expected a path"),
    "no end": (TEXT.replace("results/toy/archive", "x" * 400), None, "inputs.root: is too long for a path (255 bytes a part"),
    "filled in": (TEXT.replace("results/toy/archive", '"a{b}"'), None, "inputs.root: 'a{b}' holds '{'"),
}  # fmt: skip


# Snakemake takes seconds to start, and asks the same function: one case of each kind.
BY_SNAKEMAKE = ("bomb", "twice within", "day", "round", "sea", "role", "table", "field", "name of lines", "null")
ENTRIES = [(case, entry) for case in SETTINGS for entry in ("check-config", "plan")]


@pytest.mark.parametrize(("case", "entry"), [*ENTRIES, *((case, "snakemake") for case in BY_SNAKEMAKE)])
def test_what_cannot_be_meant_is_one_sentence_from_all_entries(case, entry, said, tmp_path):
    config, catalogue, sentence = SETTINGS[case]
    write(tmp_path, config, catalogue)
    code, told = said(tmp_path, entry)
    assert code != 0 and len(told) == 1, told
    assert sentence in told[0]
    assert not (tmp_path / "results").exists()


# -- files that Snakemake's own parser stops at, before the Snakefile is read; `rssm` says what is wrong with them ----------

FILES = {
    "empty": (b"", "my.yaml: is empty. Expected settings"),
    "comment": (b"# nothing\n", "my.yaml: is empty. Expected settings"),
    "list": (b"- a\n", "my.yaml: expected settings written as `name: value`, found a list."),
    "Latin-1": (b"# t\xe9sts\nseed: 1\n", "my.yaml: line 1: is not UTF-8 text."),
    "UTF-16": ("seed: 1\n".encode("utf-16"), "my.yaml: line 1: is not UTF-8 text."),
    "NUL": (b"seed: 1\nchains: \0\n", "my.yaml: line 2: is not YAML: it holds the character #x0000."),
    "brace": (b"region: {north: 3\n", "my.yaml: line 2: is not YAML"),
    "object": (b'a: !!python/object/apply:os.system ["true"]\n', "my.yaml: line 1: is not YAML"),
    "depths": (b"a: " + b"[" * 5000 + b"]" * 5000, "my.yaml: is nested too deeply"),
    "digits": (b"seed: " + b"9" * 5000, "my.yaml: line 1: is not YAML: '9999"),
    "list as a key": (b"? [1]\n: 2\n", "my.yaml: line 1: a name is expected before `:`"),
    "long": (b"#" * 1_000_001, "my.yaml: 1,000,001 bytes are too many for settings"),
    "itself": (b"a: &a [*a]\n", "my.yaml: written out, its aliases"),
}


@pytest.mark.parametrize("entry", ["check-config", "plan"])
@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_no_configuration_is_one_sentence(case, entry, said, tmp_path):
    raw, sentence = FILES[case]
    write(tmp_path, raw)
    code, told = said(tmp_path, entry)
    assert code == 2 and len(told) == 1 and told[0].startswith(sentence), told


@pytest.mark.parametrize("entry", ["check-config", "plan"])
def test_a_folder_and_a_missing_file_are_one_sentence(entry, said, tmp_path):
    assert said(tmp_path, entry) == (2, ["my.yaml: no such file."])
    (tmp_path / "my.yaml").mkdir()
    assert said(tmp_path, entry) == (2, ["my.yaml: is a folder. Expected a YAML file."])


@pytest.mark.parametrize("case", ["empty", "list"])
def test_snakemake_itself_refuses_what_holds_no_settings(case, said, tmp_path):
    write(tmp_path, FILES[case][0])
    assert said(tmp_path, "snakemake")[0] != 0


# -- what is sound ------------------------------------------------------------------------------------------------------------

QUIRKS = "a blank, 'quotes\", $(touch X) `touch X` Ärchiv"


@pytest.mark.parametrize("entry", ["check-config", "plan", "snakemake"])
def test_what_is_sound_is_taken_whatever_it_looks_like(entry, said, tmp_path):
    """A byte-order mark, aliases, a round that is a number, days without quotes; tables beside the configuration."""
    folder = tmp_path / "a blank"
    folder.mkdir()
    write(folder, TINY, {**CATALOGUE, "SAND & $HOME `é`": {**CATALOGUE["SAND"], "files": f"{QUIRKS}/*.h5"}})
    for name in ("substeps", "networks"):
        (folder / f"{name}.tsv").write_bytes(b"\xef\xbb\xbf" + (ROOT / f"config/tiny/{name}.tsv").read_bytes())
    text = TEXT.replace("config/tiny/", "").replace("results/toy/archive", "'" + QUIRKS.replace("'", "''") + "'")
    text += "training: &all {iterations: 9}\ntraining_of_round: {2: *all}\nproduct: {release: {date: 2026-12-01}}\n"
    write(folder, b"\xef\xbb\xbf" + text.encode())
    (tmp_path / "my.yaml").symlink_to(folder / "my.yaml")
    assert said(folder, entry)[0] == 0
    assert not list(tmp_path.rglob("X"))


def test_tables_beside_the_configuration_come_before_those_in_the_working_folder(tmp_path):
    beside, working = tmp_path / "beside", tmp_path / "working"
    for folder, last in ((beside, "2014D30"), (working, "2014D20")):
        folder.mkdir()
        for name in ("substeps", "networks"):
            text = (ROOT / f"config/tiny/{name}.tsv").read_text()
            (folder / f"{name}.tsv").write_text(text.replace("2014D36", last))
    (beside / "my.yaml").write_text(TEXT.replace("config/tiny/", ""))
    here = Path.cwd()
    os.chdir(working)
    try:
        scope = scope_in([beside / "my.yaml"])
        (beside / "substeps.tsv").unlink()
        other = scope_in([beside / "my.yaml"])
    finally:
        os.chdir(here)
    ends = [scope.calendar.label(each.plan.simulated("2")[-1]) for each in (scope, other)]
    assert ends == ["2014D30", "2014D20"]


def test_later_files_and_settings_of_the_command_line_lie_over_earlier_ones(tmp_path):
    (tmp_path / "more.yaml").write_text("region: {east: -1}\nchains: 3\n")
    scope = scope_in([ROOT / "config/tiny.yaml", tmp_path / "more.yaml"], given={"chains": 4})
    assert (scope.run.region.west, scope.run.region.east, scope.run.chains) == (-2, -1, 4)


# -- the archive --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ["check-config", "snakemake"])
def test_an_archive_that_is_not_there_is_one_sentence(entry, said, tmp_path):
    write(tmp_path, {**REAL, "inputs": {"root": "nowhere"}})
    code, told = said(tmp_path, entry)
    assert code != 0 and len(told) == 1
    assert f"inputs.root: nowhere: no such folder in {tmp_path}. Put the archives there" in told[0]


@pytest.mark.parametrize("entry", ["check-config", "snakemake"])
def test_patterns_that_match_nothing_are_told_with_product_and_mend(entry, said, tmp_path):
    write(tmp_path, {**REAL, "inputs": {"root": "archive"}})
    command = [sys.executable, "-m", "rssm", "toy", "--names-only", "--config", "my.yaml", "archive"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    assert said(tmp_path, entry)[0] == 0  # file names are enough for a plan
    for file in (tmp_path / "archive/SMOS-IC").rglob("*.nc"):
        file.rename(file.with_suffix(".cdf"))
    code, told = said(tmp_path, entry)
    assert code != 0 and len(told) == 1
    title, files = CATALOGUE["SMOS-IC"]["title"], CATALOGUE["SMOS-IC"]["files"]
    assert (
        f"inputs.root: below archive no file of 2014-2015 is named as SMOS-IC ({title}) should be, {files!r}."
        in told[0]
    )
    assert told[0].endswith("or correct SMOS-IC.files in config/products.yaml.")
    write(tmp_path, {**REAL, "inputs": {"root": "archive", "on_empty": "report"}})
    assert said(tmp_path, entry)[0] == 0  # allowed by configuration


def test_planning_needs_no_archive_and_inventory_does(tmp_path):
    write(tmp_path, {**REAL, "inputs": {"root": "nowhere"}})
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ends = {}
    for verb in ("plan", "estimate", "inventory"):
        done = subprocess.run(
            [sys.executable, "-m", "rssm", verb, "my.yaml"],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        ends[verb] = done.returncode, done.stderr.startswith("my.yaml: inputs.root: nowhere: no such folder")
    assert ends == {"plan": (0, False), "estimate": (0, False), "inventory": (2, True)}
