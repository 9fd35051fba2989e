"""Estimates of a tile on disk, and what methods declare of the data sets made of them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from rssm.calendar import CALENDARS
from rssm.casm import layers as casm
from rssm.cubes.estimates import read_estimates, write_estimates
from rssm.declared import Declaration
from rssm.errors import InputError
from rssm.grid import grid_of
from rssm.layer import SIGMA, WATER
from rssm.somo import layers as somo
from rssm.spec import canonical, parsed

GRID, DAYS = grid_of("wgs84_0.25_90_-60_-180"), CALENDARS["3day"]


def written(path, steps=range(100, 110), names=("soil_moisture", "flags")):
    """Two pixels; the second has no soil moisture in the last step."""
    n = len(steps)
    moisture = np.arange(2 * n, dtype=np.float64).reshape(n, 2) / 100
    moisture[-1, 1] = np.nan
    layers = {"soil_moisture": moisture, "flags": np.arange(2 * n, dtype=np.uint16).reshape(n, 2)}
    kept = {name: layers[name] for name in names}
    write_estimates(path, "N10E020", GRID, DAYS, steps, np.array([7, 9]), kept)
    return layers


def test_estimates_come_back_by_names_and_steps(tmp_path):
    layers = written(tmp_path / "t.nc")
    whole = read_estimates(tmp_path / "t.nc")
    assert (whole.tile, whole.grid_id, whole.calendar_id) == ("N10E020", GRID.id, "3day")
    assert whole.layers["soil_moisture"].dtype == np.float32 and whole.layers["flags"].dtype == np.uint16
    assert_array_equal(whole.layers["soil_moisture"], layers["soil_moisture"].astype("f4"))
    part = read_estimates(tmp_path / "t.nc", ["flags"], range(103, 105))
    assert (part.step.tolist(), part.pixel.tolist(), list(part.layers)) == ([103, 104], [7, 9], ["flags"])
    assert_array_equal(part.layers["flags"], layers["flags"][3:5])
    assert read_estimates(tmp_path / "t.nc", steps=range(200, 210)).layers["flags"].shape == (0, 2)


def test_a_layer_that_is_not_there_is_named(tmp_path):
    written(tmp_path / "t.nc", names=["flags"])
    with pytest.raises(InputError, match=r"t\.nc: no layer soil_moisture \(it has flags\)"):
        read_estimates(tmp_path / "t.nc", ["flags", "soil_moisture"])


@pytest.mark.parametrize("steps", [[3, 3], [4, 3]])
def test_steps_ascend(tmp_path, steps):
    with pytest.raises(ValueError, match="ascend"):
        write_estimates(tmp_path / "t.nc", "T", GRID, DAYS, steps, np.array([1]), {"x": np.zeros((2, 1), "f4")})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("declared", [casm.DECLARED, somo.DECLARED])
def test_declarations_travel_as_json_and_put_moisture_first(declared):
    assert parsed(Declaration, canonical(declared)) == declared
    for table in declared.tables:
        assert (table.main.standard_name, table.sigma.standard_name) == (WATER, SIGMA)
        assert len({layer.name for layer in table.layers}) == len(table.layers)
        for layer in table.layers:
            assert sum(weight for _, weight in layer.estimates) == pytest.approx(1)
            assert all(bit & (bit - 1) == 0 for bit, _ in layer.bits)
        flags = table.layers[-1]
        assert flags.name == "flags" and flags.meanings(3) == [said for _, said in flags.bits[:2]]


def test_published_names_stand_in_the_tables():
    (table,) = casm.DECLARED.tables
    published = {"CASM_soil_moisture", "seasonal_cycle", "structural_uncertainty", "data_uncertainty"}
    assert published <= {layer.name for layer in table.layers}
    assert [table.main.name for table in somo.DECLARED.tables] == ["layer1", "layer2", "layer3", "layer_0_50cm"]
    assert somo.COLUMN[0].of == (("layer1", 0.2), ("layer2", 0.4), ("layer3", 0.4))
