"""The toy Earth's models, precipitation and stations, read by outside libraries as their formats prescribe."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from toy_archive import Written, area

from rssm.config.toy import Toy
from rssm.grid import GRID
from rssm.toy.archive import write_year
from rssm.toy.footprint import Footprint, cells
from rssm.toy.noise import smooth
from rssm.toy.truth import Earth

Check = Callable[[netCDF4.Dataset], None]


def _gldas(file: netCDF4.Dataset) -> None:
    assert file["SoilMoi0_10cm_inst"].shape == (1, 600, 1440) and file["lat"][0] == -59.875
    assert file["time"].units.startswith(" minutes since") and file["SoilMoi0_10cm_inst"].units == "kg m-2"
    block = file["SoilMoi0_10cm_inst"][0, 396:408, 712:724]  # 39…42° N, 2° W…1° E
    assert block.count() > 80 and block.min() > 1 and block.max() < 60
    assert file["SoilMoi0_10cm_inst"][0].count() < 300


def _cci(file: netCDF4.Dataset) -> None:
    assert file.data_model == "NETCDF4_CLASSIC" and file["sm"].shape == (1, 720, 1440) and file["lat"][0] == 89.875
    good = file["flag"][0].filled(127) == 0
    assert_array_equal(good, ~np.ma.getmaskarray(file["sm"][0]))


def _era5(file: netCDF4.Dataset) -> None:
    assert file["swvl1"].shape == (3, 1801, 3600) and file["longitude"][0] == 0 and file["latitude"][0] == 90
    days = netCDF4.num2date(file["valid_time"][:], file["valid_time"].units)
    assert [(d.month, d.day, d.hour) for d in days] == [(7, 1, 12), (7, 11, 12), (7, 21, 12)]
    assert np.isfinite(file["swvl1"][0, 490:500, 3585]).any()  # 41…40° N, 1.5° W


def _gleam(file: netCDF4.Dataset) -> None:
    assert file["SMsurf"].dimensions == ("time", "lon", "lat") and file["SMsurf"].shape == (36, 1440, 720)
    assert file["lat"][0] == 89.875 and file["SMsurf"]._FillValue == -999
    assert file["SMsurf"][20, 712:724, 192:204].count() > 80


def _imerg(file: netCDF4.Dataset) -> None:
    rain = file["precipitationCal"]
    assert rain.dimensions == ("time", "lon", "lat") and rain.shape == (1, 3600, 1800)
    assert_allclose([file["lat"][0], file["lon"][0]], [-89.95, -179.95], atol=1e-4)
    assert rain[0, 1785:1795, 1295:1305].count() == 100 and rain[0].min() >= 0


@pytest.mark.parametrize(
    ("product", "part", "check"),
    [
        ("GLDAS", "A20110701", _gldas),
        ("CCI", "20110701", _cci),
        ("ERA5-LAND", "201107", _era5),
        ("GLEAM-A", "2011", _gleam),
        ("GLEAM-B", "2011", _gleam),
        ("IMERG", "20110701", _imerg),
    ],
)
def test_references(toy: Written, product: str, part: str, check: Check) -> None:
    with netCDF4.Dataset(toy.file(product, part)) as file:
        check(file)


@pytest.mark.parametrize("days", [1, 3, 11])
def test_precipitation_of_few_days_stands_for_the_whole_dekad(toy: Written, days: int, tmp_path: Path) -> None:
    earth = Earth(Toy(days_per_dekad=days), area(40, 41, -2, -1))
    names = [file["name"] for file in write_year(earth, "IMERG", toy.catalogue["IMERG"], 2011, tmp_path)["files"]]
    assert len(names) == {1: 36, 3: 108, 11: 365}[days]
    truth, n = earth.year(2011), min(days, 10)
    look = Footprint(cells("latlon_0.1", earth.area), earth.patch, 10, np.ones(earth.patch.shape, bool))
    factor = np.exp(0.3 * smooth(earth.toy.seed, "imerg", earth.patch, 10, np.arange(n) + truth.first))
    wanted = look(np.stack([truth.rain[at:10:days].mean(axis=0) for at in range(n)]) * factor)
    assert (wanted.mean(axis=(1, 2)) > 0).any()  # it rains from 1 to 10 January
    for at, name in enumerate(names[:n]):
        with netCDF4.Dataset(tmp_path / name) as file:
            found = file["precipitationCal"][0, 1780:1790, 1300:1310].T[::-1]  # 2…1° W, 40…41° N, from the north
        assert_allclose(found, wanted[at, 1:-1, 1:-1], rtol=1e-5, atol=1e-6)


def test_ismn_reads_the_stations(toy: Written) -> None:
    earth = Earth(Toy(), area(40, 41, -2, -1))
    names = [file["name"] for file in write_year(earth, "ISMN", toy.catalogue["ISMN"], None, toy.root)["files"]]
    assert len(names) in (6, 9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ismn.interface import ISMN_Interface

        archive = ISMN_Interface(toy.root / "ISMN", parallel=False)
        station = archive[0][0]
        sensor = next(s for s in station.iter_sensors(variable="soil_moisture"))
        data = sensor.read_data()
    assert set(archive.networks) <= {"TOYNET", "TOY-MESH"}
    assert len(data) == 5844 and str(data.index[0]) == "2003-01-01 12:00:00"
    flags = set(data["soil_moisture_flag"])
    assert "G" in flags and flags <= {"G", "D01", "D01,D03", "D05", "C03"}
    row = int(np.floor((GRID.north - station.lat) * 10)) - toy.earth.patch.row
    column = int(np.floor((station.lon + 180) * 10)) - toy.earth.patch.column
    assert toy.earth.geography.land[row, column]
    truth = toy.earth.year(2011).moisture[:, row, column]
    good = (data.loc["2011", "soil_moisture_flag"] == "G").to_numpy()
    assert np.corrcoef(data.loc["2011", "soil_moisture"].to_numpy()[good], truth[good])[0, 1] > 0.9
