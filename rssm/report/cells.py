"""What the report shows of pixels: cells of some pixels along each side, those that hold land, and what stands for their pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]


@dataclass(frozen=True)
class Cells:
    """Land cells of a window, north to south and west to east.

    shape   rows and columns of cells
    number  of each land cell, row by row (cell,)
    pixel   land pixels, row by row (pixel,)
    cell    place of each pixel's cell in `number`
    """

    shape: tuple[int, int]
    number: NDArray[np.intp]
    pixel: NDArray[np.intp]
    cell: NDArray[np.intp]

    @classmethod
    def of(cls, land: NDArray[np.bool_], factor: int) -> Cells:
        """Cells of `factor` pixels along each side, from the land (row, column)."""
        rows, columns = (-(-size // factor) for size in land.shape)
        row, column = np.nonzero(land)
        number, cell = np.unique(row // factor * columns + column // factor, return_inverse=True)
        return cls((rows, columns), number, row * land.shape[1] + column, cell)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Land cells (row, column)."""
        found = np.zeros(self.shape, np.bool_)
        found.ravel()[self.number] = True
        return found

    def _on_land(self, field: NDArray) -> NDArray:
        return field.ravel()[self.pixel]

    def _count(self, chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
        return np.bincount(self.cell[chosen], minlength=self.number.size)

    def mean(self, field: NDArray[np.floating]) -> F32:
        """Mean of the pixels that hold values (cell,), NaN where none does."""
        values = self._on_land(field)
        there = ~np.isnan(values)
        total = np.bincount(self.cell[there], values[there].astype(np.float64), self.number.size)
        count = self._count(there)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)

    def most(self, field: NDArray[np.integer], codes: int) -> NDArray[np.uint16]:
        """The code that most pixels hold (cell,), of 0 … codes - 1; the lowest of several."""
        tally = np.bincount(self.cell * codes + self._on_land(field), minlength=self.number.size * codes)
        return tally.reshape(-1, codes).argmax(axis=1).astype(np.uint16)

    def half(self, field: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """Bits that at least half of the pixels have set (cell,)."""
        values, size = self._on_land(field), self._count(np.ones(self.cell.size, np.bool_))
        found = np.zeros(self.number.size, np.uint16)
        for bit in range(16):
            set_ = (values >> np.uint16(bit) & 1).astype(np.bool_)
            found |= (2 * self._count(set_) >= size).astype(np.uint16) << np.uint16(bit)
        return found
