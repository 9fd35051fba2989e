"""Kernels as machine code: compiled once by a process of its own, then loaded by all jobs without the compiler.

numba costs a job half a second and is only needed to compile. So the process that compiles writes an object file, and
jobs give it to LLVM's loader. Everybody runs the same machine code, and so gets the same bits.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import llvmlite  # type: ignore[import-untyped]
import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numpy as np

from rssm.networks.target import machine, processor

T = TypeVar("T")

HERE = Path(__file__).parent
LEAST_MEMORY, MOST_MEMORY = 2**20, 2**34  # bytes


def object_file() -> Path:
    """Where the kernels are kept: named by this folder's sources, the compiler and the processor."""
    parts = [path.read_bytes() for path in sorted(HERE.glob("*.py"))]
    parts += [llvmlite.__version__.encode(), *(text.encode() for text in processor())]
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
            if not path.exists():  # somebody else may have done it while we waited
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
    import subprocess

    from rssm.networks import whole  # the kernels' own code is behind it: `rssm.digest` follows imports

    code = f"import sys; from {whole.__name__} import compile_all; compile_all(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)


@cache
def _loaded(target: tuple[str, str], folder: Path) -> Any:
    """The kernels of a target in memory."""
    return load(ensure_compiled().read_bytes())


def load(code: bytes) -> Any:
    """An object file in memory."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine


_memory = threading.local()  # scratch memory of each thread


class Kernel:
    """A kernel with its last arguments given; it runs without Python's lock.

    Every kernel's first argument is scratch memory, which grows until it is enough.
    """

    def __init__(self, name: str, *fixed: Any, engine: Any = None) -> None:
        self.name = name
        self.engine, self.fixed = engine or _loaded(processor(), _folder()), fixed  # whose memory must stay
        self.function = ctypes.CFUNCTYPE(ctypes.c_int32)(self.engine.get_function_address(name))
        self.last = [*_flat(fixed)]
        self.unused = ctypes.byref(ctypes.c_void_p())  # result and failure are written, but of no interest

    def __call__(self, *first: Any) -> None:
        scratch = getattr(_memory, "scratch", np.empty(LEAST_MEMORY, np.uint8))
        arguments = [*_flat(first), *self.last]
        while self.function(self.unused, self.unused, *_flat((scratch,)), *arguments) != 0:
            if scratch.size > MOST_MEMORY:
                raise MemoryError(f"Kernel {self.name} asks for more than {scratch.size} bytes.")
            scratch = np.empty(2 * scratch.size, np.uint8)
        _memory.scratch = scratch


def _flat(arguments: tuple[Any, ...]) -> Iterator[Any]:
    """Arguments as numba hands them on: an array is owner, origin, size, item size, address, shape and strides."""
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _flat(argument)
        elif isinstance(argument, np.ndarray):
            numbers = (0, 0, argument.size, argument.itemsize, argument.ctypes.data, *argument.shape, *argument.strides)
            yield from map(ctypes.c_int64, numbers)
        else:
            yield ctypes.c_double(argument) if isinstance(argument, float) else ctypes.c_int64(argument)


def for_each(work: Callable[[T], None], items: Iterable[T], threads: int) -> None:
    """Do the work on every item, in threads (kernels run without Python's lock)."""
    waiting = iter(list(items))  # one for all threads: who is free takes the next

    def take() -> None:
        for item in waiting:
            work(item)

    if threads == 1:
        take()
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(take) for _ in range(threads - 1)]
        take()
        for other in others:
            other.result()
