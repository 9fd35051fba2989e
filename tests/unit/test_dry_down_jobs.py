"""The jobs of the dry-down on a made-up Earth: known constants, interception and thresholds come back."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx

from rssm.analysis.dry_down.dekads import dekad_of
from rssm.analysis.dry_down.find import Drying
from rssm.analysis.dry_down.join import dry_down
from rssm.analysis.dry_down.specs import DryDownSpec, DryYearSpec
from rssm.analysis.dry_down.year import DRY_YEAR, dry_year
from rssm.calendar import CALENDARS, DEKADS
from rssm.errors import InputError
from rssm.grid import Area, Region, Window
from rssm.ingest.index import write_index
from rssm.maps import write_map
from tests.unit.made_dry_earth import AREA, CONSTANT, LEAVES, RESIDUAL, SET, DryEarth


@pytest.fixture(scope="module")
def earth(tmp_path_factory: pytest.TempPathFactory) -> DryEarth:
    return DryEarth(tmp_path_factory.mktemp("dry"))


def of_row(values: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values of the cells with the first and with the second constant."""
    return values[latitude > 41], values[latitude < 41]


def test_every_cell_has_its_constant_and_residual(earth: DryEarth) -> None:
    found = earth.result
    assert found.cell.size == 16 and (found.pixels == 25).all()
    assert (found.values["status"] == Drying.OK).all()
    assert (found.values["decreases"] >= 2 * found.values["increases"]).all()
    for part, truth in zip(of_row(found.values["time_constant"], found.latitude), CONSTANT, strict=True):
        assert_allclose(part, truth, rtol=0.03)  # dekads differ in length, and 1.5 mm fall in some dry ones
    assert_allclose(found.values["residual"], RESIDUAL, atol=0.02)


def test_the_share_that_leaves_keep_comes_back(earth: DryEarth) -> None:
    found, truth = earth.result, earth.kept.sum(axis=0) / earth.rain.sum()
    west = found.longitude < -3
    for part, column in ((found.values["intercepted"][west], 0), (found.values["intercepted"][~west], -1)):
        assert_allclose(part, truth[0, column], rtol=0.002)  # dekads differ in length
    assert truth[0, -1] > 5 * truth[0, 0]
    assert len(LEAVES) == 2


def test_noise_widens_but_does_not_move_the_constant(tmp_path: Path) -> None:
    found = DryEarth(tmp_path, noise=0.02).result  # of a pixel: a fifth of it in a cell of 25
    for part, truth in zip(of_row(found.values["time_constant"], found.latitude), CONSTANT, strict=True):
        assert np.median(part) == approx(truth, rel=0.05)


def test_cases_are_counted_by_season_and_by_level(earth: DryEarth) -> None:
    values = earth.result.values
    for kind in ("season", "level"):
        assert_array_equal(values[f"{kind}_cases"].sum(axis=0), values["cases"])
        mean = values[f"{kind}_decline"].sum(axis=0) / values["cases"]
        assert_allclose(mean, values["decline"], rtol=1e-4)


def test_the_turn_of_the_year_is_a_pair_like_others(earth: DryEarth) -> None:
    for path, first in zip(earth.years[:2], (False, True), strict=True):
        with DRY_YEAR.opened(path) as file:
            known = np.isfinite(file["change"][:])
        assert known[1:].all() and known[0].all() == first


def test_years_of_other_cells_are_refused(earth: DryEarth, tmp_path: Path) -> None:
    other = tmp_path / "other.nc"
    other.write_bytes(Path(earth.years[0]).read_bytes())
    with netCDF4.Dataset(other, "a") as file:
        file["cell"][0] = 1
    with pytest.raises(InputError, match=r"other\.nc: holds other cells"):
        dry_down([earth.years[0], str(other)], DryDownSpec("SM", AREA, SET), [str(tmp_path / "out.nc")])
    assert [path.name for path in tmp_path.iterdir()] == ["other.nc"]


def test_steps_of_three_days_on_an_equal_area_grid(tmp_path: Path) -> None:
    """A method with another calendar and grid: dekads are means of its steps, cells the same half degrees."""
    calendar, area = CALENDARS["3day"], Area("ease2_m25", Region(40, 42, -4, 2))
    grid, window = area.grid, area.window
    land = tmp_path / "land.tif"
    whole = Affine(*grid.transform(Window(0, 0, grid.rows, grid.columns)))
    shape = {"width": grid.columns, "height": grid.rows, "count": 1, "dtype": "uint8"}
    with rasterio.open(land, "w", driver="GTiff", crs=grid.crs, transform=whole, **shape) as file:
        file.write(np.ones((1, grid.rows, grid.columns), np.uint8))
    steps = list(calendar.year(2015))
    soil = 0.3 - 0.0004 * (np.array(steps) - steps[0])
    indices = []
    for name, values in (("SM", soil), ("RAIN", np.full(len(steps), 0.3))):
        entries = {}
        for step, value in zip(steps, values, strict=True):
            label = calendar.label(step)
            write_map(tmp_path / f"{name}/{label}.tif", {"value": np.full(window.shape, value)}, grid, window, {})
            entries[label] = {"map": f"{label}.tif", "status": "complete"}
        indices.append(str(tmp_path / f"{name}/2015.json"))
        write_index(indices[-1], name, "2015", entries, calendar_id="3day")
    out = str(tmp_path / "2015.nc")
    spec = DryYearSpec(area, "3day", 0.5, ("", 2015), SET.interception)
    dry_year("2015", indices[:1], indices[1:], [], [str(land)], spec, [out])
    with DRY_YEAR.opened(out) as file:
        change, rain, effective = (file[name][:] for name in ("change", "rain", "effective"))
        assert file["cell"].size == 16  # half degrees, as on any grid
    dekad = np.array([dekad_of(step, calendar) for step in steps])
    means = [soil[dekad == own].mean() for own in DEKADS.year(2015)]
    assert_allclose(change[1:], np.diff(means)[:, None] * np.ones(change.shape[1]), atol=1e-6)
    assert np.isnan(change[0]).all()
    assert_allclose(rain[:, 0], [0.3 * DEKADS.days(own) for own in DEKADS.year(2015)], rtol=1e-5)
    assert_array_equal(effective, rain)  # no leaves are known
