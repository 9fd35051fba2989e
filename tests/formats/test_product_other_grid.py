"""The data set on another grid and calendar: six cells of EASE-Grid 2.0 where equator and prime meridian cross, by 3 days.

A cell is 25 025.26 m wide: 360° / 1388 columns = 0.259366°. Near the equator sin φ = y · k₀ / (a (1 − e²)), with
k₀ = cos 30° / √(1 − e² sin² 30°) = 0.866751, so that the first row ends at φ = 0.19616°.
"""

import csv
import io
from datetime import date

import numpy as np
import pytest
import rasterio
import xarray as xr
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.calendar import CALENDARS
from rssm.config.product import DataSet, Layers
from rssm.errors import InputError
from rssm.grid import Window, grid_of
from rssm.product.formats.cog import period_table, write_cog
from rssm.product.formats.layers import LAYERS, Codes, layers_with
from rssm.product.formats.netcdf import YearReader, year_file
from rssm.product.formats.points import Points, write_csv, write_netcdf
from rssm.product.formats.zarr_cubes import POINTS, write_points
from rssm.product.records.attributes import global_attributes
from rssm.product.records.frame import Frame
from rssm.product.specs import Edition

CALENDAR = CALENDARS["3day"]
FRAME = Frame(
    grid_of("ease2_m25"), Window(291, 693, 2, 3), CALENDAR
)  # the last row of the north, the first of the south
STEPS = range(CALENDAR.of(date(2015, 4, 1)), CALENDAR.of(date(2015, 4, 1)) + 2)  # from 2015-03-31 on
NAMED = layers_with(Codes(["NN1-1"], ["1"], 2))
ROW, COLUMN = 0.19616, 360 / 1388
MOISTURE = np.array([[[1000, 2000, 3000], [4000, 5000, 6000]], [[1001, 2001, 3001], [4001, 5001, 6001]]], np.int16)


def stored(at):
    """All layers of a step, as they are stored."""
    shape = FRAME.window.shape
    return {layer.name: np.zeros(shape, layer.dtype) for layer in LAYERS} | {"soil_moisture": MOISTURE[at]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A year's file, and the cube of its points but for the cell at the second row's end, which is sea."""
    folder, known = tmp_path_factory.mktemp("ease"), DataSet()
    edition = Edition("rsssm", "1.0", "2026-11-21", known.about, {}, "0" * 16)
    about = global_attributes("2015", edition, FRAME, STEPS, {"extends": None, "uncertainty_calibration": "none"})
    with year_file(folder / "2015.nc", FRAME, STEPS, NAMED, Layers(), about) as file:
        for at in range(len(STEPS)):
            file.put(at, stored(at))
    land = np.array([[True, True, True], [True, True, False]])
    with YearReader(folder / "2015.nc") as source:
        write_points(folder / "points.zarr", [source], land, Layers(), source.attributes)
    return folder


def test_a_year_comes_back_with_its_grid_calendar_and_values(made):
    with YearReader(made / "2015.nc") as source:
        assert (
            source.frame == FRAME
            and source.steps == list(STEPS)
            and source.layers["fill_distance"].codes[-1] == (2, "2_pixels")
        )
        assert_array_equal(source.stored("soil_moisture"), MOISTURE)
    with xr.load_dataset(made / "2015.nc") as data:
        assert data["lat_bnds"].values == approx(np.array([[ROW, 0], [0, -ROW]]), abs=2e-5)
        assert data["lat"].values == approx([ROW / 2, -ROW / 2], abs=2e-5)
        assert data["lon"].values == approx([-COLUMN / 2, COLUMN / 2, 3 * COLUMN / 2])
        assert data["period"].values.tolist() == ["2015-03-31", "2015-04-03"]
        assert [str(edge)[:10] for edge in data["time_bnds"].values[0]] == ["2015-03-31", "2015-04-03"]
        assert data["time"].attrs["long_name"] == "first day of the 3-day period"
        assert (
            data["n_observations"]
            .attrs["comment"]
            .startswith("retrievals of the predictors of the network used, in this 3-day")
        )
        assert data["crs"].attrs["grid_mapping_name"] == "lambert_cylindrical_equal_area"
        assert data["crs"].attrs["standard_parallel"] == 30 and "EPSG" in data["crs"].attrs["crs_wkt"]


def test_attributes_speak_of_that_grid_and_calendar(made):
    with YearReader(made / "2015.nc") as source:
        known = source.attributes
    assert "by 3-day periods on the ease2_m25 grid" in known["summary"]
    assert (known["grid_id"], known["calendar_id"]) == ("ease2_m25", "3day")
    assert known["geospatial_lat_min"] == approx(-ROW / 2, abs=2e-5)
    assert known["geospatial_lon_max"] == approx(3 * COLUMN / 2, abs=1e-6)
    assert (
        known["geospatial_lat_resolution"].startswith("0.19616")
        and known["geospatial_lon_resolution"] == "0.259366 degree"
    )
    assert (known["time_coverage_resolution"], known["time_coverage_duration"]) == ("P3D", "P6D")


def test_a_geotiff_lies_on_the_projected_grid(tmp_path):
    write_cog(tmp_path / "a.tif", stored(0), FRAME, NAMED, Layers(), FRAME.ids)
    with rasterio.open(tmp_path / "a.tif") as source:
        assert source.crs.to_epsg() == 6933
        assert source.bounds == approx((-25025.26, -25025.26, 2 * 25025.26, 25025.26), abs=0.01)
        assert_array_equal(source.read(1), MOISTURE[0])


def test_the_table_of_files_counts_steps_of_the_year():
    row = {"file": "a.tif", "step": STEPS[1], "round": "1", "release": "CDR", "sha256": "0"}
    (found,) = csv.DictReader(io.StringIO(period_table([row], CALENDAR)))
    assert (found["period"], found["end"], found["days"]) == ("2015-04-03", "2015-04-05", "3")
    assert found["3day_of_year"] == "31"  # 2 April is day 92, the 31st third day


def test_points_are_found_by_place_and_give_their_series(made, tmp_path):
    points = Points(made / "points.zarr")
    # zones west to east, north to south: the prime meridian and the equator part all four
    assert [zones.tolist() for zones in FRAME.zones()] == [[0, -1], [-1, 0, 0]]
    assert points.pixel.tolist() == [
        291 * 1388 + 693,
        291 * 1388 + 694,
        291 * 1388 + 695,
        292 * 1388 + 693,
        292 * 1388 + 694,
    ]
    (south_east,) = points.at(0.2, -0.1)
    series = points.series(np.array([south_east]))
    assert series.layers["soil_moisture"].tolist() == [[approx(0.5), approx(0.5001)]]
    assert (series.lat[0], series.lon[0]) == (approx(-ROW / 2, abs=2e-5), approx(COLUMN / 2))
    assert points.within(-1, 0, 0, 1).tolist() == [0]
    with pytest.raises(InputError, match=r"no land pixel .* The nearest is --lon 0\.39 --lat 0\.10"):
        points.at(0.4, -0.02)
    text = io.StringIO()
    write_csv(text, series)
    assert text.getvalue().splitlines()[1].startswith("2015-03-31,2015-03-31,2015-04-02,-0.10,0.13,0.5000")
    write_netcdf(tmp_path / "a.nc", series)
    with xr.load_dataset(tmp_path / "a.nc") as found:
        assert found["pixel"].attrs["long_name"] == "row * 1388 + column on the ease2_m25 grid"
        assert found.attrs["geospatial_lat_min"] == found.attrs["geospatial_lat_max"] == approx(-ROW / 2, abs=2e-5)


def test_a_file_of_another_kind_or_layout_is_refused(made, tmp_path, monkeypatch):
    series = Points(made / "points.zarr").series(np.array([0]))
    write_netcdf(tmp_path / "a.nc", series)
    with pytest.raises(InputError, match=r"holds series of the data set of layout 1; expected year of the data set"):
        YearReader(tmp_path / "a.nc")
    monkeypatch.setattr("rssm.product.formats.points.POINTS", type(POINTS)(POINTS.name, 2))
    with pytest.raises(InputError, match=r"cannot be read as a cube of points \(it is a cube of points of layout 1\)"):
        Points(made / "points.zarr")


@pytest.mark.parametrize("several", [2, 16])
def test_steps_that_share_a_chunk_hold_the_same(tmp_path, several):
    with year_file(tmp_path / "a.nc", FRAME, STEPS, NAMED, Layers(steps=several), FRAME.ids) as file:
        for at in range(len(STEPS)):
            file.put(at, stored(at))
    with YearReader(tmp_path / "a.nc") as source:
        for at in range(len(STEPS)):
            for name, values in stored(at).items():
                assert_array_equal(source.stored(name, at), values)
                assert_array_equal(source.stored(name, at, slice(1, 2)), values[1:2])
        assert_array_equal(source.stored("soil_moisture"), MOISTURE)
