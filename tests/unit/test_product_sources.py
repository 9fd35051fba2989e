"""Maps that the data set is made of: which serves a period, which round counts, and where ground is mostly frozen."""

import numpy as np
import pytest

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region, Window
from rssm.ingest.index import write_index
from rssm.maps import read_map, write_map
from rssm.product.specs import MeanYearSpec, SnowSpec
from rssm.product.values.mean_year import mean_year
from rssm.product.values.snow_climatology import snow_climatology
from rssm.product.values.sources import Maps

WINDOW = Window(400, 1800, 10, 10)


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
    maps = Maps.of(indices, GRID, DEKADS)
    assert maps.entry("WATER", 2015 * 36)["map"] == "WATER_2015D01.tif"
    assert maps.entry("WATER", 2015 * 36 + 1) is None
    assert np.isnan(maps.value("WATER", 2015 * 36 + 1, WINDOW)).all()
    assert maps.entry("LANDCOVER", 2003 * 36)["map"] == "LANDCOVER_2001.tif"  # the nearest year
    assert maps.entry("RAINFOREST", 5)["map"] == "RAINFOREST_static.tif"


def test_only_the_round_that_simulates_a_dekad_counts(tmp_path):
    first = index_of(tmp_path, "SIM-1", ["2012D19"], "dekad")
    write_map(tmp_path / "none.tif", {"value": np.zeros((10, 10))}, GRID, WINDOW, {})
    write_index(tmp_path / "2.json", "SIM-2", "2012", {"2012D19": {"map": "none.tif", "status": "missing"}})
    assert Maps.of([first, tmp_path / "2.json"], GRID, DEKADS).estimated(2012 * 36 + 18)[0] == "1"
    write_index(tmp_path / "3.json", "SIM-3", "2012", {"2012D19": {"map": "none.tif", "status": "complete"}})
    with pytest.raises(InputError, match="2012D19: simulated by SIM-1 and SIM-3"):
        Maps.of([first, tmp_path / "3.json"], GRID, DEKADS).estimated(2012 * 36 + 18)


def test_snow_climatology_is_that_of_most_observed_years(tmp_path):
    frozen = {2007: [1, 1, 0, np.nan], 2008: [1, 0, 0, np.nan], 2009: [0, np.nan, 1, np.nan]}
    indices = []
    for year, first in frozen.items():
        value = np.full((10, 10), np.nan)
        value[0, :4] = first
        write_map(tmp_path / f"SNOW_{year}D03.tif", {"value": value}, GRID, WINDOW, {})
        indices.append(tmp_path / f"{year}.json")
        entry = {"map": f"SNOW_{year}D03.tif", "status": "complete"}
        write_index(indices[-1], "SNOW", str(year), {f"{year}D03": entry}, calendar_id="dekad")
    spec = SnowSpec("SNOW", Area(GRID.id, Region(39, 40, 0, 1)), "dekad")
    snow_climatology([str(path) for path in indices], spec, [str(tmp_path / "mostly" / "static.json")])
    listed = Maps.of([tmp_path / "mostly" / "static.json"], GRID, DEKADS).entries["SNOW-CLIMATOLOGY"]
    layers, _ = read_map(listed["D03"]["path"])
    assert layers["value"][0, :4].tolist() == [1, 0, 0, 0]  # 2 of 3; 1 of 2 is not most; 1 of 3; never observed
    assert layers["years"][0, :4].tolist() == [3, 2, 3, 0]
    assert len(listed) == 36 and listed["D04"]["pixels"] == 0


def test_the_mean_year_is_that_of_nine_steps_around_from_three_values_on(tmp_path):
    values = {
        "2007D34": [0.1, 0.1, np.nan],  # the year is a ring: four steps before D02
        "2008D01": [0.2, np.nan, np.nan],
        "2008D06": [0.3, 0.5, 0.3],  # four steps after it
        "2008D07": [0.9, 0.9, 0.9],  # five
        "2009D02": [0.4, 0.6, 0.6],
    }
    indices = []
    for label, first in values.items():
        value = np.full((10, 10), np.nan)
        value[0, :3] = first
        round_ = "3" if label == "2008D06" else "2"  # of one year in two rounds
        write_map(tmp_path / f"{label}.tif", {"value": value}, GRID, WINDOW, {})
        indices.append(tmp_path / f"{round_}-{label}.json")
        entry = {"map": f"{label}.tif", "status": "complete"}
        write_index(indices[-1], f"FUSED-{round_}", label[:4], {label: entry}, calendar_id="dekad")
    missing = {"2010D02": {"map": "2009D02.tif", "status": "missing"}}
    write_index(tmp_path / "none.json", "FUSED-2", "2010", missing, calendar_id="dekad")
    spec = MeanYearSpec("FUSED", Area(GRID.id, Region(39, 40, 0, 1)), "dekad")
    out = tmp_path / "mean" / "static.json"
    mean_year([*map(str, indices), str(tmp_path / "none.json")], spec, [str(out)])
    listed = Maps.of([out], GRID, DEKADS).entries["MEAN-YEAR"]
    layers, _ = read_map(listed["D02"]["path"])
    np.testing.assert_allclose(layers["value"][0, :4], [0.25, 0.4, np.nan, np.nan], rtol=1e-6)
    assert layers["values"][0, :4].tolist() == [4, 3, 2, 0]
    assert len(listed) == 36 and listed["D02"]["pixels"] == 2 and listed["D20"]["pixels"] == 0
    with pytest.raises(InputError, match="MEAN-YEAR: no map of FUSED is among no indices"):
        mean_year([], spec, [str(out)])
