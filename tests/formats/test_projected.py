"""Grids that files state: UTM, Lambert and polar ones, cell by cell; and files that contradict the catalogue."""

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
from pyproj import CRS, Transformer

from rssm.archive.listing import found_at
from rssm.calendar import DEKADS
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.ingest.composite import composites

DAY = date(2015, 4, 3)
# name → projection, west and north edge, cell (m), region that its 60 × 80 cells touch
FINE: dict[str, tuple[str, float, float, float, Region]] = {
    "UTM": ("EPSG:32633", 400_000, 5_300_000, 1000.0, Region(47, 48, 13, 2)),
    "UTM south": ("EPSG:32719", 400_000, 8_000_000, 2000.0, Region(-20, -18, -71, 3)),
    "Lambert": ("EPSG:3034", 4_000_000, 3_000_000, 3000.0, Region(52, 54, 9, 4)),
    "polar": ("EPSG:6931", -2_500_000, 1_500_000, 9000.0, Region(60, 68, -130, 14)),
}
WIDE: dict[str, tuple[str, float, float, float, Region]] = {
    "polar": ("EPSG:6931", -2_520_000, 1_512_000, 36000.0, Region(55, 70, -140, 40)),
    "stereographic": ("EPSG:3413", -2_000_000, -1_000_000, 25000.0, Region(60, 72, -75, 60)),
    "UTM": ("EPSG:32633", 100_000, 5_600_000, 20000.0, Region(42, 49, 10, 9)),
}


def entry(reader: str, **changes: Any) -> Product:
    about = {
        "id": "X", "title": "x", "kind": "soil_moisture", "sensor": "x", "algorithm": "x", "reader": reader,
        "files": "x_{date:%Y%m%d}.*", "variables": {"value": "sm"}, "units": "m3 m-3", "valid_range": (0, 1),
        "span": ("2015D01", None), "step": "day", "version": "1", "licence": "x", "cite": "x",
    }  # fmt: skip
    return Product.model_validate(about | changes)


def made(folder: Path, reader: str, place: tuple[str, float, float, float, Region], how: str = "crs_wkt") -> Path:
    """A file of 60 × 80 cells with gaps."""
    crs, west, north, cell, _ = place
    rng = np.random.default_rng(3)
    values = rng.random((60, 80), np.float32)
    values[rng.random(values.shape) < 0.1] = -9999
    if reader == "geotiff":
        path = folder / "x_20150403.tif"
        turn = rasterio.Affine(cell, 0, west, 0, -cell, north)
        with rasterio.open(
            path, "w", driver="GTiff", width=80, height=60, count=1, dtype="float32", crs=crs, transform=turn, nodata=-9999
        ) as file:  # fmt: skip
            file.write(values, 1)
        return path
    path = folder / "x_20150403.nc"
    with netCDF4.Dataset(path, "w") as data:
        for name, count in (("y", 60), ("x", 80)):
            data.createDimension(name, count)
            data.createVariable(name, "f8", (name,)).units = "m"
        data["x"][:], data["y"][:] = west + cell * (np.arange(80) + 0.5), north - cell * (np.arange(60) + 0.5)
        data.createVariable("sm", "f4", ("y", "x"), fill_value=-9999)[:] = values
        if how:
            data["sm"].grid_mapping = "projection"
            mapping = data.createVariable("projection", "S1" if how == "spatial_ref" else "i4", ())
            said = CRS(crs).to_cf()
            wkt = said.pop("crs_wkt")
            mapping.setncatts(said if how == "parameters" else {how: wkt})
    return path


def mapped(product: Product, path: Path, region: Region) -> NDArray[np.float32]:
    plain = Ingest(sigma=None)
    ((_, layers, _),) = composites(
        product, [found_at(path, DAY)], [DEKADS.of(DAY)], region=region, grid=GRID, ingest=plain
    )
    return layers["value"]


def numbers() -> NDArray[np.float64]:
    rng = np.random.default_rng(3)
    values = rng.random((60, 80), np.float32)
    values[rng.random(values.shape) < 0.1] = np.nan
    return values.astype(float)


def by_hand(place: tuple[str, float, float, float, Region]) -> NDArray[np.float64]:
    """The mean of the valid cells whose centres lie in a pixel; without any centre, the cell that holds the pixel's."""
    crs, west, north, cell, region = place
    values, way = numbers(), Transformer.from_crs(4326, crs, always_xy=True)
    shape = (region.north - region.south) * 10, region.degrees * 10
    inside: dict[tuple[int, int], list[float]] = {}
    for (r, c), value in np.ndenumerate(values):
        x, y = way.transform(west + cell * (c + 0.5), north - cell * (r + 0.5), direction="INVERSE")
        inside.setdefault((int((region.north - y) // 0.1), int((x - region.west) // 0.1)), []).append(float(value))
    out = np.full(shape, np.nan)
    for (i, j), _ in np.ndenumerate(out):
        some = inside.get((i, j))
        if some:
            out[i, j] = np.nanmean(some) if np.isfinite(some).any() else np.nan
            continue
        x, y = way.transform(region.west + 0.1 * j + 0.05, region.north - 0.1 * i - 0.05)
        r, c = int((north - y) // cell), int((x - west) // cell)
        if 0 <= r < 60 and 0 <= c < 80:
            out[i, j] = values[r, c]
    return out


@pytest.mark.parametrize("reader", ["geotiff", "cf"])
@pytest.mark.parametrize("name", FINE)
def test_finer_cells_are_averaged_by_the_pixel_that_holds_them(tmp_path: Path, name: str, reader: str) -> None:
    path = made(tmp_path, reader, FINE[name])
    found = mapped(entry(reader), path, FINE[name][4])
    assert np.isfinite(found).sum() > 20
    assert_allclose(found, by_hand(FINE[name]), atol=1e-5)


@pytest.mark.parametrize("how", ["crs_wkt", "spatial_ref", "parameters"])
@pytest.mark.parametrize("name", WIDE)
def test_wide_cells_are_copied(tmp_path: Path, name: str, how: str) -> None:
    path = made(tmp_path, "cf", WIDE[name], how)
    found = mapped(entry("cf"), path, WIDE[name][4])
    assert np.isfinite(found).sum() > 500
    assert_allclose(found, by_hand(WIDE[name]), atol=1e-5)


def test_a_projection_that_contradicts_the_catalogue_is_refused(tmp_path: Path) -> None:
    for reader in ("geotiff", "cf"):
        for name, native, said in (
            ("polar", "ease2_m09", "cells in EPSG:6931"),
            ("UTM", "ease2_m25", "cells in EPSG:32633"),
            ("UTM", "latlon_0.1", "cells in EPSG:32633"),
        ):
            path = made(tmp_path, reader, FINE[name])
            with pytest.raises(InputError, match=said) as caught:
                mapped(entry(reader, native_grid=native), path, FINE[name][4])
            assert f"Expected the grid {native}" in str(caught.value)


def test_metres_of_no_projection_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path, "cf", FINE["UTM"], how="")
    with pytest.raises(InputError, match="does not say of which projection"):
        mapped(entry("cf"), path, FINE["UTM"][4])


def test_two_zones_of_one_day_are_pooled(tmp_path: Path) -> None:
    """Neighbours in their own projections, each half of the region's pixels or both."""
    region, plain = Region(47, 48, 11, 2), Ingest(sigma=None)
    west = ("EPSG:32632", 640_000.0, 5_330_000.0, 1500.0, region)
    east = ("EPSG:32633", 250_000.0, 5_330_000.0, 1500.0, region)
    paths = []
    for name, place in (("w", west), ("e", east)):
        (tmp_path / name).mkdir()
        paths.append(made(tmp_path / name, "geotiff", place))
    product = entry("geotiff", files="{tile:w|e}/x_{date:%Y%m%d}.*")
    files = [found_at(path, DAY) for path in paths]
    for file, name in zip(files, "we", strict=True):
        file.fields.update({"tile": name, "date": "20150403"})
    ((_, layers, _),) = composites(product, files, [DEKADS.of(DAY)], region=region, grid=GRID, ingest=plain)
    alone = [by_hand(place) for place in (west, east)]
    both = np.isfinite(alone[0]) & np.isfinite(alone[1])
    assert both.sum() > 10 and (np.isfinite(alone[0]) & ~both).sum() > 10
    filled = np.where(np.isfinite(alone[0]), alone[0], alone[1])
    assert_allclose(layers["value"], np.where(both, (alone[0] + alone[1]) / 2, filled), atol=1e-5)
    assert set(np.unique(layers["n_obs"])) <= {0.0, 1.0, 2.0}
