"""Real files on grids of their own go through an entry of the catalogue to maps, each pixel as another decode has it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import rasterio
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from pyhdf.SD import SD
from pyproj import Transformer

from rssm.archive.listing import list_files
from rssm.calendar import CALENDARS
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest
from rssm.grid import GRID, Region
from rssm.ingest.composite import composites
from rssm.ingest.factor import factor_year
from rssm.maps import read_map

PLAIN: dict[str, Any] = {
    "title": "x", "sensor": "x", "algorithm": "x", "span": ("2000D01", None), "version": "1", "licence": "x", "cite": "x",
}  # fmt: skip
Grid = NDArray[np.float64]


def entry(name: str, **about: Any) -> Product:
    return Product.model_validate(PLAIN | {"id": name} | about)


def mapped(product: Product, root: Path, day: date, region: Region, tmp_path: Path) -> Grid:
    """The map of the step that holds a day."""
    files, calendar = list_files(root, product, day.year), CALENDARS[product.maps]
    assert len(files) >= 1
    step = 0 if product.maps == "static" else calendar.of(day)
    if product.kind == "soil_moisture":
        plain = Ingest(sigma=None)
        ((_, layers, _),) = composites(product, files, [step], region=region, grid=GRID, ingest=plain)
        return np.asarray(layers["value"], float)
    path = tmp_path / "m.tif"
    factor_year(product, files, {step: path}, tmp_path / "i.json", region=region, grid=GRID)
    return np.asarray(read_map(path)[0]["value"], float)


def centres(region: Region) -> tuple[Grid, Grid]:
    """Longitudes and latitudes (row, column) of the pixels' centres."""
    x = region.west + 0.1 * np.arange(region.degrees * 10) + 0.05
    y = region.north - 0.1 * np.arange((region.north - region.south) * 10) - 0.05
    return np.meshgrid(x, y)  # type: ignore[return-value]


def area_mean(region: Region, x: Grid, y: Grid, values: Grid) -> Grid:
    """Mean of the valid parts of cells in each pixel, by shares of rows and columns as dense matrices."""
    sides = []
    for centre, low, count in (
        (x, region.west, region.degrees * 10),
        (y, region.south, (region.north - region.south) * 10),
    ):
        half = abs(centre[1] - centre[0]) / 2
        edge = low + 0.1 * np.arange(count + 1)
        high, bottom = np.minimum(edge[1:, None], centre + half), np.maximum(edge[:-1, None], centre - half)
        turn = np.sin if centre is y else np.asarray
        scale = np.radians(1) if centre is y else 1
        share = turn(high * scale) - turn(bottom * scale)
        sides.append(np.where(high - bottom > 1e-6 * half, share, 0))
    across, down = sides[0], sides[1][::-1]
    valid = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return (down @ np.where(valid, values, 0) @ across.T) / (down @ valid @ across.T)  # type: ignore[no-any-return]


@pytest.mark.parametrize("native", [None, "latlon_1/112"])
@pytest.mark.parametrize(
    ("pattern", "name", "day"),
    [
        ("c_gls_SWI1km_{date:%Y%m%d}1200_CEURO_SCATSAR_{version}.nc", "SWI_005", date(2017, 6, 1)),
        ("c_gls_SSM1km_{date:%Y%m%d}0000_CEURO_S1CSAR_{version}.nc", "ssm", date(2017, 6, 2)),
    ],
)
def test_copernicus_kilometres(
    real: Path, tmp_path: Path, native: str | None, pattern: str, name: str, day: date
) -> None:
    """Cells begin on the degree; the grid that the catalogue names is centred on it."""
    product = entry(
        "SWI", kind="factor", reader="cf", files=pattern, variables={"value": name}, units="saturation", multiply=0.01,
        scale={"value": 0.5}, fill=[241, 242, 251, 252, 253, 254, 255], valid_range=(0, 1), step="day", native_grid=native,
    )  # fmt: skip
    region = Region(42, 44, -1, 3)
    with netCDF4.Dataset(next((real / "cgls").glob(f"*{name[:3].upper()}1km*"))) as data:
        data.set_auto_maskandscale(False)
        x, y, raw = (np.asarray(data[key][:]).squeeze().astype(float) for key in ("lon", "lat", name))
    expected = area_mean(region, x, y, np.where(raw > 200, np.nan, raw / 200))
    found = mapped(product, real / "cgls", day, region, tmp_path)
    assert (np.isfinite(found).sum() > 100) == (raw <= 200).any()  # the sample of SSM1km has no value
    assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("native", [None, "latlon_0.25"])
def test_a_model_whose_values_are_at_nodes(real: Path, tmp_path: Path, native: str | None) -> None:
    """An entry that says nothing of nodes; a cell reaches an eighth of a degree around its node."""
    (path,) = (real / "geos").glob("*.nc4")
    with netCDF4.Dataset(path) as data:
        x, y = (np.asarray(data[key][:], float) for key in ("longitude", "latitude"))
        values = np.asarray(data["O3_lev=72"][0], float)
    product = entry(
        "GEOS", kind="factor", reader="cf", files="GEOS-CF.v01.rpl.aqc_tavg_1hr_g1440x721_v1.{date:%Y%m%d}_0030z.nc4",
        variables={"value": "O3_lev=72"}, units="mol mol-1", valid_range=(0, 1), step="day", native_grid=native,
    )  # fmt: skip
    south, west = int(np.floor(y.min() - 0.2)), int(np.floor(x.min() - 0.2))
    region = Region(max(south, -60), min(south + 3, 80), (west + 180) % 360 - 180, 3)
    found = mapped(product, real / "geos", date(2018, 1, 1), region, tmp_path)
    longitude, latitude = centres(region)
    expected = np.full(found.shape, np.nan)
    for (r, c), value in np.ndenumerate(values):
        away = (longitude + 1e-7 - x[c] + 180) % 360 - 180
        up = latitude - 1e-7 - y[r]
        expected[(away >= -0.125) & (away < 0.125) & (up >= -0.125) & (up < 0.125)] = value
    assert np.isfinite(expected).sum() >= 20
    assert_allclose(found, expected, rtol=1e-6)


def test_a_picture_of_precipitation(real: Path, tmp_path: Path) -> None:
    product = entry(
        "RAIN", kind="factor", reader="geotiff", files="*.{date:%Y%m%d}-{end:%Y%m%d}.{place}.tif", units="mm day-1",
        multiply=24.0, valid_range=(0, 1e4), step="day",
    )  # fmt: skip
    region = Region(25, 35, -110, 32)
    found = mapped(product, real / "imerg", date(2021, 8, 29), region, tmp_path)
    with rasterio.open(next((real / "imerg").glob("*GIOVANNI*"))) as picture:
        numbers = picture.read(1).astype(float)
    assert_allclose(found, np.where(numbers < 0, np.nan, numbers * 24), rtol=1e-6)


def test_freezing_in_metres_of_the_equal_area_scalable_earth(real: Path, tmp_path: Path) -> None:
    product = entry(
        "FREEZE", kind="factor", reader="geotiff", files="SMAP_L3_FT_P_fill_uint_input.tif", units="1", fill=[254],
        scale={"value": 1}, valid_range=(0, 1), step="static", maps="static",
    )  # fmt: skip
    region = Region(45, 75, -120, 60)
    found = mapped(product, real / "smap", date(2015, 1, 1), region, tmp_path)
    with rasterio.open(real / "smap/SMAP_L3_FT_P_fill_uint_input.tif") as picture:
        numbers, turn = picture.read(1).astype(float), picture.transform
        longitude, latitude = centres(region)
        x, y = Transformer.from_crs(4326, picture.crs, always_xy=True).transform(longitude, latitude)
    column, row = (np.asarray(x) - turn.c) / turn.a, (np.asarray(y) - turn.f) / turn.e
    expected = numbers[np.floor(row).astype(int), np.floor(column).astype(int)]
    assert_allclose(found, np.where(expected > 1, np.nan, expected))
    assert 0.05 < np.nanmean(found) < 0.95


def test_a_sinusoidal_tile(real: Path, tmp_path: Path) -> None:
    """Cells of 926 m by the pixels that hold their centres."""
    product = entry(
        "NDVI", kind="factor", reader="hdf4", files="MOD13A2.A{date:%Y%j}.h11v06.061.{version}.hdf", units="1",
        variables={"value": "1 km 16 days NDVI"}, scale={"value": 1e4}, multiply=1e-8, fill=[-3000],
        valid_range=(-0.2, 1), step="day", maps="dekad",
    )  # fmt: skip
    region = Region(20, 30, -75, 12)
    found = mapped(product, real / "modis", date(2021, 8, 13), region, tmp_path)
    (path,) = (real / "modis").glob("MOD13A2*.hdf")
    numbers = SD(str(path)).select("1 km 16 days NDVI")[:].astype(float)
    size, radius = 1111950.519667 / 1200, 6371007.181
    x = -7783653.637667 + size * (np.arange(1200) + 0.5)
    y = 3335851.559 - size * (np.arange(1200) + 0.5)
    latitude = np.degrees(y / radius)[:, None] + 0 * x
    longitude = np.degrees(x[None, :] / radius / np.cos(np.radians(latitude)))
    row = np.floor((region.north - latitude) * 10).astype(int)
    column = np.floor((longitude - region.west) * 10).astype(int)
    kept = (row >= 0) & (row < 100) & (column >= 0) & (column < 120)
    total, count, there = np.zeros((3, 100, 120))
    for r, c, number in zip(row[kept], column[kept], numbers[kept], strict=True):
        there[r, c] += 1
        if number != -3000:
            total[r, c], count[r, c] = total[r, c] + number * 1e-4, count[r, c] + 1
    inside = there > 30  # a pixel on the edge of the tile has fewer
    with np.errstate(invalid="ignore"):
        expected = total / count
    assert np.isfinite(expected[inside]).sum() > 100
    assert_allclose(found[inside], expected[inside], atol=1e-4)
    assert not np.isfinite(found[there == 0]).any()
