"""Two estimates made one at two scales: in the mean year, and in departures from it.

    F = share · season(E) + (1 − share) · season(C) + w · (E − season(E)) + (1 − w) · (C − season(C))
      = w · E + (1 − w) · C + (share − w) · D,   D = season(E − C)

so that only the mean year of the difference has to be learnt. With few years D nears E − C itself, and F goes to E.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
LEAST = 3  # values behind a mean year's difference that is carried over to where only one estimate is


def season_difference(e: F32, c: F32, season: NDArray[np.integer], seasons: int, window: int) -> tuple[F32, F32]:
    """D and how many values are behind it, both (pixel, season); D is NaN where none is.

    e, c    (pixel, step), NaN where an estimate is not to count
    season  (step,) place in the year, 0 … seasons − 1
    window  seasons that a mean is taken over, odd; the year is a ring
    """
    difference = e - c
    known = np.isfinite(difference)
    difference = np.where(known, difference, np.float32(0))
    total, count = np.zeros((2, len(e), seasons), np.float32)
    for at in range(seasons):
        part = season == at
        total[:, at] = difference[:, part].sum(axis=1)
        count[:, at] = known[:, part].sum(axis=1)
    beside = range(-(window // 2), window // 2 + 1)
    total, count = (np.sum([np.roll(part, shift, axis=1) for shift in beside], axis=0) for part in (total, count))
    return np.divide(total, count, out=np.full(total.shape, np.nan, np.float32), where=count > 0), count


def both(e: F32, c: F32, difference: F32, share: F32 | np.float32, departures: F32 | np.float32) -> F32:
    """F where both estimates are; difference: D at each step; share, departures: of E, broadcast to (pixel, step)."""
    return departures * e + (1 - departures) * c + (share - departures) * difference
