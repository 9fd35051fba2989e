"""Snow and ice: as reported by ASCAT since it flies, inferred from its record for the years before.

Before ASCAT a pixel counts as frozen in a dekad when it was so in more than half of the observed years at that dekad of
the year, unless the freeze/thaw record saw it thawed: `assemble` counts a dekad as one day, thawed where the mean share
of its days is above a half. In ASCAT's time a pixel whose state it does not know counts as free. Rainforest is no part
of the mask: its values stay, with a flag.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class SnowIce(NamedTuple):
    """The mask with its grounds: at most one of the two is true."""

    observed: NDArray[np.bool_]
    inferred: NDArray[np.bool_]


def usually_frozen(frozen: NDArray[np.bool_], observed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frozen in more than half of the observed years; never where no year was observed.

    frozen, observed  (year, dekad of year, ...): ASCAT reported snow or ice; ASCAT reported at all
    """
    usual: NDArray[np.bool_] = 2 * np.sum(frozen & observed, axis=0) > np.sum(observed, axis=0)
    return usual


def snow_ice(
    reported: NDArray[np.bool_],
    ascat_era: bool | NDArray[np.bool_],
    usual: NDArray[np.bool_],
    thawed_days: NDArray[np.integer],
    judged_days: NDArray[np.integer],
) -> SnowIce:
    """Snow and ice of one dekad, or of several on a leading axis.

    reported     ASCAT's own flag, passed through within its era
    ascat_era    the dekad lies in it
    usual        of `usually_frozen`, at this dekad of the year
    thawed_days  days that the freeze/thaw record calls thawed, of its judged_days; without any the usual state stands
    """
    thawed = 2 * thawed_days > judged_days
    return SnowIce(reported & ascat_era, usual & ~thawed & ~np.asarray(ascat_era))


def mask(values: NDArray[np.floating], hidden: SnowIce) -> NDArray[np.floating]:
    """Values without those under observed or inferred snow and ice."""
    return np.where(hidden.observed | hidden.inferred, np.array(np.nan, values.dtype), values)
