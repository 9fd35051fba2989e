"""Values on points, pooled: each cell takes the nearest point of all files of a collection, with all its retrievals.

A file is read once a job. Files that stand for other days, or another overpass, are collections of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rssm.archive.fields import Box, NativeGrid
from rssm.archive.listing import Found, overpass_of
from rssm.archive.readers.dispatch import read_points
from rssm.config.catalogue import Product

if TYPE_CHECKING:
    from rssm.archive.readers.collection import PointFile, Sums

Key = tuple[tuple[str, ...], Box]


@dataclass(frozen=True)
class Gathered:
    """Of each cell (row, column): sum and number of the values, of the squared errors and of those stated."""

    total: NDArray[np.float64]
    count: NDArray[np.intp]
    squares: NDArray[np.float64]
    stated: NDArray[np.intp]


@dataclass
class PointPool:
    """The files of a collection as a job has read them.

    near          grid, and the box of it that the job needs: points farther away are left out
    first, last   days that the job needs
    """

    product: Product
    near: tuple[NativeGrid, Box]
    first: date
    last: date
    strict: bool
    files: dict[str, PointFile] = field(default_factory=dict)
    nearest: dict[Key, NDArray[np.intp]] = field(default_factory=dict)

    def open(self, found: Found) -> PointFile:
        """A file, read when it is first asked for."""
        if found.location not in self.files:
            self.files[found.location] = read_points(self.product, found, self.first, self.last, self.strict, self.near)
        return self.files[found.location]

    def gather(
        self, files: Sequence[Found], box: Box, period: tuple[date, date] | None
    ) -> tuple[list[Gathered], Counter[str]]:
        """What each collection among the files gives the cells of a box in a period, and notes of it."""
        collections: dict[tuple[date, date, str], list[Found]] = {}
        for found in files:
            collections.setdefault((found.start, found.end, overpass_of(self.product, found)), []).append(found)
        notes: Counter[str] = Counter()
        gathered = []
        for some in collections.values():
            sums = []
            for found in some:
                own, left_out = self.open(found).sums(period)
                sums.append(own)
                notes.update(left_out)
            gathered.append(self._on_cells(some, sums, box))
        return gathered, notes

    def _on_cells(self, files: Sequence[Found], sums: Sequence[Sums], box: Box) -> Gathered:
        nearest = self._nearest(files, box)

        def taken(name: str) -> NDArray[np.generic]:
            parts = [getattr(one, name) for one in sums]
            if name in ("squares", "stated") and "error" not in self.product.variables:
                return np.zeros(nearest.shape, parts[0].dtype)
            return np.concatenate([*parts, np.zeros(1, parts[0].dtype)])[nearest]  # 0 where no point is near

        return Gathered(*(taken(name) for name in ("total", "count", "squares", "stated")))  # type: ignore[arg-type]

    def _nearest(self, files: Sequence[Found], box: Box) -> NDArray[np.intp]:
        from rssm.archive.readers.collection import nearest_of_all

        key = tuple(found.location for found in files), box
        if key not in self.nearest:
            opened = [self.open(found) for found in files]
            self.nearest[key] = nearest_of_all(self.near[0], box, opened, self.product.options.reach)
        return self.nearest[key]
