"""Stations: from files of sensors to records of pixels, cases worked by hand, and why what is dropped is dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_stations import AREA, HERE, LAND, ROLES, STEPS, daily, described, flagged_year, labels, layer, spec, stm
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import CALENDARS
from rssm.cli import main
from rssm.config.validation import Stations, Validation
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region, grid_of
from rssm.ingest.land_mask import write_land
from rssm.product.values.flags import Flag
from rssm.stations.depths import Depths
from rssm.tsv import read_tsv
from rssm.validation.stations.file import StationRecords, read_stations
from rssm.validation.stations.inputs import described_by, station_digest, station_places
from rssm.validation.stations.pixel_records import stations

ELSEWHERE = (41.75, -1.45)  # another pixel on land


def made(folder: Path, asked=None, *, csv=(), maps=(), netcdf=(), ismn=True) -> StationRecords:
    """The records that the job makes of the archive in a folder."""
    out = [str(folder / name) for name in ("stations.nc", "used.tsv", "dropped.tsv")]
    archives = [str(folder / "ISMN")] if ismn else []
    stations(archives, list(csv), [LAND], list(maps), list(netcdf), asked or spec(), out)
    return read_stations(out[0])


def dropped(folder: Path) -> list[tuple[str, str, str, str]]:
    """Station, reason, steps and records of the table's lines."""
    return [(r["station"], r["reason"], r["steps"], r["records"]) for _, r in read_tsv(folder / "dropped.tsv")]


def test_days_weigh_alike_in_a_step_and_sensors_in_a_pixel(tmp_path):
    hourly = [(f"2015/01/01 {hour:02d}:00", 0.5, "G") for hour in range(24)]
    stm(tmp_path / "ISMN", [*hourly, *daily("2015-01-02", 9, 0.3)])
    stm(tmp_path / "ISMN", daily("2015-01-01", 20, 0.1), sensor="B", ceop=True)
    found = made(tmp_path)
    first = (0.5 + 9 * 0.3) / 10  # the mean of 33 records would be 0.445
    assert_allclose(found.means.value[0, :3], [(first + 0.1) / 2, 0.1, np.nan], rtol=1e-6)
    assert_array_equal(found.means.records[0, :3], [33 + 10, 10, 0])
    assert_array_equal(found.means.sensors[0, :3], [2, 1, 0])
    assert found.steps == range(STEPS[0], STEPS[1] + 1)


def test_a_step_needs_five_days_or_all_of_a_shorter_step(tmp_path):
    stm(tmp_path / "ISMN", [*daily("2015-01-01", 5), *daily("2015-01-11", 4)])
    assert np.isfinite(made(tmp_path).means.value[0]).tolist() == [True] + 5 * [False]
    assert dropped(tmp_path) == [("S-1", "fewer than 5 days", "1", "4")]
    day = made(tmp_path, spec(calendar="day", steps=(0 + 5479, 5479 + 13)))  # 2015-01-01 to 14
    assert np.isfinite(day.means.value[0]).tolist() == 5 * [True] + 5 * [False] + 4 * [True]


def test_every_record_is_used_or_dropped_for_one_reason(tmp_path):
    bad = [("2015/01/03 12:00", 0.2, "D01"), ("2015/01/04 12:00", np.nan, "G"), ("2015/01/05 12:00", 1.5, "G")]
    twice = [("2015/01/06 12:00", 0.9, "G")]
    records = [*daily("2014-12-31", 3), *bad, *daily("2015-01-06", 5), *twice, *daily("2015-01-11", 2)]
    stm(tmp_path / "ISMN", records)
    found = made(tmp_path)
    assert dropped(tmp_path) == [
        ("S-1", "fewer than 5 days", "1", "2"),
        ("S-1", "flag D01", "-", "1"),
        ("S-1", "no value", "-", "1"),
        ("S-1", "outside 0 to 1 m3 m-3", "-", "1"),
        ("S-1", "outside the period", "-", "1"),
        ("S-1", "the same time twice", "-", "1"),
    ]
    assert found.means.records.sum() + sum(int(row[3]) for row in dropped(tmp_path)) == len(records)
    assert found.means.value[0, 0] == pytest.approx(0.2)  # of two records at a time the first counts


def test_which_flags_are_good_is_a_setting(tmp_path):
    stm(tmp_path / "ISMN", [*daily("2015-01-01", 10, 0.2, "U"), *daily("2015-01-11", 10, 0.4)])
    assert np.isnan(made(tmp_path).means.value[0, 0])
    assert_allclose(made(tmp_path, spec(flags=("G", "U"))).means.value[0, :2], [0.2, 0.4], rtol=1e-6)


def test_sensors_too_deep_elsewhere_or_at_sea_are_dropped_and_two_inches_are_five_centimetres(tmp_path):
    archive, records = tmp_path / "ISMN", daily("2015-01-01", 10)
    stm(archive, records, station="INCHES", depth=(0.0508, 0.0508))
    stm(archive, records, station="DEEP", depth=(0.0, 0.1))
    stm(archive, records, station="FAR", place=(45, -1))
    stm(archive, records, station="POLE", place=(89.9, -1))
    stm(archive, records, station="SHIP", place=(40.55, 1.55))
    stm(archive, daily("2013-01-01", 10), station="OLD")
    stm(archive, [], station="SILENT")
    assert made(tmp_path).stations.tolist() == [1]
    assert dropped(tmp_path) == [
        ("DEEP", "deeper than 0.05 m", "-", "-"),
        ("FAR", "outside the region", "-", "-"),
        ("OLD", "outside the period", "-", "10"),
        ("POLE", "outside the region", "-", "-"),
        ("SHIP", "no land pixel", "-", "-"),
        ("SILENT", "no records", "-", "-"),
    ]
    assert [row["station"] for _, row in read_tsv(tmp_path / "used.tsv")] == ["INCHES"]
    assert made(tmp_path, spec(depth=0.1)).stations.tolist() == [2]


def test_a_layer_of_soil_takes_the_sensors_within_it_and_of_a_pixel_the_nearest_depth(tmp_path):
    archive, records = tmp_path / "ISMN", daily("2015-01-01", 10)
    for station, depth in [("UP", (0.05, 0.05)), ("ON", (0.1, 0.1)), ("TEN", (0.1, 0.2)), ("DOWN", (0.3, 0.3))]:
        stm(archive, records, station=station, depth=depth)
    for station, depth in [("A", (0.1, 0.3)), ("B", (0.1, 0.3)), ("C", (0.2, 0.21))]:
        stm(archive, records, station=station, place=ELSEWHERE, depth=depth)
    layer = spec(depth=None, depths=Depths(0.1, 0.3, 0.2))
    assert made(tmp_path, layer).stations.tolist() == [2, 1]  # the northern pixel comes first
    assert [row["station"] for _, row in read_tsv(tmp_path / "used.tsv")] == ["A", "B", "TEN"]
    assert [(station, reason) for station, reason, _, _ in dropped(tmp_path)] == [
        ("C", "another depth of its cell is nearer to 0.2 m"),
        ("DOWN", "another depth of its cell is nearer to 0.2 m"),
        ("ON", "not 0.1 to 0.3 m deep"),
        ("UP", "not 0.1 to 0.3 m deep"),
    ]


def test_pixels_are_described_and_wet_ones_left_out(tmp_path):
    archive, records = tmp_path / "ISMN", daily("2015-01-01", 10)
    stm(archive, records)
    stm(archive, records, station="S-2", network="MESH")
    stm(archive, records, station="LAKE", place=ELSEWHERE)
    wet = {label: layer(0.01, ELSEWHERE, 0.02) for label in labels()} | {labels()[3]: layer(0.01, ELSEWHERE, 0.06)}
    cover = {"2014": 10, "2015": layer(10, HERE, 12), "2016": layer(10, HERE, 12)}
    found = made(tmp_path, maps=described(tmp_path / "maps", water=wet, land_cover=cover))
    assert (found.climate, found.land_cover) == (["BSk"], ["cropland"])
    assert (found.density, found.relief, found.networks) == (["dense"], ["flat"], ["MESH, NET"])
    assert_allclose([found.ground.water[0], found.ground.topography[0]], [0.01, 0.05], rtol=1e-6)
    assert_allclose(np.ravel(found.place), HERE)
    assert dropped(tmp_path) == [("LAKE", "water above 0.05 of the pixel", "-", "-")]
    rough = made(
        tmp_path, spec(dense=3, water=0.06), maps=described(tmp_path / "maps", water=wet, topography={"static": 0.2})
    )
    assert rough.density == ["sparse", "sparse"] and rough.relief == ["rough", "rough"]


def test_water_is_the_mean_of_the_years_maxima(tmp_path):
    stm(tmp_path / "ISMN", daily("2015-01-01", 10))
    years = {"2014D01": 0.09, "2014D02": 0.01, "2015D01": 0.02, "2015D02": np.nan, "2016D01": np.nan}
    found = made(tmp_path, spec(water=0.06), maps=described(tmp_path / "maps", water=years))
    assert found.ground.water[0] == pytest.approx((0.09 + 0.02) / 2)
    with pytest.raises(InputError, match=r"No record of a station is left: water above 0.05 of the pixel: 1 lines"):
        made(tmp_path, maps=described(tmp_path / "maps", water=years))
    years = {"2014D01": np.nan}
    assert np.isnan(made(tmp_path, maps=described(tmp_path / "maps", water=years)).ground.water[0])


def test_classes_without_a_name_are_no_classes(tmp_path):
    stm(tmp_path / "ISMN", daily("2015-01-01", 10))
    found = made(tmp_path, maps=described(tmp_path / "maps", climate={"static": 0}, land_cover={"2015": 17}))
    assert (found.climate, found.land_cover) == (["unknown"], ["water"])
    with pytest.raises(InputError, match=r"KOPPEN: has class 31, expected 1…30\."):
        made(tmp_path, maps=described(tmp_path / "maps", climate={"static": 31}))


def test_without_maps_nothing_is_known_and_nothing_left_out(tmp_path):
    stm(tmp_path / "ISMN", daily("2015-01-01", 10))
    found = made(tmp_path)
    assert (found.climate, found.land_cover, found.relief) == (["unknown"], ["unknown"], ["unknown"])
    assert np.isnan(found.ground.water[0])


def test_what_the_data_set_hides_under_snow_or_ice_is_dropped(tmp_path):
    stm(tmp_path / "ISMN", daily("2015-01-01", 40))
    stm(tmp_path / "ISMN", daily("2015-01-01", 10), station="COLD", place=ELSEWHERE)
    flags = np.zeros((6, *AREA.window.shape), np.uint16)
    row, column = GRID.pixel(HERE[1], HERE[0])
    at = row - AREA.window.row, column - AREA.window.column
    flags[1, *at] = Flag.SNOW_ICE_OBSERVED | Flag.RAINFOREST
    flags[2, *at] = Flag.SNOW_ICE_INFERRED
    flags[3, *at] = Flag.RAINFOREST
    flags[0, at[0] - 2, at[1]] = Flag.SNOW_ICE_INFERRED
    found = made(tmp_path, netcdf=[flagged_year(tmp_path / "2015.nc", flags)])
    assert np.isfinite(found.means.value).tolist() == [[True, False, False, True, False, False]]
    assert ("COLD", "snow or ice", "1", "10") in dropped(tmp_path)
    assert ("S-1", "snow or ice", "2", "21") in dropped(tmp_path)


def test_any_grid_and_calendar(tmp_path):
    stm(tmp_path / "ISMN", daily("2015-01-01", 9))
    stm(tmp_path / "ISMN", daily("2015-01-01", 9), station="FAR", place=(45, -1))
    first = CALENDARS["3day"].parse("2014-12-31")
    asked = spec(area=Area("ease2_m25", Region(40, 42, -2, 2)), calendar="3day", steps=(first, first + 3))
    grid = grid_of("ease2_m25")
    mask = tmp_path / "land"
    write_land(mask, np.ones((grid.rows, grid.columns), bool), grid)
    out = [str(tmp_path / name) for name in ("stations.nc", "used.tsv", "dropped.tsv")]
    stations([str(tmp_path / "ISMN")], [], [str(mask / "land.tif")], [], [], asked, out)
    found = read_stations(out[0])
    assert found.grid.id == "ease2_m25"
    assert np.isfinite(found.means.value).tolist() == [[False, True, True, False]]
    row, column = grid.pixel(HERE[1], HERE[0])
    assert found.pixel.tolist() == [row * grid.columns + column]
    assert abs(found.place[0][0] - HERE[0]) < 0.2 and abs(found.place[1][0] - HERE[1]) < 0.2


def test_the_result_does_not_depend_on_how_files_are_split_or_ordered(tmp_path):
    values = np.random.default_rng(1).uniform(0.1, 0.4, 59)
    one, two = tmp_path / "one", tmp_path / "two"
    for n in range(3):
        stm(one / "ISMN", daily("2015-01-01", 59, values * (1 + n / 10)), sensor=f"P{n}", station=f"S-{n}")
    for n in (2, 0, 1):
        whole = daily("2015-01-01", 59, values * (1 + n / 10))
        for part in ("B", "A"):  # files of one sensor overlap by ten days, the later one first
            records = whole[:35] if part == "A" else whole[25:]
            stm(two / part, records, sensor=f"P{n}", station=f"S-{n}", ceop=part == "B", end="\r\n")
    first, out = made(one), [str(two / name) for name in ("stations.nc", "used.tsv", "dropped.tsv")]
    stations([str(two / "B"), str(two / "A")], [], [LAND], [], [], spec(), out)
    assert_array_equal(read_stations(out[0]).means.value, first.means.value)
    assert sum(int(row[3]) for row in dropped(two)) == 3 * 10


def test_nothing_is_written_where_nothing_is_left(tmp_path):
    stm(tmp_path / "ISMN", daily("2015-01-01", 4))
    with pytest.raises(InputError, match="fewer than 5 days: 1 lines, 1 steps, 4 records"):
        made(tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_an_archive_without_a_station_in_the_region_gives_no_pixel_and_says_why(tmp_path):
    stm(tmp_path / "ISMN", daily("2015-01-01", 10), place=(45, -1))
    found = made(tmp_path, maps=described(tmp_path / "maps"))
    assert found.pixel.size == 0 and found.means.value.shape == (0, len(found.steps))
    ((_, row),) = read_tsv(tmp_path / "dropped.tsv")
    assert row["reason"] == "outside the region"


def test_no_file_of_a_station_is_a_mistake(tmp_path):
    with pytest.raises(
        InputError, match=r"No record of a station is left: nothing was dropped\. Check validation\.stations"
    ):
        made(tmp_path, ismn=False)


def test_a_change_of_an_archive_changes_its_digest(tmp_path):
    path = stm(tmp_path / "ISMN", daily("2015-01-01", 10))
    (tmp_path / "x.zip").write_bytes(b"1")
    settings = Stations(ismn=("ISMN", "x.zip"), csv=("mine",))
    places = station_places(tmp_path, settings)
    assert places == {"ismn": [str(tmp_path / "ISMN"), str(tmp_path / "x.zip")], "csv": [str(tmp_path / "mine")]}
    digests = [station_digest(places)]
    (tmp_path / "x.zip").write_bytes(b"12")
    digests.append(station_digest(places))
    path.write_text("longer")
    digests.append(station_digest(places))
    path.rename(path.with_name("other.stm"))
    digests.append(station_digest(places))
    assert len(set(digests)) == 4 and station_digest(places) == digests[-1]


def test_which_products_describe_pixels():
    assert described_by(Validation()) == ROLES
    assert described_by(Validation(climate=None, topography="RELIEF")) == {
        "water": "WATER",
        "land_cover": "LANDCOVER",
        "topography": "RELIEF",
    }


def test_settings_of_validation_are_checked(tmp_path, capsys):
    path = tmp_path / "my.yaml"
    path.write_text("validation: {stations: {depht: 0.1}}\n")
    assert main(["check-config", str(path)]) == 2
    assert "validation.stations.depht: unknown key. Did you mean validation.stations.depth?" in capsys.readouterr().err
