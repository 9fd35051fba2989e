"""A year filled by departures: what the dekads beside a gap tell, and what the edges of a job change."""

import netCDF4
import numpy as np
import pytest
from made_product import REGION, make_year
from numpy.testing import assert_array_equal

from rssm.config.product import DataSet, Filling
from rssm.grid import GRID
from rssm.product.values.departures import Departures, fill_step
from rssm.product.values.snow_climatology import FROZEN
from tests.made_inputs import dekad_fields, usual

FIRST = 2015 * 36 + 16
NAN = np.float32(np.nan)


def layers(made):
    with netCDF4.Dataset(made.out[1]) as file:
        file.set_auto_mask(False)
        return {name: file[name][:] for name in ("soil_moisture", "total_uncertainty", "fill_distance", "flags")}


@pytest.fixture(scope="module")
def years(tmp_path_factory, land):
    """Layers by how gaps are filled and how many dekads the job makes."""
    made = {}
    for method in ("ring", "departures"):
        for dekads in (3, 4):
            folder = tmp_path_factory.mktemp(f"{method}{dekads}")
            settings = DataSet(fill=Filling(method=method), formats=())
            made[method, dekads] = layers(make_year(folder, range(FIRST, FIRST + dekads), land, REGION, settings))
    return made


def test_only_values_and_uncertainty_of_filled_pixels_differ(years):
    ring, departures = years["ring", 3], years["departures", 3]
    assert (ring["fill_distance"] > 0).sum() > 100
    for name in ("fill_distance", "flags"):
        assert_array_equal(ring[name], departures[name])
    own = ring["fill_distance"] <= 0
    assert_array_equal(ring["soil_moisture"][own], departures["soil_moisture"][own])
    assert (ring["soil_moisture"] != departures["soil_moisture"])[~own].mean() > 0.9


def test_values_are_those_of_the_mean_year_and_the_dekads_beside(years):
    window = GRID.window(REGION)
    found = years["departures", 3]
    bare, mean, wet = [], [], []
    for step in range(FIRST, FIRST + 3):
        fields = dekad_fields(window, np.ones(window.shape, bool), step, 1)
        there = (found["fill_distance"][step - FIRST] == 0) & ~(fields["SNOW"]["value"] >= FROZEN)
        bare.append(np.where(there, fields["SIM-1"]["value"], NAN))
        wet.append(fields["WATER"]["value"] > 0.5)  # neither filled nor a donor
        mean.append(usual(window, step).astype(np.float32))
    steps = [value - year for value, year in zip(bare, mean, strict=True)]
    outside = np.full_like(steps[0], NAN)
    for at, (before, after) in enumerate(((outside, steps[1]), (steps[0], steps[2]), (steps[1], outside))):
        known = Departures(mean[at], steps[at], before, after)
        out = fill_step(bare[at], bare[at], found["fill_distance"][at] >= 0, wet[at], 10, False, known)
        filled = found["fill_distance"][at] > 0
        assert_array_equal(out.distance[filled], found["fill_distance"][at][filled])
        np.testing.assert_allclose(found["soil_moisture"][at][filled], out.values[filled], atol=6e-5)


def test_a_dekad_depends_on_those_beside_it_and_no_others(years):
    short, long = years["departures", 3], years["departures", 4]
    for name in short:
        assert_array_equal(short[name][:2], long[name][:2])
    assert (short["soil_moisture"][2] != long["soil_moisture"][2]).any()
