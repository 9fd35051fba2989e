"""Storage: what is written is read back, by us and by anyone with xarray; broken files are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rssm.errors import InputError
from rssm.networks import store
from rssm.networks.kernels.codes import Status
from rssm.networks.subnetworks import Subnetworks

INPUTS = ["ascat", "lai", "sand"]
ZONES = ["N30E100", "N30E101"]


def some_subnetworks() -> Subnetworks:
    networks = Subnetworks.empty(chains=2, zones=2, hidden=7, inputs=3)
    rng = np.random.default_rng(1)
    for values in (networks.hidden, networks.output, networks.center, networks.factor, networks.rmse):
        values[:] = rng.normal(size=values.shape)
    networks.factor[1, 2] = 0.0
    networks.points[0, 0] = 70, 15, 15
    networks.status[0] = Status.OK, Status.CONSTANT_TARGET
    return networks


def test_what_is_written_is_read(tmp_path: Path) -> None:
    networks = some_subnetworks()
    store.write(tmp_path / "N30E100.nc", networks, INPUTS, ZONES, {"network": "NN1-1-1", "seed": 7})
    found = store.read(tmp_path / "N30E100.nc")
    assert (found.inputs, found.zones) == (tuple(INPUTS), tuple(ZONES))
    assert found.attributes["network"] == "NN1-1-1"
    assert found.attributes["seed"] == 7
    for name, values in networks.arrays().items():
        back = getattr(found.subnetworks, name)
        assert back.dtype == values.dtype
        np.testing.assert_array_equal(back, values)
    np.testing.assert_array_equal(found.subnetworks.dropped, [[False] * 3, [False, False, True]])


def test_the_file_explains_itself_to_xarray(tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    store.write(tmp_path / "a.nc", some_subnetworks(), INPUTS, ZONES, {"network": "NN1-1-1"})
    with xarray.open_dataset(tmp_path / "a.nc") as data:
        assert data.hidden.dims == ("chain", "zone", "node", "input")
        assert list(data.input.values) == INPUTS
        assert data.points.sel(zone="N30E100", split="train")[0] == 70
        meanings = dict(zip(data.status.flag_values, data.status.flag_meanings.split(), strict=True))
        assert meanings[data.status.values[0, 1]] == "constant_target"
        assert all("long_name" in data[name].attrs for name in store.VARIABLES)


def test_every_array_is_stored() -> None:
    assert set(store.VARIABLES) == set(some_subnetworks().arrays())


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        store.write(tmp_path / "a.nc", some_subnetworks(), INPUTS[:2], ZONES, {})
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.nc").write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"a\.nc: cannot be read as subnetworks"):
        store.read(tmp_path / "a.nc")
