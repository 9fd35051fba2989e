"""From native files to maps, cubes and back on the grids and calendars of other methods, by configuration alone."""

from __future__ import annotations

import h5py
import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from other_method import DailyRun, EaseRun, entry, made, scope_in

from rssm.cubes.place import scatter
from rssm.grid import grid_of
from rssm.ingest.index import read_index
from rssm.ingest.land_mask import write_land
from rssm.maps import read_map, write_map
from rssm.workflow.ground import Ground

PIXELS = 9008.055210146 / 25025.2600081  # 25 km pixels in a cell of 9 km


def write_ease(path, value, shape=(1624, 3856), rows=slice(640, 700)):
    """A file of the 9 km grid that holds 250 + value + row / 100 in some rows, all columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        data = file.create_dataset("x", shape, "f4", chunks=(20, shape[1]), fillvalue=-9999)
        data[rows] = (250 + value + np.arange(rows.start, rows.stop) / 100)[:, None]


@pytest.fixture
def ease(tmp_path, monkeypatch):
    """A run of three days by 25 km across the dateline, whose first year ends within a step."""
    monkeypatch.chdir(tmp_path)
    catalogue = {
        "TB": entry(
            kind="brightness_temperature", files="TB/{date:%Y%m%d}.h5", maps="3day", native_grid="ease2_m09",
            span=["2017-12-25", "2018-01"],
        ),
        "TREE": entry(
            kind="factor", files="TREE/{date:%Y}.h5", maps="year", maps_in="step", step="year", native_grid="ease2_m09",
            span=["2017", None], outside_span="nearest_year",
        ),
    }  # fmt: skip
    archive = tmp_path / "archive"
    for number, day in enumerate(("20171224", "20171225", "20171230", "20171231", "20180101", "20180105")):
        write_ease(archive / f"TB/{day}.h5", 10 * number)
    write_ease(archive / "TREE/2017.h5", 0)
    grid = grid_of(EaseRun.grid_id)
    land = np.zeros((grid.rows, grid.columns), bool)
    land[:, :3] = land[:, -2:] = True
    write_land(tmp_path, land, grid)
    return scope_in(
        tmp_path,
        EaseRun,
        catalogue,
        region={"south": 10, "north": 12, "west": 179, "east": -179},
        period={"first": "2017-12-24", "last": "2018-01-05"},
        zones={"tile_degrees": 1},
    )


def area_mean(row):
    """Mean over the 9 km rows that a 25 km pixel's row shares, of row / 100, by hand."""
    edges = np.arange(1625)
    top, bottom = (812 + (row + side - 292) / PIXELS for side in (0, 1))  # in cells of 9 km
    shared = np.clip(np.minimum(edges[1:], bottom) - np.maximum(edges[:-1], top), 0, None)
    return (shared * edges[:-1]).sum() / shared.sum() / 100


def test_three_day_maps_of_ease_grid_become_cubes_and_maps_again(ease):
    cubes = made(ease)
    assert sorted(cubes) == ["N10E179", "N10W180", "N11E179", "N11W180"]
    index = read_index("results/ease/maps/TB/2017.json")
    assert len(index) == 122 and index["2017-12-30"]["map"] == "TB_2017.tif#2017-12-30"
    assert index["2017-12-30"]["files"] == ["20171230.h5", "20171231.h5", "20180101.h5"]
    assert index["2017-12-24"]["files"] == ["20171225.h5"]  # the 24th lies before the span
    window, grid, steps = ease.area.window, ease.grid, np.array(ease.run.steps)
    assert window.column + window.columns > grid.columns  # across the dateline
    days = {"2017-12-24": 10, "2017-12-27": np.nan, "2017-12-30": 30, "2018-01-02": np.nan, "2018-01-05": 50}
    for label, value in days.items():
        layers, tags = read_map(f"results/ease/maps/TB/TB_{label[:4]}.tif#{label}", window, grid=grid)
        expected = [250 + value + area_mean(window.row + row) for row in range(window.rows)]
        assert_allclose(layers["value"][:, 3], expected, rtol=1e-6)
        assert (tags["label"], tags["calendar_id"], tags["grid_id"]) == (label, "3day", "ease2_m25")

    back = None
    for tb, tree in cubes.values():
        assert (tb.variable, tree.variable, tb.grid_id) == ("TB", "TREE", "ease2_m25")
        assert_array_equal(tree.at(steps, ease.calendar), tree.values.repeat(len(steps), axis=-1))
        assert tree.borrowed(steps, ease.calendar).tolist() == [False] * 3 + [True] * 2
        back = scatter(tb.at(steps, ease.calendar).T, tb.pixel, window, grid, out=back)
    column = (window.column + np.arange(window.columns)) % grid.columns
    assert_array_equal(np.isfinite(back[0]).any(axis=0), (column < 3) | (column >= grid.columns - 2))
    write_map("back.tif", {"value": back[2]}, grid, window, {"label": "2017-12-30"})
    whole = read_map("results/ease/maps/TB/TB_2017.tif#2017-12-30", window, ["value"], grid)[0]["value"]
    again = read_map("back.tif", grid=grid)[0]["value"]
    assert_array_equal(again[np.isfinite(again)], whole[np.isfinite(again)])


def test_maps_of_a_year_in_one_file_have_rules_of_their_own(ease):
    ground = Ground(ease)
    assert (ground.products("3day"), ground.products_of_one_file()) == ("$none", "TB|TREE")


def write_cut(path, values, latitude, longitude):
    """A NetCDF file of a part of the quarter-degree grid, south up."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with netCDF4.Dataset(path, "w") as file:
        for name, units, centres in (("lat", "degrees_north", latitude), ("lon", "degrees_east", longitude)):
            file.createDimension(name, len(centres))
            axis = file.createVariable(name, "f8", (name,))
            axis.units = units
            axis[:] = centres
        file.createVariable("x", "f4", ("lat", "lon"), fill_value=-9999)[:] = values


def test_daily_maps_of_a_quarter_degree_stream_into_a_file_a_year(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    latitude, longitude = np.arange(84.125, 86, 0.25), np.arange(20.125, 24, 0.25)
    place = np.arange(latitude.size)[:, None] * 100.0 + np.arange(longitude.size)
    for day in range(1, 4):
        write_cut(tmp_path / f"archive/RAIN/2016-02-{26 + day}.nc", place + day / 8, latitude, longitude)
    write_cut(tmp_path / "archive/LAI/2016-02.nc", place, latitude, longitude)
    form = {"reader": "cf", "native_grid": "latlon_0.25", "valid_range": [0, 5000], "units": "1"}
    catalogue = {
        "RAIN": entry(files="RAIN/{date:%Y-%m-%d}.nc", maps="day", span=["2016-02-28", None], **form),
        "LAI": entry(files="LAI/{date:%Y-%m}.nc", maps="month", step="month", span=["2016", "2016-06"], **form),
    }
    settings = {"region": {"south": 84, "north": 86, "west": 20, "east": 22}, "zones": {"tile_degrees": 2}}
    settings |= {"period": {"first": "2016-02-27", "last": "2016-03-01"}}
    grid = grid_of(DailyRun.grid_id)
    write_land(tmp_path, np.ones((grid.rows, grid.columns), bool), grid)
    scope = scope_in(tmp_path, DailyRun, catalogue, **settings)
    lai, rain = made(scope)["N84E020"]  # by name, as JSON has them

    index = read_index("results/daily/maps/RAIN/2016.json")
    assert len(index) == 366 and index["2016-02-29"]["status"] == "complete"
    assert [len({e["map"].split("#")[0] for e in read_index(f"results/daily/maps/{p}/2016.json").values()})
            for p in ("RAIN", "LAI")] == [1, 1]  # fmt: skip
    steps = [scope.calendar.parse(label) for label in ("2016-02-27", "2016-02-28", "2016-02-29", "2016-03-01")]
    north_west = int(np.flatnonzero(rain.pixel == 16 * 1440 + 800)[0])  # 86…85.75° N, 20…20.25° E
    assert_array_equal(rain.at(steps, scope.calendar)[north_west], [np.nan, 700.25, 700.375, np.nan])
    assert_array_equal(lai.at(steps, scope.calendar)[north_west], [700, 700, 700, np.nan])
    assert rain.step.tolist() == steps[1:3] and lai.calendar_id == "month"
