"""Every kernel that jobs call, compiled into one object file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.files import atomic
from rssm.networks.apply import apply_part
from rssm.networks.compiled import object_code
from rssm.networks.recipe import recipe_of
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.zone import Results, Zones, train_zone


def compile_all(path: str) -> None:
    """Compile every kernel into the object file `path`."""

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
            "apply_part": (apply_part, (scratch, 0, 0, 0, out.scaled(), *applied)),
        }
    )
    with atomic(path) as beside:
        beside.write_bytes(code)
