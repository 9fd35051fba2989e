"""Memory of kernels: arrays laid one behind the other into bytes that the caller owns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import carray, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from rssm.networks.kernels.compiled import compiled

CACHE_LINE = 64  # bytes; vectors that begin elsewhere straddle two


class Memory(NamedTuple):
    """Bytes, and how many of them are taken; the first eight hold that number."""

    raw: NDArray[np.uint8]
    taken: NDArray[np.int64]  # (1,)


@intrinsic
def pointer(typing_context: Any, address: Any) -> Any:
    """The place in memory that an integer names."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.voidptr(address), generate


@compiled
def begin(raw: NDArray[np.uint8]) -> Memory:
    """All of it free."""
    taken = carray(pointer(raw.ctypes.data), (1,), np.int64)
    taken[0] = CACHE_LINE
    return Memory(raw, taken)


@compiled
def take(memory: Memory, size: int) -> int:
    """Address of that many bytes of zeros, on a cache line."""
    base = memory.raw.ctypes.data
    at = memory.taken[0] + -(base + memory.taken[0]) % CACHE_LINE
    if at + size > memory.raw.size:
        raise MemoryError
    memory.taken[0] = at + size
    for i in range(at, at + size):
        memory.raw[i] = 0
    return base + at


@compiled
def zeros(memory: Memory, shape, dtype):  # type: ignore[no-untyped-def]
    """An array of zeros that begins on a cache line."""
    size = carray(pointer(0), shape, dtype).nbytes
    return carray(pointer(take(memory, size)), shape, dtype)


@compiled
def shaped(array, shape):  # type: ignore[no-untyped-def]
    """The same numbers in another shape."""
    return carray(pointer(array.ctypes.data), shape, array.dtype)
