"""The kernels job: everything compiled is compiled once, before thousands of training jobs ask for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def compile_all(path: str) -> None:
    """Compile every kernel into the object file `path`."""
    from rssm.config.training import Training
    from rssm.networks.apply import apply_part
    from rssm.networks.compiled import object_code
    from rssm.networks.predict import scaled_weights
    from rssm.networks.recipe import recipe_of
    from rssm.networks.subnetworks import Subnetworks
    from rssm.networks.zone import Results, Zones, train_zone

    def array(kind: Any, dimensions: int) -> NDArray[Any]:
        return np.zeros((1,) * dimensions, kind)

    scratch, f4 = array(np.uint8, 1), np.float32
    zones = Zones(
        x=array(f4, 3),
        y=array(f4, 2),
        weights=array(f4, 2),
        labels=array(np.uint8, 1),
        offsets=array(np.int64, 1),
        keys=array(np.uint64, 2),
    )
    out = Subnetworks.empty(chains=1, zones=1, hidden=1, inputs=1)
    trained = (scratch, 0, zones, recipe_of(Training()), Results(**out.arrays()))
    applied = (array(f4, 2), array(np.int64, 1), array(f4, 2), array(f4, 1))
    code = object_code(
        {
            "train_zone": (train_zone, trained),
            "apply_part": (apply_part, (scratch, 0, 0, 0, scaled_weights(out), *applied)),
        }
    )
    with atomic(path) as beside:
        beside.write_bytes(code)
