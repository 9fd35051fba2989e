"""No sample of a real file is refused, and every number in it is what another library reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_equal
from pyhdf.SD import SD, SDC

from rssm.archive.damage.file_format import check_format
from rssm.archive.listing import found_at
from rssm.archive.readers.hdf4 import _array_of, _try_in_child
from rssm.archive.readers.netcdf import open_cf

SUFFIXES = (".nc", ".nc4", ".h5", ".hdf", ".tif")
REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
SAMPLES = sorted(str(path.relative_to(REAL)) for path in REAL.rglob("*") if path.suffix in SUFFIXES) or ["none"]


def variables(data: netCDF4.Dataset, path: str = "") -> dict[str, netCDF4.Variable]:
    """Variables of numbers of a file and its groups."""
    found = {path + name: variable for name, variable in data.variables.items() if variable.dtype is not str}
    for name, group in data.groups.items():
        found |= variables(group, f"{path}{name}/")
    return {name: variable for name, variable in found.items() if np.dtype(variable.dtype).kind in "iuf"}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_of_every_sample(real: Path, name: str) -> None:
    path = real / name
    if path.suffix == ".tif":
        assert check_format(path, "TIFF") == "TIFF"
        with rasterio.open(path) as picture:
            assert picture.read().size > 0
    elif path.suffix == ".hdf":
        assert check_format(path, "HDF4") == "HDF4"
        _try_in_child(str(path))
        file = SD(str(path), SDC.READ)
        for key, (_, shape, *_) in file.datasets().items():
            part = _array_of(file, key).part(tuple(slice(0, length) for length in shape))
            assert_array_equal(part, file.select(key)[:])
        file.end()
    else:
        with netCDF4.Dataset(path) as data, open_cf(found_at(path, date(2015, 1, 1))) as there:
            data.set_auto_maskandscale(False)
            others = variables(data)
            assert others and set(others) >= set(there)  # an array of two names is listed once and found by both
            for key, other in others.items():
                numbers = np.asarray(other[...])
                own = there[key][...]
                assert own.dtype.itemsize == numbers.dtype.itemsize and own.shape == numbers.shape
                assert_array_equal(own.astype(numbers.dtype), numbers, err_msg=key)
