"""No sound file is refused: each sample rewritten in twenty and more legal ways gives the values that it gave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from independent import Lattice
from numpy.testing import assert_allclose, assert_array_equal
from rasterio.windows import Window
from rewritten import hdf4, hdf5, netcdf, tiff
from sample_table import SAMPLES
from test_real_cells import FILES as CELLS
from test_real_cells import entry as cell_entry
from test_real_samples import around, places

from rssm.archive.grids import NATIVE_GRIDS, whole
from rssm.archive.listing import ALWAYS, found_at
from rssm.archive.readers.collection import PointFile
from rssm.archive.readers.dispatch import read, read_points
from rssm.config.catalogue import Product
from rssm.errors import InputError

FEW = 2000  # numbers: larger variables are only kept where they are needed
AXES = ("time", "lat", "lon", "latitude", "longitude", "row_size", "locationIndex")
# Parts of large samples, some hundreds to thousands of cells each.
CUTS: dict[str, dict[str, slice]] = {
    "esa_cci_sm/": {"lat": slice(200, 260), "lon": slice(740, 840)},
    "c3s_sm/": {"lat": slice(280, 340), "lon": slice(740, 840)},
    "cgls/": {"lat": slice(0, 60), "lon": slice(0, 80)},
    "gldas/": {"lat": slice(200, 260), "lon": slice(440, 540)},
    "era5/landmask": {"latitude": slice(400, 460), "longitude": slice(0, 100)},
    "grids/Grid_Point": {"lat": slice(400, 440), "lon": slice(700, 780)},
    "grids/NSIDC": {"y": slice(200, 240), "x": slice(800, 860)},
    "grids/ease36land": {"gp": slice(50_000, 52_000)},
    "ascat/": {"obs": slice(1_500_000, 1_503_000)},
    "smap/SMAP_L2": {"phony_dim_0": slice(2000, 5000)},
    "cells/SMOS": {"time": slice(2000, 2200)},
}
PICTURES = {
    "modis/": Window(3700, 1600, 120, 80),
    "koppen/Beck": Window(360, 100, 120, 80),
    "smap/": Window(200, 40, 120, 80),
}
Values = Callable[[Path], list[Any]]


def prepared(path: str, product: Product, real: Path, small: Path) -> dict[str, netcdf.Rewrite]:
    """Write the part of a sample that is rewritten; the ways in which its format can be."""
    source = real / path
    if source.suffix == ".tif":
        part = next((window for start, window in PICTURES.items() if path.startswith(start)), None)
        tiff.copied(source, small, part, compress="deflate")
        return tiff.VARIANTS
    if source.suffix == ".hdf":
        hdf4.copied(source, small, (product.names("value")[0],), crop=True)
        return hdf4.VARIANTS
    needed = {name for role in product.variables for name in product.names(role)}

    def wanted(name: str, shape: tuple[int, ...]) -> bool:
        return name in needed or name.rpartition("/")[2] in AXES or np.prod(shape) <= FEW

    cut = next((part for start, part in CUTS.items() if path.startswith(start)), {})
    if source.read_bytes()[:3] == b"CDF":
        netcdf.copied(source, small, "NETCDF3_64BIT_OFFSET", cut=cut, wanted=wanted)
        return netcdf.VARIANTS | netcdf.CLASSIC
    netcdf.copied(source, small, cut=cut, wanted=wanted)
    ways = {f"netCDF, {name}": way for name, way in netcdf.VARIANTS.items()}
    ways |= {f"HDF5, {name}": way for name, way in hdf5.VARIANTS.items()}
    grouped = any("/" in name for name in needed)
    return ways if grouped else ways | {f"classic, {name}": way for name, way in netcdf.CLASSIC.items()}


def check_all(ways: dict[str, netcdf.Rewrite], small: Path, folder: Path, check: Callable[[Path], None]) -> None:
    """Hold what each variant gives against the sample, and name all that differ or are refused."""
    second = (
        len(small.read_bytes()) % 2 if len(ways) >= 40 else 0
    )  # of forty ways every other one, by the sample's size
    check(small)
    chosen = list(ways.items())[second :: 2 if len(ways) >= 40 else 1]
    assert len(chosen) >= 20
    bad = {}
    for name, way in chosen:
        path = folder / f"variant{small.suffix}"
        way(small, path)
        try:
            check(path)
        except (InputError, AssertionError) as error:
            bad[name] = str(error)[:300]
        path.unlink()
    assert bad == {}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("sample", {s.path: s for s in SAMPLES if s.product.reader != "points"}.values(), ids=str)
def test_maps(real: Path, tmp_path: Path, sample: Any) -> None:
    small = tmp_path / f"small{Path(sample.path).suffix}"
    ways = prepared(sample.path, sample.product, real, small)
    lattice = sample.decode(small)
    assert isinstance(lattice, Lattice)

    def check(path: Path) -> None:
        field = read(sample.product, found_at(path, sample.day), lambda grid: around(grid, lattice))[0]
        rows, columns = places(field.grid, field.box, lattice)
        assert_allclose(field.values[np.ix_(rows, columns)], lattice.values, rtol=1e-5, atol=1e-7)

    check_all(ways, small, tmp_path, check)
    assert np.isfinite(lattice.values).any() != bool(sample.empty)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("path", "product"),
    [(s.path, s.product) for s in SAMPLES if s.product.reader == "points"]
    + [(f"cells/{name}.nc", cell_entry(name.partition("/")[0])) for name in CELLS],
)
def test_points(real: Path, tmp_path: Path, path: str, product: Product) -> None:
    small, near = tmp_path / "small.nc", NATIVE_GRIDS["latlon_0.1"]
    ways = prepared(path, product, real, small)

    def numbers(path: Path) -> PointFile:
        return read_points(product, found_at(path), *ALWAYS, False, (near, whole(near)))

    right = numbers(real / path if not any(path.startswith(start) for start in CUTS) else small)

    def check(path: Path) -> None:
        found = numbers(path)
        for name in ("longitude", "latitude", "day", "point", "value"):
            assert_array_equal(getattr(found, name), getattr(right, name), err_msg=name)

    check_all(ways, small, tmp_path, check)
    assert right.value.size > 50
