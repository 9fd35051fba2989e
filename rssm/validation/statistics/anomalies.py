"""Anomalies (Eq. 1 of the article): values less the mean, over years, of their place in the year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssm.validation.statistics.sums import F64, Sums


def anomalies(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    cell: NDArray[np.integer],
    cells: int,
    least_years: int,
) -> tuple[F64, F64]:
    """Anomalies of x and of y (sample,), NaN where the cell has fewer than `least_years` years or a pair is not whole.

    cell  (sample,) pixel and place in the year as one number; a year gives a cell one pair, so pairs are years

    Means are of the years that both have, so that neither has a norm of years that the other lacks.
    """
    sums = Sums.of(x, y, cell, cells)
    mx, my, *_ = sums.moments()
    known = (sums.n >= least_years)[cell] & np.isfinite(x) & np.isfinite(y)
    return (
        np.where(known, x - mx[cell], np.nan),
        np.where(known, y - my[cell], np.nan),
    )
