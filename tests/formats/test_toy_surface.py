"""The toy Earth's factors and masks, read by outside libraries as their formats prescribe."""

from __future__ import annotations

import h5py
import netCDF4
import numpy as np
import rasterio
from numpy.testing import assert_allclose, assert_array_equal
from pyhdf.SD import SD
from toy_archive import Written


def test_modis_temperature(toy: Written) -> None:
    assert len(toy.manifest("LST")["files"]) == 24
    file = SD(str(toy.file("LST", "MYD11C3.A2011182")))
    day, night = file.select("LST_Day_CMG"), file.select("LST_Night_CMG")
    assert tuple(day.info()[2]) == (3600, 7200) and day.attributes()["_FillValue"] == 0
    assert day.attributes()["valid_range"] == [7500, 65535] and day.attributes()["scale_factor"] == 0.02
    assert isinstance(file.select("QC_Day").attributes()["_FillValue"], str)
    inner = slice(960, 1020), slice(3560, 3620)  # 42…39° N, 2° W…1° E
    pair = np.stack([day[inner], night[inner]]) * 0.02
    land = toy.earth.geography.land[toy.earth.inner].repeat(2, axis=0).repeat(2, axis=1)
    assert_array_equal(pair[0] == 0, ~land)
    heat, swing = (
        part[6][toy.earth.inner].repeat(2, axis=0).repeat(2, axis=1) for part in toy.earth.surface_heat(2011)
    )
    assert_allclose(pair.mean(axis=0)[land], heat[land], atol=1.5)  # four standard deviations of the noise of a mean
    assert_allclose(np.diff(pair, axis=0)[0][land], -2 * swing[land], atol=3)
    file.end()


def test_land_cover_and_leaves_on_climate_modelling_grids(toy: Written) -> None:
    file = SD(str(toy.file("LANDCOVER")))
    cover = file.select("Majority_Land_Cover_Type_1")
    assert tuple(cover.info()[2]) == (3600, 7200) and cover[970:1000, 3570:3590].max() <= 16
    file.end()
    assert len(toy.manifest("LAI-GLASS")["files"]) == 46
    file = SD(str(toy.file("LAI-GLASS", "A2011185")))
    leaves = file.select("LAI")[960:1020, 3560:3620]
    truth = toy.earth.leaf_area(2011)[6][toy.earth.inner]
    land = toy.earth.geography.land[toy.earth.inner].repeat(2, axis=0).repeat(2, axis=1)
    assert_array_equal(leaves == 255, ~land)
    apart = (leaves * 0.1 / 1.08)[land] - truth.repeat(2, axis=0).repeat(2, axis=1)[land]
    assert abs(apart.mean()) < 0.1 and abs(apart).max() < 2
    file.end()


def test_geov2_leaves(toy: Written) -> None:
    with netCDF4.Dataset(toy.file("LAI-PROBAV", "20160711")) as file:
        assert file["LAI"].shape == (1, 15680, 40320)
        assert_allclose([file["lat"][0], file["lon"][0]], [80, -180], atol=1e-5)  # pixel centres
        row = np.flatnonzero(abs(file["lat"][:] - 40.05) < 0.05)
        column = np.flatnonzero(abs(file["lon"][:] + 1.05) < 0.05)
        leaves = file["LAI"][0, row[0] : row[-1], column[0] : column[-1]]
    expected = 1.03 * toy.earth.leaf_area(2016)[6][toy.earth.inner][19, 9]
    assert abs(leaves.mean() - expected) < 0.15 * expected + 0.05


def test_vegetation_fractions_tif(toy: Written) -> None:
    with rasterio.open(toy.file("TREE")) as file:
        assert (file.count, file.height, file.width, file.nodata) == (3, 3600, 7200, 255)
        assert file.transform.c == -180 and file.transform.f == 90
        parts = file.read(window=rasterio.windows.from_bounds(-2, 39, 1, 42, file.transform)).astype(int)
    land = parts[0] < 255
    assert land.any() and abs(parts.sum(axis=0)[land] - 100).max() <= 1
    tree = toy.earth.geography.tree[toy.earth.inner].repeat(2, axis=0).repeat(2, axis=1)
    assert np.corrcoef(parts[0][land], tree[land])[0, 1] > 0.9


def test_constants(toy: Written) -> None:
    with h5py.File(toy.file("SAND")) as file:
        sand = file["Land-Model-Constants_Data/mwrtm_sand"]
        assert sand.shape == (1624, 3856) and sand.attrs["_FillValue"] == -9999
        where = np.argwhere(sand[:] >= 0)
        latitude = file["cell_lat"][:][tuple(where[0])]
        assert 41.9 < latitude < 42.4
    with netCDF4.Dataset(toy.file("TOPOGRAPHY")) as file:
        file.set_auto_mask(False)
        assert file["topo"].missing_value == 127 and file["topo"].dtype == np.int8
        assert_array_equal(file["lat"][:2], 0)
        apart = np.hypot(*(np.diff(file[name][2:4])[0] for name in ("lat", "lon")))
        assert 0.1 < apart < 0.2
        land = file["topo"][:] < 127
        assert 0.5 < land.mean() < 1 and set(np.unique(file["rainforest"][:])) <= {0, 1, 127}


def test_water_and_frost(toy: Written) -> None:
    with netCDF4.Dataset(toy.file("WATER", "20110101")) as file:
        assert file["fw"].shape == (1, 586, 1383)
        fraction = file["fw"][0].compressed()
        assert fraction.size > 50 and fraction.min() >= 0 and fraction.max() <= 1
    with h5py.File(toy.file("FREEZE-THAW", "2011_day001")) as file:
        assert file["TFT"].shape == (586, 1383) and file["TFT"].dtype == np.uint8 and file["TFT"][0, 0] == 255
        assert set(np.unique(file["TFT"][:])) <= {0, 1, 2, 254, 255}


def test_koppen_tif(toy: Written) -> None:
    with rasterio.open(toy.file("KOPPEN")) as file:
        assert (file.height, file.width, file.nodata) == (360, 720, None)
        classes = file.read(1)
    assert classes.max() <= 30 and (classes[96:102, 356:362] > 0).any() and classes[0, 0] == 0
