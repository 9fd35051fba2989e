"""Factors and masks: means by month, dekad and year, day and night, classes, statics."""

import h5py
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.archive.listing import list_files
from rssm.calendar import CALENDARS
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest, Inputs
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.ingest.factor import _mean, factor_year
from rssm.ingest.index import read_index
from rssm.ingest.pool import Pool
from rssm.maps import read_map

REGION = Region(29, 30, 100, 1)
FINE = {"latlon_0.05": (3600, 7200, 1200, 5600), "latlon_0.25": (720, 1440, 240, 1120)}  # shape, corner of the zone


def product(**changes):
    fields = {
        "id": "TEST", "title": "test factor", "kind": "factor", "sensor": "S", "algorithm": "A", "reader": "hdf5",
        "files": "{date:%Y%m%d}.h5", "variables": {"value": "x"}, "units": "1", "fill": [-9999],
        "valid_range": (0.0, 400.0), "span": ("2001D01", None), "step": "month", "maps": "month",
        "native_grid": "latlon_0.05", "version": "1", "licence": "none", "cite": "none",
    }  # fmt: skip
    return Product(**(fields | changes))


def write_file(path, grid="latlon_0.05", **variables):
    """A global file of cells counted from the region's corner: (row, column) → value, all else fill."""
    rows, columns, top, left = FINE[grid]
    with h5py.File(path, "w") as file:
        for name, cells in variables.items():
            data = file.create_dataset(name, (rows, columns), "f4", chunks=(40, 40), fillvalue=-9999)
            for (row, column), value in cells.items():
                data[top + row, left + column] = value


def make(folder, entry, *labels, year=2015, **options):
    """Layers of each label's map, and the records."""
    steps = {label: 0 if label == "static" else CALENDARS[entry.maps].parse(label) for label in labels}
    maps = {step: folder / "maps" / f"{label}.tif" for label, step in steps.items()}
    files = list_files(folder, entry, None if entry.maps == "static" else year)
    records = factor_year(entry, files, maps, folder / "maps/index.json", region=REGION, grid=GRID, **options)
    return [read_map(maps[steps[label]])[0] for label in labels], records


def test_leaf_area_is_averaged_by_month_and_over_fine_cells(tmp_path):
    entry = product(step="dekad")
    write_file(tmp_path / "20150401.h5", x={(0, 0): 1.0, (0, 1): 3.0})
    write_file(tmp_path / "20150411.h5", x={(0, 0): 3.0})
    write_file(tmp_path / "20150501.h5", x={(0, 0): 9.0})
    (april, may), records = make(tmp_path, entry, "2015-04", "2015-05")
    assert april["value"][0, 0] == pytest.approx((2.0 + 3.0) / 2)  # each cell's mean in time, then their mean
    assert april["n_obs"][0, 0] == pytest.approx(1.5)
    assert may["value"][0, 0] == 9 and np.count_nonzero(~np.isnan(may["value"])) == 1
    assert (records["2015-04"]["status"], records["2015-04"]["pixels"]) == ("partial", 1)


def test_eight_days_belong_to_the_month_that_holds_most_of_them(tmp_path):
    entry = product(step="8day", files="{date:%Y%j}.h5")
    write_file(tmp_path / "2015025.h5", x={(0, 0): 1.0})  # 25 January – 1 February
    write_file(tmp_path / "2015057.h5", x={(0, 0): 2.0})  # 26 February – 5 March: four days each
    write_file(tmp_path / "2015065.h5", x={(0, 0): 4.0})
    (january, february, march), _ = make(tmp_path, entry, "2015-01", "2015-02", "2015-03")
    assert [layers["value"][0, 0] for layers in (january, march)] == [1, 3]
    assert np.isnan(february["value"]).all()


def test_temperature_is_the_mean_of_the_day_mean_and_the_night_mean(tmp_path):
    entry = product(
        files="{satellite:MOD|MYD}_{date:%Y%m%d}.h5",
        variables={"value": "LST_{overpass}"},
        options={"overpasses": ["Day", "Night"]},
        units="K",
    )
    write_file(tmp_path / "MOD_20150401.h5", LST_Day={(0, 0): 300, (2, 2): 300, (4, 4): 310}, LST_Night={(0, 0): 280})
    write_file(tmp_path / "MYD_20150401.h5", LST_Day={(0, 0): 310, (2, 2): 310}, LST_Night={(4, 4): 270})
    (layers,), _ = make(tmp_path, entry, "2015-04")
    assert layers["value"][0, 0] == pytest.approx((305 + 280) / 2)  # not the mean of three passes
    assert layers["n_obs"][0, 0] == 3
    assert np.isnan(layers["value"][1, 1]) and layers["n_obs"][1, 1] == 0  # no night
    assert layers["value"][2, 2] == pytest.approx(290)  # day from one satellite, night from the other


def test_temperature_without_any_night_is_missing():
    day = Pool(np.full((2, 2), 600, np.float32), np.full((2, 2), 2, np.uint16))
    layers = _mean({"Day": day}, lambda values: values, ["Day", "Night"])
    assert np.isnan(layers["value"]).all() and not layers["n_obs"].any()


def test_water_is_averaged_by_dekad_without_denoising(tmp_path):
    entry = product(step="day", maps="dekad", native_grid="latlon_0.25", valid_range=(0, 1))
    calm = {(row, column): 0.0 for row in range(4) for column in range(4)}
    write_file(tmp_path / "20150401.h5", "latlon_0.25", x=calm | {(0, 0): 1.0})
    write_file(tmp_path / "20150402.h5", "latlon_0.25", x=calm | {(0, 0): 0.5})
    (layers,), _ = make(tmp_path, entry, "2015D10")
    assert_allclose(layers["value"][:2, :2], 0.75)
    assert_array_equal(layers["n_obs"], np.full((10, 10), 2))


def test_days_of_a_state_can_be_counted_from_mean_and_number(tmp_path):
    """Freeze/thaw codes become the share of a day thawed: two days frozen, one in between, one thawed."""
    entry = product(
        kind="mask",
        step="day",
        maps="dekad",
        native_grid="latlon_0.25",
        codes={0: 0.0, 1: 1.0, 2: 0.5},
        valid_range=(0, 1),
    )
    for day, code in enumerate((0, 0, 2, 1, 255), start=1):
        write_file(tmp_path / f"2015040{day}.h5", "latlon_0.25", x={(0, 0): code})
    (layers,), _ = make(tmp_path, entry, "2015D10")
    assert layers["value"][0, 0] == pytest.approx(1.5 / 4) and layers["n_obs"][0, 0] == 4


CLASSES = product(step="year", maps="year", units="class", valid_range=(0, 3))
LAND_COVER = {(0, 0): 2, (0, 1): 2, (1, 0): 1, (1, 1): 3, (0, 2): 3, (0, 3): 3, (1, 2): 0, (1, 3): 0}


def test_a_class_is_the_commonest_and_shares_are_an_option(tmp_path):
    write_file(tmp_path / "20150101.h5", x=LAND_COVER)
    (layers,), _ = make(tmp_path, CLASSES, "2015")
    assert list(layers) == ["value"]
    assert_array_equal(layers["value"][0, :3], [2, 0, np.nan])  # the tie of 0 and 3 goes to 0
    (layers,), _ = make(tmp_path, CLASSES, "2015", ingest=Ingest(land_cover="fractions"))
    shares = np.stack([layers[f"share_{number}"] for number in range(4)])
    assert_allclose(shares[:, 0, 0], [0, 0.25, 0.5, 0.25], rtol=1e-2)
    assert_allclose(shares[:, 0, 1], [0.5, 0, 0, 0.5], rtol=1e-2)
    assert np.isnan(shares[:, 0, 2]).all()


def test_a_year_without_a_file_has_a_map_and_says_missing(tmp_path):
    write_file(tmp_path / "20150101.h5", x=LAND_COVER)
    (layers,), records = make(tmp_path, CLASSES, "2016", year=2016)
    assert records["2016"]["status"] == "missing" and np.isnan(layers["value"]).all()


def test_two_maps_of_classes_in_one_year_are_refused(tmp_path):
    write_file(tmp_path / "MOD_20150101.h5", x=LAND_COVER)
    write_file(tmp_path / "MYD_20150101.h5", x=LAND_COVER)
    entry = CLASSES.model_copy(update={"files": "{satellite:MOD|MYD}_{date:%Y%m%d}.h5"})
    with pytest.raises(InputError, match="TEST: 2 maps of classes in one year, expected one"):
        make(tmp_path, entry, "2015")
    (tmp_path / "MYD_20150101.h5").rename(tmp_path / "MOD_20150102.h5")
    with pytest.raises(InputError, match=r"MOD_20150102\.h5 stands for 2015-01-01 to 2015-12-31 as MOD_20150101"):
        make(tmp_path, entry, "2015")


def test_a_static_has_one_map(tmp_path):
    entry = product(step="static", maps="static", files="constants_{version}.h5", native_grid="latlon_0.25")
    write_file(tmp_path / "constants_V1.h5", "latlon_0.25", x={(0, 0): 9.0})
    write_file(tmp_path / "constants_V2.h5", "latlon_0.25", x={(0, 0): 0.4})
    (layers,), records = make(tmp_path, entry, "static")
    assert layers["value"][0, 0] == pytest.approx(0.4)
    assert records["static"]["superseded"] == ["constants_V1.h5"] and records["static"]["status"] == "complete"
    assert read_index(tmp_path / "maps/index.json")["static"]["map"] == "static.tif"


def test_a_bad_file_can_be_skipped(tmp_path):
    (tmp_path / "20150401.h5").write_bytes(b"")
    with pytest.raises(InputError, match=r"20150401\.h5 is empty"):
        make(tmp_path, product(), "2015-04")
    _, records = make(tmp_path, product(), "2015-04", inputs=Inputs(on_bad_file="skip"))
    assert records["2015-04"]["status"] == "missing" and len(records["2015-04"]["skipped"]) == 1
