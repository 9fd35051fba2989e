"""Damaged copies of files, and what became of each when it was read; run in a process that may crash or hang.

`python damage.py FLIPS handmade NAME…`, `… toy PRODUCT…` or `… real FOLDER`
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import h5py
import netCDF4
import numpy as np
from pyhdf.SD import SD, SDC
from sound_files import Case, handmade, real, toy

from rssm.archive.damage.file_format import HDF4, HDF5
from rssm.archive.readers.dispatch import read
from rssm.errors import InputError


def bytes_damaged(case: Case, data: bytes, flips: int) -> Iterator[tuple[str, bytes]]:
    """Cuts, overwritten blocks and single changed bytes."""
    for share in (0.01, 0.1, 0.35, 0.6, 0.9):
        yield f"cut to {share:.0%}", data[: int(len(data) * share)]
    yield "last byte cut", data[:-1]
    yield "doubled", data + data
    yield "another format", b"<html>" + data
    yield "empty", b""
    start, stop = case.reach
    if stop == start:
        return
    stop = stop or len(data)
    middle = (start + stop) // 2
    yield "64 zeros in the middle", data[:middle] + bytes(64) + data[middle + 64 :]
    rng = np.random.default_rng(len(case.name))
    for position in rng.integers(start, stop, flips).tolist():
        changed = bytearray(data)
        changed[position] ^= int(rng.integers(1, 256))
        yield f"byte {position} changed", bytes(changed)


def attributes_removed(path: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Copies that lack one attribute of a variable (HDF5 and NetCDF-3).

    One without `add_offset` is no damage that anybody could see: CF means 0 by it, and common writers leave it out.
    """
    names: list[tuple[str, str]] = []
    if data[:8] == HDF5:
        path.write_bytes(data)
        with h5py.File(path) as file:
            file.visititems(lambda n, o: names.extend((n, a) for a in o.attrs if isinstance(o, h5py.Dataset)))
        for name, attribute in names:
            if attribute in (
                "CLASS",
                "NAME",
                "add_offset",
                "REFERENCE_LIST",
                "DIMENSION_LIST",
                "_Netcdf4Dimid",
                "_Netcdf4Coordinates",
            ):
                continue
            path.write_bytes(data)
            with h5py.File(path, "r+") as file:
                del file[name].attrs[attribute]
            yield f"{name}:{attribute} removed", path.read_bytes()
    elif data[:3] == b"CDF":
        path.write_bytes(data)
        with netCDF4.Dataset(path) as file:
            names = [(n, a) for n, v in file.variables.items() for a in v.ncattrs() if a != "add_offset"]
        for name, attribute in names:
            path.write_bytes(data)
            with netCDF4.Dataset(path, "r+") as file:
                file[name].delncattr(attribute)
            yield f"{name}:{attribute} removed", path.read_bytes()
    elif data[:4] == HDF4:
        path.write_bytes(data)
        file = SD(str(path), SDC.WRITE)
        file.attr("StructMetadata.0").set(SDC.CHAR, " " * 20)
        file.end()
        yield "StructMetadata.0 emptied", path.read_bytes()


def report(**what: object) -> None:
    """One line of JSON, at once: the process may not live to the next."""
    print(json.dumps(what), flush=True)


def main(case: Case, flips: int) -> None:
    """Report each variant before it is read, and what came of it after."""
    product, path = case.product, case.found.path
    data = path.read_bytes()
    for what, variant in [*bytes_damaged(case, data, flips), *attributes_removed(Path("scratch"), data)]:
        report(variant=f"{case.name}: {what}")
        path.write_bytes(variant)
        try:
            fields = read(product, case.found, case.box)
        except InputError as error:
            report(error=str(error))
            continue
        wrong = 0
        for field in fields:
            there = np.isfinite(field.values)
            values = case.right.get((field.start, field.overpass), np.full(field.values.shape, np.nan))
            same = np.abs(field.values - values) <= 1e-5 * product.valid_range[1]  # false where nothing should be
            wrong += int((there & ~same).sum())
        report(wrong=wrong)
    path.write_bytes(data)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    _, number, kind, *chosen = sys.argv
    cases = {"handmade": handmade, "toy": toy}[kind](chosen) if kind != "real" else real(Path(chosen[0]))
    for made in cases:
        main(made, int(number))
