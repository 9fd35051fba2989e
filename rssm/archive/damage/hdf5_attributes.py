"""HDF5 attributes read without trusting the file.

Texts and lists of variable length lie in heaps that libraries have walked without a limit: one damaged byte there and
they never return. So only attributes that are needed are read, and the heaps are checked here before one of them is.
Where a heap looks broken it may be one that nothing refers to any more, partly written over: then the attribute is
read by a child process first, which may hang.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from rssm.archive.damage.child_process import ChildProcess, Failed

_HEAP = b"GCOL\x01\x00\x00\x00"
_PATIENCE = 10  # seconds for one attribute


def attributes_of(dataset: h5py.Dataset, names: Collection[str]) -> dict[str, Any]:
    """Those attributes of a data set that have one of these names."""
    return {name: read_attribute(dataset, name) for name in dataset.attrs if name in names}


def global_text(file: h5py.File, name: str) -> str:
    """An attribute of the file, or of a group whose path and a / stand before its name, as text; empty without it."""
    group, _, attribute = name.rpartition("/")
    item = file.get(group or "/")
    if item is None or attribute not in item.attrs:
        return ""
    value = read_attribute(item, attribute)
    if isinstance(value, np.ndarray):
        value = value.ravel()[0] if value.size else ""
    return (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)).strip("\0 ")


def read_attribute(item: h5py.HLObject, name: str) -> Any:
    """One attribute; OSError where it lies in a damaged heap."""
    attribute = h5py.h5a.open(item.id, name.encode())
    kind = attribute.get_type()
    if isinstance(
        kind, h5py.h5t.TypeIntegerID | h5py.h5t.TypeFloatID
    ):  # numbers: three times as fast as item.attrs[name]
        if attribute.get_space().get_simple_extent_type() == h5py.h5s.NULL:
            return np.empty(0, attribute.dtype)
        numbers = np.empty(attribute.shape, attribute.dtype)
        attribute.read(numbers)
        return numbers[()]
    if isinstance(kind, h5py.h5t.TypeVlenID) or (isinstance(kind, h5py.h5t.TypeStringID) and kind.is_variable_str()):
        path = os.fsdecode(h5py.h5f.get_name(item.id))
        if not _heaps_are_sound(path, h5py.h5o.get_info(item.id).fileno):
            _try_in_child(path, h5py.h5i.get_name(item.id).decode(), name)
    value = item.attrs[name]
    return "" if isinstance(value, h5py.Empty) else value


def _try_in_child(path: str, item: str, name: str) -> None:
    """Read one attribute in a child process; OSError where it fails or hangs."""
    try:
        _read_in_child("\n".join((path, item, name)))
    except Failed:
        raise OSError("a heap of texts is broken") from None


def _read(text: str) -> None:
    path, item, name = text.rsplit("\n", 2)
    with h5py.File(path, "r", locking=False) as file:
        np.asarray(file[item].attrs[name])


_read_in_child = ChildProcess(_read, _PATIENCE)


@lru_cache(maxsize=16)
def _heaps_are_sound(path: str, opened: int) -> bool:
    """Whether the objects of every global heap follow one another to its end.

    opened   the library's number of the file, which it never gives twice
    An empty text is an object without bytes; free space is the object 0, whose length counts its own header.
    """
    with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start, size = data.find(_HEAP), len(data)
        while start >= 0:
            end = start + int.from_bytes(data[start + 8 : start + 16], "little")
            if end > size:
                return False
            position = start + 16
            while position + 16 <= end:
                length = int.from_bytes(data[position + 8 : position + 16], "little")
                free = int.from_bytes(data[position : position + 2], "little") == 0
                if free and length < 16:
                    return False
                position += length if free else 16 + -(-length // 8) * 8
                if position > end:
                    return False
            start = data.find(_HEAP, start + 8)
    return True
