"""Daily records from native files, calibrated uncertainty, scores of cross-validation, and the judge of expectations."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from made_somo import GRID, sites_of
from made_stations import stm
from numpy.testing import assert_allclose

from bench.somo.experiment import Row
from bench.somo.skill import judged
from rssm.calendar import CALENDARS
from rssm.errors import InputError
from rssm.grid import Area, Region
from rssm.somo.apart import KM_PER_DEGREE, distance
from rssm.somo.records import read_daily, somo_records, somo_stations
from rssm.somo.scores import anomalies, correlation
from rssm.somo.specs import RecordsSpec, StationsSpec
from rssm.somo.uncertainty import fitted
from rssm.stations.networks import network_of, networks_in
from rssm.tsv import read_tsv

FIRST = CALENDARS["day"].parse("2015-01-01")


def hourly(days: int, a_day: int, flag: str = "G") -> list[tuple[str, float, str]]:
    """Records of January and after: value day / 1000 + hour / 10 000."""
    dates = np.datetime64("2015-01-01") + np.arange(days)
    return [
        (f"{day} {hour:02d}:00".replace("-", "/"), n / 1000 + hour / 1e4, flag)
        for n, day in enumerate(dates.tolist())
        for hour in range(a_day)
    ]


def run(folder: Path, **changes: object) -> tuple[Path, Path]:
    """The job on all stations of a folder."""
    area = Area(GRID.id, Region(40, 43, -3, 4))
    asked = {"area": area, "days": (FIRST, FIRST + 89), "flags": ("G",), "per_day": 6, "least_days": 10} | changes
    joined = StationsSpec(asked.pop("least_days"))
    parts = []
    for network in networks_in([str(folder / "ISMN")]):
        parts.append((str(folder / f"{network}.nc"), str(folder / f"{network}.tsv")))
        somo_records(network, [str(folder / "ISMN")], [], [], RecordsSpec(**asked, network=network), parts[-1])
    out = folder / "stations.nc", folder / "dropped.tsv"
    somo_stations(*map(list, zip(*parts, strict=True)), joined, list(map(str, out)))
    return out


def test_days_need_six_good_values_and_sensors_of_all_depths_stay(tmp_path: Path):
    spoilt = hourly(40, 6)
    spoilt[6 * 5] = (*spoilt[6 * 5][:2], "D01")  # the sixth day has five good values
    stm(tmp_path / "ISMN" / "NET" / "S-1", spoilt)
    stm(tmp_path / "ISMN" / "NET" / "S-1", hourly(40, 24), depth=(0.5, 0.5))
    stm(tmp_path / "ISMN" / "NET" / "S-2", hourly(40, 5), station="S-2")
    stm(tmp_path / "ISMN" / "NET" / "S-3", hourly(9, 12), station="S-3")
    stm(tmp_path / "ISMN" / "NET" / "S-4", hourly(40, 6), station="S-4", place=(10.0, 10.0))
    kept, dropped = run(tmp_path)
    first, second = read_daily(kept)
    assert (first.sensor.bottom, second.sensor.bottom) == (0.05, 0.5)
    assert first.day.tolist() == [FIRST + day for day in range(40) if day != 5]
    assert_allclose(first.value[0], np.mean([hour / 1e4 for hour in range(6)]), atol=1e-6)
    assert first.pixel == second.pixel == GRID.pixel(-1.45, 41.55)[0] * 1440 + GRID.pixel(-1.45, 41.55)[1]
    reasons = {(row["station"], row["reason"]) for _, row in read_tsv(dropped)}
    assert reasons == {
        ("S-1", "flag D01"), ("S-1", "days of fewer than 6 values"), ("S-2", "days of fewer than 6 values"),
        ("S-3", "fewer than 10 days"), ("S-4", "outside the region"),
    }  # fmt: skip


def test_networks_apart_say_what_one_job_of_all_says(tmp_path: Path):
    for network, at in (("A", 41.55), ("B", 41.3), ("FAR", 10.0)):
        stm(tmp_path / "ISMN" / network / "S-1", hourly(40, 24), network=network, place=(at, -1.45))
    kept, _ = run(tmp_path)
    at_once = tmp_path / "all.nc", tmp_path / "all.tsv"
    spec = RecordsSpec(Area(GRID.id, Region(40, 43, -3, 4)), (FIRST, FIRST + 89), ("G",), 6)
    somo_records("all", [str(tmp_path / "ISMN")], [], [], spec, list(map(str, at_once)))
    together, apart = read_daily(at_once[0]), read_daily(kept)
    assert [one.sensor.network for one in apart] == ["A", "B"] == [one.sensor.network for one in together]
    for one, other in zip(apart, together, strict=True):
        assert one.pixel == other.pixel
        assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("day", "value", "behind"))


def test_a_sensor_in_two_formats_has_the_days_of_both(tmp_path: Path):
    about = (
        "# network: NET\n# station: S-1\n# latitude: 41.55\n# longitude: -1.45\n# depth_from: 0.05\n# depth_to: 0.05\n"
    )
    about += "# sensor: 5TM\n# units: m3 m-3\n"
    stm(tmp_path / "ISMN" / "NET" / "S-1", hourly(20, 24))
    rows = [f"2015-01-{day:02d} {hour:02d}:00,0.5,G" for day in range(15, 31) for hour in range(24)]
    (tmp_path / "more.csv").write_text(about + "\n".join(["time,soil_moisture,flag", *rows]) + "\n")
    spec = RecordsSpec(Area(GRID.id, Region(40, 43, -3, 4)), (FIRST, FIRST + 89), ("G",), 6)
    parts = [[str(tmp_path / f"{n}{kind}") for kind in (".nc", ".tsv")] for n in (1, 2)]
    somo_records("ISMN-NET", [str(tmp_path / "ISMN")], [], [], spec, parts[0])
    somo_records("csv", [], [str(tmp_path / "more.csv")], [], spec, parts[1])
    out = [str(tmp_path / "stations.nc"), str(tmp_path / "dropped.tsv")]
    somo_stations(*map(list, zip(*parts, strict=True)), StationsSpec(25), out)
    (one,) = read_daily(out[0])
    assert one.day.tolist() == [FIRST + day for day in range(30)]
    assert one.value[19] < 0.1 and one.value[20] == np.float32(0.5)  # the first archive's while it has a mean


def test_another_network_changes_no_other_one_s_digest(tmp_path: Path):
    folder = tmp_path / "ISMN"
    stm(folder / "A" / "S-1", hourly(2, 1), network="A")
    before = networks_in([str(folder)])
    stm(folder / "B" / "S-1", hourly(2, 1), network="B")
    after = networks_in([str(folder)])
    assert (list(before), list(after), before["A"]) == (["A"], ["A", "B"], after["A"])
    with ZipFile(tmp_path / "ismn.zip", "w") as archive:
        for path in folder.rglob("*.stm"):
            archive.write(path, path.relative_to(folder))
    zipped = networks_in([str(tmp_path / "ismn.zip")])
    assert list(zipped) == ["A", "B"]
    with ZipFile(tmp_path / "ismn.zip", "a") as archive:
        archive.writestr("B/S-2/B_B_S-2_sm_0.050000_0.050000_5TM_20150101_20150102.stm", "more")
    later = networks_in([str(tmp_path / "ismn.zip")])
    assert (later["A"], later["B"] == zipped["B"]) == (zipped["A"], False)
    assert networks_in([str(folder), str(tmp_path / "nowhere")]) == {}  # the job that reads it says so
    assert [network_of(name) for name in ("x/A/S/a.stm", "A/a.stm", "a.stm")] == ["A", "A", "-"]


def test_no_sensor_left_is_one_sentence_with_the_reasons(tmp_path: Path):
    stm(tmp_path / "ISMN" / "NET" / "S-3", hourly(9, 12))
    with pytest.raises(InputError, match=r"No sensor is left: fewer than 10 days\."):
        run(tmp_path)
    assert not (tmp_path / "stations.nc").exists()


@pytest.mark.parametrize(("b", "c"), [(0.02, 0.0), (0.02, 1.5), (0.005, 3.0)])
def test_factors_of_uncertainty_are_those_that_errors_were_drawn_with(b, c):
    rng = np.random.default_rng(1)
    spread = rng.uniform(0.002, 0.03, 40_000)
    size = fitted(rng.normal(size=40_000) * np.hypot(b, c * spread), spread)
    assert_allclose(np.hypot(size.b, size.c * spread), np.hypot(b, c * spread), rtol=0.06)


def test_anomalies_are_differences_from_the_days_around_where_there_are_enough():
    values = np.arange(60, dtype=float)
    values[20:40] = np.nan
    found = anomalies(values, 11, 8)
    assert_allclose(found[5:15], 0, atol=1e-12)
    assert np.isnan(found[[0, 1, 19, 25, 40]]).all()  # of eleven days around fewer than eight have a value
    assert np.isnan(correlation(found[:30], found[:30]))  # too few values
    assert correlation(values[::-1].copy(), -values[::-1]) == pytest.approx(-1)


def test_a_degree_of_latitude_is_111_kilometres_and_longitude_shrinks():
    place = np.array([0.0, 60.0]), np.array([0.0, 0.0])
    east = np.array([0.0, 60.0]), np.array([1.0, 1.0])
    apart = distance(place, east) * KM_PER_DEGREE
    assert_allclose(np.diag(apart), [111.19, 55.6], atol=0.1)
    cells = sites_of(5, 10)
    assert_allclose(np.diag(distance(cells.place, cells.place)), 0, atol=1e-9)


@pytest.mark.parametrize(("shift", "came"), [(0.05, "higher"), (-0.05, "lower"), (0.0, "tie")])
def test_an_expectation_is_judged_by_the_interval_over_blocks(shift, came):
    noise = np.random.default_rng(2).normal(size=40) * 0.01
    rows = [
        Row("paper", 2, 1, method, f"block {cell % 8}", cell, 0.5, value, 0.1)
        for cell in range(40)
        for method, value in (("network", 0.6 + shift + noise[cell]), ("ridge", 0.6))
    ]
    entry = {
        "world": "paper",
        "layer": 1,
        "metric": "anomaly_r",
        "a": "network",
        "b": "ridge",
        "expect": "tie or higher",
    }
    found = judged(rows, entry)
    assert (found["came"], found["right"], found["blocks"]) == (came, came != "lower", 8)
