"""Coverage: every land pixel counted once with its reason, and the table of rounds and dekads."""

import numpy as np

from rssm.calendar import DEKADS
from rssm.product.values import coverage


def test_every_land_pixel_is_counted_once_with_its_reason():
    distance = np.array([[0, 0, 2, -1, -1, -1, -1, -1]], np.int8)
    flag = np.array([[0, 0, 8, 1, 2, 512, 513, 0]], np.uint16)  # filled; snow; inferred; none; snow comes first; sea
    values = {
        "fill_distance": distance,
        "flags": flag,
        "soil_moisture": np.where(distance >= 0, 0.2, np.nan),
        "under_water": np.array([[0, 1, 0, 0, 0, 1, 1, 1]], bool),  # simulated water keeps its value
    }
    land = np.array([[1, 1, 1, 1, 1, 1, 1, 0]], bool)
    found = coverage.counts(values, land, "1")
    assert found == {
        "land": 7,
        "simulated": 2,
        "filled": {"2": 1},
        "empty": {"snow_ice_observed": 2, "snow_ice_inferred": 1, "no_round": 0, "water": 1, "beyond_radius": 0},
    }
    values["under_water"][:] = False
    assert coverage.counts(values, land, "1")["empty"]["beyond_radius"] == 1
    assert coverage.counts(values, land, None)["empty"]["no_round"] == 1


def test_the_table_sums_rounds_and_dekads_of_the_year():
    def entry(round_, simulated, ring, beyond):
        empty = dict.fromkeys(coverage.EMPTY, 0) | {"beyond_radius": beyond}
        return {
            "round": round_,
            "land": 10,
            "simulated": simulated,
            "filled": {ring: 10 - simulated - beyond},
            "empty": empty,
        }

    dekads = [
        (2014 * 36, entry("1", 9, "1", 0)),
        (2015 * 36, entry("1", 7, "2", 1)),
        (2015 * 36 + 1, entry("2", 8, "1", 0)),
    ]
    rows = [line.split("\t") for line in coverage.table(dekads, 2, DEKADS).splitlines()]
    assert rows[0][:8] == ["round", "dekad_of_year", "dekads", "land", "simulated", "filled", "filled_1", "filled_2"]
    assert [row[:8] for row in rows[1:]] == [
        ["1", "D01", "2", "20", "16", "3", "1", "2"],
        ["1", "all", "2", "20", "16", "3", "1", "2"],
        ["2", "D02", "1", "10", "8", "2", "2", "0"],
        ["2", "all", "1", "10", "8", "2", "2", "0"],
        ["all", "all", "3", "30", "24", "5", "3", "2"],
    ]
    assert rows[-1][-1] == "1"
