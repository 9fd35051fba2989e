"""The scores of one comparison, as figures ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.validation.scores.compare import STATION
from rssm.validation.scores.table import Table
from rssm.validation.statistics.status import Status

FEW = {"temporal": "too few records in the pixels", "spatial": "too few pixels in the steps"}


@dataclass(frozen=True)
class Scored:
    """Rows of a table of scores that are of one comparison with the stations.

    products  the data set and its rival
    """

    table: Table
    products: tuple[str, str]

    @classmethod
    def of(cls, table: Table, comparison: str, products: tuple[str, str]) -> Scored:
        """The rows of a comparison."""
        kept = (table["comparison"] == comparison) & (table["reference"] == STATION)
        return cls({name: column[kept] for name, column in table.items()}, products)

    def rows(self, **about: str) -> Table:
        """The rows of which some columns say something."""
        kept = np.ones(len(self.table["value"]), bool)
        for name, value in about.items():
            kept &= self.table[name] == value
        return {name: column[kept] for name, column in self.table.items()}

    def known(self, **about: str) -> Table:
        """Those of them that have a value."""
        return self.rows(**about, status=Status.OK.word)

    def why_not(self, **about: str) -> str:
        """Why rows have no value: what most of them say, in words."""
        words, counts = np.unique(self.rows(**about)["status"].astype(str), return_counts=True)
        word = str(words[counts.argmax()]) if words.size else Status.NO_OVERLAP.word
        if word == Status.TOO_FEW.word:
            return FEW[about["pattern"]]
        return word.replace("_", " ")


def quartiles(values: NDArray[Any]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile."""
    low, middle, high = np.quantile(values.astype(np.float64), [0.25, 0.5, 0.75])
    return float(low), float(middle), float(high)
