"""The jobs of the dry-down on a made-up Earth: known constants, interception and thresholds come back."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx

from rssm.analysis.dry_down.find import Drying
from rssm.analysis.dry_down.join import dry_down
from rssm.analysis.dry_down.specs import DryDownSpec
from rssm.analysis.dry_down.year import DRY_YEAR
from rssm.errors import InputError
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
