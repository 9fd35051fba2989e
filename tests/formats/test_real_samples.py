"""Each real sample through an entry of the catalogue alone: its cells and its pixels are what another decode has."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pytest
from independent import Lattice
from numpy.testing import assert_allclose
from sample_table import SAMPLES, Sample
from test_real_cells import FILES as CELLS

from rssm.archive.fields import Box, NativeGrid
from rssm.archive.listing import Found, list_files
from rssm.archive.readers.dispatch import read
from rssm.calendar import CALENDARS
from rssm.config.ingest import Ingest
from rssm.grid import GRID
from rssm.ingest.composite import composites
from rssm.ingest.factor import factor_year
from rssm.maps import read_map

NO_DATA = {
    "SHA256SUMS.txt": "checksums of the samples",
    "headers/*.txt": "headers of files, as text",
    "layouts/*.txt": "structures of granules, as text",
}


def test_every_sample_is_compared(real: Path) -> None:
    """Cell files are so by test_real_cells, and as collections by test_real_collections."""
    compared = {sample.path for sample in SAMPLES} | {f"cells/{name}.nc" for name in CELLS}
    there = {path.relative_to(real).as_posix() for path in real.rglob("*") if path.is_file()}
    left = {name for name in there if not any(fnmatchcase(name, pattern) for pattern in NO_DATA)}
    assert left == compared


def found_of(sample: Sample, real: Path) -> Found:
    """The sample among the files that its entry's pattern finds."""
    files = list_files(real, sample.product, None if sample.product.step == "static" else sample.day.year)
    (found,) = [file for file in files if file.path == real / sample.path]
    return found


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.product.reader != "points"], ids=str)
def test_each_cell(real: Path, sample: Sample) -> None:
    lattice = sample.decode(real / sample.path)
    assert isinstance(lattice, Lattice)
    boxes: list[Box] = []

    def where(grid: NativeGrid) -> Box:
        boxes.append(around(grid, lattice))
        return boxes[-1]

    field = read(sample.product, found_of(sample, real), where)[0]
    rows, columns = places(field.grid, field.box, lattice)
    assert_allclose(field.values[np.ix_(rows, columns)], lattice.values, rtol=1e-5, atol=1e-7)
    assert np.isfinite(field.values).sum() == np.isfinite(lattice.values).sum()
    assert np.isfinite(field.values).any() != bool(sample.empty)


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_each_pixel(real: Path, tmp_path: Path, sample: Sample) -> None:
    product, region = sample.product, sample.region
    static = product.maps == "static"
    step = 0 if static else CALENDARS[product.maps].of(sample.day)
    found = [found_of(sample, real)]
    if product.units == "m3 m-3" and not static:
        plain = Ingest(sigma=None)
        ((_, layers, _),) = composites(product, found, [step], region=region, grid=GRID, ingest=plain)
    else:
        path = tmp_path / "map.tif"
        factor_year(product, found, {step: path}, tmp_path / "index.json", region=region, grid=GRID)
        layers = read_map(path)[0]
    expected = sample.expected(sample.decode(real / sample.path))
    assert_allclose(layers["value"], expected, rtol=1e-4, atol=2e-5)
    assert (np.isfinite(expected).sum() >= 10) != bool(sample.empty)


def places(grid: NativeGrid, box: Box, lattice: Lattice) -> tuple[list[int], list[int]]:
    """Rows and columns of a box at which the cells of a lattice lie, each in the middle of its own."""
    width, _, left, _, height, top = grid.transform
    around_the_globe = grid.columns if not lattice.crs and abs(grid.columns * width - 360) < 1e-6 else np.inf
    column = ((lattice.x - left) / width - 0.5 + 0.02) % around_the_globe - 0.02
    row = (lattice.y - top) / height - 0.5
    for axis in (row, column):
        assert np.abs(axis - np.round(axis)).max() < 0.02
    rows, columns = np.round(row).astype(int) - box.rows.start, np.round(column).astype(int) - box.columns.start
    return rows.tolist(), columns.tolist()


def around(grid: NativeGrid, lattice: Lattice) -> Box:
    """The smallest box that holds a lattice."""
    rows, columns = places(grid, Box(slice(0, 0), slice(0, 0)), lattice)
    return Box(slice(min(rows), max(rows) + 1), slice(min(columns), max(columns) + 1))
