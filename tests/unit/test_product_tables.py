"""Tables and records that the data set rests on: skill, calibration, usual snow, editions, spread of filled pixels."""

import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.config.product import DataSet
from rssm.errors import InputError
from rssm.grid import GRID, Region, Window
from rssm.ingest.index import write_index
from rssm.maps import read_map, write_map
from rssm.networks import store
from rssm.networks.subnetworks import Subnetworks
from rssm.product.calibration import Calibration, read_calibration, write_calibration
from rssm.product.release import check_frozen, write_release
from rssm.product.skill import Skill, read_skill, skill, write_skill
from rssm.product.sources import Maps
from rssm.product.spread import difference_variance, variance_filled
from rssm.product.usual import usual_snow
from rssm.rounds.estimates import Estimates, write_estimates

# ----- calibration ----------------------------------------------------------------------------------------------------


def test_the_most_particular_factor_counts(tmp_path):
    write_calibration(tmp_path / "c.tsv", [("1", "10", 1.5, 900), ("1", "*", 1.2, 5000), ("*", "*", 2, 9000)])
    table = read_calibration([tmp_path / "c.tsv"])
    assert [table.factor("1", "10"), table.factor("1", "7"), table.factor("3", "10")] == [1.5, 1.2, 2.0]
    assert table.over("1", np.array([[10, 7], [-1, 10]])) == approx(np.array([[1.5, 1.2], [1.2, 1.5]]))


def test_without_a_table_c_is_one_and_the_source_says_so():
    none = read_calibration([])
    assert none == Calibration({}) and "not calibrated" in none.source
    assert_array_equal(none.over("5", np.array([[-1, 3]])), [[1, 1]])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("round\tc\n1\t2\n", "expected the tab-separated columns"),
        ("round\tstratum\tc\tpoints\n1\t*\n", "row 2"),
        ("round\tstratum\tc\tpoints\n1\t*\t0\t5\n", "positive"),
    ],
)
def test_a_bad_table_is_told(tmp_path, text, complaint):
    (tmp_path / "c.tsv").write_text(text)
    with pytest.raises(InputError, match=complaint):
        read_calibration([tmp_path / "c.tsv"])


def test_a_table_without_a_row_for_all_is_told_where_it_fails():
    with pytest.raises(InputError, match="no factor for round 2, stratum 4"):
        Calibration({("1", "*"): 1.1}, "c.tsv").factor("2", "4")


# ----- skill ----------------------------------------------------------------------------------------------------------


def small_network(path, network, zones, mse, points):
    """A network file of which only the scores matter."""
    trained = Subnetworks.empty(1, len(zones), 7, 1)
    trained.rmse[0, :, 2], trained.r2[0, :, 2], trained.points[0, :, 2] = np.sqrt(mse), 0.5, points
    store.write(path, trained, ["ASCAT-SWI"], zones, {"network": network, "tile": "N40E000"})


def test_residual_variance_is_what_held_out_error_exceeds_the_spread_by(tmp_path):
    # one zone of two pixels, three dekads, two chains ±0.01 apart from their mean: V = 2 · 0.01² where A is used
    value = np.full((2, 2, 3), 0.2, np.float32) + np.array([0.01, -0.01], np.float32)[:, None, None]
    row = GRID.north * GRID.per_degree - 405
    estimates = Estimates(
        value=value,
        network=np.array([[0, 0, 0], [0, 0, -1]], np.int16),
        flags=np.zeros((2, 3), np.uint8),
        merged=np.zeros((2, 3), np.uint8),
        names=("A", "B"),
        mse=np.zeros((2, 1), np.float32),
        step=np.arange(3, dtype=np.int32),
        pixel=np.array([row * 3600 + 1800, row * 3600 + 1801], np.int32),
        zones=("N40E000",),
        zone_start=np.array([0, 2], np.int32),
    )
    write_estimates(tmp_path / "tile.nc", estimates)
    small_network(tmp_path / "A.nc", "A", ["N40E000"], 0.0009, 108)
    small_network(tmp_path / "B.nc", "B", ["N40E000"], 0.0016, 0)
    spec = {"names": ["A", "B"], "block": 108, "prior": 1.0, "land_cover": "LANDCOVER"}
    skill(
        "1", [str(tmp_path / "tile.nc")], [str(tmp_path / f"{n}.nc") for n in "AB"], [], spec, [str(tmp_path / "1.nc")]
    )
    table = read_skill(tmp_path / "1.nc")
    assert table.fields["variance"][:, 0] == approx([0.0002, 0], rel=1e-5)
    assert table.fields["blocks"][:, 0] == approx([1, 0])
    # A alone in its stratum: the mean is its own; B has no block, so it takes the mean of all
    assert table.fields["residual"][:, 0] == approx([0.0007, 0.0007], rel=1e-5)
    assert table.fields["r2"][:, 0] == approx([0.5, 0.5])
    assert len(table.files) == 64


def test_skill_lies_on_the_zones_of_a_window_across_the_dateline(tmp_path):
    fields = {name: np.array([[1, 2, 3]], np.float32) for name in ("mse", "r2", "blocks", "variance", "residual")}
    write_skill(tmp_path / "1.nc", Skill(("A",), ("N10E179", "N10W180", "S05E000"), fields, "0" * 64))
    laid = read_skill(tmp_path / "1.nc").over(GRID.window(Region(10, 12, 179, 2)), "mse", ["B", "A"])
    assert_array_equal(laid[1], [[np.nan, np.nan], [1, 2]])  # northern row first
    assert np.isnan(laid[[0, 2]]).all()  # B is not in the table; the last row is `no network`


# ----- usual snow -----------------------------------------------------------------------------------------------------

WINDOW = Window(400, 1800, 10, 10)


def test_usual_snow_is_that_of_most_observed_years(tmp_path):
    frozen = {2007: [1, 1, 0, np.nan], 2008: [1, 0, 0, np.nan], 2009: [0, np.nan, 1, np.nan]}
    indices = []
    for year, first in frozen.items():
        value = np.full((10, 10), np.nan)
        value[0, :4] = first
        write_map(tmp_path / f"SNOW_{year}D03.tif", {"value": value}, GRID, WINDOW, {})
        indices.append(tmp_path / f"{year}.json")
        entry = {"map": f"SNOW_{year}D03.tif", "status": "complete"}
        write_index(indices[-1], "SNOW", str(year), {f"{year}D03": entry}, calendar_id="dekad")
    spec = {"snow": "SNOW", "region": [39, 40, 0, 1]}
    usual_snow([str(path) for path in indices], spec, [str(tmp_path / "usual" / "static.json")])
    listed = Maps.of([tmp_path / "usual" / "static.json"]).entries["SNOW-USUAL"]
    layers, _ = read_map(listed["D03"]["path"])
    assert layers["value"][0, :4].tolist() == [1, 0, 0, 0]  # 2 of 3; 1 of 2 is not most; 1 of 3; never observed
    assert layers["years"][0, :4].tolist() == [3, 2, 3, 0]
    assert len(listed) == 36 and listed["D04"]["pixels"] == 0


# ----- maps of many products ------------------------------------------------------------------------------------------


def index_of(folder, product, labels, calendar, **more):
    for label in labels:
        write_map(folder / f"{product}_{label}.tif", {"value": np.zeros((10, 10))}, GRID, WINDOW, {})
    entries = {label: {"map": f"{product}_{label}.tif", "status": "complete", **more} for label in labels}
    write_index(folder / f"{product}.json", product, "2015", entries, calendar_id=calendar)
    return folder / f"{product}.json"


def test_a_map_is_found_by_its_own_period(tmp_path):
    indices = [
        index_of(tmp_path, "WATER", ["2015D01"], "dekad"),
        index_of(tmp_path, "LANDCOVER", ["2001", "2015"], "year"),
        index_of(tmp_path, "RAINFOREST", ["static"], "static"),
    ]
    maps = Maps.of(indices)
    assert maps.entry("WATER", 2015 * 36)["map"] == "WATER_2015D01.tif"
    assert maps.entry("WATER", 2015 * 36 + 1) is None
    assert np.isnan(maps.value("WATER", 2015 * 36 + 1, WINDOW)).all()
    assert maps.entry("LANDCOVER", 2003 * 36)["map"] == "LANDCOVER_2001.tif"  # the nearest year
    assert maps.entry("RAINFOREST", 5)["map"] == "RAINFOREST_static.tif"


def test_only_the_round_that_simulates_a_dekad_counts(tmp_path):
    first = index_of(tmp_path, "SIM-1", ["2012D19"], "dekad")
    write_map(tmp_path / "none.tif", {"value": np.zeros((10, 10))}, GRID, WINDOW, {})
    write_index(tmp_path / "2.json", "SIM-2", "2012", {"2012D19": {"map": "none.tif", "status": "missing"}})
    assert Maps.of([first, tmp_path / "2.json"]).simulated(2012 * 36 + 18)[0] == "1"
    write_index(tmp_path / "3.json", "SIM-3", "2012", {"2012D19": {"map": "none.tif", "status": "complete"}})
    with pytest.raises(InputError, match="2012D19: simulated by SIM-1 and SIM-3"):
        Maps.of([first, tmp_path / "3.json"]).simulated(2012 * 36 + 18)


# ----- filled pixels --------------------------------------------------------------------------------------------------


def test_differences_over_a_distance_by_hand():
    field = np.array([[1.0, 2.0, np.nan], [1.0, 4.0, 5.0]])
    # down: 0, 2; right: 1, 3, 1 → squares 0 4 1 9 1, mean 3
    assert difference_variance(field, 1) == approx(3)
    assert difference_variance(field, 2) == approx(16)  # only 5 − 1 is known two apart
    assert np.isnan(difference_variance(field, 5))
    assert difference_variance(field, 2, wrap=True) == approx(
        (16 + 1 + 1 + 9) / 4
    )  # around: 2−1 of row 0; 4−5 and 1−4 … of row 1


def test_a_filled_pixel_adds_the_variance_of_differences_to_that_of_its_donors():
    values = np.array([[0.1, np.nan, 0.3, 0.3]], np.float32)
    variance = np.array([[1e-4, np.nan, 3e-4, 5e-4]], np.float32)
    land, distance = np.ones((1, 4), bool), np.array([[0, 1, 0, 0]], np.int16)
    total = variance_filled(variance, values, distance, land, ~land, False)
    assert total[0, 1] == approx(2e-4 + 0)  # mean of the donors; the only known pair one apart, 0.3 and 0.3, is equal
    assert_array_equal(total[0, [0, 2, 3]], variance[0, [0, 2, 3]])


# ----- editions -------------------------------------------------------------------------------------------------------


@pytest.fixture
def edition(tmp_path):
    """release.json of a record that ends with 2018."""
    (tmp_path / "range.nc").write_text("range")
    (tmp_path / "sums").write_text("sums")
    spec = {"method": "rsssm", "config": "c", "release": DataSet().release.model_dump()}
    write_release(
        tmp_path / "release.json",
        spec,
        2018 * 36 + 35,
        {"1": "aaa"},
        [],
        [str(tmp_path / "range.nc")],
        tmp_path / "sums",
    )
    return tmp_path


def test_an_extension_of_the_same_networks_knows_where_the_frozen_record_ends(edition):
    extends, ranges = [str(edition / "release.json")], [str(edition / "range.nc")]
    assert check_frozen(extends, {"1": "aaa"}, [], ranges) == 2018 * 36 + 35
    assert check_frozen([], {"1": "anything"}, [], ranges) is None


def test_an_extension_refuses_whatever_is_not_frozen(edition):
    extends, ranges = [str(edition / "release.json")], [str(edition / "range.nc")]
    with pytest.raises(InputError, match=r"Round 1: its network files are not those of edition 1.0"):
        check_frozen(extends, {"1": "bbb"}, [], ranges)
    with pytest.raises(InputError, match="Round 2"):
        check_frozen(extends, {"2": "aaa"}, [], ranges)
    (edition / "c.tsv").write_text("c")
    with pytest.raises(InputError, match="calibration"):
        check_frozen(extends, {"1": "aaa"}, [str(edition / "c.tsv")], ranges)
    (edition / "range.nc").write_text("other")
    with pytest.raises(InputError, match="ranges"):
        check_frozen(extends, {"1": "aaa"}, [], ranges)
    (edition / "release.json").write_text(json.dumps({"version": "1"}))
    with pytest.raises(InputError, match=r"cannot be read as release\.json"):
        check_frozen(extends, {"1": "aaa"}, [], ranges)
