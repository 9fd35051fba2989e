"""The one way in which functions of this room are compiled: single source, cached on disk, free of the lock."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numba

F = TypeVar("F", bound=Callable[..., object])

HERE = Path(__file__).parent


def _digest_of_sources() -> str:
    """numba checks only the file of a cached function, not those it calls: so the folder is named by them all."""
    sources = (path.read_bytes() for path in sorted(HERE.glob("*.py")))
    kernels = b"".join(source for source in sources if b"networks.compiled import" in source)
    return hashlib.blake2b(kernels, digest_size=6).hexdigest()


def _load_numba_without_scipy() -> None:
    """numba imports scipy.linalg to see whether it could multiply matrices: a third of a job's start, for nothing."""
    if "scipy.linalg" in sys.modules:
        return
    sys.modules["scipy.linalg.cython_blas"] = None  # type: ignore[assignment]  # import now fails at once
    from numba.np import arraymath

    arraymath._HAVE_BLAS = True  # others may still multiply, scipy is found then
    del sys.modules["scipy.linalg.cython_blas"]


_load_numba_without_scipy()

numba.config.CACHE_DIR = str(Path(numba.config.CACHE_DIR or HERE / "__pycache__") / f"kernels-{_digest_of_sources()}")

if numba.config.CPU_FEATURES is None:
    # At home: vectors as wide as the processor has them, which some types avoid unless told. A chosen type: no more
    # than that type has.
    at_home = f"{llvm.get_host_cpu_features().flatten()},-prefer-256-bit"
    numba.config.CPU_FEATURES = "" if numba.config.CPU_NAME else at_home

# Sums may be reordered, which lets them run in vector registers; NaN and infinity keep their meaning.
FASTMATH = {"contract", "reassoc", "nsz", "arcp"}


def compiled(function: F) -> F:
    """A piece of a kernel, compiled with it."""
    piece: F = numba.njit(nogil=True, fastmath=FASTMATH, error_model="numpy")(function)
    return piece


def kernel(function: F) -> F:
    """What Python calls: compiled on first call with all its pieces, then loaded from the disk cache."""
    entry: F = numba.njit(cache=True, nogil=True, fastmath=FASTMATH, error_model="numpy")(function)
    return entry


def inlined(function: F) -> F:
    """A bit of arithmetic that becomes part of the loops that use it."""
    piece: F = numba.njit(inline="always", fastmath=FASTMATH, error_model="numpy")(function)
    return piece
