"""Damaged copies of a file, and what became of each when it was read; run in a process that may crash or hang."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import h5py
import netCDF4
import numpy as np
from handmade import FILES, SMALL
from pyhdf.SD import SD, SDC

from rssm.archive.grids import NATIVE_GRIDS, whole
from rssm.archive.readers import read
from rssm.archive.signature import HDF4, HDF5
from rssm.errors import InputError

HEADER = {"smos": 640, "koppen": 0}  # of files without compression only the header: nothing can tell a changed number


def bytes_damaged(name: str, data: bytes, flips: int) -> Iterator[tuple[str, bytes]]:
    """Cuts, overwritten blocks and single changed bytes."""
    for share in (0.01, 0.1, 0.35, 0.6, 0.9):
        yield f"cut to {share:.0%}", data[: int(len(data) * share)]
    yield "last byte cut", data[:-1]
    yield "doubled", data + data
    rng = np.random.default_rng(len(data))
    reach = HEADER.get(name) or len(data)
    if name != "koppen":
        at = int(reach * 0.5)
        yield "64 zeros in the middle", data[:at] + bytes(64) + data[at + 64 :]
    for position in rng.integers(4, reach, flips if name != "koppen" else 0).tolist():
        changed = bytearray(data)
        changed[position] ^= int(rng.integers(1, 256))
        yield f"byte {position} flipped", bytes(changed)


def attributes_removed(path: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Copies that lack one attribute of a variable (HDF5 and NetCDF-3)."""
    names: list[tuple[str, str]] = []
    if data[:8] == HDF5:
        path.write_bytes(data)
        with h5py.File(path) as file:
            file.visititems(lambda n, o: names.extend((n, a) for a in o.attrs if isinstance(o, h5py.Dataset)))
        for name, attribute in names:
            if attribute in (
                "CLASS",
                "NAME",
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
            names = [(n, a) for n, v in file.variables.items() for a in v.ncattrs()]
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


def main(name: str, folder: Path, flips: int) -> None:
    """Print one line of JSON before and after each variant: what was done, and what came of it."""
    warnings.simplefilter("ignore")
    NATIVE_GRIDS.update(SMALL)
    product, found, expected = FILES[name].found(folder)
    data = found.path.read_bytes()
    box = whole(SMALL[product.native_grid or ""])
    scratch = folder / "scratch"
    for what, variant in [*bytes_damaged(name, data, flips), *attributes_removed(scratch, data)]:
        print(json.dumps({"variant": what}), flush=True)
        found.path.write_bytes(variant)
        try:
            fields = read(product, found, box)
        except InputError as error:
            print(json.dumps({"error": str(error)}), flush=True)
            continue
        wrong = 0
        for field in fields:
            right = [v for day, overpass, v in expected if (day, overpass) == (field.start, field.overpass)]
            if not right:
                wrong += int(np.isfinite(field.values).sum())
                continue
            there = np.isfinite(field.values)
            wrong += int((np.abs(field.values - right[0])[there] > 1e-5 * product.valid_range[1]).sum())
            wrong += int((there & np.isnan(right[0])).sum())
        print(json.dumps({"wrong": wrong, "fields": len(fields)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
