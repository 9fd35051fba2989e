"""The toy Earth's models, precipitation and stations, read by outside libraries as their formats prescribe."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from toy_archive import Written, area

from rssm.config.toy import Toy
from rssm.grid import GRID
from rssm.toy.archive import write_year
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
