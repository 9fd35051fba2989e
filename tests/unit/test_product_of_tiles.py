"""The data set of any method from estimates of tiles: on EASE-Grid 2.0 by three days, and daily on a quarter of a degree."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import netCDF4
import numpy as np
import pytest
import rasterio
import xarray as xr
from numpy.testing import assert_allclose, assert_array_equal
from other_data_set import TILED, make, moisture, record, run, set_scope, write_tiles

import rssm
from rssm.cli import main
from rssm.commands.compare import compare
from rssm.commands.trace import trace_of
from rssm.config.product import Layers
from rssm.errors import InputError
from rssm.product.formats.netcdf import YearReader
from rssm.product.formats.points import Points
from rssm.product.formats.zarr_cubes import bands, write_points, zone_order
from rssm.product.values.sources import land_of
from rssm.report.specs import PackSpec
from rssm.report.year import read_year, report_year
from rssm.validation.samples.fields import fields

PACKED = 0.5e-4 + 1e-7  # how far a stored value may be from the one computed
EASE = {
    "region": {"south": 10, "north": 12, "west": 179, "east": -179},
    "period": {"first": "2017-12-24", "last": "2018-12-31"},
    "zones": {"tile_degrees": 1},
}
DAILY = {
    "region": {"south": 50, "north": 52, "west": 10, "east": 12},
    "period": {"first": "2015-12-29", "last": "2016-03-31"},
    "zones": {"tile_degrees": 1},
}


@pytest.fixture(scope="module")
def ease(tmp_path_factory):
    """A data set by three days, across the dateline."""
    return _made(tmp_path_factory.mktemp("ease"), "ease", EASE, [2017, 2018])


@pytest.fixture(scope="module")
def daily(tmp_path_factory):
    """A daily data set of three layers of soil, and of their mean."""
    return _made(tmp_path_factory.mktemp("daily"), "daily", DAILY, [2015, 2016])


def _made(folder, method, settings, years):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        scope = set_scope(folder, method, **settings)
        write_tiles(scope, method, years)
        data = make(scope, method)
    return SimpleNamespace(folder=folder, scope=scope, data=data, product=folder / scope.paths.product)


def _pixels(made):
    """Numbers (row, column) of the pixels of the region, and which of them are land."""
    window, grid = made.scope.area.window, made.scope.grid
    columns = (window.column + np.arange(window.columns)) % grid.columns
    number = (window.row + np.arange(window.rows))[:, None] * grid.columns + columns
    land = np.ones(number.shape, bool)
    land[0, 0] = False
    return number, land


def test_published_names_stand_beside_ours_with_values_as_estimated(ease):
    number, land = _pixels(ease)
    with YearReader(ease.product / "netcdf/CASM_SM_2018.nc") as source:
        assert source.main.name == "CASM_soil_moisture" and source.sigma.name == "total_uncertainty"
        assert {"seasonal_cycle", "structural_uncertainty", "data_uncertainty", "branch"} <= set(source.layers)
        assert [ease.scope.calendar.label(step) for step in source.steps[::121]] == ["2018-01-02", "2018-12-31"]
        expected = moisture(number.ravel(), source.steps).reshape(len(source.steps), *number.shape)
        for at in range(len(source.steps)):
            found = source.values(source.main, at)
            assert np.isnan(found[~land]).all() and not source.stored("branch", at)[~land].any()
            assert_allclose(found[land], expected[at][land], atol=PACKED)
    with xr.open_dataset(ease.product / "netcdf/CASM_SM_2018.nc", decode_coords="all") as data:
        main = data["CASM_soil_moisture"]
        assert main.attrs["standard_name"] == "volume_fraction_of_condensed_water_in_soil"
        assert data["depth_bnds"].values.tolist() == [0.0, 0.05] and data["crs"].attrs["crs_wkt"]
        assert data["branch"].attrs["flag_meanings"] == "none smos amsr_e both"
        assert str(data["time_bnds"].values[0][1])[:10] == "2018-01-05"
        assert data.attrs["project"] == "CASM" and "Skulovich" in data.attrs["references"]
        assert (
            "estimate" not in data.attrs and "(0-5 cm) by 3-day periods on the ease2_m25 grid" in data.attrs["summary"]
        )


def test_layers_of_soil_are_files_of_their_own_with_bounds_of_depth(daily):
    number, land = _pixels(daily)
    bounds = {"layer1": [0, 0.1], "layer2": [0.1, 0.3], "layer3": [0.3, 0.5], "0-50cm": [0, 0.5]}
    shift = {"layer1": 0.1, "layer2": 0.2, "layer3": 0.3, "0-50cm": 0.2 * 0.1 + 0.4 * 0.2 + 0.4 * 0.3}
    sigma = {"layer1": 0.01, "layer2": 0.02, "layer3": 0.03, "0-50cm": 0.022}
    for name, edges in bounds.items():
        with YearReader(daily.product / f"netcdf/SoMo.ml_v1_{name}_2016.nc") as source:
            assert source.frame.depth == tuple(edges) and len(source.steps) == 91
            at = 59  # 29 February
            assert daily.scope.calendar.label(source.steps[at]) == "2016-02-29"
            expected = moisture(number.ravel(), [source.steps[at]], shift[name]).reshape(number.shape)
            assert_allclose(source.values(source.main, at)[land], expected[land], atol=PACKED)
            assert_allclose(source.values(source.sigma, at)[land], sigma[name], atol=PACKED)
            assert source.stored("flags", at)[land].any() and source.attributes["time_coverage_resolution"] == "P1D"
    with YearReader(daily.product / "netcdf/SoMo.ml_v1_layer2_2015.nc") as source:
        assert len(source.steps) == 3 and source.main.name == "layer2"
    with netCDF4.Dataset(daily.product / "netcdf/SoMo.ml_v1_layer1_2016.nc") as file:
        assert file["layer1"].chunking()[0] == 16  # series are read as often as maps


def test_derived_files_follow_from_steps(daily):
    with YearReader(daily.product / "netcdf/SoMo.ml_v1_layer1_2016.nc") as source:
        march = [k for k, step in enumerate(source.steps) if daily.scope.calendar.start(step).month == 3]
        days = np.stack([source.values(source.main, k) for k in march])
    with xr.open_dataset(daily.product / "derived/SoMo.ml_v1_layer1_monthly_2016.nc") as data:
        there = np.isfinite(days).any(axis=0)
        assert_allclose(data["layer1"].values[2][there], np.nanmean(days[:, there], axis=0), atol=PACKED)
        assert np.isnan(data["layer1"].values[2][~there]).all() and there.sum() == there.size - 1
        assert data["days"].values[2].max() == np.isfinite(days).any(axis=(1, 2)).sum()
        assert data["layer1"].shape[0] == 3
        assert "(0-10 cm)" in data.attrs["summary"] and "Gaps take no part" in data.attrs["summary"]
    ids = set()
    for path in (daily.product / "derived").glob("*.nc"):
        with netCDF4.Dataset(path) as file:
            ids.add(file.id)
    assert len(ids) == len(list((daily.product / "derived").glob("*.nc"))) == 4 * (1 + 2 * 2)


def test_months_of_a_daily_data_set_and_steps_of_the_other_are_geotiff(ease, daily):
    names = sorted(path.name for path in (daily.product / "geotiff").glob("*layer1*.tif"))
    assert names[0] == "SoMo.ml_v1_layer1_2015-12.tif" and len(names) == 4
    with (
        rasterio.open(daily.product / "geotiff/SoMo.ml_v1_layer1_2016-03.tif") as source,
        xr.open_dataset(daily.product / "derived/SoMo.ml_v1_layer1_monthly_2016.nc") as data,
    ):
        assert source.descriptions == ("layer1", "layer1_uncertainty", "days") and source.tags()["period"] == "2016-03"
        stored = source.read(1)
        assert_allclose(np.where(stored == source.nodata, np.nan, stored * 1e-4), data["layer1"].values[2], atol=1e-6)
    with rasterio.open(ease.product / "geotiff/CASM_SM_2018-01-05.tif") as source:
        assert source.crs.to_epsg() == 6933 and source.descriptions[0] == "CASM_soil_moisture"


def test_the_edition_lists_every_file_once_with_its_checksum(daily):
    sums = dict(reversed(line.split("  ")) for line in (daily.product / "SHA256SUMS.txt").read_text().splitlines())
    files = {str(path.relative_to(daily.product)) for path in daily.product.rglob("*") if path.is_file()}
    assert files - set(sums) == {"SHA256SUMS.txt", "release.json"} and set(sums) <= files
    for name in ("netcdf/SoMo.ml_v1_layer3_2016.nc", "README.md"):
        assert hashlib.sha256((daily.product / name).read_bytes()).hexdigest() == sums[name]
    listed = list(csv.DictReader((daily.product / "files.csv").read_text().splitlines()))
    assert len(listed) == 4 * 4 and {row["period"] for row in listed} >= {"2015-12", "2016-03"}
    collection = json.loads((daily.product / "stac/collection.json").read_text())
    items = [link["href"] for link in collection["links"] if link["rel"] == "item"]
    assert len(items) == len(set(items)) == 4 * 4 and all((daily.product / "stac" / item).is_file() for item in items)
    assert collection["extent"]["temporal"]["interval"] == [["2015-12-29T00:00:00Z", "2016-03-31T23:59:59Z"]]
    assert "`layer_0_50cm`" in (daily.product / "README.md").read_text()


def test_series_and_maps_are_opened_and_extracted(ease, daily, capsys):
    with rssm.open(ease.product) as data:
        maps = data["CASM_soil_moisture"]
        assert maps.dims == ("time", "lat", "lon") and data.sizes["time"] == 3 + 122
        assert maps.encoding["chunks"][0] == 16  # across the turn of the year
        whole = [
            source.values(source.main, k)
            for year in (2017, 2018)
            for source in [YearReader(ease.product / f"netcdf/CASM_SM_{year}.nc")]
            for k in range(len(source.steps))
        ]
        assert_allclose(maps.values, np.stack(whole), atol=1e-6)
    with rssm.open(daily.product) as data:  # all depths as one
        assert {"layer1", "layer2_uncertainty", "layer_0_50cm", "flags"} <= set(data.data_vars)
        assert data["layer2"].attrs["depth"] == "0.1 to 0.3 m" and data.sizes["time"] == 3 + 91
    with rssm.open(daily.product / "zarr/SoMo.ml_v1_layer2/maps.zarr") as data:
        assert data.sizes["time"] == 3 + 91
    lon, lat = ease.scope.grid.column_centres(ease.scope.area.window)[3], 11.0
    asked = ["extract", "--lon", f"{lon:.3f}", "--lat", f"{lat}", "--period", "2018-01-02", "2018-01-10", "--layers"]
    assert main([*asked, "CASM_soil_moisture", "branch", "flags", "--store", str(ease.product)]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["period"] for row in rows] == ["2018-01-02", "2018-01-05", "2018-01-08"]
    said = {(row["branch"], row["flag_words"]) for row in rows}
    assert said <= {("smos", ""), ("none", "no_observation")} and ("smos", "") in said
    with pytest.raises(InputError, match="several"):
        Points.of(daily.product)


def test_a_run_equals_itself_and_a_changed_layer_is_found(daily, tmp_path):
    found = compare(str(daily.product), str(daily.product))
    assert found.same and found.maps.layer == "layer_0_50cm, layer1, layer2, layer3"
    assert found.maps.all.unlike == 0 and found.maps.all.both > 0
    assert {row.of for row in found.maps.years} >= {"SoMo.ml_v1_layer1 2016"}


def test_bits_do_not_depend_on_tiles(ease, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scope = set_scope(tmp_path, "ease", **{**EASE, "zones": {"tile_degrees": 5}})
    write_tiles(scope, "ease", [2017, 2018])
    data, about = type(ease.data)(scope), SimpleNamespace(table="CASM_SM", year="2018")
    out = ["a/CASM_SM_2018.json", "b/CASM_SM_2018.nc"]
    files = ["--estimates", *data.estimates_of(about), "--learnt", *data.learnt(), "--land", scope.land]
    run("tiled-year", "CASM_SM", "2018", *files, spec=data.year_spec(about), out=out)
    assert len(scope.tiles) < len(ease.scope.tiles)
    with YearReader(out[1]) as one, YearReader(ease.product / "netcdf/CASM_SM_2018.nc") as other:
        for name in one.layers:
            assert_array_equal(one.stored(name), other.stored(name))


def test_an_extension_keeps_the_years_of_its_parent(ease, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = EASE | {"period": {"first": "2017-12-24", "last": "2019-01-18"}}
    settings |= {"product": {"release": {"kind": "icdr", "extends": str(ease.folder), "version": "1.0+"}}}
    scope = set_scope(tmp_path, "ease", **settings)
    assert scope.calendar.year_of(scope.made[0]) == 2019
    write_tiles(scope, "ease", [2019])
    for path in scope_learnt(scope):
        assert path.startswith(str(ease.folder))
    make(scope, "ease")
    assert sorted(path.name for path in Path("results/ease/product/netcdf").iterdir()) == ["CASM_SM_2019.nc"]
    with netCDF4.Dataset("results/ease/product/netcdf/CASM_SM_2019.nc") as file:
        assert (
            file.product_type == "ICDR"
            and file.frozen_until == "2018-12-31"
            and "frozen_networks" not in file.ncattrs()
        )
    with rssm.open("results/ease/product/zarr/CASM_SM/maps.zarr") as data:
        assert data.sizes["time"] == 3 + 122 + 6  # with the parent's years
    assert record(scope)["extends"]["edition"] == "EASE-v1.0"
    network = Path(scope_learnt(scope)[0])
    before = network.read_bytes()
    try:
        network.write_bytes(b"other")
        with pytest.raises(AssertionError):  # take-over ends with exit code 2
            make(scope, "ease")
    finally:
        network.write_bytes(before)


def scope_learnt(scope):
    return TILED[scope.run.method](scope).learnt()


def test_a_data_set_without_a_value_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "other_data_set.moisture", lambda pixel, steps, shift=0.0: np.full((len(steps), pixel.size), np.nan, "f4")
    )
    settings = EASE | {"period": {"first": "2018-01-02", "last": "2018-03-03"}}
    scope = set_scope(tmp_path, "ease", **settings)
    write_tiles(scope, "ease", [2018])
    with pytest.raises(AssertionError):
        make(scope, "ease")
    assert "CASM_SM: the data set has no value at all" in capsys.readouterr().err
    assert not Path(scope.paths.release).exists()


def test_estimates_of_another_grid_are_refused_in_a_sentence(ease, daily, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    about = SimpleNamespace(table="CASM_SM", year="2018")
    strange = sorted((daily.folder / "results/daily/simulated/2016").glob("*.nc"))
    asked = ["tiled-year", "CASM_SM", "2018", "--estimates", str(strange[0]), "--land", ease.scope.land]
    assert main([*asked, "--spec", ease.data.year_spec(about), "--out", "a.json", "b.nc"]) == 2
    assert "no layer" in capsys.readouterr().err and not Path("b.nc").exists()


def test_checksums_are_those_that_a_shell_finds(ease):
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS.txt"], cwd=ease.product, check=False)
    assert done.returncode == 0


def test_trace_leads_from_a_value_to_what_its_method_says_stands_behind_it(ease, monkeypatch):
    monkeypatch.setattr("rssm.commands.trace.DATA_SETS", TILED)
    monkeypatch.chdir(ease.folder)
    step = ease.scope.calendar.parse("2018-01-05")
    lon = ease.scope.grid.column_centres(ease.scope.area.window)[3]
    trace = trace_of(ease.scope, Path(ease.scope.paths.results), lon, 11.0, every_file=False)
    lines = list(trace.lines(step))
    assert lines[0].startswith("2018-01-05 (2018-01-05 to 2018-01-07), row ")
    said = dict(line.split(maxsplit=1) for line in lines if line.startswith("  ") and line[2] != " ")
    column = ease.scope.grid.pixel(lon, 11.0)
    number = np.array([column[0] * ease.scope.grid.columns + column[1]])
    assert said["CASM_soil_moisture"] == f"{moisture(number, [step]).item():.4f} m3 m-3" and said["branch"] == "smos"
    (estimated,) = [line for line in lines if line.startswith("estimated")]
    assert estimated.startswith("estimated results/ease/merged/N10E179.nc  sha256")
    assert f"branch smos: 3 members\n          pixel {number.item()} of N10E179" in "\n".join(lines)
    digest = hashlib.sha256(b"learnt").hexdigest()[:16]
    assert f"learnt    results/ease/networks/smos/1.nc  sha256 {digest}…" in lines


@pytest.mark.parametrize(
    ("lon", "label", "said"),
    [(0.0, "2018-01-05", "does not hold this place"), (None, "2019-01-03", "not within the period")],
)
def test_trace_refuses_what_the_data_set_does_not_hold(ease, monkeypatch, lon, label, said):
    monkeypatch.setattr("rssm.commands.trace.DATA_SETS", TILED)
    monkeypatch.chdir(ease.folder)
    lon = ease.scope.grid.column_centres(ease.scope.area.window)[3] if lon is None else lon
    with pytest.raises(InputError, match=said):
        list(
            trace_of(ease.scope, Path(ease.scope.paths.results), lon, 11.0, False).lines(
                ease.scope.calendar.parse(label)
            )
        )


def test_validation_and_report_read_soil_moisture_by_what_files_say(ease, tmp_path, monkeypatch):
    monkeypatch.chdir(ease.folder)
    netcdf, area = str(ease.product / "netcdf/CASM_SM_2018.nc"), ease.scope.area
    where = area.window, ease.scope.grid, ease.scope.calendar
    with YearReader(netcdf) as source:
        for (step, field), (_, sigma) in zip(
            fields([netcdf], *where), fields([netcdf], *where, sigma=True), strict=True
        ):
            at = source.steps.index(step)
            assert_array_equal(field, source.values(source.main, at))
            assert_array_equal(sigma, source.values(source.sigma, at))
    report_year("2018", [netcdf], [ease.scope.land], PackSpec(area, "3day", 1, 0.001, None), [str(tmp_path / "y.json")])
    packed = read_year(tmp_path / "y.json")
    assert packed["networks"] == ["none", "smos", "amsr_e", "both"] and packed["used"][1] > packed["used"][0] > 0
    assert packed["flags"][0] == [1, "no_observation"] and packed["titles"]["soil_moisture"].startswith("volumetric")


@pytest.mark.parametrize("most", [1, 10, 11, 200])
def test_points_are_the_same_whatever_band_of_rows_they_are_read_in(ease, tmp_path, most):
    """Zones of this grid are five or six rows high, so bands of so many rows would cut them."""
    netcdf = ease.product / "netcdf/CASM_SM_2018.nc"
    with YearReader(netcdf) as source:
        found = bands(source.frame, most)
        assert [band.start for band in found[1:]] == [band.stop for band in found[:-1]] and found[
            -1
        ].stop == source.window.rows
        assert all(band.stop - band.start <= max(most, 6) for band in found)
        land = land_of(ease.scope.land, source.frame)
        for rows, name in ((max(most, 10) // 10 * 10, "a.zarr"), (200, "b.zarr")):
            write_points(tmp_path / name, [source], land, Layers(rows=rows, points=7), source.attributes)
        one, other = (Points(tmp_path / name) for name in ("a.zarr", "b.zarr"))
        everywhere = np.arange(one.pixel.size)
        series = one.series(everywhere).layers["CASM_soil_moisture"]
        assert_array_equal(series, other.series(everywhere).layers["CASM_soil_moisture"])
        row, column = zone_order(land, source.frame)
        assert_array_equal(series[:, 5], source.values(source.main, 5)[row, column])
