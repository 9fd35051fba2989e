"""Which processor kernels are compiled for, and where they are kept.

It is told in the environment, by numba's own names: `NUMBA_CPU_NAME` and `NUMBA_CPU_FEATURES` (the instruction set),
`NUMBA_CACHE_DIR` (the folder of compiled kernels, shared by all jobs).
"""

from __future__ import annotations

import os
from pathlib import Path


def choose_target(cpu: str | None, cache: Path | None = None) -> None:
    """Use kernels compiled for processor type `cpu` (LLVM's name; None: the one at hand), kept in folder `cache`.

    Kernels give the same bits wherever the type is the same; another type may differ in the last bits.
    """
    if cpu is not None:
        os.environ |= {"NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": ""}  # features: those of the type, no more
    if cache is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(cache)
