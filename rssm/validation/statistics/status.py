"""Why a score is there or not. A score without a value always says which of these it is."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Numbers below 9 are QA4SM's and pytesmo's own; where those know one failure only, ours say which."""

    OK = 0
    TOO_FEW = 1  # fewer records than the score asks for
    CONSTANT = 2  # one of the two never changes, so nothing correlates with it
    NO_OVERLAP = 4  # no record that both have
    TOO_FEW_YEARS = 9  # anomalies: no place in the year, or too few, with enough years
    TOO_FEW_BLOCKS = 10  # no interval: too few independent blocks of time
    NO_COMMON_SIGNAL = 11  # triple collocation: covariances that no common signal could have
    NO_ERROR_LEFT = 12  # triple collocation: more signal than variance, so the error's variance comes out negative

    @property
    def word(self) -> str:
        """As tables have it."""
        return self.name.lower()

    @property
    def qa4sm(self) -> int:
        """The nearest of QA4SM's numbers: 0 ok, 1 not enough data, 2 metric failed, 4 no common data."""
        return {9: 1, 10: 1, 11: 2, 12: 2}.get(int(self), int(self))
