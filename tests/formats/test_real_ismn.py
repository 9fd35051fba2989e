"""Real archives of the ISMN: those that the package `ismn` ships in its source distribution, for its own tests.

`make test` lays them beside the environment's packages; elsewhere RSSM_ISMN_SAMPLES names the folder `test_data`.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
from handmade.grids import CATALOGUE
from numpy.testing import assert_array_equal

from rssm.calendar import DEKADS
from rssm.config.ingest import Ingest, Inputs
from rssm.config.validation import Stations
from rssm.errors import InputError
from rssm.grid import GRID, Area
from rssm.ingest.product_year import ingest
from rssm.ingest.specs import IngestSpec
from rssm.stations.ismn_archive import IsmnFile, ismn_files
from rssm.tsv import read_tsv
from rssm.validation.stations.file import StationRecords, read_stations
from rssm.validation.stations.pixel_records import stations
from rssm.validation.stations.places import CLIMATES
from rssm.validation.stations.specs import StationsSpec

ARCHIVES = {  # archive → number of sensors
    "Data_seperate_files_20170810_20180809": 3,
    "Data_seperate_files_20170810_20180809.zip": 3,
    "Data_seperate_files_header_20170810_20180809": 2,
    "zip_archives/ceop/Data_seperate_files_20170810_20180809.zip": 2,
    "zip_archives/header/Data_seperate_files_header_20170810_20180809.zip": 2,
    "zip_archives/multinetwork/header_values/Data_header_values.zip": 8,
    "zip_archives/format_header_values/Data_SMOSMANIA.zip": 1,
    "format_ceop_sep": 1,
    "format_header_values": 1,
    "archive_sample/ismn_archive.zip": 1,
    "archive_sample": 1,
}


@pytest.fixture(scope="module")
def samples() -> Path:
    folder = Path(os.environ.get("RSSM_ISMN_SAMPLES") or Path(sys.prefix) / "share" / "ismn_samples" / "test_data")
    if not folder.is_dir():
        pytest.skip(f"{folder}: no archives of the ISMN there (make samples; or RSSM_ISMN_SAMPLES names their folder)")
    return folder


def run(folder: Path, archives: list[Path], land: str, first: str, last: str, **settings) -> StationRecords:
    """The job on archives, over all of the grid."""
    asked = StationsSpec(
        Area(GRID.id, GRID.everywhere), "dekad", (DEKADS.parse(first), DEKADS.parse(last)), Stations(**settings), {}
    )
    out = [str(folder / name) for name in ("stations.nc", "used.tsv", "dropped.tsv")]
    stations(list(map(str, archives)), [], [land], [], [], asked, out)
    return read_stations(out[0])


def plain(file: IsmnFile) -> list[tuple[str, float, str]]:
    """Records of a file, time as ISO has it, by its words alone."""
    with file._opened() as opened:
        words = [line.split() for line in opened.read().decode().splitlines() if line.strip()]
    rows = words[1:] if len(words[0]) != 15 else [row[:2] + row[12:14] for row in words]
    return [(f"{day.replace('/', '-')}T{hour}", float(value), flag) for day, hour, value, flag, *_ in rows]


@pytest.mark.parametrize(("name", "sensors"), ARCHIVES.items())
def test_all_records_of_all_archives(samples: Path, name: str, sensors: int) -> None:
    files = ismn_files(str(samples / name))
    assert len(files) == sensors
    for file in files:
        sensor, records, expected = file.sensor(), file.records(), plain(file)
        assert sensor.network in file.name.replace("-", "_") and sensor.name in file.name
        assert_array_equal(records.time, np.array([time for time, _, _ in expected], "M8[s]"))
        assert_array_equal(records.value, [value for _, value, _ in expected])
        assert [records.flags[at] for at in records.flag] == [flag for _, _, flag in expected]


def test_places_and_depths(samples: Path) -> None:
    files = ismn_files(str(samples / "Data_seperate_files_20170810_20180809"))
    arm, barrow, fraye = sorted(file.sensor() for file in files)
    assert (fraye.network, fraye.latitude, fraye.longitude, fraye.bottom) == ("FR_Aqui", 44.467, -0.7269, 0.05)
    assert (arm.station, arm.longitude, arm.bottom) == ("ARM-1", -97.4878, 0.19)
    assert (barrow.station, barrow.latitude, barrow.depth) == ("Barrow-ARM", 71.3298, "0.00-0.21")


def test_dekads_of_a_station_as_its_records_have_them(samples: Path, land: str, tmp_path: Path) -> None:
    archive = samples / "Data_seperate_files_20170810_20180809"
    found = run(tmp_path, [archive], land, "2014D01", "2016D36")
    (fraye,) = [file for file in ismn_files(str(archive)) if "fraye" in file.name]
    row, column = GRID.pixel(-0.7269, 44.467)
    assert found.pixel.tolist() == [row * GRID.columns + column]
    by_day: dict[date, list[float]] = {}
    for time, value, flag in plain(fraye):
        if flag == "G" and 0 <= value <= 1:
            by_day.setdefault(date.fromisoformat(time[:10]), []).append(value)
    expected = []
    for step in found.steps:
        days = [np.mean(by_day[day]) for day in DEKADS.dates(step) if day in by_day]
        expected.append(np.mean(days) if len(days) >= 5 else np.nan)
    assert np.isfinite(expected).sum() > 50
    np.testing.assert_allclose(found.means.value[0], expected, rtol=1e-6)
    deep = {row["station"] for _, row in read_tsv(tmp_path / "dropped.tsv") if row["reason"] == "deeper than 0.05 m"}
    assert deep == {"ARM-1", "Barrow-ARM"}


def test_zip_and_folder_and_both_formats_are_the_same(samples: Path, land: str, tmp_path: Path) -> None:
    names = [name for name, sensors in ARCHIVES.items() if name.count("20170810") and sensors == 2]
    names = [*names, "Data_seperate_files_20170810_20180809"]
    records = []
    for name in names:
        folder = tmp_path / name.replace("/", "_")
        records.append(run(folder, [samples / name], land, "2017D23", "2018D22", depth=0.25))
    arm = records[0].pixel[0]
    values = [found.means.value[found.pixel.tolist().index(arm)] for found in records]
    assert len(values) == 4 and np.isfinite(values[0]).sum() > 20
    for value in values[1:]:
        assert_array_equal(value, values[0])
    every = run(tmp_path, [samples / name for name in names], land, "2017D23", "2018D22", depth=0.25)
    assert_array_equal(every.means.value[every.pixel.tolist().index(arm)], values[0])  # each record once


def test_unjudged_records_of_old_archives_count_where_that_is_asked(samples: Path, land: str, tmp_path: Path) -> None:
    archive = samples / "zip_archives/multinetwork/header_values/Data_header_values.zip"
    with pytest.raises(InputError, match="No record of a station is left: flagged"):
        run(tmp_path, [archive], land, "2007D01", "2013D36")
    found = run(tmp_path, [archive], land, "2007D01", "2013D36", flags=("U",))
    assert set(found.networks) == {"MAQU", "SCAN", "SOILSCAPE"} and found.pixel.size == 8
    rows = [row for _, row in read_tsv(tmp_path / "dropped.tsv")]
    used = {row["station"]: int(row["records"]) for _, row in read_tsv(tmp_path / "used.tsv")}
    for file in ismn_files(str(archive)):
        station = file.sensor().station
        lost = sum(int(row["records"]) for row in rows if row["station"] == station)
        assert used[station] + lost == len(plain(file))


def test_climate_of_real_stations(samples: Path, real: Path, land: str, tmp_path: Path) -> None:
    climates = real / "koppen" / "Beck_KG_V1_future_0p5.tif"
    (tmp_path / "KOPPEN").mkdir()
    (tmp_path / "KOPPEN" / climates.name).symlink_to(climates)
    area = Area(GRID.id, GRID.region(33, 46, -122, 103))
    index = str(tmp_path / "maps" / "static.json")
    asked = IngestSpec(CATALOGUE["KOPPEN"], Inputs(root=str(tmp_path)), Ingest(), area)
    ingest("KOPPEN", "static", [], [], [land], [], asked, [index])
    out = [str(tmp_path / name) for name in ("stations.nc", "used.tsv", "dropped.tsv")]
    archives = [samples / "zip_archives/multinetwork/header_values/Data_header_values.zip", samples / "archive_sample"]
    period = DEKADS.parse("2007D01"), DEKADS.parse("2025D36")
    spec = StationsSpec(area, "dekad", period, Stations(flags=("U", "G")), {"climate": "KOPPEN"})
    stations(list(map(str, archives)), [], [land], [index], [], spec, out)
    rows = {row["station"]: row for _, row in read_tsv(out[1])}
    with rasterio.open(climates) as source:
        for row in rows.values():
            (number,) = next(source.sample([(float(row["longitude"]), float(row["latitude"]))]))
            assert row["climate"] == CLIMATES[number - 1]
    assert rows["AAMU-jtg"]["climate"] == "Cfa" and len(rows) == 9


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_download_cut_short(samples: Path, land: str, tmp_path: Path, share: float) -> None:
    raw = (samples / "zip_archives/ceop/Data_seperate_files_20170810_20180809.zip").read_bytes()
    short = tmp_path / "short.zip"
    short.write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(InputError, match=r"short\.zip: is no complete zip file. Download it from the ISMN again\."):
        run(tmp_path, [short], land, "2017D23", "2018D22", depth=0.25)
    assert [path.name for path in tmp_path.iterdir()] == ["short.zip"]


def test_what_is_no_archive(samples: Path, land: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"malformed: holds no file NETWORK/STATION/\*\.stm"):
        run(tmp_path, [samples / "malformed"], land, "2017D23", "2018D22")
    named = tmp_path / "a" / "N_N_S_sm_0.05_0.05_X_20170810_20180809.stm"
    named.parent.mkdir()
    named.write_bytes((samples / "malformed" / "mal_formed_file.txt").read_bytes())
    with pytest.raises(InputError, match="begins with 'no good data here', expected network, station"):
        run(tmp_path, [named.parent], land, "2017D23", "2018D22")
