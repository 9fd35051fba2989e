"""Means of the 0.5° cells on which drying is analysed: most sensors see no finer (section 2.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.pixels import Land, cell_centres
from rssm.grid import Area


class Cells:
    """The cells of an area that hold land, 60° S to 60° N.

    number  (cell,) as `rssm.analysis.pixels` counts them
    pixels  (cell,) land pixels of each
    """

    def __init__(self, land: str, area: Area) -> None:
        ground = Land(land, area)
        self.number, code = ground.cells
        inside = code >= 0
        self._at = (ground.row * ground.window.columns + ground.column)[inside]
        self._code = code[inside]
        self.pixels = np.bincount(self._code, minlength=self.number.size)

    @property
    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitudes and longitudes (cell,), degrees."""
        return cell_centres(self.number)

    def of(self, field: NDArray[np.floating]) -> NDArray[np.float64]:
        """Values (pixel,) of a field (row, column) on the land of the cells."""
        return field.ravel()[self._at].astype(np.float64)

    def mean(self, values: NDArray[np.float64], covered: float) -> NDArray[np.float64]:
        """Mean (cell,) of the values (pixel,) that are there; NaN where less than a share of the cell's land has one."""
        there = np.isfinite(values)
        count, total = (
            np.bincount(self._code[there], weights, minlength=self.pixels.size) for weights in (None, values[there])
        )
        enough = (count > 0) & (count >= covered * self.pixels)
        return np.divide(total, count, out=np.full(count.size, np.nan), where=enough)
