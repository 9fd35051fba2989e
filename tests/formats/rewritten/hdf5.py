"""By h5py, as h5repack, h5netcdf and MATLAB leave files: the objects of a NetCDF-4 or HDF5 file, copied one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from rewritten.netcdf import Rewrite, sides

_OF_SCALES = ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME", "_Netcdf4Dimid", "_Netcdf4Coordinates")
LONG = 30_000  # bytes: longer texts of fixed length need a newer format
_FILE = ("libver", "track_order", "userblock_size", "fs_strategy", "fs_page_size", "fs_persist")


def copied(
    source: Path,
    target: Path,
    also: Callable[[h5py.File], None] = lambda _: None,
    kind: str = "=",
    chunk: int = 0,
    sparse: bool = False,
    texts: Callable[[Any], Any] = lambda value: value,
    **options: Any,
) -> None:
    """kind: byte order; chunk: cells along each side; sparse: chunks of fill alone are left out; texts: of attributes."""
    how = {name: options.pop(name) for name in list(options) if name not in _FILE}
    with h5py.File(source) as old, h5py.File(target, "w", **options) as new:
        paths: list[str] = []
        old.visit(paths.append)
        for path in paths:
            item = old[path]
            if isinstance(item, h5py.Group):
                new.require_group(path)
            elif isinstance(item, h5py.Dataset):
                _dataset(item, new, path, kind, chunk, sparse, how)
            if not isinstance(item, h5py.Datatype):
                _attributes(item, new[path], texts)
        _attributes(old, new, texts)
        _scales(old, new, paths)
        also(new)


def _dataset(
    old: h5py.Dataset, new: h5py.File, path: str, kind: str, chunk: int, sparse: bool, how: dict[str, Any]
) -> None:
    plain, room = old.dtype.kind in "iuf", old.ndim > 0 and old.size > 0
    dtype = old.dtype.newbyteorder(kind) if plain else old.dtype
    options = dict(how) if plain and room else {}
    if plain and room and (chunk or sparse):
        options["chunks"] = tuple(min(n, side) for n, side in zip(old.shape, sides(chunk or 16, old.ndim), strict=True))
    fill = old.fillvalue if plain else None
    if not (sparse and plain and room):
        new.create_dataset(path, data=old[...], dtype=dtype, fillvalue=fill, **options)
        return
    made, numbers = new.create_dataset(path, old.shape, dtype, fillvalue=fill, **options), old[...]
    step = options["chunks"]
    for corner in np.ndindex(*(-(-n // size) for n, size in zip(old.shape, step, strict=True))):
        part = tuple(slice(i * size, (i + 1) * size) for i, size in zip(corner, step, strict=True))
        if not (numbers[part] == fill).all():
            made[part] = numbers[part]


def _attributes(old: Any, new: Any, texts: Callable[[Any], Any]) -> None:
    for name in old.attrs:
        if name not in _OF_SCALES:
            value = old.attrs[name]
            if isinstance(value, bytes) and len(value) > LONG:
                value = _in_heap(value)
            new.attrs[name] = texts(value) if isinstance(value, str | bytes) else value


def _scales(old: h5py.File, new: h5py.File, paths: list[str]) -> None:
    sets = [path for path in paths if isinstance(old[path], h5py.Dataset)]
    for path in sets:
        if old[path].is_scale:
            name = old[path].attrs.get("NAME", b"")
            new[path].make_scale(name.decode() if isinstance(name, bytes) else str(name))
    for path in sets:
        if not old[path].is_scale:
            for number, dimension in enumerate(old[path].dims):
                for scale in dimension.values():
                    new[path].dims[number].attach_scale(new[scale.name])


def _notes(file: h5py.File) -> None:
    """So many and such long attributes that they move to storage of their own."""
    file.attrs["history"] = "x" * 60_000
    for path in list(file):
        for number in range(40):
            file[path].attrs[f"note {number}"] = "y" * 40


def _longer_than_64_kb(file: h5py.File) -> None:
    file.attrs["история"] = np.arange(20_000.0)
    for path in list(file):
        file[path].attrs["long"] = np.zeros(70_000, "u1")


def _beside(file: h5py.File) -> None:
    text = h5py.string_dtype()
    file.create_dataset("beside", data=["", "a", "", "b" * 300], dtype=text).attrs["comment"] = ""
    file.create_dataset("never", (3, 4), "f4", chunks=(1, 4), maxshape=(None, 4), compression="gzip")
    file["compound"], file["kind"] = np.zeros(3, [("a", "i4"), ("b", "f8")]), np.dtype("f4")
    file.create_dataset("lists", (3,), h5py.vlen_dtype(np.int16))[1] = np.arange(3)
    file["gone"], file["away"] = h5py.SoftLink("/nowhere"), h5py.ExternalLink("nowhere.h5", "/x")
    file.create_group("empty group").attrs["note"] = h5py.Empty("f4")


def _fixed(value: Any) -> Any:
    if len(value) > LONG:
        return _in_heap(value)
    return np.bytes_(value.encode() if isinstance(value, str) else value) or np.bytes_(b" ")


def _in_heap(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


VARIANTS: dict[str, Rewrite] = {
    "h5py": copied,
    "latest": partial(copied, libver="latest", also=_longer_than_64_kb),
    "latest, gzip": partial(copied, libver="latest", chunk=20, compression="gzip"),
    "1.8": partial(copied, libver=("v108", "v108")),
    "1.10, fixed array of chunks": partial(copied, libver=("v110", "v110"), chunk=9),
    "order kept": partial(copied, track_order=True, also=_notes),
    "block of the user": partial(copied, userblock_size=512),
    "pages": partial(copied, fs_strategy="page", fs_page_size=4096, fs_persist=True),
    "gzip, shuffled, checksums": partial(copied, chunk=33, compression="gzip", shuffle=True, fletcher32=True),
    "lzf": partial(copied, compression="lzf", shuffle=True),
    "big-endian, gzip": partial(copied, kind=">", compression="gzip"),
    "big-endian": partial(copied, kind=">", texts=_fixed),
    "chunks of fill left out": partial(copied, sparse=True, compression="gzip"),
    "chunks of fill left out, latest": partial(copied, sparse=True, libver="latest"),
    "texts of fixed length": partial(copied, texts=_fixed),
    "texts in heaps": partial(copied, texts=_in_heap, also=_beside),
    "many notes": partial(copied, also=_notes, compression="gzip"),
}
