"""Codes that jobs write beside values. Apart from the layers' texts, whose change must make no estimate again."""

from __future__ import annotations

from enum import IntEnum, IntFlag, auto


class Branch(IntEnum):
    """Which branches gave a value: numbers of layer `branch`."""

    NONE = 0
    SMOS = 1
    AMSR_E = 2
    BOTH = 3

    @property
    def meaning(self) -> str:
        """Its word in `flag_meanings`."""
        return self.name.lower()


class Flag(IntFlag):
    """What a user should know of a value, or of why there is none: bits of layer `flags`."""

    NO_OBSERVATION = auto()  # neither branch has a brightness temperature, or all of a branch's channels
    NO_CYCLE = auto()  # too few observations of the target for a seasonal cycle: their median stands for it
    EXTRAPOLATED_INPUTS = auto()  # an input beyond those that the networks learnt from
    IN_TRAINING_PERIOD = auto()  # the target taught a branch in this step
    OUT_OF_RANGE = auto()  # beyond 0 to 1 m³ m⁻³ and stored as the limit

    @property
    def meaning(self) -> str:
        """Its word in `flag_meanings`."""
        return str(self.name).lower()
