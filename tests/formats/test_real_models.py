"""Real files of models and precipitation, read by our readers and by another library, or held against geography."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
from handmade.grids import CATALOGUE
from numpy.testing import assert_allclose, assert_array_equal
from real_samples import ANY_VALUE, at, described, raw, read_one
from scipy.io import netcdf_file

from rssm.archive.fields import NativeGrid
from rssm.archive.grids import NATIVE_GRIDS, box_of
from rssm.errors import InputError


def test_gldas_in_kilograms_from_the_south(real: Path) -> None:
    path = real / "gldas/GLDAS_NOAH025_3H.A20160101.0300.021.nc4"
    field = read_one(CATALOGUE["GLDAS"], path, date(2016, 1, 1))
    numbers = raw(path, "SoilMoi0_10cm_inst")[0]
    assert_allclose(field.values, np.where(numbers == -9999, np.nan, numbers / 100)[::-1], rtol=1e-6)
    assert at(field, -60.0, -5.0) > 0.2 > at(field, 10.0, 24.0)  # the Amazon is wetter than the Sahara


def test_gldas_land_mask(real: Path) -> None:
    product = described("GLDAS", variables={"value": "GLDAS_mask"}, **ANY_VALUE)
    field = read_one(product, real / "gldas/GLDASp4_landmask_025d.nc4")
    assert [at(field, *place) for place in ((10, 24), (-60, -5), (135, -25), (-140, -30), (80, -20))] == [1, 1, 1, 0, 0]


def test_era5_packed_hours_around_the_dateline(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = real / "era5/example_downloaded_raw.nc"
    grid = NativeGrid("latlon_0.5", "EPSG:4326", (5.0, 0, -182.5, 0, -5.0, 92.5), 37, 72)  # nodes of five degrees
    monkeypatch.setitem(NATIVE_GRIDS, "latlon_0.5", grid)
    product = described("ERA5-LAND", native_grid="latlon_0.5")
    with netcdf_file(path, mmap=False) as file:
        variable, time = file.variables["swvl1"], file.variables["time"].data
        hours = variable.data * variable.scale_factor + variable.add_offset
    first = date.fromordinal(date(1900, 1, 1).toordinal() + int(time[0]) // 24)
    field = read_one(product, path, first)
    assert field.notes["out_of_range"] > 0  # small negatives over the sea
    hours = np.where((variable.data == -32767) | (hours < -1e-6), np.nan, hours)[time // 24 == time[0] // 24]
    with np.errstate(invalid="ignore"):
        mean = np.nansum(hours, axis=0) / np.isfinite(hours).sum(axis=0)
    assert_allclose(field.values, np.roll(mean, 36, axis=1), atol=1e-6)


def test_era5_land_mask_at_the_nodes(real: Path) -> None:
    path = real / "era5/landmask_0.1_0.1.nc"
    field = read_one(described("ERA5-LAND", variables={"value": "land"}, **ANY_VALUE), path, date(2015, 4, 1))
    numbers = raw(path, "land")
    numbers = np.where(np.isnan(numbers), np.nan, numbers)
    assert_array_equal(field.values, np.roll(numbers, 1800, axis=1))
    assert at(field, 10.0, 24.0) == 1 and at(field, -5.0, 60.0) != 1


def test_a_picture_of_precipitation_says_its_day_unit_and_product(real: Path) -> None:
    (path,) = (real / "imerg").glob("*GIOVANNI*.tif")
    changes = {
        "reader": "geotiff",
        "variables": {},
        "multiply": 24.0,
        "identity": {"product_short_name": "GPM_3IMERG*"},
    }
    product, day = described("IMERG", file_units=[], **changes), date(2021, 8, 29)
    box = box_of(NATIVE_GRIDS["latlon_0.1"], -110, 25, -78, 35)
    field = read_one(product, path, day, box)
    with rasterio.open(path) as picture:
        numbers = picture.read(1)
    assert field.values.shape == numbers.shape and (numbers > 0).any()
    assert_allclose(field.values, np.where(numbers < 0, np.nan, numbers * np.float32(24)), rtol=1e-6)
    for wrong, when, said in (
        (product, date(2021, 8, 28), "holds maps of 2021-08-29"),
        (product.model_copy(update={"multiply": 1.0}), day, "in 'mm/hr'"),
        (product.model_copy(update={"identity": {"product_short_name": "SPL*"}}), day, "is 'GPM_3IMERGHH'"),
    ):
        with pytest.raises(InputError, match=said):
            read_one(wrong, path, when, box)


def test_a_picture_of_freezing_on_ease2(real: Path) -> None:
    product = described("KOPPEN", native_grid="ease2_m36", fill=[254], valid_range=(0, 1))
    path = real / "smap/SMAP_L3_FT_P_fill_uint_input.tif"
    with rasterio.open(path) as picture:
        numbers = picture.read(1)
    assert_array_equal(read_one(product, path).values, np.where(numbers == 254, np.nan, numbers))


def test_imerg_longitude_first_in_a_calendar_called_julian(real: Path) -> None:
    path = real / "imerg/GPM_3IMERGHH_bounds.nc4"
    product = described("IMERG", variables={"value": "Grid/precipitationCal"}, file_units=["mm/hr"])
    field = read_one(product, path, date(2020, 1, 1))
    numbers = raw(path, "Grid/precipitationCal")[0]
    longitude, latitude = raw(path, "Grid/lon"), raw(path, "Grid/lat")
    assert np.isfinite(field.values).sum() == (numbers > -9999).sum()
    for column, row in np.argwhere(numbers > 1)[::29]:
        assert at(field, longitude[column], latitude[row]) == numbers[column, row]
