"""How far one pixel is from the cells that taught, as a trace tells it."""

from __future__ import annotations

import numpy as np
import pytest

from rssm.errors import InputError
from rssm.somo.near import NEAR, nearness


def test_a_pixel_is_found_among_those_of_its_tile(tmp_path):
    with NEAR.created(tmp_path / "near.nc") as file:
        file.createDimension("pixel", 3)
        file.createVariable("pixel", "i4", ("pixel",))[:] = [4, 9, 12]
        for name, values in (("distance", [1, 250, 3]), ("dissimilarity", [0.5, 1.25, np.nan])):
            file.createVariable(name, "f4", ("pixel",), fill_value=np.nan)[:] = values
    assert nearness(tmp_path / "near.nc", 9) == (250, 1.25)
    assert np.isnan(nearness(tmp_path / "near.nc", 12)[1])
    with pytest.raises(InputError, match=r"near\.nc: does not hold pixel 5"):
        nearness(tmp_path / "near.nc", 5)
