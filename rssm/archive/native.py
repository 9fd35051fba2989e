"""What every reader returns: one field on its native grid, the same way up whatever the file does."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Field:
    """One overpass, day or period of one variable, screened and in the catalogue's unit.

    values   (row, column) float32 of `box` on `grid`, NaN where missing or screened out
    error    the product's own error in the same unit, or None
    start    first day the field stands for
    notes    counts worth reporting: `valid`, `screened` by the quality rule, `out_of_range`, `missing`
    overpass what tells fields of one day apart: AM, PM, A, D, DY, NT, Day, Night, MOD Day …; empty where nothing does
    """

    values: NDArray[np.float32]
    grid: NativeGrid
    box: Box
    start: date
    error: NDArray[np.float32] | None = None
    notes: dict[str, int] = field(default_factory=dict)
    overpass: str = ""
