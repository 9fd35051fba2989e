"""One dekad of the data set, worked by hand on a zone of ten by ten pixels."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.calendar import DEKADS
from rssm.config.product import ROLES, DataSet, Filling
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.paths import SIMULATED
from rssm.product.dekad import Ground, dekad_values
from rssm.product.specs import Edition, UsedNetwork, YearSpec
from rssm.product.uncertainty.calibration import Calibration, Factor
from rssm.product.values.flags import Flag, has
from rssm.product.values.sources import Maps

REGION = Region(40, 41, 0, 1)
WINDOW = GRID.window(REGION)
DEKAD = DEKADS.parse("2015D10")
NAN = np.nan


def field(value=0.0, **places):
    """A map of one value with others at places written r{row}c{column}."""
    made = np.full((10, 10), value, np.float32)
    for place, other in places.items():
        row, column = place[1:].split("c")
        made[int(row), int(column)] = other
    return made


@pytest.fixture
def make(tmp_path):
    """A ground whose maps are `layers` (product → layers) on `label`."""

    def build(layers, label="2015D10", calibration=None, chains=None):
        base = {
            "SIM-1": {
                "value": field(0.2, r0c0=NAN, r5c5=NAN, r9c9=0.9),
                "network": field(0, r0c0=-1, r5c5=-1, r2c2=1),
                "flags": field(0, r2c2=1, r3c3=2 + 4),
                "merged": field(0, r1c2=1, r1c3=2, r1c4=3, r1c5=4, r1c6=5, r1c7=6, r5c5=3, r7c7=6),
                "blended": field(0, r4c0=1),
                **(chains or {}),
            },
            "SNOW": {"value": field(0, r0c0=1, r7c7=1, r8c8=NAN)},
            "WATER": {"value": field(0, r1c1=0.06)},
            "RAINFOREST": {"value": field(0, r6c6=1)},
            "LANDCOVER": {"value": field(7)},
            "P": {"value": field(0.2), "n_obs": field(3)},
            "Q": {"value": field(0.2), "n_obs": field(5)},
        }
        indices = []
        for product, found in {**base, **layers}.items():
            path = tmp_path / f"{product}.tif"
            write_map(path, found, GRID, WINDOW, {"networks": "NN1-2 NN1-1"})
            indices.append(tmp_path / f"{product}.json")
            calendar = "static" if product in ("RAINFOREST", "LANDCOVER") else "dekad"
            of_year = dict.fromkeys(("SNOW-CLIMATOLOGY", "MEAN-YEAR"), f"D{label[-2:]}")
            key = ({"RAINFOREST": "static", "LANDCOVER": "static"} | of_year).get(product, label)
            entry = {"map": path.name, "status": "complete"}
            write_index(indices[-1], product, label[:4], {key: entry}, calendar_id=calendar)
        known, release = DataSet(), DataSet().release
        given = YearSpec(
            edition=Edition("rsssm", release.version, release.date, known.about, {}, ""),
            area=Area(GRID.id, REGION),
            calendar="dekad",
            estimate=SIMULATED,
            steps=(DEKAD, DEKAD),
            roles=ROLES,
            networks=(UsedNetwork("NN1-1", ("P", "Q"), ((DEKAD, DEKAD + 5),)), UsedNetwork("NN1-2", ("P",), ())),
            matched=(),
            rounds=("1",),
            snow_from=2007 * 36,
            fill=Filling(radius=2, water=0.5),
            water_flag=0.05,
            layers=known.layers,
            formats=(),
            code="",
        )
        table = {name: np.full((3, 1, 1), NAN, np.float32) for name in ("mse", "r2", "residual")}
        table["mse"][:2], table["r2"][:2], table["residual"][:2, 0, 0] = 0.0025, 0.75, [0.0016, 0.0009]
        low, high = field(0.1), field(0.5)
        land = field(1, r0c9=0) > 0
        maps = Maps.of(indices, GRID, DEKADS)
        return Ground(maps, land, low, high, {"1": table}, calibration or Calibration({}), given)

    return build


def test_a_dekad_by_hand(make):
    round_, v = dekad_values(make({}), DEKAD)
    assert round_ == "1"
    sm = v["soil_moisture"]
    assert sm[3, 3] == approx(0.2) and np.isnan(sm[0, 9])  # simulated; sea
    assert np.isnan(sm[0, 0]) and np.isnan(sm[7, 7])  # snow: not filled, and hidden
    assert sm[5, 5] == approx(0.2) and v["fill_distance"][5, 5] == 1
    # index 0 of this map's own list is NN1-2, which is the second network of all
    assert v["network_used"][3, 3] == 2 and v["network_used"][2, 2] == 1
    assert v["network_used"][5, 5] == v["network_used"][7, 7] == v["network_used"][0, 9] == 0
    assert [v["round"][3, 3], v["round"][5, 5], v["round"][7, 7]] == [1, 1, 0]
    assert [v["number_of_predictors"][2, 2], v["n_observations"][2, 2]] == [2, 8]
    assert [v["number_of_predictors"][3, 3], v["n_observations"][3, 3]] == [1, 3]
    assert [v["number_of_predictors"][5, 5], v["n_observations"][5, 5]] == [0, 0]


def test_every_flag_stands_where_its_condition_is_and_nowhere_else(make):
    _, v = dekad_values(make({}), DEKAD)
    where = {flag: [tuple(place) for place in np.argwhere(has(v["flags"], flag)).tolist()] for flag in Flag}
    assert where == {
        Flag.SNOW_ICE_OBSERVED: [(0, 0), (7, 7)],
        Flag.SNOW_ICE_INFERRED: [],
        Flag.RAINFOREST: [(6, 6)],
        Flag.GAP_FILLED: [(5, 5)],
        Flag.FALLBACK_NETWORK: [(2, 2)],
        Flag.EXTRAPOLATED_INPUTS: [(3, 3)],
        Flag.OUTSIDE_SMAP_RANGE: [(9, 9)],
        Flag.BOUNDARY_BLENDED: [(4, 0)],
        Flag.WATER_ABOVE_5_PERCENT: [(1, 1)],
        Flag.NO_NETWORK: [(5, 5)],
        Flag.IN_TRAINING_PERIOD: [(2, 2)],
        Flag.NO_SKILL: [(3, 3)],
        Flag.MATCHED_ONLY: [],
        Flag.CHAIN_ONLY: [],
        Flag.MEAN_OF_TWO_NETWORKS: [(1, 4), (1, 7)],  # neither where one was taken, nor filled, nor hidden by snow
    }


def test_uncertainty_is_the_calibrated_root_of_both_variances(make):
    pair = {"chain0": field(0.19), "chain1": field(0.21)}  # V = 0.0002
    ground = make({}, chains=pair, calibration=Calibration({("1", "7"): Factor(2.0, 0.5), ("*", "*"): Factor(9.0)}))
    _, v = dekad_values(ground, DEKAD)
    assert v["between_chain_spread"][3, 3] == approx(0.0002**0.5)
    assert v["residual_error"][3, 3] == approx(0.03) and v["residual_error"][2, 2] == approx(0.04)
    assert v["total_uncertainty"][3, 3] == approx(2 * 0.05**0.5 * (0.0002 + 0.0009) ** 0.25)
    assert v["blocked_rmse"][3, 3] == approx(0.05) and v["blocked_r2"][3, 3] == approx(0.75)
    # a filled pixel has no parts; its total is that of its donors and of differences between neighbours (0 here,
    # except around the one high value)
    assert np.isnan(v["residual_error"][5, 5]) and v["total_uncertainty"][5, 5] > v["total_uncertainty"][3, 3]


def test_the_uncertainty_of_dry_soil_is_damped_where_the_table_says_so(make):
    _, plain = dekad_values(make({}), DEKAD)
    _, v = dekad_values(make({}, calibration=Calibration({("*", "*"): Factor(dry=0.4)})), DEKAD)
    dry = plain["soil_moisture"][3, 3] / 0.4
    assert 1 / 3 < dry < 1
    assert v["total_uncertainty"][3, 3] == approx(0.03 * dry**0.5)
    assert v["residual_error"][3, 3] == approx(0.03)


def test_one_chain_leaves_all_error_to_the_residual(make):
    _, v = dekad_values(make({}), DEKAD)
    assert np.isnan(v["between_chain_spread"]).all()
    assert v["total_uncertainty"][3, 3] == approx(0.03)
    known = ~np.isnan(v["soil_moisture"])
    assert_array_equal(~np.isnan(v["total_uncertainty"]), known)


def test_before_ascat_what_mostly_happens_counts_unless_most_days_were_thawed(make):
    early = DEKADS.parse("2005D01")
    mostly = field(0, r1c1=1, r2c2=1, r3c3=1)
    thaw = field(NAN, r1c1=0.4, r2c2=0.6)
    layers = {"SNOW-CLIMATOLOGY": {"value": mostly}, "FREEZE-THAW": {"value": thaw}, "SNOW": {"value": field(1)}}
    _, v = dekad_values(make(layers, "2005D01"), early)
    inferred = has(v["flags"], Flag.SNOW_ICE_INFERRED)
    assert [tuple(place) for place in np.argwhere(inferred)] == [(1, 1), (3, 3)]
    assert not has(v["flags"], Flag.SNOW_ICE_OBSERVED).any()
    with pytest.raises(InputError, match="2005D01: before ASCAT the map SNOW-CLIMATOLOGY D01 is needed"):
        dekad_values(make({}, "2005D01"), early)


def test_filling_never_crosses_water_and_stops_at_the_radius(make):
    gap = field(0.2)
    gap[:, :6] = NAN
    lake = field(0, **{f"r{row}c5": 1.0 for row in range(10)})
    simulated = dict.fromkeys(("network", "flags", "merged", "blended"), field(0)) | {"value": gap}
    ground = make({"SIM-1": simulated, "WATER": {"value": lake}})
    _, v = dekad_values(ground, DEKAD)
    assert np.isnan(v["soil_moisture"][:, :6]).all()  # a lake between, and the shore beyond is out of reach
    dry = make({"SIM-1": simulated})
    _, v = dekad_values(dry, DEKAD)
    assert v["fill_distance"][5].tolist() == [-1, -1, -1, -1, 2, 1, 0, 0, 0, 0]
    assert has(v["flags"], Flag.NO_NETWORK)[5, 0]  # the reason why there is none


def test_a_dekad_that_no_round_simulates_is_empty_with_its_reason(make):
    round_, v = dekad_values(make({}), DEKAD + 1)
    assert round_ is None
    assert np.isnan(v["soil_moisture"]).all() and not v["round"].any()
    assert has(v["flags"], Flag.NO_NETWORK)[3, 3]


def test_rainforest_keeps_its_values(make):
    _, v = dekad_values(make({}), DEKAD)
    assert v["soil_moisture"][6, 6] == approx(0.2)


def test_without_skill_the_uncertainty_is_unknown_not_zero(make):
    _, v = dekad_values(replace(make({}), skill={}), DEKAD)
    assert np.isnan(v["total_uncertainty"]).all()


def test_a_gap_is_filled_with_its_mean_year_and_what_its_ring_departs_by(make):
    row, column = np.indices((10, 10)).astype(np.float32)
    mean = field(0.2) + column / 100  # wetter to the east
    value = (mean + row / 100).astype(np.float32)  # this dekad to the south
    value[5, 5:8] = NAN
    simulated = dict.fromkeys(("network", "flags", "merged", "blended"), field(0)) | {"value": value}
    simulated["network"] = np.where(np.isnan(value), np.float32(-1), np.float32(0))
    maps = {"SIM-1": simulated, "MEAN-YEAR": {"value": mean}, "SNOW": {"value": field(0)}}
    ground = make(maps)
    ring = dekad_values(ground, DEKAD)[1]
    ground = replace(ground, spec=replace(ground.spec, fill=Filling(method="departures", radius=2)))
    _, v = dekad_values(ground, DEKAD)
    # above and below, a ring departs by that of the row; a small map's weight for it is the usual one, 8 / (8 + 1)
    assert v["soil_moisture"][5, 6] == approx(mean[5, 6] + 0.05 * 8 / 9, abs=0.001)
    assert v["soil_moisture"][5, 7] - v["soil_moisture"][5, 6] == approx(0.01, abs=0.002)
    for layer in ("fill_distance", "flags", "network_used", "round", "number_of_predictors"):
        assert_array_equal(v[layer], ring[layer])
    assert_array_equal(v["soil_moisture"][:5], ring["soil_moisture"][:5])
    with pytest.raises(InputError, match="2015D10: to fill by departures the map MEAN-YEAR D10 is needed, and none"):
        del ground.maps.entries["MEAN-YEAR"]
        dekad_values(replace(ground), DEKAD)
