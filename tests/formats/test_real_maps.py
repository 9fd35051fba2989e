"""Real maps of classes, temperature, points and grids, held against geography, another library or agencies' tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from handmade.grids import CATALOGUE
from numpy.testing import assert_allclose, assert_array_equal
from pyhdf.SD import SD
from real_samples import ANY_VALUE, at, described, raw, read_one

from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import NATIVE_GRIDS, box_of, centres, whole
from rssm.archive.listing import found_at
from rssm.archive.readers.dispatch import read
from rssm.archive.readers.eos_grids import grid_corners
from rssm.config.catalogue import Options
from rssm.errors import InputError


def test_koppen_classes_where_they_are_known(real: Path) -> None:
    field = read_one(CATALOGUE["KOPPEN"], real / "koppen/Beck_KG_V1_future_0p5.tif")
    assert at(field, -65.0, -3.0) == 1 and at(field, 15.0, 24.0) == 4  # rainforest of the Amazon, desert of the Sahara
    assert np.isnan(at(field, -140.0, -30.0)) and set(np.unique(field.values[np.isfinite(field.values)])) <= set(
        range(1, 31)
    )
    with pytest.raises(InputError, match="steps of"):
        read_one(CATALOGUE["KOPPEN"], real / "koppen/koppen_subset.tif")


def test_land_cover_picture_with_a_wrong_datum(real: Path) -> None:
    product = described("LANDCOVER", reader="geotiff", variables={})
    path = real / "modis/MCD12C1.A2019001.006.2020220162300.tif"
    field = read_one(product, path, date(2019, 1, 1), box_of(NATIVE_GRIDS["latlon_0.05"], 10, -5, 30, 30))
    assert at(field, 15.0, 24.0) == 16 and at(field, 22.0, 0.5) == 2  # barren Sahara, evergreen Congo
    sea = read_one(product, path, date(2019, 1, 1), box_of(NATIVE_GRIDS["latlon_0.05"], -150, -40, -140, -30))
    assert np.unique(sea.values).tolist() == [0.0]


def test_modis_temperature_in_hdf4(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = real / "modis/MOD11A1.A2021227.h11v05.061.2021228105320.hdf"
    corners = grid_corners(SD(str(path)).attributes()["StructMetadata.0"])["MODIS_Grid_Daily_1km_LST"]
    left, top, right, bottom = corners
    step = (right - left) / 1200
    product = described("LST", variables={"value": "LST_{overpass}_1km"})
    with pytest.raises(InputError, match="puts its grid"):
        read_one(product, path, date(2021, 8, 15))
    tile = NativeGrid("latlon_0.05", "ESRI:54008", (step, 0, left, 0, -step, top), 1200, 1200)
    monkeypatch.setitem(NATIVE_GRIDS, "latlon_0.05", tile)
    day, night = read(product, found_at(path, date(2021, 8, 15)), Box(slice(100, 400), slice(0, 700)))
    assert (day.overpass, night.overpass) == ("Day", "Night") and top - step * 1200 == pytest.approx(bottom)
    for field, name in ((day, "LST_Day_1km"), (night, "LST_Night_1km")):
        numbers = SD(str(path)).select(name)[:][100:400, :700].astype(float)
        assert_allclose(field.values, np.where(numbers == 0, np.nan, numbers * 0.02), rtol=1e-6)
        assert 270 < np.nanmean(field.values) < 330


def test_modis_vegetation_index_beside_metadata_of_45765_bytes(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file gives the scale as what to divide by: the catalogue states it so, and `multiply` mends it."""
    (path,) = (real / "modis").glob("MOD13A2*.hdf")
    corners = grid_corners(SD(str(path)).attributes()["StructMetadata.0"])["MODIS_Grid_16DAY_1km_VI"]
    step = (corners[2] - corners[0]) / 1200
    tile = NativeGrid("latlon_0.05", "ESRI:54008", (step, 0, corners[0], 0, -step, corners[1]), 1200, 1200)
    monkeypatch.setitem(NATIVE_GRIDS, "latlon_0.05", tile)
    changes = {"variables": {"value": "1 km 16 days NDVI"}, "options": Options(), "file_units": [], "units": "1"}
    changes |= {"scale": {"value": 1e4}, "multiply": 1e-8, "fill": [-3000], "valid_range": (-0.2, 1.0)}
    field = read_one(described("LST", **changes), path, date(2021, 8, 13))
    numbers = SD(str(path)).select("1 km 16 days NDVI")[:].astype(float)
    assert_allclose(field.values, np.where(numbers == -3000, np.nan, numbers * 1e-4), rtol=1e-5)
    assert field.notes["valid"] > 10_000


def test_topographic_complexity_of_the_nearest_point(real: Path) -> None:
    path = real / "ascat/topo_wetland.nc"
    box = box_of(NATIVE_GRIDS["latlon_0.1"], 80, 27, 90, 33)
    field = read_one(CATALOGUE["TOPOGRAPHY"], path, box=box)
    x, y, numbers = raw(path, "lon").astype(float), raw(path, "lat").astype(float), raw(path, "topo")
    longitude, latitude = centres(field.grid, box)
    for row, column in ((0, 0), (17, 33), (59, 99), (40, 5)):
        away = np.hypot((x - longitude[column]) * np.cos(np.radians(latitude[row])), y - latitude[row])
        expected = numbers[away.argmin()] / 100  # above 1: no value
        assert field.values[row, column] == (
            pytest.approx(expected) if expected <= 1 else pytest.approx(np.nan, nan_ok=True)
        )
    assert np.nanmean(field.values[:30]) != 0 and np.nanmax(field.values) > 0.3  # the Himalaya


def test_points_of_a_land_mask(real: Path) -> None:
    path = real / "grids/ease36land.nc"
    product = described(
        "TOPOGRAPHY", native_grid="ease2_m36", variables={"value": "gpi"}, options=Options(reach=1.0), **ANY_VALUE
    )
    field = read_one(product, path)
    assert field.notes["valid"] == 103902
    gpi, longitude, latitude = raw(path, "gpi"), raw(path, "lon"), raw(path, "lat")
    for index in range(0, gpi.size, 9973):
        assert at(field, longitude[index], latitude[index]) == gpi[index]


def test_the_table_of_ease2_agrees_with_the_agencies_coordinates(real: Path) -> None:
    with netCDF4.Dataset(real / "grids/NSIDC0772_LatLon_EASE2_M36km_v1.0.nc") as data:
        x, y, latitude, longitude = (np.asarray(data[name][:]) for name in ("x", "y", "latitude", "longitude"))
    grid = NATIVE_GRIDS["ease2_m36"]
    a, _, c, _, e, f = grid.transform
    assert_allclose(c + a * (np.arange(964) + 0.5), x, atol=0.01)
    assert_allclose(f + e * (np.arange(406) + 0.5), y, atol=0.01)
    own_longitude, own_latitude = centres(grid, whole(grid))
    assert_allclose(own_longitude, longitude[200], atol=1e-6)
    assert_allclose(own_latitude, latitude[:, 500], atol=1e-6)


def test_the_mask_of_the_smos_grid_lies_north_up(real: Path) -> None:
    path = real / "grids/Grid_Point_Mask_USGS.nc"
    product = described("SMOS-IC", step="static", variables={"value": "USGS_Land_Flag"}, **ANY_VALUE)
    field = read_one(product, path)
    assert_array_equal(field.values, raw(path, "USGS_Land_Flag")[::-1])
    assert [at(field, *place) for place in ((15, 24), (-60, -5), (135, -25), (-140, -30), (-40, 45))] == [1, 1, 1, 0, 0]
