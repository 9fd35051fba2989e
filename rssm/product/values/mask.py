"""Snow and ice: as reported by ASCAT since it flies, inferred from its record for the years before.

Before ASCAT a pixel counts as frozen in a step when it was so in more than half of the observed years at that step of
the year, unless the freeze/thaw record saw it thawed: `rssm.product.dekad` counts a step as one day, thawed where the
mean share of its days is above a half. In ASCAT's time a pixel whose state it does not know counts as free. Rainforest is no part
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


def mostly_frozen(frozen: NDArray[np.bool_], observed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frozen in more than half of the observed years; never where no year was observed.

    frozen, observed  (year, step of the year, ...): ASCAT reported snow or ice; ASCAT reported at all
    """
    mostly: NDArray[np.bool_] = 2 * np.sum(frozen & observed, axis=0) > np.sum(observed, axis=0)
    return mostly


def snow_ice(
    reported: NDArray[np.bool_],
    ascat_era: bool | NDArray[np.bool_],
    mostly: NDArray[np.bool_],
    thawed_days: NDArray[np.integer],
    judged_days: NDArray[np.integer],
) -> SnowIce:
    """Snow and ice of one step, or of several on a leading axis.

    reported     ASCAT's own flag, passed through within its era
    ascat_era    the step lies in it
    mostly       of `mostly_frozen`, at this step of the year
    thawed_days  days that the freeze/thaw record calls thawed, of its judged_days; without any, `mostly` stands
    """
    thawed = 2 * thawed_days > judged_days
    return SnowIce(reported & ascat_era, mostly & ~thawed & ~np.asarray(ascat_era))


def mask(values: NDArray[np.floating], hidden: SnowIce) -> NDArray[np.floating]:
    """Values without those under observed or inferred snow and ice."""
    return np.where(hidden.observed | hidden.inferred, np.array(np.nan, values.dtype), values)
