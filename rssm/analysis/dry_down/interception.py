"""Effective precipitation: what of the rain leaves do not keep, by the modified Merriam model.

    I = S · (1 − exp(−k P / S)),   S = a + b LAI + c LAI²,   k = d · LAI

I and P in mm a day, S in mm. Merriam (1960) has k = 1: leaves keep all of a first drop. Aston (1979) lets through what falls
between them, which makes I nearly proportional to light rain, so that means of dekads serve almost as well as days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rssm.spec import Settings

if TYPE_CHECKING:
    from rssm.config.dry_down import Interception
else:
    Interception = Settings


def storage(leaves: NDArray[np.floating], how: Interception) -> NDArray[np.floating]:
    """Most that leaves hold (mm), by their area index (m² m⁻²)."""
    a, b, c = how.storage
    return np.maximum(a + b * leaves + c * leaves**2, 0)


def intercepted(rain: NDArray[np.floating], leaves: NDArray[np.floating], how: Interception) -> NDArray[np.floating]:
    """Rain that leaves keep, mm a day; none where their area is unknown, so that fewer dekads pass for dry.

    rain    mm a day
    leaves  m² m⁻²
    """
    area = np.where(leaves > how.bare, leaves, 0)  # NaN compares false
    most, caught = storage(area, how), np.minimum(how.caught * area, 1)
    filled = np.divide(caught * rain, most, out=np.zeros_like(rain), where=most > 0)
    return most * -np.expm1(-filled)
