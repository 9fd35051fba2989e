"""Kernels as machine code: compiled once by a process of its own, then loaded by all jobs without the compiler.

numba costs a job half a second and is only needed to compile. So the process that compiles writes an object file, and
jobs give it to LLVM's loader. All jobs run the same machine code, and so get the same bits.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numpy as np

from rssm.networks.kernels.codes import DIMENSIONS
from rssm.networks.kernels.processor import machine, processor

HERE = Path(__file__).parent
LEAST_MEMORY, MOST_MEMORY = 2**20, 2**34  # bytes
PROBE = 139.0  # Σ number · (10 row + column) over [[0, 1, 2], [3, 4, 5]]

# scratch memory and its size, integers, arrays: as `rssm.networks.kernels.compiled.CALL`
C_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)
Address = Callable[[str], int]  # of a kernel by name


def compilers() -> dict[str, str]:
    """What decides, with this folder's sources, on the bits of the machine code."""
    kind, features = processor()
    return {"processor": kind, "features": features, **{name: version(name) for name in ("numba", "llvmlite")}}


def object_file() -> Path:
    """Where the kernels are kept: named by this folder's sources, the compilers and the processor."""
    parts = [path.read_bytes() for path in sorted(HERE.glob("*.py"))]
    parts += [text.encode() for text in compilers().values()]
    digest = hashlib.blake2b(b"\0".join(parts), digest_size=8).hexdigest()
    return _folder() / f"kernels-{digest}.o"


def _folder() -> Path:
    chosen, own = os.environ.get("NUMBA_CACHE_DIR"), HERE / "__pycache__"
    if chosen:
        return Path(chosen)
    writable = os.access(own if own.exists() else HERE, os.W_OK)
    return own if writable else Path.home() / ".cache" / "rssm"


def ensure_compiled() -> Path:
    """Have all kernels compiled by a process of its own, unless that was done before; returns the object file."""
    path = object_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(path.parent / "kernels.lock"):
            if not path.exists():  # another process may have done it while this one waited
                _compile(path)
    return path


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Wait for other processes that hold the file; where the file system knows no locks, go on without."""
    with path.open("w") as file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _compile(path: Path) -> None:
    """The quick way rests on private parts of numba, so without it there is a plain one; both give the same bits."""
    from rssm.networks.kernels import build  # the kernels' own code is behind it: `rssm.digest` follows imports

    code = f"import sys; from {build.__name__} import compile_all; compile_all(*sys.argv[1:])"
    environment = os.environ | {"NUMBA_OPT": "0"}  # what numba would optimise is optimised as a whole
    for way in ("quick", "plain"):
        run = [sys.executable, "-c", code, str(path), way]
        done = subprocess.run(run, env=environment, stderr=subprocess.PIPE, text=True)
        if done.returncode == 0:
            return
    raise OSError((done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1])


def loaded() -> Address:
    """Addresses of the kernels by name: of the object file, or else of what numba compiles in this process."""
    return _loaded(processor(), _folder())


@cache
def _loaded(target: tuple[str, str], folder: Path) -> Address:
    try:
        address = load(ensure_compiled().read_bytes())
        reason = "" if sound(address) else "they fail a calculation whose result is known"
    except (OSError, RuntimeError) as error:
        reason = str(error)
    if not reason:
        return address
    print(f"Kernels cannot be used from an object file ({reason}): this job compiles its own, which takes a minute"
          " and may change the last bits of results.", file=sys.stderr)  # fmt: skip
    from rssm.networks.kernels.build import compiled_here

    here = compiled_here()
    return lambda name: here[name].address


def load(code: bytes) -> Address:
    """Addresses of the kernels in an object file, which stay in memory as long as this function."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return lambda name: engine.get_function_address(name)


def sound(address: Address) -> bool:
    """The convention of calls holds: a small kernel gets its arguments, and reports when memory is too small."""
    numbers, out, scarce = np.arange(6, dtype=np.float32).reshape(2, 3), np.zeros(1), np.zeros(64, np.uint8)
    try:
        probe = Kernel("probe", numbers, out, address=address)
        short = probe.function(scarce.ctypes.data, scarce.size, _words((10, 1)), probe.arrays)
        probe(10, 1)
    except MemoryError:
        return False
    return bool(short == 1 and out[0] == PROBE)


_memory = threading.local()  # scratch memory of each thread


class Kernel:
    """A kernel with its arrays given; it runs without Python's lock.

    Scratch memory grows until it is enough.
    """

    def __init__(self, name: str, *arrays: np.ndarray, address: Address | None = None) -> None:
        self.address = address or loaded()  # whose code must stay in memory
        self.name, self.function = name, C_FUNCTION(self.address(name))
        self.kept = [np.ascontiguousarray(array) for array in arrays]
        self.arrays = _words(
            number for a in self.kept for number in (a.ctypes.data, *a.shape, *[1] * (DIMENSIONS - a.ndim))
        )

    def __call__(self, *integers: int) -> None:
        scratch = getattr(_memory, "scratch", np.empty(LEAST_MEMORY, np.uint8))
        while self.function(scratch.ctypes.data, scratch.size, _words(integers), self.arrays) != 0:
            if scratch.size > MOST_MEMORY:
                raise MemoryError(f"Kernel {self.name} asks for more than {scratch.size} bytes.")
            scratch = np.empty(2 * scratch.size, np.uint8)
        _memory.scratch = scratch


def _words(numbers: Any) -> Any:
    words = list(numbers)
    return (ctypes.c_int64 * len(words))(*words)
