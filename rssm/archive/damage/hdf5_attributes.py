"""HDF5 attributes read without trusting the file.

Texts and lists of variable length lie in heaps that the library walks without a limit: one damaged byte there and it
never returns. So only attributes that are needed are read, and the heaps are checked here before one of them is.
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

_HEAP = b"GCOL\x01\x00\x00\x00"


def attributes_of(dataset: h5py.Dataset, names: Collection[str]) -> dict[str, Any]:
    """Those attributes of a data set that have one of these names."""
    return {name: read_attribute(dataset, name) for name in dataset.attrs if name in names}


def read_attribute(item: h5py.HLObject, name: str) -> Any:
    """One attribute; OSError where it lies in a damaged heap."""
    attribute = h5py.h5a.open(item.id, name.encode())
    kind = attribute.get_type()
    if isinstance(
        kind, h5py.h5t.TypeIntegerID | h5py.h5t.TypeFloatID
    ):  # numbers: three times as fast as item.attrs[name]
        numbers = np.empty(attribute.shape, attribute.dtype)
        attribute.read(numbers)
        return numbers[()]
    if isinstance(kind, h5py.h5t.TypeVlenID) or (isinstance(kind, h5py.h5t.TypeStringID) and kind.is_variable_str()):
        path = os.fsdecode(h5py.h5f.get_name(item.id))
        status = Path(path).stat()
        if not _heaps_are_sound(path, status.st_size, status.st_mtime_ns):
            raise OSError("a heap of texts is broken")
    return item.attrs[name]


@lru_cache(maxsize=16)
def _heaps_are_sound(path: str, size: int, changed: int) -> bool:
    """Whether the objects of every global heap follow one another to its end, each longer than nothing."""
    with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = data.find(_HEAP)
        while start >= 0:
            end = start + int.from_bytes(data[start + 8 : start + 16], "little")
            if end > size:
                return False
            position = start + 16
            while position + 16 <= end:
                length = int.from_bytes(data[position + 8 : position + 16], "little")
                if int.from_bytes(data[position : position + 2], "little") == 0:  # free space takes the rest
                    if length != end - position:
                        return False
                    break
                position += 16 + -(-length // 8) * 8
                if length == 0 or position > end:
                    return False
            start = data.find(_HEAP, start + 8)
    return True
