"""Brightness temperatures of the toy Earth: files read by outside libraries, and maps on EASE-Grid 2.0 through our own readers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.archive.grids import NATIVE_GRIDS, projection
from rssm.calendar import CALENDARS
from rssm.config.catalogue import load_catalogue
from rssm.config.ingest import Ingest, Inputs
from rssm.config.toy import Toy
from rssm.grid import Area, grid_of
from rssm.ingest.factor import factor_year
from rssm.ingest.native import native_files
from rssm.ingest.write_year import places
from rssm.maps import read_map
from rssm.toy.archive import file_days, write_year
from rssm.toy.radiance import Radiances
from rssm.toy.truth import Earth

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "config" / "casm" / "products.yaml")
GRID = grid_of("ease2_m25")
AREA = Area(GRID.id, GRID.region(36, 38, -100, -97))
EVERYWHERE = np.ones((GRID.rows, GRID.columns), bool)


@pytest.fixture(scope="module")
def earth() -> Earth:
    return Earth(Toy(), AREA, EVERYWHERE)


@pytest.fixture(scope="module")
def root(earth: Earth, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("archive")
    for name, year in (("SMOS-TB-V", 2012), ("AMSR2-TB-18V", 2013), ("AMSR-E-TB-18V", 2005)):
        assert len(write_year(earth, name, CATALOGUE[name], year, root)["files"]) in (121, 122)
    return root


def seen(earth: Earth, name: str, year: int) -> Radiances:
    return Radiances(earth, name.split("-TB-")[0], file_days(CATALOGUE[name], year, 1))


def test_smos_has_fourteen_angles_of_which_the_tenth_is_read(earth: Earth, root: Path) -> None:
    truth = seen(earth, "SMOS-TB-V", 2012)
    day = int(truth.seen.sum(axis=(1, 2)).argmax())
    file = sorted((root / "SMOS-TB" / "2012").iterdir())[day]
    date_ = f"{date.fromordinal(int(truth.days[day])):%Y%m%d}"
    assert file.name == f"SM_RE07_MIR_CDF3TA_{date_}T000000_{date_}T235959_330_001_7.DBL.nc"
    with netCDF4.Dataset(file) as opened:
        assert opened["BT_V"].shape == (14, 584, 1388) and opened["BT_H"].shape == (14, 584, 1388)
        stored = opened["BT_V"][9]
        assert opened["lat"][0] < opened["lat"][-1]
        latitude, longitude = opened["lat"][:], opened["lon"][:]
        assert opened["BT_V"].dtype == np.int16 and opened["BT_V"].add_offset == 200
        assert opened["inc"][9] == 42.5 and opened["inc"].size == 14
        assert opened["BT_V"][8].count() == 0
    rows, columns = np.nonzero(~np.ma.getmaskarray(stored))
    x, y = projection("EPSG:6933").transform(np.asarray(longitude[columns]), np.asarray(latitude[rows]))
    native = NATIVE_GRIDS["ease2_m25"]
    row = np.floor((y - native.transform[5]) / native.transform[4]).astype(int)
    expected = truth.brightness("1.4", "V")[day]
    at = np.searchsorted(truth.cells.rows, row), np.searchsorted(truth.cells.columns, columns)
    assert len(rows) == np.isfinite(expected).sum() > 20
    assert_allclose(stored[rows, columns], expected[at], atol=4e-3)  # half of a step
    assert_allclose((x - native.transform[2]) / native.transform[0] - 0.5, columns, atol=1e-3)


def test_amsr_files_hold_both_polarisations_from_the_prime_meridian_on(earth: Earth, root: Path) -> None:
    truth = seen(earth, "AMSR2-TB-18V", 2013)
    file = sorted((root / "AMSR2-TB" / "2013").iterdir())[7]
    assert file.name == "GW1AM2_20130122_01D_EQMD_L3SGT18LA2220220.h5"
    with h5py.File(file) as opened:
        for polarisation in "HV":
            array = opened[f"Brightness Temperature ({polarisation})"]
            assert array.shape == (720, 1440) and array.dtype == np.uint16
            assert array.attrs["SCALE FACTOR"] == np.float32(0.01)
            there = array[...] != 65534
            rows, columns = np.nonzero(there)
            expected = truth.brightness("18", polarisation)[7]
            at = np.searchsorted(truth.cells.rows, rows), np.searchsorted(truth.cells.columns, (columns + 720) % 1440)
            assert there.sum() == np.isfinite(expected).sum()
            assert_allclose(array[...][there] * 0.01, expected[at], atol=0.006)


def test_maps_of_three_days_hold_what_was_seen_where_it_was_seen(earth: Earth, root: Path, tmp_path: Path) -> None:
    product, calendar = CATALOGUE["SMOS-TB-V"], CALENDARS["3day"]
    maps = places(product, "2012", tmp_path)
    files = native_files(root, product, "2012")
    about = {"region": AREA.region, "grid": GRID, "inputs": Inputs(root=str(root)), "ingest": Ingest(sigma=None)}
    factor_year(product, files, maps, tmp_path / "2012.json", **about)  # type: ignore[arg-type]
    truth, window = seen(earth, "SMOS-TB-V", 2012), AREA.window
    expected = truth.brightness("1.4", "V")
    top, left = window.row - truth.cells.rows[0], window.column - truth.cells.columns[0]
    for index in (3, 60):
        step = calendar.of(date.fromordinal(int(truth.days[index])))
        inner = expected[index, top : top + window.rows, left : left + window.columns]
        inner = np.where((inner > 150) & (inner < 340), inner, np.nan)
        assert_allclose(read_map(maps[step], window, ["value"], GRID)[0]["value"], inner, atol=4e-3)


def test_wet_soil_is_colder_most_of_all_at_l_band(earth: Earth) -> None:
    year = earth.year(2012)
    days = np.arange(year.first + 150, year.first + 270)
    soil = earth.look("latlon_0.25", 35)(year.moisture[days - year.first])
    falls = {}
    for name, frequency in (("SMOS", "1.4"), ("AMSR2", "10"), ("AMSR2", "89")):
        truth = Radiances(Earth(Toy(noise=0, bias=0), AREA, EVERYWHERE), name, days)
        moisture, heat = truth.ground["moisture"], truth.ground["heat"]
        emissivity = np.where(truth.seen, truth.brightness(frequency, "V") / heat, np.nan)
        there = np.isfinite(emissivity)
        falls[frequency] = np.polyfit(moisture[there], emissivity[there], 1)[0]
    assert soil.std() > 0.02
    assert falls["1.4"] < falls["10"] < falls["89"] < 0.05
    assert falls["1.4"] < -0.3


def test_horizontal_is_colder_than_vertical_and_amsr2_warmer_than_amsr_e(earth: Earth) -> None:
    days = np.arange(earth.year(2012).first, earth.year(2012).first + 90)
    quiet = Earth(Toy(noise=0), AREA, EVERYWHERE)
    for frequency in ("10", "89"):
        amsr2, amsre = (Radiances(quiet, name, days).brightness(frequency, "V") for name in ("AMSR2", "AMSR-E"))
        assert 1 <= np.nanmean(amsr2 - amsre) <= 3.001
        horizontal = Radiances(quiet, "AMSR2", days).brightness(frequency, "H")
        assert np.nanmax(horizontal - amsr2) < 0


@pytest.mark.parametrize(("world", "least", "most"), [("drift", -2.5, -2.3), ("paper", -0.001, 0.001)])
def test_world_drift_cools_radiometers_by_a_third_of_a_kelvin_a_year(world: str, least: float, most: float) -> None:
    days = np.arange(*(np.array([0, 60]) + Earth(Toy(), AREA, EVERYWHERE).year(2010).first))
    worlds = [
        Earth(Toy.model_validate({"world": name, "noise": 0, "drought_depth": 0}), AREA, EVERYWHERE)
        for name in ("paper", world)
    ]
    still, moved = (Radiances(one, "AMSR-E", days).brightness("36", "V") for one in worlds)
    assert least <= np.nanmean(moved - still) <= most


def test_interference_in_world_hidden_only_warms() -> None:
    days = Earth(Toy(), AREA, EVERYWHERE).year(2011).first + np.arange(0, 365, 5)
    still, loud = (
        Radiances(Earth(Toy.model_validate({"world": world}), AREA, EVERYWHERE), "SMOS", days).brightness("1.4", "H")
        for world in ("paper", "hidden")
    )
    there = np.isfinite(still)
    assert_array_equal(there, np.isfinite(loud))
    assert np.all(loud[there] >= still[there]) and (loud[there] - still[there]).max() > 3


def test_truth_of_cells_that_cut_across_zones_is_the_mean_over_them() -> None:
    earth = Earth(Toy(), AREA, EVERYWHERE)
    row, column = np.mgrid[0 : earth.patch.rows, 0 : earth.patch.columns].astype(np.float32)
    window = AREA.window
    north = earth.on_run(row)
    latitude = GRID.row_centres(window)
    expected = (earth.patch.grid.north - latitude) * 4 - earth.patch.row - 0.5
    assert_allclose(north, np.broadcast_to(expected[:, None], window.shape), atol=0.02)
    longitude = GRID.column_centres(window)
    expected = (longitude - earth.patch.grid.west) * 4 - earth.patch.column - 0.5
    assert_allclose(earth.on_run(column), np.broadcast_to(expected, window.shape), atol=0.02)
