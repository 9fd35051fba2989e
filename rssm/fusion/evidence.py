"""Weights by evidence: where a part alone is better than the fusion in years that nobody learnt from, weights move.

The better part is the chain alone or the matched products alone, whichever comes nearer to the target of held-out
years. Of a coarse grid those weights are taken that lie nearest to the default and are not worse than it by more than
chance; mostly the default itself.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from rssm.fusion.season import both
from rssm.fusion.specs import Evidence

F32 = NDArray[np.float32]
Weights = tuple[float, float]  # share of the chain in the season, and in departures
CHAIN, MATCHED = (1.0, 1.0), (0.0, 0.0)
GRID = tuple(product((0.0, 0.5, 1.0), (0.0, 0.25, 0.5, 0.75, 1.0)))
BLOCK = 6  # steps whose errors count as one: weather lasts


def weights(e: F32, c: F32, difference: F32, target: F32, default: Weights, evidence: Evidence) -> Weights:
    """Weights of a zone.

    e, c, difference  estimates and D (pixel, step); target: of held-out years; NaN where one is missing
    """
    judged = np.isfinite(e) & np.isfinite(c) & np.isfinite(target)
    steps = judged.any(axis=0)
    if steps.sum() < evidence.least:
        return default
    judged = judged[:, steps]
    e, c, difference, target = (values[:, steps] for values in (e, c, difference, target))
    block = np.unique(np.flatnonzero(steps) // BLOCK, return_inverse=True)[1]
    points = np.bincount(block, judged.sum(axis=0))

    def errors(chosen: Weights) -> NDArray[np.float64]:
        """Mean squared error of each block."""
        squares = (both(e, c, difference, *np.array(chosen, np.float32)) - target) ** 2
        by_step = np.where(judged, squares, 0).sum(axis=0, dtype=np.float64)
        return np.asarray(np.bincount(block, by_step) / points)

    share = points / points.sum()
    better = min((errors(CHAIN), errors(MATCHED)), key=lambda found: float((share * found).sum()))
    for chosen in sorted({default, *GRID}, key=lambda w: (np.hypot(w[0] - default[0], w[1] - default[1]), w)):
        worse = errors(chosen) - better
        mean = (share * worse).sum()
        if mean <= evidence.chance * np.sqrt((share**2 * (worse - mean) ** 2).sum()):
            break  # at the latest at the better part itself
    return chosen
