"""The jobs of analysis on made-up maps: from a product's maps to tables and figures, and to numbers that are known."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose
from pytest import approx

from rssm.analysis.figures.means import mean_map, month_maps
from rssm.analysis.figures.profiles import latitude_profiles
from rssm.analysis.figures.seasons import correlation_maps, delay_map, peak_maps, rain_maps, range_maps
from rssm.analysis.figures.series import series_figure
from rssm.analysis.figures.trends import trend_map
from rssm.analysis.means import means
from rssm.analysis.pixels import Land
from rssm.analysis.season import season
from rssm.analysis.season_file import read_seasons
from rssm.analysis.specs import FigureSpec, MeansSpec, SeasonSpec, TablesSpec, TrendSpec, YearSpec
from rssm.analysis.tables import analysis_tables
from rssm.analysis.trend_file import read_difference, read_trends
from rssm.analysis.trends import difference, trend_maps
from rssm.analysis.year import reduced, year_sums
from rssm.analysis.year_file import write_year
from rssm.calendar import DEKADS
from rssm.config.product import Layers
from rssm.grid import GRID, Area, Region
from rssm.product.formats.layers import LAYERS, Codes, layers_with
from rssm.product.formats.netcdf import year_file
from rssm.product.records.frame import Frame
from rssm.product.values.flags import Flag
from rssm.spec import canonical, parsed

LAND = str(Path(__file__).resolve().parents[2] / "resources" / "land.tif")
AREA = Area(GRID.id, Region(40, 41, -2, 2))
YEARS = range(2005, 2017)
WHERE = AREA, DEKADS.id
SPAN = YEARS[0] * 36, YEARS[-1] * 36 + 35
TREND, PEAK, RAIN_PEAK, RAIN_AMPLITUDE, AMPLITUDE = 0.03, 6.0, 4.0, 2.0, 0.06  # per decade; dekads; mm day⁻¹; m³ m⁻³
SPECS = (
    YearSpec(*WHERE, "KOPPEN"),
    MeansSpec(*WHERE, SPAN),
    TrendSpec(*WHERE),
    SeasonSpec(*WHERE),
    TablesSpec(*WHERE, "RSSSM", "GLDAS", "IMERG", ("Nothing is left out.",)),
    FigureSpec(*WHERE, "RSSSM", "GLDAS", "IMERG"),
)


@dataclass(frozen=True)
class Made:
    """Files of one little world."""

    folder: Path
    years: dict[str, list[str]]
    means: list[str]
    trends: list[str]
    difference: list[str]
    season: list[str]


def a_year(peak: float, amplitude: float, rng: np.random.Generator, noise: float) -> np.ndarray:
    """Values (dekad, pixel) around 0."""
    wave = amplitude / 2 * np.cos(2 * np.pi * (np.arange(36) + 1 - peak) / 36)
    return wave[:, None] + rng.normal(0, noise, (36, 200))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The data set rises in the west; the reference does not; both have the same weather."""
    folder, years = tmp_path_factory.mktemp("analysis"), {"RSSSM": [], "GLDAS": [], "IMERG": []}
    ground = Land(LAND, AREA)
    west, unknown = ground.column < 10, np.full(200, np.nan)
    for year in YEARS:
        rng = np.random.default_rng(year)
        wet = 0.25 + rng.normal(0, 0.0005) + a_year(PEAK, AMPLITUDE, rng, 0.01)
        rain = 2.5 + a_year(RAIN_PEAK, RAIN_AMPLITUDE, rng, 0.5)
        rising = wet + TREND / 10 * (year - YEARS[0]) * west
        for name, values in {"RSSSM": rising, "GLDAS": wet, "IMERG": rain}.items():
            steps = ((step, value, unknown) for step, value in zip(DEKADS.year(year), values, strict=True))
            years[name].append(str(folder / f"{name}_{year}.nc"))
            write_year(years[name][-1], name, reduced(steps, ground, DEKADS, 5), YearSpec(*WHERE))
    joined, told = ([str(folder / f"{kind}_{name}.nc") for name in ("RSSSM", "GLDAS")] for kind in ("means", "trends"))
    for name, path, slopes in zip(("RSSSM", "GLDAS"), joined, told, strict=True):
        means(years[name], MeansSpec(*WHERE, SPAN), [path])
        trend_maps([path], TrendSpec(*WHERE), [slopes])
    apart, cells = [str(folder / "difference.nc")], [str(folder / "season.nc")]
    difference(joined[:1], joined[1:], TrendSpec(*WHERE), apart)
    season(years["RSSSM"], years["IMERG"], [LAND], [], SeasonSpec(*WHERE), cells)
    return Made(folder, years, joined, told, apart, cells)


def test_specifications_survive_the_way_to_the_command_line() -> None:
    for spec in SPECS:
        assert parsed(type(spec), canonical(spec)) == spec


def test_a_trend_is_found_where_it_is_and_nowhere_else(made: Made) -> None:
    found, regions = read_trends(made.trends[0])
    column = found.pixel % GRID.columns - AREA.window.column
    west = column < 10
    assert np.median(found.trend.slope[west]) == approx(TREND, abs=0.003)
    inside = (found.trend.low <= TREND) & (found.trend.high >= TREND)
    assert inside[west].mean() > 0.9
    assert found.significant[west].mean() > 0.9
    assert regions.annual.slope[0] == approx(TREND / 2, abs=0.004)
    assert regions.annual.low[0] < TREND / 2 < regions.annual.high[0]
    assert regions.monthly.slope[0] == approx(TREND / 2, abs=0.004)
    assert regions.monthly.n[0] == 12 * len(YEARS)


def test_weather_that_both_see_cancels_in_the_difference(made: Made) -> None:
    found = read_difference(made.difference[0])
    west = found.of_pixels.pixel % GRID.columns - AREA.window.column < 10
    assert found.of_pixels.significant[west].all() and not found.of_pixels.significant[~west].any()
    assert_allclose(found.of_pixels.trend.slope[west], TREND, rtol=1e-3)
    assert_allclose(found.apart[west], TREND / 10 * np.mean(np.arange(len(YEARS))), rtol=1e-3)
    assert_allclose(found.apart[~west], 0, atol=1e-6)
    assert found.years.tolist() == list(YEARS)
    assert_allclose(found.alike[~west], 1, rtol=1e-5)


def test_seasons_are_those_that_were_made(made: Made) -> None:
    found = read_seasons(made.season[0])
    assert found.cell.size == 8
    values = found.values
    assert (values["terms"] == 1).all() and (values["rain_terms"] == 1).all()
    off = np.abs(values["peak"] - PEAK)
    assert (off < 3 * np.maximum(values["peak_error"], 0.05)).all()
    assert_allclose(values["range"], AMPLITUDE, rtol=0.05)
    assert_allclose(values["rain_range"], RAIN_AMPLITUDE, rtol=0.1)
    assert_allclose(values["delay"], PEAK - RAIN_PEAK, atol=0.3)
    assert_allclose(values["fit_r"], np.cos(2 * np.pi * (PEAK - RAIN_PEAK) / 36), atol=0.03)
    assert (values["r"] < values["fit_r"]).all()  # weather blurs it
    assert (values["adjusted_r2"] > 0.5).all()


def test_fits_that_explain_little_are_compared_with_nothing(made: Made, tmp_path: Path) -> None:
    out = [str(tmp_path / "season.nc")]
    season(made.years["RSSSM"], made.years["IMERG"], [LAND], [], SeasonSpec(*WHERE, adjusted_r2=0.999), out)
    values = read_seasons(out[0]).values
    assert np.isnan(values["delay"]).all() and np.isnan(values["fit_r"]).all()
    assert np.isfinite(values["r"]).all()
    season(made.years["RSSSM"], [], [LAND], [], SeasonSpec(*WHERE), out)
    assert "delay" not in read_seasons(out[0]).values  # without precipitation


def test_tables_hold_what_the_files_say(made: Made, tmp_path: Path) -> None:
    names = ("steps.csv", "years.csv", "trends.csv", "maps.csv", "seasons.csv", "analysis.md")
    out = [str(tmp_path / name) for name in names]
    analysis_tables(made.means, made.trends, made.difference, made.season, SPECS[4], out)
    tables = {Path(path).stem: list(csv.DictReader(StringIO(Path(path).read_text("utf-8")))) for path in out[:-1]}
    assert len(tables["steps"]) == 2 * 36 * len(YEARS) and tables["steps"][0]["step"] == "2005D01"
    assert {row["product"] for row in tables["years"]} == {"RSSSM", "GLDAS"}
    assert [row["of"] for row in tables["trends"]] == ["years", "months"] * 2
    (apart,) = [row for row in tables["maps"] if row["map"] == "RSSSM less GLDAS"]
    assert (apart["tested"], apart["rising"], apart["falling"]) == ("200", "100", "0")
    (late,) = [row for row in tables["seasons"] if (row["region"], row["what"]) == ("all", "delay")]
    assert float(late["mean"]) == approx(PEAK - RAIN_PEAK, abs=0.2)
    (peak,) = [row for row in tables["seasons"] if (row["region"], row["what"]) == ("all", "peak")]
    assert float(peak["mean"]) == approx(PEAK, abs=0.3) and peak["median"] == ""
    page = Path(out[-1]).read_text(encoding="utf-8")
    assert "- Nothing is left out." in page and "| RSSSM | whole | all | years | 0.01" in page


def test_every_figure_is_drawn_with_its_data_and_is_the_same_file_again(made: Made, tmp_path: Path) -> None:
    spec = SPECS[5]
    figures = {
        "mean": (mean_map, (made.means, made.difference, [LAND])),
        "months": (month_maps, (made.means[:1], [LAND])),
        "latitudes": (latitude_profiles, (made.means,)),
        "series": (series_figure, (made.means, made.trends)),
        "trend": (trend_map, (made.trends, made.difference, [LAND])),
        "peaks": (peak_maps, (made.season,)),
        "range": (range_maps, (made.season,)),
        "precipitation": (rain_maps, (made.season,)),
        "correlation": (correlation_maps, (made.season,)),
        "delay": (delay_map, (made.season,)),
    }
    for name, (draw, inputs) in figures.items():
        data = "csv" if name in ("latitudes", "series") else "nc"
        out = [str(tmp_path / f"{name}.{kind}") for kind in ("svg", "png", data)]
        draw(*inputs, spec=spec, out=out)
        first = Path(out[0]).read_bytes()
        draw(*inputs, spec=spec, out=out)
        assert Path(out[0]).read_bytes() == first and Path(out[1]).stat().st_size > 5000, name
    with netCDF4.Dataset(tmp_path / "trend.nc") as file:
        file.set_auto_mask(False)
        assert file["trend_1"].units == "m3 m-3 (10 year)-1"
        assert file["trend_1"].shape == AREA.window.shape
        assert float(np.median(file["trend_1"][:, :10])) == approx(TREND, abs=0.003)
    with netCDF4.Dataset(tmp_path / "peaks.nc") as file:
        assert file["peak"].shape == (2, 4)
        assert file["peak"].units == "1"  # a place in the year


def test_a_year_of_the_data_set_brings_its_uncertainty_and_not_its_filled_values(tmp_path: Path) -> None:
    frame = Frame(GRID, AREA.window, DEKADS)
    with year_file(
        tmp_path / "2015.nc", frame, [2015 * 36], layers_with(Codes(["NN1"], ["1"], 2)), Layers(), frame.ids
    ) as file:
        stored = {layer.name: np.zeros(AREA.window.shape, layer.dtype) for layer in LAYERS}
        stored["soil_moisture"][:] = 2000
        stored["soil_moisture"][0, 0] = 9000
        stored["total_uncertainty"][:] = 400
        stored["flags"][0, 0] = Flag.GAP_FILLED
        file.put(0, stored)
    for filled, pixels in ((False, 199), (True, 200)):
        out = str(tmp_path / "year.nc")
        year_sums("RSSSM", "2015", [str(tmp_path / "2015.nc")], [LAND], [], YearSpec(*WHERE, filled=filled), [out])
        with netCDF4.Dataset(out) as file:
            assert np.isfinite(file["mean"][0].filled(np.nan)).sum() == pixels
            assert float(file["sigma"][0, 0] / file["area_sigma"][0, 0]) == approx(0.04)
