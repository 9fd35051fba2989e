"""Map files: what is written is read back, whole or in part, by us and by others."""

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal

from rssm.errors import InputError
from rssm.grid import GRID, Window
from rssm.ingest.index import checksum, read_index, write_index
from rssm.maps import map_window, read_map, read_maps, write_map, write_maps
from rssm.paths import place_of

WINDOW = Window(500, 2800, 20, 30)  # 30…28° N, 100…103° E


@pytest.fixture
def path(tmp_path):
    """A map whose value is 100 * row + column, counted from its corner, with one gap."""
    value = 100.0 * np.arange(20)[:, None] + np.arange(30)
    value[3, 4] = np.nan
    write_map(
        tmp_path / "m.tif",
        {"value": value, "n_obs": np.full((20, 30), 7)},
        GRID,
        WINDOW,
        {"product": "smap", "label": "2015D10", "units": "m3 m-3"},
    )
    return tmp_path / "m.tif"


def test_a_map_comes_back_as_it_was(path):
    layers, tags = read_map(path)
    assert list(layers) == ["value", "n_obs"]
    assert layers["value"][19, 29] == 1929 and np.isnan(layers["value"][3, 4])
    assert (tags["product"], tags["label"], tags["grid_id"]) == ("smap", "2015D10", "wgs84_0.1")
    assert map_window(tags) == WINDOW


def test_a_window_is_asked_in_pixels_of_the_whole_grid(path):
    layers, _ = read_map(path, Window(510, 2820, 2, 3), ["value"])
    assert list(layers) == ["value"]
    assert_array_equal(layers["value"], [[1020, 1021, 1022], [1120, 1121, 1122]])


def test_other_software_finds_the_place_and_the_gap(path):
    with rasterio.open(path) as source:
        assert source.crs.to_epsg() == 4326 and np.isnan(source.nodata)
        assert source.bounds == pytest.approx((100, 28, 103, 30))
        assert next(source.sample([(100.45, 29.65)]))[1] == 7  # row 3, column 4
        assert np.isnan(next(source.sample([(100.45, 29.65)]))[0])


def test_a_window_across_the_dateline_is_read_from_both_ends_of_the_circle(tmp_path):
    window = Window(0, 1800, 10, 3600)  # the whole circle, beginning at Greenwich
    columns = (np.arange(3600) + 1800) % 3600
    write_map(tmp_path / "m.tif", {"value": np.tile(columns, (10, 1))}, GRID, window, {})
    seam, _ = read_map(tmp_path / "m.tif", Window(0, 1799, 1, 3))
    assert_array_equal(seam["value"], [[1799, 1800, 1801]])
    dateline, _ = read_map(tmp_path / "m.tif", Window(0, 3599, 1, 2))
    assert_array_equal(dateline["value"], [[3599, 0]])


def test_the_same_map_is_the_same_file(path, tmp_path):
    layers, _ = read_map(path)
    for name in ("a.tif", "b.tif"):
        write_map(tmp_path / name, layers, GRID, WINDOW, {"product": "smap"})
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


@pytest.mark.parametrize("window", [Window(499, 2800, 2, 2), Window(519, 2800, 2, 2), Window(500, 2829, 2, 2)])
def test_a_window_outside_the_map_is_refused(path, window):
    with pytest.raises(InputError, match="does not contain"):
        read_map(path, window)


def test_a_missing_layer_and_a_damaged_file_are_named(path):
    with pytest.raises(InputError, match=r"no layer error \(it has value, n_obs\)"):
        read_map(path, layers=["error"])
    path.write_bytes(b"not a map")
    with pytest.raises(InputError, match="cannot be read as a map"):
        read_map(path)


def test_nothing_is_left_of_a_map_that_failed(tmp_path):
    with pytest.raises(ValueError, match="does not fit"):
        write_map(tmp_path / "m.tif", {"value": np.zeros((2, 2))}, GRID, WINDOW, {})
    assert not list(tmp_path.iterdir())


def a_year(path, labels=("2015-04-01", "2015-04-02", "2015-04-03")):
    """Maps of some days as layers of one file: value is the day, n_obs the day of the month."""
    maps = (
        (label, {"value": np.full((20, 30), day + 0.5), "n_obs": np.full((20, 30), day)}, {"status": "complete"})
        for day, label in enumerate(labels, 1)
    )
    write_maps(path, maps, len(labels), GRID, WINDOW, {"product": "smap", "units": "K"})
    return path


def test_the_maps_of_a_year_are_named_layers_of_one_file(tmp_path):
    path = a_year(tmp_path / "2015.tif")
    with rasterio.open(path) as file:
        assert file.descriptions[:3] == ("2015-04-01 value", "2015-04-01 n_obs", "2015-04-02 value")
    layers, tags = read_map(place_of(path, "2015-04-02"), Window(510, 2820, 2, 3), grid=GRID)
    assert list(layers) == ["value", "n_obs"]
    assert_array_equal(layers["value"], np.full((2, 3), 2.5))
    assert (tags["label"], tags["status"], tags["units"]) == ("2015-04-02", "complete", "K")


def test_places_of_both_kinds_are_read_in_turn(tmp_path, path):
    year = a_year(tmp_path / "2015.tif")
    places = [place_of(year, "2015-04-03"), place_of(year, "2015-04-01"), path, place_of(year, "2015-04-02")]
    found = [(tags["label"], layers["value"][0, 1]) for layers, tags in read_maps(places, layers=["value"])]
    assert found == [("2015-04-03", 3.5), ("2015-04-01", 1.5), ("2015D10", 1), ("2015-04-02", 2.5)]


def test_a_day_or_layer_that_a_year_lacks_is_named(tmp_path):
    year = a_year(tmp_path / "2015.tif")
    with pytest.raises(InputError, match=r"no map of 2015-05-01 \(it has 2015-04-01 value to 2015-04-03 n_obs\)"):
        read_map(place_of(year, "2015-05-01"))
    with pytest.raises(InputError, match=r"no layer error \(it has value, n_obs\)"):
        read_map(place_of(year, "2015-04-01"), layers=["error"])


def test_an_index_of_maps_in_one_file_keeps_its_checksum(tmp_path):
    a_year(tmp_path / "2015.tif")
    maps = {label: {"map": place_of("2015.tif", label), "status": "complete"} for label in ("2015-04-01", "2015-04-02")}
    write_index(tmp_path / "2015.json", "smap", "2015", maps)
    assert {entry["sha256"] for entry in read_index(tmp_path / "2015.json").values()} == {
        checksum(tmp_path / "2015.tif")
    }
