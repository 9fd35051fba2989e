"""Others open the data set's files as expected: xarray, GDAL, checkers of COG, CF, ACDD and STAC."""

import json
import shutil
import subprocess
from importlib.util import find_spec

import numpy as np
import pytest
import rasterio
import xarray as xr
from made_product import make_year
from numpy.testing import assert_allclose

import rssm
from rssm.calendar import DEKADS
from rssm.commands import extract
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.product.formats.layers import BY_NAME, LAYERS
from rssm.product.formats.stac import extents
from rssm.product.records.frame import Frame


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


def value_of(data):
    return float(data["soil_moisture"].sel(lat=40.25, lon=-1.25, method="nearest").sel(time="2015-04-21"))


def test_one_line_opens_the_data_set_wherever_one_points(product, tmp_path):
    run = tmp_path / "run"
    (run / "results" / "rsssm").mkdir(parents=True)
    (run / "results" / "rsssm" / "product").symlink_to(product.folder, target_is_directory=True)
    folders = (run, run / "results", run / "results" / "rsssm", product.folder)
    places = [*folders, product.zarrs[0], product.netcdf[1]]
    with xr.open_dataset(product.netcdf[1]) as year:
        expected = value_of(year)
    for place in places:
        with rssm.open(place) as data:
            assert value_of(data) == pytest.approx(expected, abs=1e-7), place
            assert data.sizes["time"] == (12 if str(place).endswith(".nc") else 18)
            assert not data["soil_moisture"].variable._in_memory
    with rssm.open(product.zarrs[1]) as points:
        assert "place" in points.dims


def test_years_alone_open_too(product, tmp_path):
    (tmp_path / "netcdf").mkdir()
    shutil.copy(product.netcdf[1], tmp_path / "netcdf")
    with rssm.open(tmp_path) as data:
        assert data.sizes["time"] == 12
    shutil.copy(product.netcdf[0], tmp_path / "netcdf")
    if find_spec("dask") is None:
        with pytest.raises(InputError, match=r"has 2 years and no cube .* the package dask is needed"):
            rssm.open(tmp_path)
    else:
        with rssm.open(tmp_path) as data:
            assert data.sizes["time"] == 18


def test_what_is_no_data_set_is_a_sentence(tmp_path):
    (tmp_path / "a.nc").write_text("no")
    for method in ("one", "two"):
        (tmp_path / "results" / method / "product" / "netcdf").mkdir(parents=True)
    for place, complaint in (
        ("gone", "no data set is there. Expected a .nc file"),
        ("results/one", "no data set is there"),
        ("a.nc", "cannot be opened"),
        ("results", "holds several data sets, .* Name one"),
    ):
        with pytest.raises(InputError, match=complaint):
            rssm.open(tmp_path / place)


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
    assert made.spec.layers.packing == "int16"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("conventions", ["cf:1.11", "acdd:1.3"])
def test_conventions_checkers_find_no_error(product, conventions):
    pytest.importorskip("compliance_checker")
    from compliance_checker.runner import CheckSuite

    suite = CheckSuite()
    suite.load_all_available_checkers()
    box, grid = (str(product.root / name) for name in ("box.nc", "grid.nc"))
    extract.main(["--bbox", "-1.5", "40.2", "-0.5", "41.2", "--store", product.zarrs[1], "-o", box])
    extract.main(["--bbox", "358.5", "40.2", "1", "41.2", "--grid", "--store", product.zarrs[1], "-o", grid])
    for path in (product.netcdf[1], product.month, box, grid):
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
    bbox, geometry = extents(Frame(GRID, GRID.window(Region(-20, -10, 175, 10)), DEKADS))
    assert bbox == [175, -20, -175, -10] and len(geometry["coordinates"]) == 2
    assert extents(Frame(GRID, GRID.window(Region(-60, 80, -180, 360)), DEKADS))[0] == [-180, -60, 180, 80]
