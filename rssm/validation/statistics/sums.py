"""Sums that add up: what years, tiles and groups contribute to a score, kept apart from the score.

Scores of the whole follow from the sums of its parts. Values are counted from `shift`, near the middle of soil moisture,
lest the squares of large numbers swallow small differences; sums with one shift add up number by number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHIFT = 0.25  # m³ m⁻³
NAMES = ("n", "x", "y", "xx", "yy", "xy")
FLAT = 1e-12  # of the mean square about the shift: less variance is rounding
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """Sums of pairs of an estimate x and a reference y.

    values  (6, …) float64: n, Σx, Σy, Σx², Σy², Σxy of each cell, counted from the shift
    """

    values: F64
    shift: float = SHIFT

    @classmethod
    def of(
        cls,
        x: NDArray[np.floating],
        y: NDArray[np.floating],
        cell: NDArray[np.integer],
        cells: int,
        shift: float = SHIFT,
    ) -> Sums:
        """Sums of pairs (sample,) by the cell of each (0 … cells − 1); pairs with a NaN do not count."""
        both = np.isfinite(x) & np.isfinite(y)
        x, y = (values[both].astype(np.float64) - shift for values in (x, y))
        weights = (None, x, y, x * x, y * y, x * y)
        return cls(np.stack([np.bincount(cell[both], w, cells).astype(np.float64) for w in weights]), shift)

    def __add__(self, other: Sums) -> Sums:
        """Sums of both parts."""
        assert self.shift == other.shift
        return Sums(self.values + other.values, self.shift)

    def by(self, group: NDArray[np.integer], groups: int) -> Sums:
        """Sums (6, groups) of coarser cells, by the group of each cell; cells of group −1 are left out."""
        kept = group >= 0
        parts = [np.bincount(group[kept], values[kept], groups) for values in self.values]
        return Sums(np.stack(parts), self.shift)

    def at(self, cells: NDArray[np.bool_] | NDArray[np.integer]) -> Sums:
        """Sums of some cells."""
        return Sums(self.values[:, cells], self.shift)

    @property
    def n(self) -> NDArray[np.int64]:
        """Pairs of each cell."""
        return np.rint(self.values[0]).astype(np.int64)

    def moments(self) -> tuple[F64, F64, F64, F64, F64, F64]:
        """Means of x and y, variances of x and y, covariance, mean squared difference; NaN of cells without a pair.

        Variances are those of the population (÷ n); one that is nothing but rounding is 0.
        """
        n, x, y, xx, yy, xy = self.values
        with np.errstate(invalid="ignore", divide="ignore"):
            mx, my, mxx, myy, mxy = x / n, y / n, xx / n, yy / n, xy / n
            vx, vy = mxx - mx * mx, myy - my * my
            vx, vy = np.where(vx <= FLAT * mxx, 0.0, vx), np.where(vy <= FLAT * myy, 0.0, vy)
            mse = np.maximum(mxx + myy - 2 * mxy, 0.0)
            return mx + self.shift, my + self.shift, vx, vy, mxy - mx * my, mse
