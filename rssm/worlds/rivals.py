"""A rival without subnetworks: a climatology of the target.

It is tuned as the subnetworks are: on the blocks of training points, judged by the blocks of validation points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.cube import Cube
from rssm.networks.split import TEST, VALIDATION

F64 = NDArray[np.float64]
WINDOWS = (0, 1, 2, 3, 5)  # steps on either side that a climatology averages


def climatology(target: Cube, role: NDArray[np.uint8]) -> F64:
    """Mean of the target at each step of the year (pixel, step), over a window tuned by blocks."""
    values, calendar = target.values.astype(np.float64), CALENDARS[target.calendar_id]
    season = np.array([calendar.season_of(int(step)) for step in target.step])
    judged = np.where(role == VALIDATION, values, np.nan)

    def year(learnt: NDArray[np.bool_], window: int) -> F64:
        return _mean_year(np.where(learnt, values, np.nan), season, calendar.seasons, window)[:, season]

    errors = [np.nanmean((year(role < VALIDATION, window) - judged) ** 2) for window in WINDOWS]
    return year(role < TEST, WINDOWS[int(np.argmin(errors))])


def _mean_year(values: F64, season: NDArray[np.integer], seasons: int, window: int) -> F64:
    """Mean year (pixel, season) over 2 · window + 1 steps; the pixel's mean where a season has no value."""
    total, count = np.zeros((2, len(values), seasons))
    valid = np.isfinite(values)
    for beside in range(-window, window + 1):
        for at in range(seasons):
            part = season == (at + beside) % seasons
            total[:, at] += np.where(valid[:, part], values[:, part], 0).sum(axis=1)
            count[:, at] += valid[:, part].sum(axis=1)
    pixels = np.maximum(valid.sum(axis=1), 1)
    mean = np.where(valid.any(axis=1), np.where(valid, values, 0).sum(axis=1) / pixels, np.nan)
    return np.where(count > 0, total / np.maximum(count, 1), mean[:, None])
