"""What an audit of the data set found: where filled values come from, what derived files rest on, damage, mistakes."""

import json
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.calendar import DEKADS
from rssm.commands import extract, inspect
from rssm.commands.trace import trace_of
from rssm.config.load import read_yaml
from rssm.errors import InputError
from rssm.grid import GRID, Region, Window
from rssm.maps import write_map
from rssm.networks import store
from rssm.networks.subnetworks import Subnetworks
from rssm.product.derived import anomaly, climatology, monthly
from rssm.product.formats.netcdf import YearReader
from rssm.product.formats.points import Points
from rssm.product.formats.zarr_cubes import cubes
from rssm.product.specs import ClimatologySpec
from rssm.product.uncertainty.spread import chain_variance_of
from rssm.product.values.fill import donors, fill
from rssm.product.year import product_year
from rssm.rounds.estimates import Estimates, write_estimates
from rssm.workflow.methods import scope_of
from tests import made_inputs

DEKAD = DEKADS.parse("2015D20")
REGION = Region(40, 41, -2, 2)
TILE = "N40W002"
NAN = np.nan

# -- where filled values come from ------------------------------------------------------------------------------------


def test_donors_lie_beyond_the_lake_not_across_it():
    """A pixel in a bay whose only way out is to the right: three pixels two steps away, of sixteen at that distance."""
    land, blocked, known = np.ones((9, 9), bool), np.zeros((9, 9), bool), np.ones((9, 9), bool)
    blocked[3:6, 3:6] = True
    blocked[4, 4:6] = False
    known[3:6, 3:6] = False
    assert donors(known, land, blocked, (4, 4), 2).tolist() == [[3, 6], [4, 6], [5, 6]]
    assert donors(known, land, blocked, (4, 4), 1).size == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_mean_of_its_donors_is_what_a_pixel_was_filled_with(seed, wrap):
    rng = np.random.default_rng(seed)
    values = np.where(rng.random((8, 12)) < 0.6, NAN, rng.random((8, 12)))
    land, blocked = rng.random((8, 12)) < 0.9, rng.random((8, 12)) < 0.25
    values[blocked | ~land] = NAN
    filled = fill(values, land, blocked, 5, wrap)
    for row, column in np.argwhere(filled.distance > 0).tolist():
        ring = int(filled.distance[row, column])
        found = donors(filled.distance == 0, land, blocked, (row, column), ring, wrap)
        assert values[tuple(found.T)].mean() == approx(filled.values[row, column])


# -- spread -----------------------------------------------------------------------------------------------------------


def test_a_single_chain_has_no_spread(tmp_path):
    chains = {f"chain{k}": np.full((10, 10), 0.2 + 0.02 * k, np.float32) for k in range(3)}
    for k in (1, 2):
        chains[f"chain{k}"][0, 0] = NAN
    chains["chain2"][0, 1] = NAN
    window = GRID.window(Region(40, 41, 0, 1))
    write_map(tmp_path / "a.tif", chains, GRID, window, {})
    variance = chain_variance_of(tmp_path / "a.tif", window, GRID)
    assert np.isnan(variance[0, 0])  # 0 would claim that the chains agree
    assert variance[0, 1] == approx(0.0002, rel=1e-3) and variance[5, 5] == approx(0.0004, rel=1e-3)


# -- a made-up run ----------------------------------------------------------------------------------------------------


def changed(fields):
    """A bay at rows 4–6, columns 4–6 that opens to the right; and at row 8, column 3 a mean of two substeps, blended."""

    def made(*arguments):
        found = fields(*arguments)
        simulated, wet = found["SIM-1"], np.zeros_like(found["WATER"]["value"])
        for name in ("value", "chain0", "chain1", "chain2"):
            simulated[name][:] = np.arange(200, dtype=np.float32).reshape(10, 20) / 1000
            simulated[name][4:7, 4:7] = NAN
        simulated["network"][:], simulated["network"][4:7, 4:7] = 0, -1
        wet[4:7, 4:7] = 1
        wet[5, 5:7] = 0
        found["WATER"]["value"], found["SNOW"]["value"] = wet, np.zeros_like(wet)
        simulated["merged"][8, 3], simulated["blended"][8, 3] = 3, 1
        return found

    return made


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Results of one dekad: year, derived files, cubes, networks, and a substep's estimates of one pixel."""
    root, results = Path(__file__).parents[2], tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made_inputs, "dekad_fields", changed(made_inputs.dekad_fields))
        land = str(root / "resources" / "land.tif")
        made = made_inputs.make_inputs(results, REGION, range(DEKAD, DEKAD + 1), land, 3)
    product_year("2015", **made.inputs, spec=made.spec, out=made.out)
    netcdf, folder = made.out[1], results / "product"
    derived = {name: str(folder / "derived" / f"{name}.nc") for name in ("monthly", "climatology", "anomaly")}
    monthly("2015", [netcdf], made.files, [derived["monthly"]])
    climatology([netcdf], ClimatologySpec(made.spec.layers, made.spec.code, None), [derived["climatology"]])
    anomaly("2015", [netcdf], [derived["climatology"]], made.files, [derived["anomaly"]])
    zarrs = [str(folder / name) for name in ("maps.zarr", "points.zarr")]
    cubes([netcdf], [land], made.files, zarrs)
    trained = Subnetworks.empty(1, 1, 7, 4)
    trained.status[:], trained.points[:], trained.rmse[:] = 0, 100, 0.05
    for network in ("NN1-1", "NN1-2"):
        path = results / "networks" / network / f"{TILE}.nc"
        path.parent.mkdir(parents=True)
        store.write(path, trained, ["a", "b", "c", "d"], [TILE], {"network": network})
    scope = scope_at(results, "ring")
    other_substep(results, scope)
    return SimpleNamespace(scope=scope, results=results, netcdf=netcdf, derived=derived, zarrs=zarrs, index=made.out[0])


def scope_at(results, method):
    """The scope of the made-up run, whose data set is made of the chain and filled by a method."""
    root = Path(__file__).parents[2]
    config, _ = read_yaml(root / "config" / "tiny.yaml")
    product = {"estimate": "chain", "fill": {"method": method}}
    return scope_of(config | {"product": product, "inputs": {"root": str(results / "archive")}}, root)


def other_substep(results, scope):
    """Estimates of the pixel at row 8, column 3 by NN1-2, where the map names another network."""
    pixel = np.array([(GRID.window(REGION).row + 8) * GRID.columns + GRID.window(REGION).column + 3], np.int32)
    one = np.ones((1, 1), np.uint8)
    table = np.full((2, 1), 0.01, np.float32)
    path = results / "simulated" / scope.plan.substeps_of("1")[0].name / f"{TILE}.nc"
    path.parent.mkdir(parents=True)
    value, step = np.full((1, 1, 1), 0.2, np.float32), np.array([DEKAD], np.int32)
    names, zones, start = ("NN1-1", "NN1-2"), (TILE,), np.array([0, 1], np.int32)
    write_estimates(path, Estimates(value, one.astype(np.int16), one, one, names, table, step, pixel, zones, start))


def traced(run, lon, lat, dekad=DEKAD):
    return "\n".join(trace_of(run.scope, run.results, lon, lat, every_file=False).lines(dekad))


def test_trace_names_the_pixels_that_filled_a_bay(run):
    with YearReader(run.netcdf) as source:
        assert source.stored("fill_distance", 0)[5, 5] == 2
    assert "2 away, counted over open land: -1.25 40.55; -1.25 40.45; -1.25 40.35 (° E, ° N)" in traced(
        run, -1.45, 40.45
    )


def test_trace_says_where_a_gap_was_filled_by_departures(run):
    usual = run.results / "maps" / "MEAN-YEAR" / "MEAN-YEAR_D20.tif"
    usual.parent.mkdir()
    usual.write_bytes(b"a map")
    scope = scope_at(run.results, "departures")
    text = "\n".join(trace_of(scope, run.results, -1.45, 40.45, every_file=False).lines(DEKAD))
    assert f"filled    with its mean year: {usual}  sha256 {digest(usual)[:16]}" in text
    assert "those 2 away, counted over open land: -1.25 40.55; -1.25 40.45; -1.25 40.35 (° E, ° N)" in text


def test_trace_names_every_network_behind_a_mean(run):
    text = traced(run, -1.65, 40.15)
    assert "blended with its neighbours" in text and "from two substeps: mean_of_same_set" in text
    with YearReader(run.netcdf) as source:
        named = dict(source.layers["network_used"].codes)[int(source.stored("network_used", 0)[8, 3])]
    assert named == "NN1-1"
    heads = [line.split(":")[0] for line in text.splitlines() if line.startswith("network ")]
    assert heads == ["network   NN1-1", "network   NN1-2"]
    assert "static  POROSITY" in text  # saturation was turned into moisture with it


def test_trace_says_why_there_is_no_value(run):
    assert "No value: under water, which is not filled" in traced(run, -1.55, 40.55)


@pytest.mark.parametrize(
    ("lon", "lat", "dekad", "complaint"),
    [
        (NAN, 40.5, DEKAD, "longitude nan is not within"),
        (400, 40.5, DEKAD, "longitude 400 is not within"),
        (-1.5, NAN, DEKAD, "latitude nan is not within"),
        (-1.5, 42.5, DEKAD, r"does not hold this place. It covers 40…41° N, -2…0° E"),
        (-1.5, 40.5, DEKADS.parse("1999D01"), "1999D01: not within the period of the run, 2014D19 to 2015D36"),
        (-1.5, 40.5, DEKADS.parse("2014D20"), "2014.json: no such file. Make the data set"),
        (-1.5, 40.5, DEKAD + 1, "2015D21 is not among its dekads"),
    ],
)
def test_trace_refuses_with_a_sentence_before_it_says_anything(run, lon, lat, dekad, complaint):
    with pytest.raises(InputError, match=complaint):
        next(trace_of(run.scope, run.results, lon, lat, every_file=False).lines(dekad))


# -- derived files ----------------------------------------------------------------------------------------------------


def digest(path):
    return sha256(Path(path).read_bytes()).hexdigest()


def test_derived_files_name_what_they_were_derived_from(run):
    rests = {
        "monthly": [run.netcdf],
        "climatology": [run.netcdf],
        "anomaly": [run.netcdf, run.derived["climatology"]],
    }
    for name, inputs in rests.items():
        with YearReader(run.netcdf) as year, reader(run.derived[name]) as found:
            record, own = (json.loads(about["provenance"]) for about in (found.attributes, year.attributes))
            assert record["inputs"] == {"/".join(Path(path).parts[-2:]): digest(path) for path in inputs}
            kept = ("configuration", "networks", "ranges", "versions")
            assert [record[key] for key in kept] == [own[key] for key in kept]
            assert "derived from" in found.attributes["summary"] and "RSSSM-v1.0" in found.attributes["summary"]
            assert "filled values are marked" not in found.attributes["summary"]  # true of the 10-day maps only


class reader:
    """Global attributes of any NetCDF file."""

    def __init__(self, path):
        import netCDF4

        self.file = netCDF4.Dataset(path)
        self.attributes = {name: self.file.getncattr(name) for name in self.file.ncattrs()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()


# -- mistakes and damage ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--period", "2015D20", "2015D10"], "2015D20 to 2015D10: ends before it begins"),
        (["--period", "0000D01", "0000D01"], "0000D01 to 0000D01: .* nothing of that period"),
    ],
)
def test_a_period_must_be_one(run, arguments, complaint):
    with pytest.raises(InputError, match=complaint):
        extract.main(["--lon", "-1.55", "--lat", "40.25", "--store", run.zarrs[1], *arguments])


@pytest.mark.parametrize("box", [(-2, 41, -1, 40), (NAN, 40, -1, 41), (-999, 40, 999, 41), (-2, NAN, -1, 41)])
def test_a_box_must_be_one(run, box):
    with pytest.raises(InputError, match="expected longitudes W and E within -180…360° and latitudes S ≤ N"):
        Points(run.zarrs[1]).within(*box)


def test_a_box_of_no_width_is_not_the_whole_circle(run):
    points = Points(run.zarrs[1])
    assert points.within(-1.45, 40, -1.45, 41).size == 10
    assert points.within(-180, 40, 180, 41).size == points.within(0, 40, 360, 41).size == points.pixel.size
    assert points.within(-1, 40, -2, 41).size == points.within(-1, 40, 358, 41).size == 100  # the way round


def test_a_damaged_cube_is_not_taken_for_gaps(run, tmp_path):
    sound = Points(run.zarrs[1])
    position = sound.at(-1.55, 40.25)
    for name, damage in (("flags", "gone"), ("soil_moisture", "gone"), ("flags", "garbled"), ("lat", "none")):
        store_ = Path(copytree(run.zarrs[1], tmp_path / f"{name}_{damage}.zarr"))
        chunk = store_ / name / "0.0"
        if damage == "gone":
            chunk.unlink()
        elif damage == "garbled":
            chunk.write_bytes(b"no numbers")
        else:
            assert_array_equal(Points(store_).series(position).layers["flags"], sound.series(position).layers["flags"])
            continue
        with pytest.raises(InputError, match=rf"{name}.0\.0: (is missing|cannot be read)"):
            Points(store_).series(position)


def test_a_wrong_store_is_named(run, tmp_path):
    with pytest.raises(InputError, match="cannot be read as a cube of points"):
        Points(run.zarrs[0])
    (tmp_path / ".zmetadata").write_text("no")
    with pytest.raises(InputError, match="cannot be read as a cube of points"):
        Points(tmp_path)


def test_inspect_answers_a_bad_file_with_a_sentence(run, tmp_path):
    cut = Path(run.index).parent / "RSSSM_2015D20.tif"
    (tmp_path / "cut.tif").write_bytes(cut.read_bytes()[: cut.stat().st_size * 3 // 4])
    (tmp_path / "text.tif").write_text("no")
    (tmp_path / "bad.zarr").mkdir()
    (tmp_path / "bad.zarr" / ".zmetadata").write_text("no")
    for name, complaint in (
        ("cut.tif", "cannot be read as GeoTIFF"),
        ("text.tif", "cannot be read as GeoTIFF"),
        ("bad.zarr", "its .zmetadata cannot be read"),
        ("", "a folder, but not a Zarr cube"),
    ):
        with pytest.raises(InputError, match=complaint):
            list(inspect.describe(tmp_path / name))


def test_inspect_shows_json_that_is_no_index_as_it_is(tmp_path):
    (tmp_path / "a.json").write_text('{"maps": 3}')
    assert list(inspect.describe(tmp_path / "a.json")) == ["{", ' "maps": 3', "}"]


def test_windows_of_one_pixel_lie_in_the_made_region():
    assert GRID.window(REGION) == Window(390, 1780, 10, 20)  # the places above count from here
