"""What every reader returns: one field on its native grid, the same way up whatever the file does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class NativeGrid:
    """Geometry of a native grid: north-up, west-left, regular in its own coordinate system.

    transform   (a, b, c, d, e, f): x = a·col + c, y = e·row + f at the outer edge of cells, e < 0
    """

    id: str
    crs: str
    transform: tuple[float, float, float, float, float, float]
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns


@dataclass(frozen=True)
class Box:
    """The part of a native grid that a region needs: rows and columns [start, stop)."""

    rows: slice
    columns: slice

    def __hash__(self) -> int:  # before Python 3.12 slices have none
        return hash((self.rows.start, self.rows.stop, self.columns.start, self.columns.stop))


Where = Callable[[NativeGrid], Box]  # the grid of a file → the part of it that is wanted


@dataclass(frozen=True)
class Cells:
    """The cells of a box that hold a value: of a day's swaths few do, and only they are worked on.

    there    (row, column) bool, which cells
    numbers  (cell,) float32, their values, row by row
    errors   (cell,) float32, their own errors, NaN where unknown; or None
    """

    there: NDArray[np.bool_]
    numbers: NDArray[np.float32]
    errors: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, values: NDArray[np.float32], error: NDArray[np.float32] | None = None) -> Cells:
        """The cells of maps (row, column) where `values` is not NaN."""
        there = ~np.isnan(values)
        return cls(there, values[there], None if error is None else error[there])


def spread(there: NDArray[np.bool_], numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """(row, column): the numbers of the cells that are there, NaN elsewhere."""
    out = np.full(there.shape, np.nan, np.float32)
    out[there] = numbers
    return out


@dataclass(frozen=True)
class Field:
    """One overpass, day or period of one variable, screened and in the catalogue's unit.

    cells    of `box` on `grid`, with the product's own error in the same unit if it has one
    start    first day the field stands for
    notes    counts worth reporting: `valid`, `screened` by the quality rule, `out_of_range`, `missing`
    weight   of the field among others of its day
    overpass what distinguishes fields of one day: AM, PM, A, D, DY, NT, Day, Night, MOD Day …; empty where nothing does
    """

    cells: Cells
    grid: NativeGrid
    box: Box
    start: date
    notes: dict[str, int] = field(default_factory=dict)
    overpass: str = ""
    weight: int = 1

    @property
    def values(self) -> NDArray[np.float32]:
        """(row, column) of the box, NaN where missing or screened out."""
        return spread(self.cells.there, self.cells.numbers)

    @property
    def error(self) -> NDArray[np.float32] | None:
        """(row, column) of the box, NaN where unknown; or None."""
        return None if self.cells.errors is None else spread(self.cells.there, self.cells.errors)
