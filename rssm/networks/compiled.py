"""The one way in which functions of this room are compiled: by numba to LLVM's language, all at once to machine code.

Nothing here is imported by those who only call kernels: they load the machine code, see `rssm.networks.native`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numba
from numba.core.codegen import JITCodeLibrary
from numba.core.cpu import CPUContext

from rssm.networks.target import machine

F = TypeVar("F", bound=Callable[..., object])

# Sums may be reordered, which lets them run in vector registers; NaN and infinity keep their meaning.
FASTMATH = {"contract", "reassoc", "nsz", "arcp"}

# Arrays lie in memory that the caller owns, so nothing is to be counted or freed: this replaces numba's runtime.
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


def object_code(kernels: Mapping[str, tuple[Any, tuple[Any, ...]]]) -> bytes:
    """Machine code (an object file) of `compiled` functions, each for arguments like the given ones, by name."""
    _stop_at_llvm()
    whole = llvm.parse_assembly(RUNTIME)
    for name, (function, arguments) in kernels.items():
        types = tuple(map(numba.typeof, arguments))
        function.compile(types)
        part = llvm.parse_assembly(function.inspect_llvm(types))
        part.get_function(function.overloads[types].fndesc.llvm_func_name).name = name
        whole.link_in(part)
    for thing in (*whole.functions, *whole.global_variables):
        if not thing.is_declaration and thing.name not in kernels:
            thing.linkage = "internal"  # so that it is compiled into what needs it, or left out
    tuning = llvm.create_pipeline_tuning_options(speed_level=2)
    tuning.loop_vectorization = True
    builder = llvm.create_pass_builder(machine(), tuning)
    builder.getModulePassManager().run(whole, builder)
    return machine().emit_object(whole)


def _stop_at_llvm() -> None:
    """Keep numba from optimising every single piece and from making machine code of it, most of its time for nothing.

    All it needs is something unlike anything else to know a piece by. From here on this process cannot call what
    numba compiles.
    """
    JITCodeLibrary._optimize_functions = lambda library, module: None
    JITCodeLibrary._optimize_final_module = lambda library: None
    JITCodeLibrary._finalize_specific = lambda library: None
    CPUContext.get_executable = lambda context, library, *_: library.finalize() or [].append
