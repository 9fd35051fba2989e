"""How this room's functions are compiled: by numba to LLVM's language, then all together to machine code.

A kernel is called as a C function, because that is the only calling convention that numba documents (`numba.cfunc`);
C written by hand or generated would need a compiler on every machine. Jobs load the machine code without this module,
see `rssm.networks.kernels.loader`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numba
from numba import carray
from numba.core.codegen import JITCodeLibrary
from numba.core.cpu import CPUContext

from rssm.networks.kernels.processor import machine

F = TypeVar("F", bound=Callable[..., object])

# Sums may be reordered, which lets them run in vector registers; NaN and infinity keep their meaning.
FASTMATH = {"contract", "reassoc", "nsz", "arcp"}
# scratch memory and its size, integers, arrays (address and shape of each); returns 0, or 1 if the memory is too small
CALL = "int32(CPointer(uint8), int64, CPointer(int64), CPointer(int64))"
C_LIBRARY = {"memset", "memcpy", "memmove", "pow", "sqrt"}  # what kernels may call

# Arrays lie in memory that the caller owns, so nothing is counted or freed: this replaces numba's runtime.
RUNTIME = """
define void @NRT_incref(ptr %owner) alwaysinline { ret void }
define void @NRT_decref(ptr %owner) alwaysinline { ret void }
"""


def compiled(function: F) -> F:
    """A piece of a kernel, or a whole one."""
    piece: F = numba.njit(fastmath=FASTMATH, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(
        function
    )
    return piece


def c_function(kernel: Any) -> Any:
    """A `compiled` kernel (scratch, integers, arrays) as a C function, of numba's own machine code."""

    def call(scratch, size, integers, arrays):  # type: ignore[no-untyped-def]
        try:
            kernel(carray(scratch, (size,)), integers, arrays)
        except Exception:  # numba matches no other; kernels raise MemoryError alone
            return 1
        return 0

    return numba.cfunc(CALL)(call)


def object_code(kernels: Mapping[str, Any]) -> bytes:
    """Machine code (an object file) of `compiled` kernels by name; numba itself must not optimise: `NUMBA_OPT=0`."""
    whole = llvm.parse_assembly(RUNTIME)
    for name, kernel in kernels.items():
        function = c_function(kernel)
        part = llvm.parse_assembly(function.inspect_llvm())
        part.get_function(function.native_name).name = name
        whole.link_in(part)
    for thing in (*whole.functions, *whole.global_variables):
        if not thing.is_declaration and thing.name not in kernels:
            thing.linkage = "internal"  # so that it is compiled into what needs it, or left out
    tuning = llvm.create_pipeline_tuning_options(speed_level=2)
    tuning.loop_vectorization = True
    builder = llvm.create_pass_builder(machine(), tuning)
    builder.getModulePassManager().run(whole, builder)
    missing = {f.name for f in whole.functions if f.is_declaration and not f.name.startswith("llvm.")} - C_LIBRARY
    if missing:  # LLVM's loader would end the process
        raise RuntimeError(f"Kernels need {', '.join(sorted(missing))}, which jobs do not have.")
    return machine().emit_object(whole)


def skip_machine_code() -> None:
    """Keep numba from making machine code of every single piece, a third of its time for nothing.

    These methods are numba's private ones: all works without this too, only slower. From here on this process cannot
    call what numba compiles.
    """
    JITCodeLibrary._optimize_functions = lambda library, module: None
    JITCodeLibrary._optimize_final_module = lambda library: None
    JITCodeLibrary._finalize_specific = lambda library: None
    JITCodeLibrary.get_pointer_to_function = lambda library, name: library._ensure_finalized() or 0
    CPUContext.get_executable = lambda context, library, *_: library.finalize() or [].append
