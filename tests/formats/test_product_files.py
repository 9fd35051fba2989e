"""The data set's files, written from made-up inputs: others open them as expected, conventions hold, numbers come back."""

import csv
import io
import json
import shutil
import subprocess
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
import xarray as xr
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import DEKADS
from rssm.config.product import DataSet
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.ingest.index import read_index
from rssm.people import extract, inspect
from rssm.product.assemble import Ground, dekad_values, land_of
from rssm.product.calibration import Calibration
from rssm.product.cog import read_cog
from rssm.product.coverage import EMPTY
from rssm.product.derived import anomaly, climatology, monthly
from rssm.product.layers import BY_NAME, LAYERS
from rssm.product.netcdf import YearReader
from rssm.product.publish import publish
from rssm.product.quicklook import quicklook
from rssm.product.skill import FIELDS, read_skill
from rssm.product.sources import Maps
from rssm.product.stac import extents
from rssm.product.synthetic import make_inputs
from rssm.product.year import product_year
from rssm.product.zarrs import cubes, zone_order
from rssm.rounds.ranges import read_ranges

REGION = Region(40, 43, -2, 4)  # of 3 × 4 zones: coast and sea in the south-east
YEARS = {"2014": range(2014 * 36 + 30, 2014 * 36 + 36), "2015": range(2015 * 36, 2015 * 36 + 12)}
pytestmark = pytest.mark.xdist_group("product_files")


def make_year(folder, steps, land, region=REGION, settings=None, chains=3):
    made = make_inputs(folder, region, steps, land, chains, settings)
    product_year(str(steps[0] // 36), **made.inputs, spec=made.spec, out=made.out)
    return made


@pytest.fixture(scope="session")
def land(request):
    return str(request.config.rootpath / "resources" / "land.tif")


@pytest.fixture(scope="session")
def product(tmp_path_factory, land):
    """A published data set of two part years."""
    root = tmp_path_factory.mktemp("product")
    folder, spec, years, netcdf = root / "product", None, [], []
    for year, steps in YEARS.items():
        made = make_inputs(root / year, REGION, steps, land, 3)
        out = [str(folder / "geotiff" / f"{year}.json"), str(folder / "netcdf" / f"RSSSM_{year}.nc")]
        product_year(year, **made.inputs, spec=made.spec, out=out)
        years, netcdf, spec = [*years, out[0]], [*netcdf, out[1]], made.spec
    zarrs = [str(folder / "zarr" / "maps.zarr"), str(folder / "zarr" / "points.zarr")]
    cubes(netcdf, [land], spec, zarrs)
    month = str(folder / "derived" / "RSSSM_monthly_2015.nc")
    monthly("2015", netcdf[1:], spec, [month])
    frozen = {"skill": made.inputs["skill"], "usual": [], "ranges": made.inputs["ranges"], "calibration": []}
    publish(years, [month, *zarrs], **frozen, extends=[], spec=spec, out=[str(folder / "release.json")])
    return SimpleNamespace(root=root, folder=folder, years=years, netcdf=netcdf, zarrs=zarrs, month=month, made=made)


@pytest.fixture(scope="session")
def computed(product):
    """Values of one dekad as the job computed them, before packing."""
    made, window = product.made, GRID.window(REGION)
    names = [network["name"] for network in made.spec["networks"]]
    skill = {"1": {name: read_skill(made.inputs["skill"][0]).over(window, name, names) for name in FIELDS}}
    land = land_of(made.inputs["land"][0], window)
    ranges = read_ranges(made.inputs["ranges"], window)
    ground = Ground(Maps.of(made.inputs["maps"]), land, *ranges, skill, Calibration({}), made.spec)
    return dekad_values(ground, DEKADS.parse("2015D05"))[1]


# ----- what is written is what was computed ---------------------------------------------------------------------------


def test_netcdf_and_geotiff_hold_what_was_computed_within_the_stated_error(product, computed):
    with YearReader(product.netcdf[1]) as source:
        netcdf = {layer.name: source.stored(layer.name, 4) for layer in LAYERS}
    cog, tags = read_cog(product.folder / "geotiff" / "RSSSM_2015D05.tif")
    assert tags["period"] == "2015D05" and tags["round"] == "1"
    for layer in LAYERS:
        assert netcdf[layer.name].dtype == cog[layer.name].dtype == layer.dtype
        assert_array_equal(netcdf[layer.name], cog[layer.name])
        back = layer.unpack(netcdf[layer.name], "int16")
        if layer.real:
            expected = np.clip(computed[layer.name], layer.low, layer.high)
            assert_allclose(back, expected, rtol=0, atol=layer.error + 1e-7)
        else:
            assert_array_equal(back, computed[layer.name])
    assert np.isfinite(computed["soil_moisture"]).sum() > 500  # or the comparison says nothing


def test_float32_files_hold_exactly_what_was_computed(tmp_path, land, computed):
    settings = DataSet.model_validate({"layers": {"packing": "float32"}})
    steps = range(2015 * 36 + 4, 2015 * 36 + 5)
    made = make_year(tmp_path, steps, land, settings=settings)
    cog, _ = read_cog(tmp_path / "product" / "geotiff" / "RSSSM_2015D05.tif")
    with YearReader(made.out[1]) as source:
        assert source.packing == "float32"
        for name in ("soil_moisture", "total_uncertainty", "flags"):
            assert_array_equal(source.stored(name, 0), computed[name])
            assert_array_equal(cog[name], computed[name])


def test_without_geotiff_the_index_leads_to_the_year(tmp_path, land):
    made = make_year(tmp_path, range(2015 * 36, 2015 * 36 + 1), land, settings=DataSet(formats=()))
    (entry,) = read_index(made.out[0]).values()
    assert (Path(made.out[0]).parent / entry["map"]).samefile(made.out[1])
    assert not list(tmp_path.rglob("product/**/*.tif"))


def test_both_cubes_hold_the_numbers_of_the_years(product):
    maps, points = (xr.open_zarr(path, mask_and_scale=False) for path in product.zarrs)
    years = [xr.load_dataset(path, mask_and_scale=False) for path in product.netcdf]
    land = land_of(product.made.inputs["land"][0], GRID.window(REGION))
    row, column = zone_order(land)
    for layer in LAYERS:
        whole = np.concatenate([year[layer.name].values for year in years])
        assert maps[layer.name].dtype == points[layer.name].dtype == whole.dtype
        assert_array_equal(maps[layer.name].values, whole)
        assert_array_equal(points[layer.name].values, whole[:, row, column].T)
    assert_array_equal(points["lat"].values, years[0]["lat"].values[row])
    assert maps["period"].values.tolist() == [DEKADS.label(s) for steps in YEARS.values() for s in steps]


def test_points_stand_zone_by_zone():
    land = np.ones((20, 20), bool)
    land[0, 0] = False
    row, column = zone_order(land)
    assert (row[0], column[0]) == (0, 1)
    assert (row[98], column[98]) == (9, 9) and (row[99], column[99]) == (0, 10)
    assert len(row) == 399


def test_the_same_inputs_make_the_same_files(tmp_path, land):
    steps = range(2015 * 36, 2015 * 36 + 1)
    for name in "ab":
        made = make_year(tmp_path / "in", steps, land)
        (tmp_path / name).mkdir()
        for path in made.out:
            (tmp_path / name / path.rpartition("/")[2]).write_bytes(Path(path).read_bytes())
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


# ----- others open them -----------------------------------------------------------------------------------------------


def test_xarray_reads_unequal_periods_depth_and_gaps(product):
    with xr.load_dataset(product.netcdf[1]) as data:
        assert data["soil_moisture"].dtype == np.float32 and data["flags"].dtype == np.uint16
        assert np.isnan(data["soil_moisture"].values).any()
        assert str(data["time"].values[2])[:10] == "2015-01-21"
        assert [str(edge)[:10] for edge in data["time_bnds"].values[2]] == ["2015-01-21", "2015-02-01"]
        assert data["period"].values[2] == "2015D03"
        assert float(data["depth"]) == 0.025 and data["depth_bnds"].values.tolist() == [0, 0.05]
        assert data["lat"].values[0] == 42.95 and data["lon"].values[0] == -1.95
        linked = data["soil_moisture"].attrs["ancillary_variables"].split()
        assert set(linked) == set(BY_NAME) - {"soil_moisture"} and all(name in data for name in linked)
        assert data["flags"].attrs["flag_meanings"].split()[3] == "gap_filled"
        assert json.loads(data.attrs["provenance"])["networks"] == {"1": "f" * 64}


def test_gdal_reads_netcdf_in_place(product):
    with rasterio.open(f"netcdf:{product.netcdf[1]}:soil_moisture") as source:
        assert source.bounds == pytest.approx((-2, 40, 2, 43))
        assert source.crs.to_epsg() == 4326 and source.count == 12 and source.scales[0] == pytest.approx(1e-4)


def test_every_geotiff_is_cloud_optimized_and_scaled(product):
    rio_cogeo = pytest.importorskip("rio_cogeo")
    for path in sorted((product.folder / "geotiff").glob("*.tif")):
        assert rio_cogeo.cog_validate(path) == (True, [], [])
    with rasterio.open(path) as source:
        assert source.descriptions == tuple(layer.name for layer in LAYERS)
        assert source.scales[0] == 1e-4 and source.units[0] == "m3 m-3"
        assert source.bounds == pytest.approx((-2, 40, 2, 43)) and source.nodata == -32768
        assert source.tags(11)["flag_meanings"].startswith("snow_ice_observed")


def gdal(*command):
    """Output of a GDAL command; skips where its tools are not installed."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"GDAL's command {command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_gdal_tools_read_scale_and_warp_a_geotiff(product, tmp_path):
    path, out = str(product.folder / "geotiff" / "RSSSM_2015D05.tif"), str(tmp_path / "out.tif")
    known = json.loads(gdal("gdalinfo", "-json", path))
    first, flags = known["bands"][0], known["bands"][10]
    assert (first["description"], first["unit"], first["scale"], first["noDataValue"]) == (
        "soil_moisture",
        "m3 m-3",
        1e-4,
        -32768,
    )
    assert flags["description"] == "flags" and flags["metadata"][""]["flag_masks"].startswith("1 2 4 8")
    assert known["metadata"][""]["period"] == "2015D05"
    gdal("gdal_translate", "-q", "-unscale", "-ot", "Float32", "-b", "1", path, out)
    with rasterio.open(path) as packed, rasterio.open(out) as plain:
        valid = packed.read(1) != -32768
        assert_allclose(plain.read(1)[valid], packed.read(1)[valid] * 1e-4, rtol=1e-6)
        assert "valid_max" not in plain.tags(1)  # a limit of stored numbers would be wrong here
    gdal("gdalwarp", "-q", "-overwrite", "-t_srs", "EPSG:6933", "-r", "near", path, out)
    with rasterio.open(out) as warped:
        assert warped.descriptions[10] == "flags" and warped.scales[0] == 1e-4 and (warped.read(1) != -32768).any()


def test_gdal_tools_read_a_map_out_of_netcdf_and_zarr(product):
    for name in (f"NETCDF:{product.netcdf[1]}:soil_moisture", f'ZARR:"{product.zarrs[0]}":/soil_moisture:3'):
        known = json.loads(gdal("gdalinfo", "-json", name))
        assert known["size"] == [40, 30] and known["geoTransform"][:2] == pytest.approx([-2, 0.1])
        assert "WGS 84" in known["coordinateSystem"]["wkt"]
        assert known["bands"][0]["scale"] == pytest.approx(1e-4) and known["bands"][0]["noDataValue"] == -32768


def test_overviews_show_pixels_that_exist(tmp_path, land):
    made = make_year(tmp_path, range(2015 * 36, 2015 * 36 + 1), land, Region(0, 60, 0, 60), chains=1)
    path = tmp_path / "product" / "geotiff" / "RSSSM_2015D01.tif"
    with rasterio.open(path) as source, rasterio.open(path, overview_level=0) as half:
        assert source.overviews(11) == [2]
        assert set(np.unique(half.read(11))) <= set(np.unique(source.read(11)))  # no flag made up by averaging
    assert made.spec["layers"]["packing"] == "int16"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("conventions", ["cf:1.11", "acdd:1.3"])
def test_conventions_checkers_find_no_error(product, conventions):
    pytest.importorskip("compliance_checker")
    from compliance_checker.runner import CheckSuite

    suite = CheckSuite()
    suite.load_all_available_checkers()
    box = str(product.root / "box.nc")
    extract.main(["--bbox", "-1.5", "40.2", "-0.5", "41.2", "--store", product.zarrs[1], "-o", box])
    for path in (product.netcdf[1], product.month, box):
        with suite.load_dataset(path) as dataset:
            scores, errors = suite.run_all(dataset, [conventions])[conventions]
        assert not errors
        high = [(s.name, s.msgs) for s in scores if s.weight == 3 and s.value[0] < s.value[1]]
        assert high == []
        if conventions.startswith("acdd"):
            assert [s.name for s in scores if s.weight == 2 and s.value[0] < s.value[1]] == []


def test_stac_validates_and_leads_to_the_files(product):
    pystac = pytest.importorskip("pystac")
    collection = pystac.Collection.from_file(str(product.folder / "stac" / "collection.json"))
    collection.validate()
    items = list(collection.get_items())
    assert len(items) == 18
    for item in items:
        item.validate()
    (asset,) = items[0].assets.values()
    with rasterio.open(asset.get_absolute_href()) as source:
        assert source.count == len(asset.extra_fields["bands"]) == len(LAYERS)
    assert items[0].properties["end_datetime"] == "2014-11-10T23:59:59Z"
    assert {asset.href for asset in collection.assets.values()} == {
        "../files.csv",
        "../coverage.tsv",
        "../netcdf/RSSSM_2014.nc",
        "../netcdf/RSSSM_2015.nc",
        "../zarr/maps.zarr",
        "../zarr/points.zarr",
        "../derived/RSSSM_monthly_2015.nc",
    }


def test_a_region_across_the_dateline_is_two_polygons():
    bbox, geometry = extents(GRID.window(Region(-20, -10, 175, 10)))
    assert bbox == [175, -20, -175, -10] and len(geometry["coordinates"]) == 2
    assert extents(GRID.window(Region(-60, 80, -180, 360)))[0] == [-180, -60, 180, 80]


# ----- tables and records ---------------------------------------------------------------------------------------------


def test_the_table_relates_every_file_to_its_period(product):
    rows = list(csv.DictReader(io.StringIO((product.folder / "files.csv").read_text())))
    assert len(rows) == 18
    third = next(row for row in rows if row["period"] == "2015D06")
    assert third["file"] == "geotiff/RSSSM_2015D06.tif" and third["release"] == "CDR"
    assert (third["start"], third["end"], third["days"]) == ("2015-02-21", "2015-02-28", "8")
    assert (third["year"], third["dekad_of_year"], third["round"]) == ("2015", "6", "1")
    for row in rows:
        assert sha256((product.folder / row["file"]).read_bytes()).hexdigest() == row["sha256"]


def test_checksums_cover_every_file(product):
    listed = dict(reversed(line.split("  ")) for line in (product.folder / "SHA256SUMS.txt").read_text().splitlines())
    there = {str(p.relative_to(product.folder)) for p in product.folder.rglob("*") if p.is_file()}
    assert there - set(listed) == {"SHA256SUMS.txt", "release.json", "geotiff/2014.json", "geotiff/2015.json"}
    for name in list(listed)[::50]:
        assert sha256((product.folder / name).read_bytes()).hexdigest() == listed[name]


def test_every_land_pixel_of_every_dekad_has_a_value_or_a_reason(product):
    for entry in read_index(product.years[1]).values():
        filled = sum(entry["filled"].values())
        assert entry["land"] == entry["simulated"] + filled + sum(entry["empty"].values())
        assert entry["simulated"] > 0
    rows = list(csv.DictReader((product.folder / "coverage.tsv").read_text().splitlines(), delimiter="\t"))
    for row in rows:
        numbers = {name: int(value) for name, value in list(row.items())[2:]}
        assert numbers["land"] == sum(numbers[name] for name in ("simulated", "filled", *EMPTY))
        assert numbers["filled"] == sum(value for name, value in numbers.items() if name.startswith("filled_"))
    total, years = rows[-1], [xr.load_dataset(path) for path in product.netcdf]
    assert (total["round"], total["dekad_of_year"], total["dekads"]) == ("all", "all", "18")
    valued = sum(int(year["soil_moisture"].notnull().sum()) for year in years)
    assert int(total["simulated"]) + int(total["filled"]) == valued
    snow = sum(int((year["flags"].values & 3 > 0).sum()) for year in years)
    assert int(total["snow_ice_observed"]) + int(total["snow_ice_inferred"]) == snow > 0


def test_an_extension_says_so_in_every_file(tmp_path, product, land):
    steps = range(2015 * 36 + 11, 2015 * 36 + 13)  # the frozen record ends with 2015D12
    made = make_inputs(tmp_path, REGION, steps, land, 3)
    taken = {"edition": "RSSSM-v1.0", "date": "2026-11-21", "last": "2015D12", "release": "a" * 64}
    (tmp_path / "taken.json").write_text(json.dumps(taken | {"networks": {"1": "b" * 64}}))
    product_year("2015", **made.inputs | {"extends": [str(tmp_path / "taken.json")]}, spec=made.spec, out=made.out)
    assert [entry["release"] for entry in read_index(made.out[0]).values()] == ["CDR", "ICDR"]
    with YearReader(made.out[1]) as source:
        known = source.attributes
    _, tags = read_cog(tmp_path / "product" / "geotiff" / "RSSSM_2015D13.tif")
    assert (known["product_type"], tags["product_type"]) == ("CDR until 2015D12, then ICDR", "ICDR")
    for about in (known, tags):
        assert about["extension_of"] == f"RSSSM-v1.0 of 2026-11-21, release.json sha256 {'a' * 64}"
        assert about["frozen_until"] == "2015D12" and about["frozen_networks"] == f"round 1: sha256 {'b' * 64}"
        assert json.loads(about["provenance"])["extends"]["edition"] == "RSSSM-v1.0"


def test_a_cube_reaches_from_the_edition_into_its_extension(tmp_path, product, land):
    steps = range(2015 * 36 + 12, 2015 * 36 + 14)
    made = make_inputs(tmp_path, REGION, steps, land, 3)
    taken = {"edition": "RSSSM-v1.0", "date": "2026-11-21", "last": "2015D12", "release": "a" * 64, "networks": {}}
    (tmp_path / "taken.json").write_text(json.dumps(taken))
    product_year("2015", **made.inputs | {"extends": [str(tmp_path / "taken.json")]}, spec=made.spec, out=made.out)
    paths = [str(tmp_path / "m.zarr"), str(tmp_path / "p.zarr")]
    cubes([*product.netcdf, made.out[1]], [land], made.spec, paths)
    for path in paths:
        with xr.open_zarr(path, chunks=None) as cube:
            assert cube.sizes["time"] == 20 and cube.attrs["product_type"] == "CDR until 2015D12, then ICDR"
            assert cube.attrs["time_coverage_start"].startswith("2014-11-01")


def test_years_that_do_not_fit_together_are_refused(product, land, tmp_path):
    with pytest.raises(InputError, match="does not follow"):
        cubes(product.netcdf[::-1], [land], product.made.spec, [str(tmp_path / "m.zarr"), str(tmp_path / "p.zarr")])
    assert not list(tmp_path.iterdir())


# ----- derived products -----------------------------------------------------------------------------------------------


def test_a_month_is_the_mean_of_its_dekads_weighted_by_days(product):
    with xr.load_dataset(product.netcdf[1]) as data, xr.load_dataset(product.month) as months:
        february = data["soil_moisture"].values[3:6].astype(np.float64)
        days = np.array([10, 10, 8])[:, None, None] * np.isfinite(february)
        with np.errstate(invalid="ignore"):
            expected = np.nansum(february * days, axis=0) / days.sum(axis=0)
        assert_allclose(months["soil_moisture"].values[1], expected, atol=6e-5)
        assert_array_equal(months["days"].values[1], days.sum(axis=0))
        assert [str(edge)[:10] for edge in months["time_bnds"].values[1]] == ["2015-02-01", "2015-03-01"]
        assert months["period"].values.tolist() == ["2015-01", "2015-02", "2015-03", "2015-04"]


def test_anomalies_refer_to_the_mean_of_enough_years(tmp_path, land):
    steps = {year: range(year * 36 + 18, year * 36 + 20) for year in (2012, 2013, 2014, 2015)}
    paths, spec = [], {}
    for year, span in steps.items():
        made = make_year(tmp_path / str(year), span, land, chains=1)
        paths, spec = [*paths, made.out[1]], made.spec
    climatology(paths[:3], spec, [str(tmp_path / "c.nc")])
    anomaly("2015", paths[3:], [str(tmp_path / "c.nc")], spec, [str(tmp_path / "a.nc")])
    values = np.stack([xr.load_dataset(path)["soil_moisture"].values for path in paths]).astype(np.float64)
    known = np.isfinite(values[:3]).all(axis=0)
    with xr.load_dataset(tmp_path / "c.nc", decode_times=False) as mean, xr.load_dataset(tmp_path / "a.nc") as found:
        assert_allclose(mean["soil_moisture"].values[known], values[:3].mean(axis=0)[known], atol=6e-5)
        assert_allclose(mean["standard_deviation"].values[known], values[:3].std(axis=0, ddof=1)[known], atol=6e-5)
        assert np.isnan(mean["soil_moisture"].values[~known]).all()  # fewer than three years
        assert mean["climatology_bnds"].values[0].tolist() == [
            (date(2012, 7, 1) - date(1970, 1, 1)).days,
            (date(2014, 7, 11) - date(1970, 1, 1)).days,
        ]
        expected = np.where(known, values[3] - values[:3].mean(axis=0), np.nan)
        assert_allclose(found["anomaly"].values, expected, atol=1.1e-4)


# ----- for people -----------------------------------------------------------------------------------------------------


def test_a_series_has_flags_and_uncertainty(product, capsys):
    extract.main(["--lon", "-1.04", "--lat", "41.06", "--period", "2015-01-05", "2015D03", "--store", product.zarrs[1]])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["period"] for row in rows] == ["2015D01", "2015D02", "2015D03"]
    with xr.load_dataset(product.netcdf[1]) as data:
        expected = data.sel(lon=-1.05, lat=41.05, method="nearest")
        for k, row in enumerate(rows):
            for name in ("soil_moisture", "total_uncertainty"):
                value = float(expected[name].values[k])
                assert row[name] == ("" if np.isnan(value) else f"{value:.4f}")
            assert int(row["flags"]) == int(expected["flags"].values[k])
            words = row["flag_words"].split("|")
            assert ("snow_ice_observed" in words) == bool(int(row["flags"]) & 1)
        assert rows[0]["network_used"] in ("none", "NN1-1", "NN1-2")


def test_a_box_comes_as_cf_series(product, tmp_path):
    out = tmp_path / "box.nc"
    extract.main(["--bbox", "-1.5", "40.2", "-0.5", "41.2", "--store", product.zarrs[1], "-o", str(out)])
    with xr.load_dataset(out) as found, xr.load_dataset(product.netcdf[1]) as data:
        assert found.sizes == {"place": 100, "time": 18, "bnds": 2}
        assert found["flags"].dtype == np.uint16
        for place in (0, 57, 99):
            series = found.isel(place=place)
            expected = data.sel(lat=float(series["lat"]), lon=float(series["lon"]), method="nearest")
            assert_allclose(series["soil_moisture"].values[6:], expected["soil_moisture"].values, atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--lon", "1.9", "--lat", "40.1"], r"no land pixel .* The nearest is --lon"),
        (["--lon", "1"], "give either --lon and --lat, or --bbox"),
        (["--lon", "-1", "--lat", "41", "--layers", "soil"], "no layer soil. There are: soil_moisture"),
        (["--lon", "-1", "--lat", "41", "--period", "2001D01", "2001D03"], "holds 2014D31–2015D12"),
        (["--bbox", "100", "0", "101", "1"], "no land pixel"),
        (["--lon", "-1", "--lat", "41", "-o", "x.txt"], r"ends in .csv or .nc"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(product, arguments, complaint):
    with pytest.raises(InputError, match=complaint):
        extract.main([*arguments, "--store", product.zarrs[1]])


def test_inspect_tells_what_each_file_holds(product, capsys):
    made = product.made.inputs
    files = [product.folder / "geotiff" / "RSSSM_2015D05.tif", product.netcdf[1], product.zarrs[0], product.years[1]]
    inspect.main([*map(str, files), made["skill"][0], made["maps"][0].replace("2015.json", "SIM-1_2015D05.tif")])
    text = capsys.readouterr().out
    for expected in (
        "Cloud-Optimized GeoTIFF 2015D05",
        "Data set: 12 time",
        "Zarr cube",
        "Index of RSSSM 2015: 12 maps",
    ):
        assert expected in text
    assert "Skill of a round" in text and "Map SIM-1 2015D05: 30 rows × 40 columns" in text
    (product.root / "x.nc").write_text("no")
    with pytest.raises(InputError, match="cannot be read as NetCDF"):
        inspect.main([str(product.root / "x.nc")])


def test_a_sheet_is_drawn_for_a_year(product, tmp_path, land):
    import matplotlib.image

    quicklook("2015", product.netcdf[1:], [land], {}, [str(tmp_path / "a.png")])
    picture = matplotlib.image.imread(tmp_path / "a.png")
    assert picture.shape[0] > 400 and picture.shape[1] > 600
    assert len(np.unique((picture[..., :3] * 255).astype(np.uint8).reshape(-1, 3), axis=0)) > 200  # not an empty page
    quicklook("2015", product.netcdf[1:], [land], {}, [str(tmp_path / "b.png")])
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
