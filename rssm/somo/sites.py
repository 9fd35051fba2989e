"""The cells that teach: their forcing, what does not change there, and the forcing model's own soil moisture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssm.errors import InputError
from rssm.somo.site_files import Sites, read_target_file, series_at, write_sites
from rssm.somo.specs import SitesSpec


def somo_sites(targets: Sequence[str], cubes: Sequence[str], spec: SitesSpec, out: Sequence[str]) -> None:
    """Write the cells of all layers' targets.

    targets  of all layers
    cubes    of all tiles, with forcing, static variables and the forcing model's soil moisture
    """
    layers = [read_target_file(path) for path in targets]
    pixel = np.unique(np.concatenate([each.pixel for each in layers]))
    days = range(spec.days[0], spec.days[1] + 1)
    soil_names = sorted({name for weights in spec.soil for name in weights})
    moving = series_at(cubes, pixel, [*spec.dynamic, *soil_names], days)
    statics = series_at(cubes, pixel, spec.static, range(days[0], days[0] + 1))[..., 0]
    forcing, own = moving[: len(spec.dynamic)], dict(zip(soil_names, moving[len(spec.dynamic) :], strict=True))
    for name, values in zip((*spec.dynamic, *spec.static), (*forcing, *statics), strict=True):
        if not np.isfinite(values).any():
            raise InputError(
                f"{name}: has no value in any cell with stations. Check its files and its catalogue entry."
            )
    soil = np.stack([sum(w * own[name] for name, w in weights.items()) for weights in spec.soil])
    write_sites(
        out[0],
        Sites(layers[0].grid_id, spec.days, pixel, spec.dynamic, spec.static, forcing, statics, soil.astype("f4")),
    )
