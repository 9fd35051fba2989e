"""What the data set's files hold is what was computed, whatever the form."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from made_product import REGION, YEARS, make_year, read_cog
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import DEKADS
from rssm.config.product import DataSet
from rssm.grid import GRID, Region
from rssm.ingest.index import read_index
from rssm.product.dekad import Ground, dekad_values
from rssm.product.formats.layers import LAYERS
from rssm.product.formats.netcdf import YearReader
from rssm.product.formats.zarr_cubes import zone_order
from rssm.product.records.frame import Frame
from rssm.product.uncertainty.calibration import Calibration
from rssm.product.uncertainty.held_out import FIELDS, read_skill
from rssm.product.values.sources import Maps, land_of
from rssm.rounds.ranges import read_ranges


@pytest.fixture(scope="session")
def computed(product):
    """Values of one dekad as the job computed them, before packing."""
    made, frame = product.made, Frame.of(product.made.spec.area, "dekad")
    names = [network.name for network in made.spec.networks]
    skill = {"1": {name: read_skill(made.inputs["skill"][0]).over(REGION, name, names) for name in FIELDS}}
    land = land_of(made.inputs["land"][0], frame)
    ranges = read_ranges(made.inputs["ranges"], frame.window, frame.grid)
    ground = Ground(Maps.of(made.inputs["maps"], GRID, DEKADS), land, *ranges, skill, Calibration({}), made.spec)
    return dekad_values(ground, DEKADS.parse("2015D05"))[1]


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
    frame = Frame.of(product.made.spec.area, "dekad")
    row, column = zone_order(land_of(product.made.inputs["land"][0], frame), frame)
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
    row, column = zone_order(land, Frame(GRID, GRID.window(Region(40, 42, 179, 2)), DEKADS))
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
