"""J of cubes: the joint fit of each zone, from the target and products as matching has them, and factors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.cube import Cube, in_zone
from rssm.fusion.joint import Joint, joint
from rssm.fusion.matched import roles
from rssm.fusion.specs import MatchSpec
from rssm.networks.split import TEST


def fitted(
    target: Cube, products: Sequence[Cube], factors: Sequence[Cube], spec: MatchSpec, steps: NDArray[np.integer]
) -> list[Joint]:
    """J of each zone at steps of the method's calendar.

    The target's points that only test, and years held out, teach nothing. Products of one algorithm are relatives.
    """
    found = []
    for zone in range(len(target.zones)):
        seen, beside = ([in_zone(cube, zone) for cube in cubes] for cubes in (products, factors))
        found.append(of_zone(in_zone(target, zone), seen, beside, spec, steps))
    return found


def of_zone(
    target: Cube, products: Sequence[Cube], factors: Sequence[Cube], spec: MatchSpec, steps: NDArray[np.integer]
) -> Joint:
    """J of one zone."""
    calendar = CALENDARS[spec.calendar]
    learnt = roles(target, steps, spec.split, spec.seed) < TEST
    algorithms = np.array([spec.algorithms[cube.variable] for cube in products])
    return joint(
        np.where(learnt, target.at(steps, calendar), np.float32(np.nan)),
        [cube.at(steps, calendar) for cube in products],
        [cube.at(steps, calendar) for cube in factors],
        algorithms[:, None] == algorithms,
    )
