"""Parts of an HDF5 data set, chunk by chunk: deflated numbers are inflated here, a third faster than by the library.

The library inflates into a buffer that it doubles until the chunk fits, and copies it twice more. Here every length is
known, and a stream that does not match its checksum or its length is an error. The library still reads whatever is not
plain numbers, deflated and optionally shuffled.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any, TypeGuard

import h5py
import numpy as np
from numpy.typing import NDArray
from zlib_ng import zlib_ng

from rssm.archive.bad_file import BadFile

_DEFLATE, _SHUFFLE = h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE

Index = tuple[int | slice, ...]


def is_numbers(item: object) -> TypeGuard[Any]:
    """Whether an object of a file is a data set of numbers; what numpy has no type for is none."""
    try:
        return isinstance(item, h5py.Dataset) and item.shape is not None and item.dtype.kind in "iuf"
    except TypeError:
        return False


def read_part(dataset: h5py.Dataset, index: Index) -> NDArray[Any]:
    """What `dataset[index]` gives (slices without steps); OSError where chunks are damaged or lie where none can."""
    if dataset.chunks is None:
        return np.asarray(dataset[index])
    chunks = _sound_chunks(dataset)
    shuffled = _shuffled(dataset)
    if shuffled is None or any(chunk.filter_mask for chunk in chunks):
        _check_filters(dataset)
        return np.asarray(dataset[index])
    wanted = [
        range(n)[i] if isinstance(i, slice) else range(i, i + 1) for i, n in zip(index, dataset.shape, strict=True)
    ]
    if dataset.ndim == 1 and len(chunks) > 1:
        return _record(dataset, chunks, shuffled, wanted[0])[slice(None) if isinstance(index[0], slice) else 0]
    whole: NDArray[Any] | None = None
    for chunk in chunks:
        inner, outer = _shared(chunk.chunk_offset, dataset.chunks, wanted)
        if not inner:
            continue
        part = _inflated(dataset, chunk, shuffled, inner)
        if part.shape == tuple(map(len, wanted)):
            whole = part
            break
        if whole is None:
            whole = np.full([*map(len, wanted)], dataset.fillvalue, dataset.dtype)
        whole[outer] = part
    if whole is None:
        whole = np.full([*map(len, wanted)], dataset.fillvalue, dataset.dtype)
    return whole[tuple(slice(None) if isinstance(i, slice) else 0 for i in index)]


def _sound_chunks(dataset: h5py.Dataset) -> list[Any]:
    """Where the chunks that were written lie: each at a place of its own, or the cells of a lost one would be fill."""
    chunks: list[Any] = []
    dataset.id.chunk_iter(chunks.append)
    shape, steps = dataset.shape, dataset.chunks
    right = all(
        0 <= start < length and start % step == 0
        for chunk in chunks
        for start, length, step in zip(chunk.chunk_offset, shape, steps, strict=True)
    )
    if not right or len({chunk.chunk_offset for chunk in chunks}) < len(chunks):
        raise OSError("the list of its chunks is broken")
    return chunks


def _filters(dataset: h5py.Dataset) -> list[int]:
    """Numbers of the filters that chunks went through."""
    properties = dataset.id.get_create_plist()
    return [properties.get_filter(i)[0] for i in range(properties.get_nfilters())]


def _check_filters(dataset: h5py.Dataset) -> None:
    """Sound chunks may need a filter (Zstandard, bzip2, Blosc) that HDF5 lacks: the NetCDF library brings some along."""
    if not all(map(h5py.h5z.filter_avail, _filters(dataset))):
        _add_plugins()
        if missing := [number for number in _filters(dataset) if not h5py.h5z.filter_avail(number)]:
            what = f"has {dataset.name!r} compressed by filter {missing[0]} of HDF5, which is not installed here"
            raise BadFile(what, "a filter that is", "Install its plugin (HDF5_PLUGIN_PATH)")


@cache
def _add_plugins() -> None:
    """Tell HDF5 where the NetCDF library keeps its filters."""
    package = find_spec("netCDF4")
    if package and package.origin:
        h5py.h5pl.append(bytes(Path(package.origin).parent / "plugins"))


def _shuffled(dataset: h5py.Dataset) -> bool | None:
    """Whether the bytes of deflated native numbers are shuffled; None for what only the library can read."""
    filters = _filters(dataset)
    plain = dataset.dtype.kind in "iuf" and h5py.h5t.py_create(dataset.dtype).equal(dataset.id.get_type())
    if not plain or not dataset.dtype.isnative or filters not in ([_DEFLATE], [_SHUFFLE, _DEFLATE]):
        return None
    return len(filters) == 2


def _shared(start: tuple[int, ...], steps: tuple[int, ...], wanted: list[range]) -> tuple[Any, Any]:
    """The part of a chunk that is wanted, counted from the chunk's own start and from the wanted part's; () for none."""
    inner, outer = [], []
    for first, step, cells in zip(start, steps, wanted, strict=True):
        low, high = max(first, cells.start), min(first + step, cells.stop)
        if low >= high:
            return (), ()
        inner.append(slice(low - first, high - first))
        outer.append(slice(low - cells.start, high - cells.start))
    return tuple(inner), tuple(outer)


def _inflated(dataset: h5py.Dataset, chunk: Any, shuffled: bool, inner: tuple[slice, ...]) -> NDArray[Any]:
    """Some numbers of one chunk."""
    planes = np.frombuffer(_bytes_of(dataset, chunk), np.uint8)
    if not shuffled:
        return planes.view(dataset.dtype).reshape(dataset.chunks)[inner]
    return _joined([plane[inner] for plane in planes.reshape(-1, *dataset.chunks)], dataset.dtype)


def _record(dataset: h5py.Dataset, chunks: list[Any], shuffled: bool, wanted: range) -> NDArray[Any]:
    """A part of a record, whose chunks are short and many: their bytes are put in order all at once."""
    (step,) = dataset.chunks
    low, high = wanted.start // step, -(-wanted.stop // step)
    some = [chunk for chunk in chunks if low <= chunk.chunk_offset[0] // step < high]
    whole = np.full((max(high - low, 0), step), dataset.fillvalue, dataset.dtype)
    planes = np.frombuffer(b"".join(_bytes_of(dataset, chunk) for chunk in some), np.uint8)
    if shuffled:
        shape = len(some), dataset.dtype.itemsize, step
        numbers = _joined(list(planes.reshape(shape).swapaxes(0, 1)), dataset.dtype)
    else:
        numbers = planes.view(dataset.dtype).reshape(len(some), step)
    whole[[chunk.chunk_offset[0] // step - low for chunk in some]] = numbers
    return whole.ravel()[wanted.start - low * step : wanted.stop - low * step]


def _bytes_of(dataset: h5py.Dataset, chunk: Any) -> bytes:
    """A chunk, inflated."""
    _, packed = dataset.id.read_direct_chunk(chunk.chunk_offset)
    length = prod(dataset.chunks) * dataset.dtype.itemsize
    try:
        data: bytes = zlib_ng.decompress(packed, bufsize=length + 1)  # a buffer filled to its last byte would be copied
    except zlib_ng.error as error:  # type: ignore[misc]  # its stub calls the class an instance
        raise OSError(f"a chunk cannot be inflated ({error})") from None
    if len(data) != length:
        raise OSError(f"a chunk holds {len(data)} bytes instead of {length}")
    return data


def _joined(planes: list[NDArray[np.uint8]], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Numbers of their shuffled bytes: all first bytes stand together, then all second ones …"""
    lowest, *higher = planes
    numbers = np.zeros(lowest.shape, f"u{dtype.itemsize}")
    for plane in reversed(higher):
        numbers |= plane
        numbers <<= 8
    numbers |= lowest
    return numbers.view(dtype)
