"""The kernels job: everything compiled is compiled once, before thousands of training jobs ask for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from rssm.files import atomic
from rssm.networks.native import ensure_compiled
from rssm.networks.target import choose_target


def kernels(spec: dict[str, Any], out: Sequence[str]) -> None:
    """Have all kernels compiled and note how long it took (next to nothing, where it was done before).

    spec  cpu: processor type that they are compiled for, null for the machine at hand
    """
    choose_target(spec["cpu"])
    start = perf_counter()
    ensure_compiled()
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps({"cpu": spec["cpu"], "seconds": round(perf_counter() - start, 1)}) + "\n")
