"""Numbers with a meaning that kernels and their callers exchange: the form of arrays, the roles of points, how training ended."""

from __future__ import annotations

from enum import IntEnum

DIMENSIONS = 4  # lengths that an array is given with, 1 beyond those it has
TRAIN, VALIDATION, TEST, UNUSED = 0, 1, 2, 3


class Status(IntEnum):
    """How the training of a subnetwork ended; `OK`, `NOT_CONVERGED` and `NO_SKILL` come with a subnetwork."""

    OK = 0
    NOT_CONVERGED = 1
    TOO_FEW_POINTS = 2
    TOO_FEW_TRAINING = 3
    CONSTANT_TARGET = 4
    NO_INPUT = 5
    FAILED = 6
    NO_SKILL = 7

    @property
    def usable(self) -> bool:
        """True where a subnetwork came out."""
        return self in USABLE

    @property
    def sentence(self) -> str:
        """What happened, for logs and reports."""
        return SENTENCES[self]


USABLE = (Status.OK, Status.NOT_CONVERGED, Status.NO_SKILL)
SENTENCES = {
    Status.OK: "The subnetwork was trained.",
    Status.NOT_CONVERGED: "The subnetwork was trained, but its cost was still falling when the iterations ended.",
    Status.TOO_FEW_POINTS: "Fewer valid points than the minimum: no subnetwork.",
    Status.TOO_FEW_TRAINING: "Too few of the valid points fell into the training part: no subnetwork.",
    Status.CONSTANT_TARGET: "The target does not vary: no subnetwork.",
    Status.NO_INPUT: "No input varies: no subnetwork.",
    Status.FAILED: "The arithmetic overflowed, so the inputs or targets are far out of scale: no subnetwork.",
    Status.NO_SKILL: "The subnetwork was trained, but on dekads left out it does not beat the mean of its zone.",
}
