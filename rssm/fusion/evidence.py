"""Weights by evidence: where a part is better than the fusion in years that nobody learnt from, weights move.

The default weights stand unless the chain alone or the matched products alone come nearer to the target of held-out
years, by more than chance. Then those weights of a coarse grid are taken that come nearest.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from rssm.fusion.season import both
from rssm.fusion.specs import Evidence

F32 = NDArray[np.float32]
CHAIN, MATCHED = (1.0, 1.0), (0.0, 0.0)  # share in the season, weight in departures
GRID = tuple(product((0.0, 0.5, 1.0), (0.0, 0.25, 0.5, 0.75, 1.0)))
BLOCK = 6  # steps whose errors count as one: weather lasts


def weights(
    e: F32, c: F32, difference: F32, target: F32, default: tuple[float, float], evidence: Evidence
) -> tuple[float, float]:
    """Share of the chain in the season and weight in departures, for a zone.

    e, c, difference  estimates and D (pixel, step); target: of held-out years; NaN where one is missing
    """
    judged = np.isfinite(e) & np.isfinite(c) & np.isfinite(target)
    steps = judged.any(axis=0)
    if steps.sum() < evidence.least:
        return default
    judged = judged[:, steps]
    e, c, difference, target = (values[:, steps] for values in (e, c, difference, target))
    block = np.flatnonzero(steps) // BLOCK

    def errors(chosen: tuple[float, float]) -> NDArray:
        """Summed squared error by block."""
        squares = (both(e, c, difference, *np.array(chosen, np.float32)) - target) ** 2
        return np.bincount(block, np.where(judged, squares, 0).sum(axis=0, dtype=np.float64))

    own, points = errors(default), np.bincount(block, judged.sum(axis=0))
    share = points[points > 0] / points.sum()
    for part in (CHAIN, MATCHED):
        gain = (own - errors(part))[points > 0] / points[points > 0]
        mean = (share * gain).sum()
        chance = np.sqrt((share**2 * (gain - mean) ** 2).sum())
        if mean > evidence.chance * chance:
            return min(GRID, key=lambda chosen: errors(chosen).sum())
    return default
