"""A year reduced and years joined, on made-up land whose numbers are worked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx

from rssm.analysis.means import means
from rssm.analysis.means_file import read_means, read_profile, read_series
from rssm.analysis.pixels import RADIUS, Family, Land, cell_centres
from rssm.analysis.specs import MeansSpec, YearSpec
from rssm.analysis.year import reduced
from rssm.analysis.year_file import YEAR_SUMS, YearFile, write_year
from rssm.calendar import CALENDARS, DEKADS
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region, Window, grid_of

LAND = str(Path(__file__).resolve().parents[2] / "resources" / "land.tif")
AREA = Area(GRID.id, Region(40, 41, -2, 2))  # 20 × 10 pixels, all land; 4 × 2 cells
SPEC = YearSpec(AREA, DEKADS.id)


def ground(climate: int = 0) -> Land:
    land = Land(LAND, AREA)
    if climate:
        land.climate = np.where(land.longitude < -1, climate, 0)
    return land


def years_of(
    folder: Path, first: int, fields: list[np.ndarray], sigma: float = 0.05, land: Land | None = None
) -> list[str]:
    """Files of years, each given as (step, pixel)."""
    paths, land = [], land or ground()
    for year, values in enumerate(fields, first):
        steps = (
            (step, value, np.full(value.size, sigma)) for step, value in zip(DEKADS.year(year), values, strict=True)
        )
        paths.append(str(folder / f"{year}.nc"))
        write_year(paths[-1], "X", reduced(steps, land, DEKADS, 1), SPEC)
    return paths


def joined(paths: list[str], folder: Path) -> str:
    with YEAR_SUMS.opened(paths[0]) as a, YEAR_SUMS.opened(paths[-1]) as b:
        span = int(a["step"][0]), int(b["step"][-1])
    means(paths, MeansSpec(AREA, DEKADS.id, span), [str(folder / "means.nc")])
    return str(folder / "means.nc")


def test_pixels_have_their_areas_and_regions() -> None:
    whole = Land(LAND, Area(GRID.id, GRID.everywhere))
    sphere = 4 * np.pi * RADIUS**2
    land = whole.area_km2.sum() / sphere
    assert 0.26 < land < 0.28  # without Antarctica
    kinds = {family.kind: family for family in whole.families}
    assert kinds["belt"].labels == ("60-90N", "30-60N", "30S-30N", "30-60S")  # no land beyond 60° S
    at = int(np.flatnonzero((abs(whole.latitude - 45.05) < 0.01) & (abs(whole.longitude - 3.05) < 0.01))[0])
    words = {kind: family.labels[family.code[at]] for kind, family in kinds.items()}
    assert words == {"whole": "all", "hemisphere": "northern", "belt": "30-60N"}


def test_regions_that_are_the_whole_are_left_out() -> None:
    assert [family.kind for family in ground().families] == ["whole"]
    found = ground(climate=7).families  # BSk in the west, unknown in the east
    assert [(family.kind, family.labels) for family in found[1:]] == [("climate", ("B arid",)), ("class", ("BSk",))]
    assert (found[1].code == np.where(ground().longitude < -1, 0, -1)).all()


def test_months_are_means_weighted_by_days() -> None:
    """January: 0.1 and 0.2 for ten days each, 0.4 for eleven; of a pixel that lacks the last: the mean of two."""
    land = ground()

    def steps() -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        for at, value in enumerate((0.1, 0.2, 0.4)):
            field = np.full(land.row.size, value)
            field[0] = np.nan if at == 2 else value
            field[1] = np.nan
            yield 2015 * 36 + at, field, np.full(land.row.size, 0.05)

    year = reduced(steps(), land, DEKADS, 1)
    assert year.mean[0, 2] == approx((1 + 2 + 4.4) / 31)
    assert (year.mean[0, 0], year.days[0, 0], year.days[0, 2]) == (approx(0.15), 20, 31)
    assert np.isnan(year.mean[0, 1]) and np.isnan(year.mean[1]).all()


def test_uncertainty_of_a_mean_lies_between_its_bounds() -> None:
    """Two zones of 100 pixels of one area each, 0.05: all one 0.05; two blocks 0.05/√2; independent 0.05/√200."""
    land = ground()
    step = 2015 * 36, np.full(200, 0.2), np.full(200, 0.05)
    year = reduced(iter([step]), land, DEKADS, 1)
    area, value, known, one, squared, blocks = year.sums[:, 0, 0]
    assert area == known == approx(land.area_km2.sum())
    assert value / area == approx(0.2)
    assert one / area == approx(0.05)
    assert np.sqrt(blocks) / area == approx(0.05 / np.sqrt(2), rel=1e-4)
    assert np.sqrt(squared) / area == approx(0.05 / np.sqrt(200), rel=1e-4)
    wide = reduced(iter([step]), land, DEKADS, 10).sums[:, 0, 0]
    assert np.sqrt(wide[5]) / area == approx(0.05)  # both zones in one block


def test_a_mean_weighs_pixels_by_area() -> None:
    land = ground()
    north = land.latitude > 40.5
    year = reduced(iter([(2015 * 36, np.where(north, 0.1, 0.3), np.full(200, np.nan))]), land, DEKADS, 1)
    weight = land.area_km2[north].sum() / land.area_km2.sum()
    assert weight < 0.5
    assert year.sums[1, 0, 0] / year.sums[0, 0, 0] == approx(0.1 * weight + 0.3 * (1 - weight))
    assert year.sums[2, 0, 0] == 0  # nothing states an uncertainty


def test_cells_need_half_of_their_land() -> None:
    land = ground()
    number, code = land.cells
    assert number.size == 8
    latitude, longitude = cell_centres(number)
    assert (latitude.max(), longitude.min()) == (40.75, -1.75)
    values = np.full(200, 0.2)
    first = np.flatnonzero(code == 0)
    values[first[:13]] = np.nan  # of 25
    values[np.flatnonzero(code == 1)[:12]] = np.nan
    year = reduced(iter([(2015 * 36, values, np.full(200, 0.05))]), land, DEKADS, 1)
    assert np.isnan(year.cell_mean[0, 0])
    assert_allclose(year.cell_mean[0, 1:], 0.2, rtol=1e-6)


def test_anomalies_do_not_follow_the_coverage(tmp_path: Path) -> None:
    """Dry pixels are hidden in the last year: the mean rises by 0.1, the anomalies say 0."""
    dry = np.arange(200) < 100
    fields = [np.tile(np.where(dry, 0.1, 0.3), (36, 1)) for _ in range(4)]
    fields[3][:, dry] = np.nan
    path = joined(years_of(tmp_path, 2010, fields), tmp_path)
    series, found = read_series(path), read_means(path)
    assert series.annual[0, 3] - series.annual[0, 0] == approx(0.1, abs=1e-3)
    assert_allclose(series.anomaly[0], 0, atol=1e-7)
    assert series.annual_coverage[0, 3] == approx(0.5, abs=1e-2)
    assert_allclose(series.anomaly_coverage[0, 36:], series.annual_coverage[0, 3])
    assert np.isnan(found.anomaly[3, dry]).all()
    assert_allclose(found.share[dry], 0.75, atol=1e-3)


def test_a_trend_and_a_season_are_told_apart(tmp_path: Path) -> None:
    season = 0.05 * np.cos(2 * np.pi * np.arange(36) / 36)
    fields = [0.2 + season[:, None] + 0.01 * year + np.zeros((36, 200)) for year in range(5)]
    path = joined(years_of(tmp_path, 2010, fields), tmp_path)
    found, series = read_means(path), read_series(path)
    assert_allclose(found.anomaly[:, 0], [-0.02, -0.01, 0, 0.01, 0.02], atol=2e-5)  # 2012 has a day more of February
    assert_allclose(series.anomaly[0], [-0.02, -0.01, 0, 0.01, 0.02], atol=2e-5)
    assert_allclose(series.monthly_anomaly[0, :12], -0.02, atol=1e-4)
    january = np.average(season[:3], weights=[10, 10, 11])
    assert_allclose(found.monthly[0], 0.22 + january, rtol=1e-5)
    profile = read_profile(path)
    assert_allclose(profile.mean[1], 0.22 + january, rtol=1e-5)
    assert_allclose(series.sigma[:, 0, 0], [0.05, 0.05 / np.sqrt(2), 0.05 / np.sqrt(200)], rtol=1e-3)
    assert_allclose(series.annual_sigma[0, 0], 0.05)


def test_two_years_make_no_mean_year(tmp_path: Path) -> None:
    path = joined(years_of(tmp_path, 2010, [np.full((36, 200), 0.2)] * 2), tmp_path)
    assert np.isnan(read_means(path).anomaly).all() and np.isnan(read_series(path).anomaly).all()
    assert_allclose(read_means(path).mean, 0.2, rtol=1e-6)


def test_years_of_other_pixels_are_refused(tmp_path: Path) -> None:
    paths = years_of(tmp_path, 2010, [np.full((36, 200), 0.2)] * 2)
    other = Land(LAND, Area(GRID.id, Region(40, 41, -2, 1)))
    step = 2011 * 36, np.full(100, 0.2), np.full(100, 0.05)
    write_year(paths[1], "X", reduced(iter([step]), other, DEKADS, 1), SPEC)
    with pytest.raises(InputError, match=r"2011\.nc: holds other pixels"):
        joined(paths, tmp_path)


def test_the_file_of_a_year_is_read_as_it_was_written(tmp_path: Path) -> None:
    land = ground(climate=7)
    (path,) = years_of(tmp_path, 2010, [np.random.default_rng(1).random((36, 200))], land=land)
    with YEAR_SUMS.opened(path) as file:
        year = YearFile(file)
        regions = year.regions
        assert [family.kind for family in regions] == ["whole", "climate", "class"]
        for family, other in zip(regions, land.families, strict=True):
            assert isinstance(family, Family) and family.labels == other.labels
            assert_array_equal(family.code, other.code)
        assert year.sums.shape == (6, 3, 36) and year.product == "X"
        assert_array_equal(year.pixel, land.pixel)


def test_a_year_without_a_map_is_no_year_and_none_with_one_is_refused(tmp_path: Path) -> None:
    paths = years_of(tmp_path, 2010, [np.full((36, 200), 0.2)] * 3)
    write_year(paths[1], "X", reduced(iter([]), ground(), DEKADS, 1), SPEC)
    assert read_means(joined([paths[0], paths[2]], tmp_path)).years.tolist() == [2010, 2012]
    means(paths, MeansSpec(AREA, DEKADS.id, (2010 * 36, 2012 * 36 + 35)), [str(tmp_path / "means.nc")])
    found = read_means(tmp_path / "means.nc")
    assert found.years.tolist() == [2010, 2012]
    assert_allclose(found.share, 2 / 3, rtol=1e-2)  # of the days of the period
    with pytest.raises(InputError, match="neither this year nor any other has a map"):
        means(paths[1:2], MeansSpec(AREA, DEKADS.id, (2011 * 36, 2011 * 36 + 35)), [str(tmp_path / "none.nc")])


def test_other_grids_and_calendars_are_reduced_too(tmp_path: Path) -> None:
    """EASE-Grid 2.0 by steps of three days: rows of one area, cells that hold four pixels or fewer."""
    grid, calendar = grid_of("ease2_m25"), CALENDARS["3day"]
    area, mask = Area(grid.id, Region(38, 42, -3, 4)), str(tmp_path / "land.tif")
    where = {"crs": grid.crs, "transform": Affine(*grid.transform(Window(0, 0, grid.rows, grid.columns)))}
    size = {"height": grid.rows, "width": grid.columns, "count": 1, "dtype": "uint8"}
    with rasterio.open(mask, "w", driver="GTiff", **size, **where) as file:
        file.write(np.ones((1, grid.rows, grid.columns), "uint8"))
    land = Land(mask, area)
    assert_allclose(land.area_km2, 25.0252600081**2, rtol=5e-3)
    number, code = land.cells
    assert np.bincount(code).max() <= 6 and number.size == 64
    steps = ((step, np.full(land.row.size, 0.2), np.full(land.row.size, 0.05)) for step in calendar.year(2010))
    year = reduced(steps, land, calendar, 5)
    assert year.step.size == 122 and year.days[0].max() in (30, 33)
    assert_allclose(year.mean, 0.2, rtol=1e-6)
