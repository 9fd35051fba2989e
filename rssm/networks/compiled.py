"""The one way in which functions of this room are compiled: single source, cached on disk, free of the lock."""

from __future__ import annotations

import hashlib
import os
import subprocess
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


_COMPILING = "RSSM_COMPILING"  # set in the process that compiles


def ensure_compiled() -> None:
    """Have all kernels compiled by a process of its own, unless that was done before.

    A kernel runs in other last bits in the process that compiled it than in those that load it: there its pieces are
    bound to copies of their own. So nobody computes with what he compiled himself.
    """
    done = Path(numba.config.CACHE_DIR) / f"ready-{_whereabouts()}"
    if done.exists() or _COMPILING in os.environ:
        return
    code = "from rssm.networks.warm import compile_all; compile_all()"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, _COMPILING: "1"})
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()


def _whereabouts() -> str:
    """Digest of what numba files compiled kernels under: their source's folder, the processor's type and features."""
    name = numba.config.CPU_NAME or llvm.get_host_cpu_name()
    return hashlib.blake2b(f"{HERE} {name} {numba.config.CPU_FEATURES}".encode(), digest_size=6).hexdigest()
