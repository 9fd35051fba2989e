"""The one table of the product's flags: bits of a CF `flag_masks` layer."""

from __future__ import annotations

from enum import IntFlag, auto

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Flag(IntFlag):
    """What a user should know of a value, or of why there is none; the order is the order of the bits."""

    SNOW_ICE_OBSERVED = auto()
    SNOW_ICE_INFERRED = auto()
    RAINFOREST = auto()
    GAP_FILLED = auto()
    FALLBACK_NETWORK = auto()
    EXTRAPOLATED_INPUTS = auto()
    OUTSIDE_SMAP_RANGE = auto()
    BOUNDARY_BLENDED = auto()
    WATER_ABOVE_5_PERCENT = auto()
    NO_NETWORK = auto()
    IN_TRAINING_PERIOD = auto()
    MEAN_OF_TWO_NETWORKS = auto()
    NO_SKILL = auto()
    MATCHED_ONLY = auto()
    CHAIN_ONLY = auto()

    @property
    def meaning(self) -> str:
        """The flag's word in `flag_meanings` and its keyword in `encode`."""
        return str(self.name).lower()


BITS = tuple((flag.value, flag.meaning) for flag in Flag)  # as layers have them


def encode(**conditions: ArrayLike) -> NDArray[np.uint16]:
    """Flags from boolean layers named by their meaning, `encode(gap_filled=distance > 0, rainforest=forest)`."""
    layers = [
        np.where(condition, np.uint16(Flag[name.upper()]), np.uint16(0)) for name, condition in conditions.items()
    ]
    return np.bitwise_or.reduce(np.broadcast_arrays(np.uint16(0), *layers)).astype(np.uint16)


def has(flags: NDArray[np.uint16], flag: Flag) -> NDArray[np.bool_]:
    """Where a flag is set (all of them, for a combination)."""
    wanted = np.uint16(flag)
    return (flags & wanted) == wanted


def meanings(flags: int) -> list[str]:
    """The words of one value's flags."""
    return [flag.meaning for flag in Flag(int(flags))]
