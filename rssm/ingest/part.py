"""A band of a job's window, and the ways to it from the grids that the files turn out to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rssm.archive.fields import Box, NativeGrid
from rssm.archive.listing import Found
from rssm.archive.readers.dispatch import grid_of
from rssm.config.catalogue import Product
from rssm.errors import InputError
from rssm.grid import Grid, Window
from rssm.ingest.regrid import Regrid, box_for, plan_regrid


@dataclass(frozen=True)
class Part:
    """A band of the window, and for each grid met so far the native cells that it needs and the way from them to it."""

    target: Grid
    window: Window
    known: dict[NativeGrid, tuple[Box, Regrid]] = field(default_factory=dict)

    def on(self, native: NativeGrid) -> tuple[Box, Regrid]:
        """Cells and the way from them."""
        if native not in self.known:
            box = box_for(native, self.target, self.window)
            self.known[native] = box, plan_regrid(native, box, self.target, self.window)
        return self.known[native]

    def box(self, native: NativeGrid) -> Box:
        """The native cells that the band needs."""
        return self.on(native)[0]


def first_grid(product: Product, files: Sequence[Found], skip: bool) -> NativeGrid | None:
    """The grid of the first file that can be read; None of a collection of points, or without such a file."""
    for found in [] if product.reader == "points" else files:
        try:
            return grid_of(product, found)
        except InputError:
            if not skip:
                raise
    return None
