"""The joint fit in a toy world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.fusion.fitted import fitted
from rssm.fusion.joint import Joint
from rssm.one_process import World
from rssm.workflow.rsssm.fusion import Fusing
from rssm.workflow.rsssm.rounds import Rounds


def joint_fits(workflow: Rounds, world: World) -> list[Joint]:
    """J of each zone of a world, with the factors of the run."""
    spec, scope = Fusing(workflow).matching(), workflow.scope
    products = [world.cubes[name] for name in spec.algorithms if name != spec.target]
    factors = [world.cubes[name] for name in scope.run.factors if name != "LAI"]
    leaves = replace(world.truth, values=cover_by_leaves(world))
    return fitted(world.cubes[spec.target], products, [leaves, *factors], spec, world.truth.step)


def cover_by_leaves(world: World) -> NDArray[np.float32]:
    """1 − exp(−LAI / 2) (pixel, dekad); PROBA-V scaled to SPOT-VGT by what GLASS makes of each, per pixel."""
    early, late, bridge = (world.cubes[f"LAI-{source}"].values for source in ("VGT", "PROBAV", "GLASS"))
    change, first, last = (DEKADS.parse(label) for label in ("2014D01", "2007D01", "2017D36"))
    steps = world.truth.step
    before, after = (steps >= first) & (steps < change), (steps >= change) & (steps <= last)
    ratio = np.ones(len(early))
    for source, there, power in ((early, before, 1), (late, after, -1)):
        mean, met = source[:, there].mean(axis=1), bridge[:, there].mean(axis=1)
        ratio *= (mean / np.maximum(met, 1e-3)) ** power
    leaves = np.where(steps < change, early, late * ratio[:, None])
    return np.asarray(1 - np.exp(-leaves / 2), np.float32)
