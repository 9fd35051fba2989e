"""The twenty likeliest mistakes of a new user: exit code, one clear sentence, no traceback, nothing half-written.

No run is needed for any of them. What the configuration alone shows is asked of `rssm check-config` and, where Snakemake
has a say of its own, of a call of Snakemake as people type it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import yaml

from rssm.cli import main
from rssm.errors import InputError
from rssm.workflow.presence import check_writable
from tests.workflow.conftest import ROOT

TINY = (ROOT / "config/tiny.yaml").read_text()
REAL = "\n".join(line for line in TINY.splitlines() if not line.startswith("toy:")) + "\n"
REAL = REAL.replace("results/toy/archive", "archive")
LAND = "results/rsssm/given/land.tif"  # the first file of every run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*command: str, folder: Path | None = None, before: Callable[[], None] | None = None) -> tuple[int, str]:
    """Exit code and all that a command says."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT), "PATH": path},
        capture_output=True, text=True, check=False, timeout=120, preexec_fn=before,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def snakemake(*arguments: str, config: str = "my.yaml") -> tuple[int, str]:
    """A call of Snakemake on the workflow: targets before the configuration."""
    place = ("-s", str(ROOT / "workflow/Snakefile"))
    return run("snakemake", *place, "--cores", "1", *arguments, "--configfile", config)


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["check-config", "my.yaml"])
    return code, capsys.readouterr().err


def refused(answer: tuple[int, str], *words: str) -> None:
    """One sentence with these words, no traceback, and neither results nor what is half-written."""
    code, told = answer
    assert code not in (0, None), told
    assert "Traceback" not in told, told
    (line,) = [line for line in told.splitlines() if words[0] in line]
    for word in words:
        assert word in line
    made = [
        path for path in Path().rglob("*") if path.is_file() and (path.parts[0] == "results" or ".part" in path.name)
    ]
    assert [str(path) for path in made if str(path) != LAND] == []


# -- what the configuration, its tables and the names of the archive show ------------------------------------------------------


def table(name: str, change: Callable[[str], str]) -> None:
    """A table of the tiny plan beside the configuration, changed."""
    Path(name).write_text(change((ROOT / f"config/tiny/{name}").read_text()))


def archive() -> None:
    """Empty files with the names of a whole archive."""
    Path("my.yaml").write_text(REAL)
    Path("archive").mkdir()
    assert main(["toy", "--names-only", "archive", "my.yaml"]) == 0


def own_tables() -> None:
    for name in {"networks.tsv", "substeps.tsv"} - {path.name for path in Path().iterdir()}:
        table(name, str)
    Path("my.yaml").write_text(TINY.replace("config/tiny/", ""))


def wrong_folder() -> None:
    Path("my.yaml").write_text(REAL.replace("root: archive", "root: downloads"))
    Path("downloads/other").mkdir(parents=True)


def missing_years() -> None:
    """Files of years that the run does not need, and none of those it does."""
    archive()
    for file in Path("archive/SMOS-IC").glob("*/*"):
        file.unlink()
    Path("archive/SMOS-IC/2012").mkdir()
    Path("archive/SMOS-IC/2012/SM_RE06_MIR_CDF3SA_20120101T000000_20120101T235959_105_001_8.DBL.nc").touch()


def unknown_product() -> None:
    table("networks.tsv", lambda text: text.replace("ASCAT-SWI+SMOS-IC", "ASCAT-SWI+SMOS-CI"))
    own_tables()


def duplicated_row() -> None:
    table("networks.tsv", lambda text: text + text.splitlines()[1] + "\n")
    own_tables()


def learns_from_itself() -> None:
    table("substeps.tsv", lambda text: text.replace("SMAP_E+SIM-1T", "SMAP_E+SIM-2T"))
    own_tables()


def written(text: str | bytes) -> Callable[[], object]:
    raw = text if isinstance(text, bytes) else text.encode()
    return lambda: Path("my.yaml").write_bytes(raw)


SETTINGS: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    "wrong folder": (wrong_folder, ("inputs.root: below downloads no file of 2014-2015 is named as ASCAT-SWI", "'ASCAT-SWI/{year}/")),
    "missing years": (missing_years, ("inputs.root: below archive no file of 2014-2015 is named as SMOS-IC",)),
    "typo in a key": (written(TINY.replace("factors:", "factor:")), ("my.yaml: line 8: factor: unknown key. Did you mean factors?",)),
    "sea box": (written(TINY.replace("{south: 40, north: 41, west: -2, east: 0}", "{south: 0, north: 1, west: -30, east: -29}")),
                ("my.yaml: line 4: region: no land lies in this box", "Choose one with land.")),
    "period outside the data": (written(TINY.replace("2014D19, last: 2015D36", "1980D01, last: 2015D36")),
                                ("my.yaml: line 5: period.first: 1980D01 lies before all predictors; the first is",)),
    "product not in the catalogue": (unknown_product, ("networks.tsv", "SMOS-CI", "Did you mean SMOS-IC?")),
    "missing root": (written(REAL), ("my.yaml: line 9: inputs.root: archive: no such folder in", "Put the archives there")),
    "empty file": (written(""), ("my.yaml: is empty. Expected settings written as `name: value`.",)),
    "not UTF-8": (written(b"# t\xe9sts\nseed: 1\n"), ("my.yaml: line 1: is not UTF-8 text. Save the file in that encoding.",)),
    "duplicated network row": (duplicated_row, ("networks.tsv: network NN1-1 is listed twice.",)),
    "duplicated YAML key": (written(TINY + "seed: 1\nseed: 2\n"), ("my.yaml: line 15: seed is set twice.",)),
    "a round that learns from itself": (learns_from_itself, ("substeps.tsv", "SIM-2T", "round")),
    "a date as dekad": (written(TINY.replace("2014D19", "2014-07-01")), ("my.yaml: line 5: period: '2014-07-01' is not a dekad: expected",)),
}  # fmt: skip


@pytest.mark.parametrize("case", SETTINGS)
def test_rssm_says_in_one_sentence_what_is_wrong(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make, words = SETTINGS[case]
    make()
    refused(checked(capsys), *words)


def test_snakemake_says_the_same_before_it_runs_anything(here: Path) -> None:
    """One case: the Snakefile asks the same function (test_texts)."""
    make, words = SETTINGS["a round that learns from itself"]
    make()
    refused(snakemake(), *words)


# -- what only a run meets ------------------------------------------------------------------------------------------------------


def write_lprm(path: Path) -> None:
    """A sound file of another version: its numbers are packed otherwise than the catalogue says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with netCDF4.Dataset(path, "w") as data:
        for name, size, start in (("lat", 720, -89.875), ("lon", 1440, -179.875)):
            data.createDimension(name, size)
            axis = data.createVariable(name, "f8", (name,))
            axis.units, axis[:] = f"degrees_{'north' if name == 'lat' else 'east'}", start + 0.25 * np.arange(size)
        value = data.createVariable("soil_moisture_x", "i2", ("lat", "lon"), fill_value=-32767, zlib=True)
        value.set_auto_maskandscale(False)
        value.scale_factor, value.units, value[:] = 0.1, "percent", 200


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """One call of Snakemake that meets a damaged file, one of another version, and an empty one."""
    folder = tmp_path_factory.mktemp("bad files")
    here = Path.cwd()
    os.chdir(folder)
    try:
        archive()
        cut = next(Path("archive/SMOS-IC/2015").glob("*20150101*"))
        cut.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(range(64)))
        for file in {*Path("archive/SMOS-IC/2015").iterdir()} - {cut}:
            file.unlink()
        write_lprm(Path("archive/AMSR2-LPRM-X/2015/LPRM-AMSR2_L3_A_SOILM3_V001_20150101013000.nc4"))
        wanted = [f"results/rsssm/maps/{product}/2015.json" for product in ("SMOS-IC", "AMSR2-LPRM-X", "SMAP_E")]
        return folder, *snakemake(*wanted)
    finally:
        os.chdir(here)


BAD = {
    "damaged file": ("SMOS-IC, 2015-01-01: SM_", "HDF5"),
    "wrong product version": ("AMSR2-LPRM-X, 2015-01-01: LPRM-AMSR2_L3_A_SOILM3_V001_20150101013000.nc4 gives 'soil_moisture_x' the scale 0.1.",),
    "empty native file": ("SMAP_E, 2015-04-01: SMAP_L3_SM_P_E_20150401_", "is empty (0 bytes)."),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_named_with_its_product_and_day(
    case: str, bad_files: tuple[Path, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, code, told = bad_files
    monkeypatch.chdir(folder)
    refused((code, told), *BAD[case])
    assert "set inputs.on_bad_file: skip to go on without this file." in told


def test_a_full_disk_is_one_sentence(here: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    answer = run("rssm", "given", "land.tif", "--source", str(ROOT / "resources/land.tif"), "--out", LAND, before=small)
    refused(answer, "no room for land.tif (file too large): it needs more than 1 kB", "Make room")
    assert not Path(LAND).exists()


def test_a_full_file_system_stops_a_run_in_one_sentence(here: Path) -> None:
    if os.geteuid() or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be made here")
    Path("my.yaml").write_text(TINY)
    Path("results").mkdir()
    call = f"{sys.executable} -m snakemake -s {ROOT}/workflow/Snakefile --cores 1 {LAND} --configfile my.yaml"
    inner = f"mount -t tmpfs -o size=16k tmpfs results || exit 77; {call}; code=$?; find results -type f; exit $code"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", inner], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode == 77:
        pytest.skip("a small file system cannot be mounted here")
    refused((done.returncode, done.stderr), "no room for land.tif (no space left on device)")
    assert done.stdout.strip() == ""  # nothing is left of it


def test_an_output_that_cannot_be_is_one_sentence(here: Path) -> None:
    Path("my.yaml").write_text(TINY)
    Path("results").write_text("a file")
    code, told = snakemake(LAND)
    assert code != 0 and "Traceback" not in told
    assert f"{here / 'results'}: is no folder, as a run needs it to be. Mend that, or run elsewhere" in told
    assert Path("results").read_text() == "a file"


def test_a_folder_that_must_not_be_written_to_is_one_sentence(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_writable(here)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != here)  # whoever runs this may be root
    with pytest.raises(InputError, match=f"{here}: must not be written to. Mend that, or run elsewhere"):
        check_writable(here)


def test_a_second_run_in_a_folder_waits_for_the_first(here: Path) -> None:
    Path("my.yaml").write_text(TINY)
    Path(".snakemake/locks").mkdir(parents=True)
    Path(".snakemake/locks/0.output.lock").write_text(f"{LAND}\n")
    refused(snakemake(LAND), "Error: Directory cannot be locked.")
    assert Path(".snakemake/locks/0.output.lock").exists() and not Path(LAND).exists()


def test_a_snakemake_that_is_too_old_says_so(here: Path) -> None:
    Path("my.yaml").write_text(TINY)
    Path("old.py").write_text(
        "import sys\nimport snakemake.common\nsnakemake.common.__version__ = '8.30.0'\n"
        "from snakemake.cli import main\nsys.argv = ['snakemake', *sys.argv[1:]]\nmain()\n"
    )
    answer = run("old", "-s", str(ROOT / "workflow/Snakefile"), "--cores", "1", "-n", "--configfile", "my.yaml")
    refused(answer, "Expecting Snakemake version 9.14 or higher (you are currently using 8.30.0).")


def test_a_target_behind_the_configuration_is_told_where_it_belongs(here: Path) -> None:
    """Of a file that is there; of one that is not Snakemake ends before any of ours is asked (docs/troubleshooting.md)."""
    Path("my.yaml").write_text(TINY)
    index = Path("results/rsssm/maps/SMOS-IC/2015.json")
    index.parent.mkdir(parents=True)
    index.write_text("{}")
    code, told = run(
        "snakemake", "-s", str(ROOT / "workflow/Snakefile"), "--cores", "1", "--configfile", "my.yaml", str(index)
    )
    assert code != 0 and "Traceback" not in told
    assert (
        f"{index}: is taken for a configuration, because it stands behind --configfile. Name targets before it" in told
    )


QUIRKS = "$(touch X1) `touch X2` 'q' \"d\" ; touch X3"


def test_dollars_quotes_and_blanks_in_values_are_harmless(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sound input: it is taken, and nothing of it is executed."""
    run_ = yaml.safe_load(TINY)
    run_["inputs"]["root"], run_["product"] = QUIRKS, {"about": {"title": QUIRKS}}
    Path(f"{QUIRKS}.yaml").write_text(yaml.safe_dump(run_))
    assert main(["check-config", f"{QUIRKS}.yaml"]) == 0
    code, told = snakemake(LAND, config=f"{QUIRKS}.yaml")
    assert code == 0 and Path(LAND).is_file(), told
    assert not list(here.rglob("X?"))
