"""Which processor kernels are compiled for, and where they are kept: to be said before numba is imported.

numba reads its environment once, at import: `NUMBA_CACHE_DIR` (the folder of compiled kernels, shared by all jobs),
`NUMBA_CPU_NAME` and `NUMBA_CPU_FEATURES` (the instruction set). A verb calls `choose_target` first thing, or the
variables are set outside.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def choose_target(cpu: str | None, cache: Path | None = None) -> None:
    """Compile for processor type `cpu` (LLVM's name; None: the one at hand) and keep kernels in folder `cache`.

    Kernels give the same bits wherever the type is the same; another type may differ in the last bits.
    """
    wanted: dict[str, str] = {}
    if cpu is not None:
        wanted |= {"NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": ""}  # features: those of the type, no more
    if cache is not None:
        wanted["NUMBA_CACHE_DIR"] = str(cache)
    late = {name for name, value in wanted.items() if os.environ.get(name) != value}
    if late and "numba" in sys.modules:
        raise RuntimeError(f"choose_target must come before numba is imported; it would change {sorted(late)}")
    os.environ.update(wanted)
