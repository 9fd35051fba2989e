"""What a cell's dry pairs of dekads tell: the threshold below which they are dry, how fast the surface dries, and when.

All of it works on arrays (cell, case); a case is a dekad that has a neighbour before it, with

    change   soil moisture less that of the dekad before, m³ m⁻³
    level    mean of both, m³ m⁻³
    rain     effective precipitation of both dekads together, mm
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rssm.spec import Settings

if TYPE_CHECKING:
    from rssm.config.dry_down import DryDown
else:
    DryDown = Settings

Array = NDArray[np.float64]


class Drying(IntEnum):
    """Why a cell has a result or not."""

    OK = 0
    NO_DATA = 1  # no pair of dekads with both soil moisture and rain
    TOO_FEW = 2  # seldom dry: fewer cases than asked for below the first threshold
    NO_DECLINE = 3  # the threshold was lowered until cases were too few, and increases are still too many
    TOO_SEASONAL = 4  # of the season: no dry case in a quarter of the year or longer
    NO_RELATION = 5  # of the time constant: decline does not grow with soil moisture, or faster than drying could

    @property
    def word(self) -> str:
        """As tables have it."""
        return self.name.lower()


@dataclass(frozen=True)
class Dry:
    """Which cases of each cell are dry.

    threshold  (cell,) mm, NaN without a result
    dry        (cell, case)
    status     (cell,)
    """

    threshold: Array
    dry: NDArray[np.bool_]
    status: NDArray[np.int8]


def find_dry(change: Array, rain: Array, settings: DryDown) -> Dry:
    """The article's loop: lower the threshold until decreases are `ratio` times the increases, while cases last."""
    known = np.isfinite(change) & np.isfinite(rain)
    cells = change.shape[0]
    status = np.where(known.any(axis=1), Drying.NO_DECLINE, Drying.NO_DATA).astype(np.int8)
    threshold, dry = np.full(cells, np.nan), np.zeros(change.shape, bool)
    open_ = status == Drying.NO_DECLINE
    steps = int(np.ceil(settings.threshold / settings.lowered))  # the last one is above nothing
    for number in range(steps):
        limit = settings.threshold - number * settings.lowered
        below = known[open_] & (rain[open_] < limit)
        cases = below.sum(axis=1)
        down = (below & (change[open_] < 0)).sum(axis=1)
        up = (below & (change[open_] > 0)).sum(axis=1)
        enough = cases >= settings.cases
        found = enough & (down >= settings.ratio * up)
        at = np.flatnonzero(open_)
        threshold[at[found]], dry[at[found]], status[at[found]] = limit, below[found], Drying.OK
        if number == 0:
            status[at[~enough]] = Drying.TOO_FEW
        open_[at[found | ~enough]] = False
        if not open_.any():
            break
    return Dry(threshold, dry, status)
