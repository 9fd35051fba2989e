"""The archive's own readers return what the toy Earth's sensors saw, where they saw it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from handmade.grids import CATALOGUE
from numpy.testing import assert_allclose, assert_array_equal
from toy_archive import DEMO, Written, area

from rssm.archive.grids import NATIVE_GRIDS, box_of
from rssm.archive.listing import list_files
from rssm.archive.readers.dispatch import read
from rssm.calendar import DEKADS
from rssm.config.toy import Toy
from rssm.grid import GRID
from rssm.toy.archive import WRITERS, file_days, write_year
from rssm.toy.composites import composite
from rssm.toy.footprint import Footprint, cells
from rssm.toy.observe import observe
from rssm.toy.sensors import SENSORS
from rssm.toy.truth import Earth

ALL_LAND = np.ones((GRID.rows, GRID.columns), bool)


REGIONS = {
    "demo": (DEMO, None),
    "dateline": (area(-18, -16, 179, -179), ALL_LAND),
    "far north": (area(78, 80, 10, 12), ALL_LAND),
}


@pytest.mark.parametrize("where", REGIONS)
@pytest.mark.parametrize("product", [name for name in SENSORS if name != "ASCAT-SWI"])
def test_our_reader_returns_what_the_sensor_saw(tmp_path: Path, toy: Written, product: str, where: str) -> None:
    entry, year = toy.catalogue[product], toy.year(product)
    assert year is not None
    place, land = REGIONS[where]
    earth = Earth(Toy(), place, land)
    region = place.region
    short = entry.model_copy(update={"span": (f"{year}D20", f"{year}D22")})
    write_year(earth, product, short, year, tmp_path)
    grid = NATIVE_GRIDS[str(entry.native_grid)]
    east = (region.west + region.degrees + 180) % 360 - 180
    box = box_of(grid, region.west, region.south, east, region.north)
    seen = observe(earth, product, file_days(short, year, 1))
    rows = np.flatnonzero((seen.cells.rows >= box.rows.start) & (seen.cells.rows < box.rows.stop))
    columns = np.flatnonzero((seen.cells.columns >= box.columns.start) & (seen.cells.columns < box.columns.stop))
    assert len(rows) == box.rows.stop - box.rows.start and len(columns) >= 2 / 0.27
    fields = [f for found in list_files(tmp_path, entry, year) for f in read(entry, found, box)]
    assert len(fields) == 6
    order = [1, 0] if product == "SMAP_E" else [0, 1]  # the reader gives the morning first
    for index, got in enumerate(fields):
        expected = seen.screened[index // 2, order[index % 2]][rows[:, None], columns]
        there = got.values[
            (seen.cells.rows[rows] - box.rows.start)[:, None], seen.cells.columns[columns] - box.columns.start
        ]
        assert_array_equal(np.isnan(there), np.isnan(expected))
        assert_allclose(there, expected, atol=0.0051 if "LPRM" in product else 0.00051)
        assert got.start.toordinal() == seen.days[index // 2]


# of the main catalogue; the writers of other methods' catalogues have tests of their own
MAPS = [name for name in WRITERS if name in CATALOGUE and name not in SENSORS and name != "ISMN"]


@pytest.mark.parametrize("product", MAPS)
def test_our_reader_finds_plausible_values_of_every_other_product(toy: Written, product: str) -> None:
    entry, year = toy.catalogue[product], toy.year(product)
    names = {file["name"] for file in toy.manifest(product)["files"]}
    found = list_files(toy.root, entry, year)
    assert {str(file.path.relative_to(toy.root)) for file in found} == names
    grid = NATIVE_GRIDS[str(entry.native_grid)]
    box = box_of(grid, -2, 39, 1, 42)
    values = np.stack([got.values for file in found[:3] for got in read(entry, file, box)])
    share = np.isfinite(values).mean()
    assert 0.6 < share <= 1, share
    low, high = entry.valid_range
    assert low <= np.nanmin(values) and np.nanmax(values) <= high
    if product not in ("RAINFOREST", "SNOW", "FREEZE-THAW", "KOPPEN"):
        assert np.nanstd(values) > 0


def test_topography_arrives_where_the_toy_put_it(toy: Written) -> None:
    toy.manifest("TOPOGRAPHY")
    entry = toy.catalogue["TOPOGRAPHY"]
    box = box_of(NATIVE_GRIDS["latlon_0.1"], -2, 39, 1, 42)
    got = read(entry, list_files(toy.root, entry)[0], box)[0].values
    there = np.isfinite(got)
    relief = toy.earth.geography.relief[toy.earth.inner] / 100
    assert np.corrcoef(got[there], relief[there])[0, 1] > 0.8


def test_sand_arrives_where_the_toy_put_it(toy: Written) -> None:
    toy.manifest("SAND")
    entry = toy.catalogue["SAND"]
    grid = cells("ease2_m09", DEMO)
    box = box_of(NATIVE_GRIDS["ease2_m09"], -2, 39, 1, 42)
    got = read(entry, list_files(toy.root, entry)[0], box)[0].values
    rows, columns = box.rows.start - int(grid.rows[0]), box.columns.start - int(grid.columns[0])
    look = Footprint(grid, toy.earth.patch, 9, toy.earth.geography.land)
    expected = look(toy.earth.geography.sand)[rows : rows + got.shape[0], columns : columns + got.shape[1]]
    there = np.isfinite(got)
    assert there.mean() > 0.6
    assert_allclose(got[there], expected[there], rtol=1e-5)


@pytest.mark.parametrize("month", [1, 7])
def test_composites_without_files_are_those_of_the_files(toy: Written, month: int) -> None:
    """ASCAT-SWI on its own 0.1° grid: file and composite differ by packing and the 9 km map of porosity alone."""
    toy.manifest("ASCAT-SWI")
    entry = toy.catalogue["ASCAT-SWI"]
    step = DEKADS.of(date(2011, month, 11))
    found = next(f for f in list_files(toy.root, entry, 2011) if f.start == DEKADS.start(step))
    saturation = read(entry, found, box_of(NATIVE_GRIDS["latlon_0.1"], -2, 39, 1, 42))[0].values
    direct = composite(toy.earth, "ASCAT-SWI", [step], DEKADS)[0]
    land = toy.earth.geography.land[toy.earth.inner] & (np.isfinite(direct) | np.isfinite(saturation))
    assert land.sum() > 200
    assert (np.isfinite(saturation) == np.isfinite(direct))[land].mean() > 0.98  # water codes at the coast
    porosity = toy.earth.geography.porosity[toy.earth.inner]
    both = np.isfinite(saturation) & np.isfinite(direct)
    assert_allclose((saturation * porosity)[both], direct[both], atol=0.01)
