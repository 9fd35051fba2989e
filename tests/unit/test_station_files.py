"""Files of stations: what can be read, and one sentence for each way in which one cannot."""

from __future__ import annotations

import builtins
import zipfile
from pathlib import Path

import numpy as np
import pytest
from made_stations import HERE, LAND, daily, spec, stm
from numpy.testing import assert_allclose, assert_array_equal

from rssm.errors import InputError
from rssm.spec import canonical, parsed
from rssm.stations.ismn_archive import ismn_files
from rssm.stations.texts import text_files
from rssm.tsv import read_tsv
from rssm.validation.stations.file import read_stations
from rssm.validation.stations.pixel_records import stations
from rssm.validation.stations.specs import StationsSpec

HEAD = """# network: OWN
# station: Field 1
# sensor: EC5
# latitude: 41.55
# longitude: 358.55
# depth_from: 0.00
# depth_to: 0.05
# units: m3 m-3
"""
GOOD = HEAD + "time,soil_moisture,flag\n" + "".join(f"2015-01-{day:02d}T06:00,0.25,G\n" for day in range(1, 11))


def run(folder: Path, *, ismn=(), csv=(), **asked) -> list[Path]:
    """Run the job; its outputs."""
    out = [folder / "out" / name for name in ("stations.nc", "used.tsv", "dropped.tsv")]
    stations(list(map(str, ismn)), list(map(str, csv)), [LAND], [], [], spec(**asked), list(map(str, out)))
    return out


def complaint(folder: Path, **asked) -> str:
    """The sentence of a job that cannot run, after which nothing is left behind."""
    with pytest.raises(InputError) as error:
        run(folder, **asked)
    assert not list(folder.rglob("out/*"))
    assert "\n" not in str(error.value)
    return str(error.value)


def zipped(folder: Path, path: Path) -> Path:
    """A zip file of a folder, below a folder of its own as some downloads are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member in sorted(folder.rglob("*")):
            file.write(member, Path("Data_separate_files") / member.relative_to(folder))
    return path


@pytest.mark.parametrize("ceop", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("packed", [False, True])
def test_both_formats_in_zip_files_and_folders(tmp_path, ceop, end, packed):
    records = [
        ("2015/01/02 00:00", 0.1234, "G"),
        ("2015/01/02 01:00", np.nan, "M"),
        ("2015/01/02 02:00", 0.3, "D01,D03"),
    ]
    stm(tmp_path / "a", records, network="N_1", place=(-1.5, 179.95), ceop=ceop, end=end)
    (tmp_path / "a" / "N_1" / "S-1" / "N_1_N_1_S-1_static_variables.csv").write_text("nothing of use")
    (tmp_path / "a" / "Metadata.xml").write_text("<x/>")
    archive = zipped(tmp_path / "a", tmp_path / "a.zip") if packed else tmp_path / "a"
    (file,) = ismn_files(str(archive))
    sensor, found = file.sensor(), file.records()
    assert (sensor.network, sensor.station, sensor.latitude, sensor.longitude) == ("N_1", "S-1", -1.5, 179.95)
    assert (sensor.top, sensor.bottom) == (0.05, 0.05)
    assert_array_equal(found.time, np.array(["2015-01-02T00", "2015-01-02T01", "2015-01-02T02"], "M8[s]"))
    assert_allclose(found.value, [0.1234, np.nan, 0.3])
    assert [found.flags[at] for at in found.flag] == ["G", "M", "D01,D03"]


@pytest.mark.parametrize("ceop", [False, True])
def test_files_of_one_record_and_of_none_are_sound(tmp_path, ceop):
    stm(tmp_path, daily("2015-01-01", 1), ceop=ceop)
    stm(tmp_path, [], station="NONE")
    assert [len(file.records().time) for file in ismn_files(str(tmp_path))] == [0, 1]


def test_other_variables_are_passed_over(tmp_path):
    path = stm(tmp_path, daily("2015-01-01", 10, 280.0))
    path.rename(path.with_name(path.name.replace("_sm_", "_ts_")))
    assert ismn_files(str(tmp_path)) == []


def test_a_zip_file_cut_short(tmp_path):
    stm(tmp_path / "a", daily("2015-01-01", 300))
    archive = zipped(tmp_path / "a", tmp_path / "a.zip")
    archive.write_bytes(archive.read_bytes()[:-40])
    said = complaint(tmp_path, ismn=[archive])
    assert said == f"{archive}: is no complete zip file. Download it from the ISMN again."


def test_a_damaged_member_of_a_zip_file(tmp_path):
    stm(tmp_path / "a", daily("2015-01-01", 300, np.random.default_rng(1).uniform(0, 1, 300)))
    archive = zipped(tmp_path / "a", tmp_path / "a.zip")
    raw = bytearray(archive.read_bytes())
    middle = raw.find(b".stm") + 800
    raw[middle : middle + 60] = bytes(60)
    archive.write_bytes(raw)
    said = complaint(tmp_path, ismn=[archive])
    assert (
        "a.zip: Data_separate_files/NET/S-1/NET_NET_S-1_sm_" in said
        and ".stm: is damaged or no file of the ISMN (" in said
    )


def test_no_archive_and_an_empty_folder(tmp_path):
    assert "nowhere: no such zip file or folder. Download stations" in complaint(tmp_path, ismn=[tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    assert "empty: holds no file NETWORK/STATION/*.stm." in complaint(tmp_path, ismn=[tmp_path / "empty"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.partition("\n")[2], "begins with '2015/01/01 12:00 0.2000 G M', expected network, station"),
        (
            lambda text: text.replace("41.55000 -1.45000", "nan nan"),
            "latitude nan, longitude nan are no place on Earth.",
        ),
        (
            lambda text: text.replace("41.55000 -1.45000", "-999.9 -999.9"),
            "latitude -999.9, longitude -999.9 are no place",
        ),
        (lambda text: text.replace("41.55000 -1.45000", ""), "expected network, station, latitude"),
        (
            lambda text: text.replace(" 0.2000 ", " 20.000 "),
            "half of its good values are 20 or more, expected soil moisture",
        ),
        (lambda text: text[:-20], "its record 10 is cut short. Download it"),
        (lambda text: text[:-8], "its record 10 is cut short. Download it"),
        (lambda text: text.replace("2015/01/03", "2015/13/03"), "is damaged or no file of the ISMN"),
        (
            lambda text: text.replace("0.2000", "much"),
            "is damaged or no file of the ISMN (could not convert string to float",
        ),
        (lambda text: "", "is empty. Download it"),
        (lambda text: "no good data here", "begins with 'no good data here', expected network"),
        (lambda text: text[:100] + "\0\0\0" + text[103:], "is "),
    ],
)
def test_a_malformed_file_is_named_with_the_mend(tmp_path, change, said):
    path = stm(tmp_path / "a", daily("2015-01-01", 10))
    path.write_text(change(path.read_text()))
    whole = complaint(tmp_path, ismn=[tmp_path / "a"])
    assert path.name in whole and said in whole
    assert "Download it from the ISMN again" in whole or "Correct the file, or take it out." in whole


def test_a_malformed_file_may_be_skipped_and_is_listed(tmp_path):
    path = stm(tmp_path / "a", daily("2015-01-01", 10), station="BAD")
    path.write_text("no good data here")
    percent = stm(tmp_path / "a", daily("2015-01-01", 10, 20), station="PER")
    stm(tmp_path / "a", daily("2015-01-01", 10))
    out = run(tmp_path, ismn=[tmp_path / "a"], on_bad_file="skip")
    rows = [row for _, row in read_tsv(out[2])]
    assert [
        (row["file"].endswith(bad.name), row["reason"][:11]) for row, bad in zip(rows, (path, percent), strict=True)
    ] == [(True, "unreadable:")] * 2
    assert read_stations(out[0]).stations.tolist() == [1]


def test_text_files(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.csv").write_text(GOOD)
    percent = GOOD.replace("m3 m-3", "%").replace("0.25,G", "35").replace(",flag", "").replace("T06:00", " 06:00:00Z")
    (tmp_path / "own" / "b.csv").write_text(percent.replace("Field 1", "Field 2"))
    found = read_stations(run(tmp_path, csv=[tmp_path / "own"])[0])
    assert_allclose(found.means.value[0, 0], (0.25 + 0.35) / 2, rtol=1e-6)
    assert_allclose(np.ravel(found.place), HERE)
    assert found.density == ["dense"] and found.networks == ["OWN"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# latitude: 41.55\n", "", "its head does not say latitude."),
        ("latitude: 41.55", "latitude: north", "latitude 'north' is no number."),
        ("latitude: 41.55", "latitude: 141", "latitude 141, longitude 358.55 are no place on Earth."),
        ("depth_to: 0.05", "depth_to: -5", "depths 0 to -5, expected metres below ground."),
        ("m3 m-3", "bar", "units 'bar', expected volumetric soil moisture in m3 m-3 or %."),
        (
            "time,soil_moisture,flag\n",
            "",
            "expected the columns time,soil_moisture or time,soil_moisture,flag, found 2015",
        ),
        ("02T06:00,0.25", "02T06:00,wet", "line 11: 'wet' is no number; leave gaps empty."),
        ("2015-01-02T06:00", "2.1.2015", "line 11: '2.1.2015' is no time such as 2015-04-01T12:00."),
        ("2015-01-02T06:00", "2015-02-31", "line 11: '2015-02-31' is no time such as"),
        ("2015-01-02T06:00", "", "line 11: '' is no time such as"),
        ("2015-01-02T06:00", "2015-01-02T06:00+01:00", "line 11: '2015-01-02T06:00+01:00' is no time such as"),
        ("2015-01-02T06:00", '"2015-01-02T06:00', "line 11: '\"2015-01-02T06:00' is no time such as"),
        ("02T06:00,0.25,G", "02T06:00,0.25", "line 11 has 2 columns, expected 3."),
        ("0.25", "25", "half of its good values are 25 or more"),
        (GOOD, "", "its head does not say network, station, latitude,"),
    ],
)
def test_a_malformed_text_file_is_named_with_the_mend(tmp_path, old, new, said):
    (tmp_path / "a.csv").write_text(GOOD.replace(old, new))
    whole = complaint(tmp_path, csv=[tmp_path / "a.csv"])
    assert whole.startswith(f"{tmp_path / 'a.csv'}: ") and said in whole
    assert "docs/stations.md shows how such a file looks." in whole or "Correct the file" in whole


def test_text_files_that_are_not_there_or_no_text(tmp_path):
    assert "x.csv: no such file or folder" in complaint(tmp_path, csv=[tmp_path / "x.csv"])
    (tmp_path / "empty").mkdir()
    assert "holds no file *.csv" in complaint(tmp_path, csv=[tmp_path / "empty"])
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read as text" in complaint(tmp_path, csv=[tmp_path / "b.csv"])


def test_names_in_text_files_stay_in_their_cells_of_the_tables(tmp_path):
    (tmp_path / "a.csv").write_text(GOOD.replace("Field 1", "Field\t1"))
    out = run(tmp_path, csv=[tmp_path / "a.csv"])
    assert [row["station"] for _, row in read_tsv(out[1])] == ["Field 1"]


def test_gaps_in_text_files_are_no_values(tmp_path):
    (tmp_path / "a.csv").write_text(GOOD.replace("02T06:00,0.25", "02T06:00,"))
    (file,) = text_files(str(tmp_path / "a.csv"))
    assert np.isnan(file.records().value).tolist() == [False, True] + 8 * [False]


def test_the_package_that_reads_archives_may_be_absent(tmp_path, monkeypatch):
    stm(tmp_path, daily("2015-01-01", 10))
    whole = builtins.__import__

    def without(name, *rest, **named):
        if name.startswith("ismn"):
            raise ImportError("No module named 'ismn'")
        return whole(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"need the package ismn .* pip install 'rssm\[validation\]'"):
        ismn_files(str(tmp_path))


def test_what_is_asked_survives_the_command_line():
    asked = spec(depth=0.1, on_bad_file="skip")
    again = parsed(StationsSpec, canonical(asked))
    assert canonical(again) == canonical(asked)
    assert (again.stations.depth, again.stations.flags, again.on_bad_file) == (0.1, ["G"], "skip")
