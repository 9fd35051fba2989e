"""Which processor kernels are compiled for, LLVM's picture of it, and where they are kept.

It is set in the environment, by numba's own names: `NUMBA_CPU_NAME` and `NUMBA_CPU_FEATURES` (the instruction set),
`NUMBA_CACHE_DIR` (the folder of compiled kernels, shared by all jobs).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm  # type: ignore[import-untyped]

llvm.initialize_native_target()
llvm.initialize_native_asmprinter()


def choose_processor(cpu: str | None, cache: Path | None = None) -> None:
    """Use kernels compiled for processor type `cpu` (LLVM's name; None: the one at hand), kept in folder `cache`.

    Kernels give the same bits wherever the type is the same; another type may differ in the last bits.
    """
    if cpu is not None:
        os.environ |= {"NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": ""}  # features: those of the type, no more
    if cache is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(cache)


def processor() -> tuple[str, str]:
    """Type and features to compile for: those that were chosen, or those of the machine at hand."""
    chosen = os.environ.get("NUMBA_CPU_NAME")
    if chosen:
        return chosen, os.environ.get("NUMBA_CPU_FEATURES", "")
    # vectors as wide as the processor has them, which some types avoid by default
    return llvm.get_host_cpu_name(), f"{llvm.get_host_cpu_features().flatten()},-prefer-256-bit"


def machine() -> Any:
    """LLVM's picture of the processor."""
    cpu, features = processor()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(cpu=cpu, features=features, opt=3, codemodel="jitdefault", jit=True)
