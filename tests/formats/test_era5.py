"""ERA5 as the Climate Data Store delivers it, written by the toy and read back: daily statistics and hours tell the same days."""

from __future__ import annotations

import json
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.config.catalogue import Product, load_catalogue
from rssm.config.ingest import Ingest, Inputs
from rssm.config.toy import Toy
from rssm.grid import Area, grid_of
from rssm.ingest.factor import factor_year
from rssm.ingest.native import native_files
from rssm.ingest.write_year import places
from rssm.maps import read_maps
from rssm.toy.archive import WRITERS
from rssm.toy.profiles import days_of_year, model_weather, true_years
from rssm.toy.truth import Earth
from rssm.toy.writers.layers import Asked

GRID = grid_of("wgs84_0.25_90_-60_-180")
AREA = Area(GRID.id, GRID.region(10, 11, 20, 22))
SEAM = Area(GRID.id, GRID.region(10, 11, -1, 1))  # on both sides of the prime meridian, where files begin
YEAR = 2001
CATALOGUE = load_catalogue(Path(__file__).parents[2] / "config/somo/products.yaml")
DAYS = CALENDARS["day"]


TEN = range(DAYS.parse("2001-01-01"), DAYS.parse("2001-01-11"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten days as daily statistics and by hours; of the sums also a day more, whose first is of the hour before midnight."""
    root = tmp_path_factory.mktemp("era5")
    for area, name, days in [
        *((AREA, name, 10) for name in ("T2M", "TP", "SWVL2", "HOURLY-T2M")),
        (AREA, "HOURLY-TP", 11),
        (SEAM, "SKT", 10),
    ]:
        earth = Earth(Toy(soil_from=YEAR), area, np.ones((GRID.rows, GRID.columns), bool))
        product = CATALOGUE[f"ERA5-{name}"]
        for native in WRITERS[product.id](Asked(earth, product.id, product, YEAR, days_of_year(YEAR)[:days])):
            (root / native.name).parent.mkdir(parents=True, exist_ok=True)
            native.save(root / native.name)
    return root


def maps_of(product: Product, archive: Path, folder: Path, area: Area = AREA) -> NDArray[np.float32]:
    """Values (day, row, column) of the ten days."""
    found = {step: place for step, place in places(product, str(YEAR), folder).items() if step in TEN}
    index = folder / f"{YEAR}.json"
    files = native_files(archive, product, str(YEAR))
    about = {"inputs": Inputs(root=str(archive)), "ingest": Ingest(sigma=None)}
    factor_year(product, files, found, index, region=area.region, grid=GRID, **about)
    assert {entry["status"] for entry in json.loads(index.read_text())["maps"].values()} == {"complete"}
    return np.stack([layers["value"] for layers, _ in read_maps(found.values())])


@pytest.mark.parametrize(("name", "near"), [("T2M", 2e-3), ("TP", 1e-3)])
def test_hours_tell_the_same_days_as_daily_statistics(archive: Path, tmp_path: Path, name: str, near: float) -> None:
    daily = maps_of(CATALOGUE[f"ERA5-{name}"], archive, tmp_path / "daily")
    hourly = maps_of(CATALOGUE[f"ERA5-HOURLY-{name}"], archive, tmp_path / "hourly")
    assert daily.shape == (10, 4, 8)
    np.testing.assert_allclose(hourly, daily, atol=near)
    assert daily.std() > 0.5  # days differ, so that agreement means something


def test_a_sum_that_is_not_moved_to_its_day_is_another(archive: Path, tmp_path: Path) -> None:
    product = CATALOGUE["ERA5-HOURLY-TP"]
    right = maps_of(product, archive, tmp_path / "right")
    wrong = maps_of(product.model_copy(update={"stamp": "first"}), archive, tmp_path / "wrong")
    assert np.abs(right - wrong).max() > 0.1


def test_nodes_are_averaged_by_area_around_a_pixel(archive: Path, tmp_path: Path) -> None:
    made = maps_of(CATALOGUE["ERA5-SKT"], archive, tmp_path / "maps", SEAM)[9]
    with netCDF4.Dataset(archive / "ERA5/2001-01/skin_temperature_0_daily-mean.nc") as file:
        latitude, longitude = file["latitude"][:].data, file["longitude"][:].data
        assert (latitude[0], latitude[-1], longitude[0], longitude[-1]) == (90, -90, 0, 359.75)
        row, column = np.flatnonzero(latitude == 11)[0], np.flatnonzero(longitude == 359.75)[0]
        field = file["skt"][9].data  # 10 January
    around = field[[row, row, row + 1, row + 1], [column, 0, column, 0]]  # of the pixel from 0.25° W to 0°
    weights = np.repeat(np.sin(np.radians([11, 10.875])) - np.sin(np.radians([10.875, 10.75])), 2)
    assert made[0, 3] == pytest.approx(np.average(around, weights=weights), abs=2e-3)


def test_soil_water_is_another_model_s(archive: Path, tmp_path: Path) -> None:
    soil = maps_of(CATALOGUE["ERA5-SWVL2"], archive, tmp_path / "soil")
    there = soil[~np.isnan(soil)]
    assert there.size and 0.01 < there.min() < there.max() < 0.7


def test_files_say_what_the_store_adds(archive: Path) -> None:
    with netCDF4.Dataset(archive / "ERA5-HOURLY/2001-01/data_stream-oper_stepType-accum.nc") as file:
        assert set(file["expver"][:]) == {"0001"}
        assert int(file["number"][...]) == 0
        first = netCDF4.num2date(file["valid_time"][0], file["valid_time"].units)
        assert (first.day, first.hour, len(file["valid_time"])) == (1, 0, 11 * 24)
        assert file["tp"].units == "m"


def test_rain_of_the_reanalysis_has_its_own_errors() -> None:
    earth = Earth(Toy(soil_from=YEAR), AREA)
    ((air, _),) = true_years(earth.toy, earth.geography, YEAR)
    theirs = model_weather(earth.toy, earth.geography, YEAR)
    together = np.corrcoef(air.rain.ravel(), theirs.rain.ravel())[0, 1]
    assert 0.5 < together < 0.95
