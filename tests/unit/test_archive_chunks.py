"""Chunks read by us are what the library reads, whatever their layout."""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import h5py
import netCDF4
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rssm.archive.bad_file import BadFile
from rssm.archive.readers import chunks
from rssm.archive.readers.chunks import read_part

PACKINGS: dict[str, dict[str, Any]] = {
    "contiguous": {},
    "chunked": {"chunks": (7, 5)},
    "deflated": {"chunks": (7, 5), "compression": "gzip"},
    "shuffled": {"chunks": (7, 5), "compression": "gzip", "shuffle": True},
    "checked": {"chunks": (7, 5), "compression": "gzip", "fletcher32": True},
    "one chunk": {"chunks": (20, 12), "compression": "gzip", "shuffle": True},
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("dtype", ["u1", "<i2", ">i2", "<u2", "<f4", ">f4", "<f8"])
@settings(max_examples=12)
@given(
    rows=st.tuples(st.integers(0, 19), st.integers(1, 20)), columns=st.tuples(st.integers(0, 11), st.integers(1, 12))
)
def test_a_part_is_what_the_library_reads(
    packing: str, dtype: str, rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    part = tuple(slice(start, start + count) for start, count in (rows, columns))
    with h5py.File("x.h5", "w", driver="core", backing_store=False) as file:
        data = file.create_dataset("x", (20, 12), dtype, fillvalue=7, **PACKINGS[packing])
        data[:14, :10] = np.random.default_rng(1).integers(0, 200, (14, 10))  # the last chunks are never written
        read = read_part(data, part)
        assert read.dtype == data.dtype or read.dtype == data.dtype.newbyteorder("=")
        np.testing.assert_array_equal(read, data[part])
        np.testing.assert_array_equal(read_part(data, (rows[0], part[1])), data[rows[0], part[1]])


@pytest.mark.parametrize("shuffle", [True, False])
@settings(max_examples=30)
@given(
    start=st.integers(0, 99),
    count=st.integers(0, 60),
    written=st.integers(0, 100),
    dtype=st.sampled_from(["u1", "<f8"]),
)
def test_a_part_of_a_record_is_what_the_library_reads(
    shuffle: bool, start: int, count: int, written: int, dtype: str
) -> None:
    how = {"chunks": (7,), "maxshape": (None,), "compression": "gzip", "shuffle": shuffle, "fillvalue": 9}
    with h5py.File("x.h5", "w", driver="core", backing_store=False) as file:
        data = file.create_dataset("x", (100,), dtype, **how)
        data[100 - written :] = np.arange(written)
        np.testing.assert_array_equal(
            read_part(data, (slice(start, min(start + count, 100)),)), data[start : start + count]
        )
        assert read_part(data, (start,)) == data[start]


def test_layers_and_a_part_beyond_all_chunks(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        data = file.create_dataset("x", (3, 40, 40), "i2", chunks=(1, 16, 16), compression="gzip", fillvalue=-1)
        data[1, :16, :16] = np.arange(256).reshape(16, 16)
        np.testing.assert_array_equal(read_part(data, (1, slice(3, 9), slice(0, 40))), data[1, 3:9])
        assert (read_part(data, (2, slice(0, 40), slice(0, 40))) == -1).all()


def test_a_chunk_that_fails_its_checksum_or_is_too_short_is_reported(tmp_path: Path) -> None:
    good = zlib.compress(np.zeros(64, "i2").tobytes())
    for bad, said in ((good[:-1] + b"x", "cannot be inflated"), (zlib.compress(b"12"), "2 bytes instead of 128")):
        with h5py.File(tmp_path / "x.h5", "w") as file:
            data = file.create_dataset("x", (8, 8), "i2", chunks=(8, 8), compression="gzip")
            data.id.write_direct_chunk((0, 0), bad)
            with pytest.raises(OSError, match=said):
                read_part(data, (slice(0, 8), slice(0, 8)))
            record = file.create_dataset("record", (128,), "i2", chunks=(64,), compression="gzip")
            record[:] = 1
            record.id.write_direct_chunk((64,), bad)
            with pytest.raises(OSError, match=said):
                read_part(record, (slice(0, 128),))


def test_filters_of_the_netcdf_library_are_found_by_a_process_that_did_not_load_it(tmp_path: Path) -> None:
    numbers = np.arange(5000) % 7
    with netCDF4.Dataset(tmp_path / "z.nc", "w") as data:
        data.createDimension("x", numbers.size)
        data.createVariable("v", "f4", ("x",), compression="zstd")[:] = numbers
    code = (
        "import sys, h5py; from rssm.archive.readers.chunks import read_part;"
        "v = h5py.File(sys.argv[1])['v']; assert 'netCDF4' not in sys.modules; print(read_part(v, (slice(0, 9),)).sum())"
    )
    alone = {name: value for name, value in os.environ.items() if name != "HDF5_PLUGIN_PATH"}
    command = [sys.executable, "-c", code, str(tmp_path / "z.nc")]
    assert subprocess.run(command, env=alone, capture_output=True, text=True, check=True).stdout == "22.0\n"


def test_a_filter_that_is_nowhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        dataset = file.create_dataset("v", data=np.arange(9.0), compression="lzf")
        monkeypatch.setattr(chunks.h5py.h5z, "filter_avail", lambda number: number != 32000)
        with pytest.raises(BadFile, match="compressed by filter 32000 of HDF5, which is not installed here"):
            chunks.read_part(dataset, (slice(0, 9),))
