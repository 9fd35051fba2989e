"""Cross-validation: an ensemble learns without a fold of the targets, and is run where they are.

Cells at random are the published kind. Blocks with a buffer, years, both and whole networks of stations are the honest
kinds: nobody stands next door, knows the year's weather, or has the same sensors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssm.errors import InputError
from rssm.somo.apart import left_out
from rssm.somo.site_files import (
    Simulated,
    read_above,
    read_sites,
    read_target_file,
    read_targets,
    within,
    write_simulated,
)
from rssm.somo.site_simulate import simulated
from rssm.somo.specs import CrossvalSpec
from rssm.somo.train import trained


def somo_crossval(
    scheme: str,
    layer: str,
    fold: str,
    targets: Sequence[str],
    sites: Sequence[str],
    above: Sequence[str],
    spec: CrossvalSpec,
    out: Sequence[str],
) -> None:
    """Write what a layer's ensemble says at all sites, and which of them, on which days, it knows nothing of.

    above  files of this job of the layers above, of the same scheme and fold, so that they know nothing either
    """
    if scheme != spec.split.scheme:
        raise InputError(f"Scheme {scheme} is asked for with the settings of {spec.split.scheme}.")
    cells, number = read_sites(sites[0]), int(layer)
    measured = within(read_targets(targets[0], cells), cells.days, spec.days)
    held, days, shut = left_out(spec.split, int(fold), cells.place, networks_of(targets[0], cells.pixel), spec.days)
    span = np.zeros(measured.shape[1], bool)
    first = spec.days[0] - cells.days[0]
    span[first : first + days.size] = days
    # a year that is left out teaches nowhere, and a block that is left out never
    taught = np.where(shut[:, None] | (span & (scheme in ("time", "both"))), np.float32(np.nan), measured)
    teachers = np.asarray(np.isfinite(taught).any(axis=1))
    wet = read_above(above, number, cells)
    name = f"{scheme} {fold}"
    members = [trained(cells, wet, taught, number, n, spec.network, name) for n in range(spec.members)]
    mean, spread = simulated(members, cells, wet, spec.network.way, spec.network.window)
    judged = held & np.isfinite(measured[:, span]).any(axis=1)
    made = Simulated(number, cells.pixel, cells.days, mean, spread, (judged, span), teachers, scheme, int(fold))
    write_simulated(out[0], made, cells.grid_id)


def networks_of(path: str, pixel: np.ndarray) -> list[str]:
    """Networks of stations in each site, empty where a layer has none."""
    targets = read_target_file(path)
    known = dict(zip(targets.pixel.tolist(), targets.network, strict=True))
    return [known.get(one, "") for one in pixel.tolist()]
