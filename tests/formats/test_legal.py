"""No sound file is refused: every legal oddity of each format is read, and gives the values that were written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from legal import classic, hdf4, hdf5, tiff
from numpy.testing import assert_allclose
from real_samples import described

from rssm.archive.grids import NATIVE_GRIDS, whole
from rssm.archive.listing import found_at
from rssm.archive.readers.dispatch import read

pytestmark = pytest.mark.usefixtures("small_grids")
SAID: dict[str, Any] = {"keep": {}, "variables": {"value": "sm"}, "fill": [255], "file_units": []}
READ_AS = {
    "cf": described("CCI", **SAID),
    "hdf5": described("CCI", reader="hdf5", **SAID),
    "hdf4": described("CCI", reader="hdf4", **SAID, offset={"value": 0.0}),
    "geotiff": described("CCI", reader="geotiff", **SAID | {"variables": {}}),
}
ALL = [
    (reader, name, write)
    for reader, module in (("cf", hdf5), ("hdf5", hdf5), ("cf", classic), ("hdf4", hdf4), ("geotiff", tiff))
    for name, write in module.VARIANTS.items()
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("reader", "name", "write"), ALL, ids=[f"{reader}: {name}" for reader, name, _ in ALL])
def test_a_legal_file_is_read(tmp_path: Path, reader: str, name: str, write: hdf5.Write) -> None:
    rng = np.random.default_rng(1)
    values = rng.integers(0, 100, (12, 24)) / 100
    values[rng.random((12, 24)) < 0.2] = np.nan
    write(tmp_path / "x", values)
    (field,) = read(READ_AS[reader], found_at(tmp_path / "x", date(2015, 4, 1)), whole(NATIVE_GRIDS["latlon_0.25"]))
    assert_allclose(field.values, values, atol=1e-3 if "scale and offset" in name else 1e-6)
